#!/bin/sh
# Installs the build, moves it elsewhere, and builds and runs programs with it, by find_package, by pkg-config and by
# Meson. They run without LD_LIBRARY_PATH: install.sh BUILD-DIRECTORY WORK-DIRECTORY.
set -eu

build=$1
work=$2
here=$(cd "$(dirname "$0")" && pwd)

rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/first" >"$work/log"
grep 'The loader does not search' "$work/log"
mv "$work/first" "$work/moved"
prefix=$work/moved

echo "== find_package"
cmake -G Ninja -S "$here/project" -B "$work/project" -DCMAKE_PREFIX_PATH="$prefix" >>"$work/log"
cmake --build "$work/project" >>"$work/log" || { cat "$work/log"; exit 1; }
ctest --test-dir "$work/project" --output-on-failure

echo "== pkg-config"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name ringscope.pc)")
export PKG_CONFIG_PATH

# check COMPILER SOURCE FLAGS…: builds, runs and compares.
check() {
    compiler=$1
    source=$2
    shift 2
    # pkg-config's flags are lists.
    "$compiler" -o "$work/program" "$source" "$@"
    printed=$("$work/program")
    echo "$compiler $*: $printed"
    [ "$printed" = "$(pkg-config --modversion ringscope): 2 events, 1 calls" ]
}
for name in ringscope ringscope-static; do
    # shellcheck disable=SC2046
    set -- $(pkg-config --cflags --libs $name)
    check gcc "$here/consumer.c" "$@"
    check g++ "$here/consumer.cpp" "$@"
done
pkg-config --static --libs ringscope | grep -e -lringscope | grep -e -lcjson
ldd "$work/program" | grep libringscope && { echo "ringscope-static links the shared library"; exit 1; }

if command -v meson >/dev/null; then
    echo "== Meson"
    mkdir "$work/meson"
    cp "$here/meson/meson.build" "$here/consumer.c" "$work/meson"
    meson setup "$work/meson/build" "$work/meson" >>"$work/log"
    meson test -C "$work/meson/build" || { cat "$work/meson/build/meson-logs/testlog.txt"; exit 1; }
else
    echo "== no Meson here (Debian: meson)"
fi

echo "== what is installed"
(cd "$prefix" && find . -type f -o -type l) | sort
for file in bin/ringscope include/ringscope.h share/man/man1/ringscope.1 \
    share/bash-completion/completions/ringscope share/zsh/site-functions/_ringscope \
    share/fish/vendor_completions.d/ringscope.fish; do
    [ -e "$prefix/$file" ] || { echo "$file is not installed"; exit 1; }
done
"$prefix/bin/ringscope" --version
