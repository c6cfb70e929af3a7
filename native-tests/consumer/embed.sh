#!/bin/sh
# ringscope as a part of another project: embed.sh subdirectory|fetch|wasm SOURCE-DIRECTORY WORK-DIRECTORY. It builds
# only the library, installs nothing, takes no name from the other project and leaves its sources alone.
set -eu

how=$1
source=$2
work=$3
here=$(cd "$(dirname "$0")" && pwd)

rm -rf "$work"
mkdir -p "$work"
toolchain=/usr/share/emscripten/cmake/Modules/Platform/Emscripten.cmake
if [ "$how" = wasm ]; then
    for file in "$toolchain" "$source/build/cjson-src/cjson/cJSON.c"; do
        [ -e "$file" ] || { echo "SKIPPED: no $file: ./dev build wasm fetches it"; exit 77; }
    done
fi

# configure NAME ARGUMENT…
configure() {
    name=$1
    shift
    if [ "$how" = wasm ]; then
        set -- "$@" "-DCMAKE_TOOLCHAIN_FILE=$toolchain"
    fi
    NODE_PATH=/usr/share/nodejs cmake -G Ninja -S "$here/embedded" -B "$work/$name" -DHOW="$how" -DRINGSCOPE="$source" \
        -DCMAKE_EXPORT_COMPILE_COMMANDS=ON "$@" >"$work/$name.log" 2>&1 || { cat "$work/$name.log"; exit 1; }
    NODE_PATH=/usr/share/nodejs cmake --build "$work/$name" >>"$work/$name.log" 2>&1 || { cat "$work/$name.log"; exit 1; }
}

# Files and folders, with their modification times; other tests write below build/ meanwhile.
listing() {
    find "$source" \( -path "$source/build" -o -path "$source/.git" -o -name node_modules \) -prune -o -type f -printf '%p %T@\n' | sort
}

listing >"$work/before"
configure default
listing >"$work/after"
diff "$work/before" "$work/after"
sed -n 's/^-- target //p' "$work/default.log" | sort >"$work/targets"
echo "targets: $(tr '\n' ' ' <"$work/targets")"
if grep -q 'src/\(cli\|timeline\|capture\|toy_kernel\|examples\)/' "$work/default/compile_commands.json"; then
    echo "more than the library was built"
    exit 1
fi
if [ "$how" = wasm ]; then
    ls -l "$work/default/program.wasm"
    exit 0
fi

# With the command, whose targets bear its name as well; its own parts need not be built for that.
cmake -G Ninja -S "$here/embedded" -B "$work/tools" -DHOW="$how" -DRINGSCOPE="$source" -DRINGSCOPE_TOOLS=ON \
    >"$work/tools.log" 2>&1 || { cat "$work/tools.log"; exit 1; }
grep -q -e '-- target ringscope_cli' "$work/tools.log"

[ "$("$work/default/program")" = "2 events" ]
cmake --install "$work/default" --prefix "$work/installed" >"$work/install.log"
(cd "$work/installed" && find . -type f | sort) >"$work/files"
printf './bin/program\n./lib/libplugin.so\n' | diff - "$work/files"

# The other project's setting for position-independent code counts.
grep -q 'fPIC.*/core/record.c' "$work/default/compile_commands.json"
for value in ON OFF; do
    cmake -S "$here/embedded" -B "$work/pic-$value" -DHOW="$how" -DRINGSCOPE="$source" -DCMAKE_EXPORT_COMPILE_COMMANDS=ON \
        -DCMAKE_POSITION_INDEPENDENT_CODE=$value >"$work/pic.log" 2>&1
    if grep -q 'fPIE.*/core/record.c' "$work/pic-$value/compile_commands.json"; then
        echo "-fPIE in spite of CMAKE_POSITION_INDEPENDENT_CODE=$value"
        exit 1
    fi
    found=$(grep -c 'fPIC.*/core/record.c' "$work/pic-$value/compile_commands.json") || true
    case $value$found in ON1 | OFF0) ;; *)
        echo "CMAKE_POSITION_INDEPENDENT_CODE=$value: $found with -fPIC"
        exit 1
        ;;
    esac
done
