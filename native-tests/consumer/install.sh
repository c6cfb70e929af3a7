#!/bin/sh
# Installs the build, moves it elsewhere, and builds and runs programs with it, by find_package and by
# pkg-config: install.sh BUILD-DIRECTORY WORK-DIRECTORY.
set -eu

build=$1
work=$2
here=$(cd "$(dirname "$0")" && pwd)

rm -rf "$work"
mkdir -p "$work"
cmake --install "$build" --prefix "$work/first" >"$work/log"
mv "$work/first" "$work/moved"
prefix=$work/moved

echo "== find_package"
cmake -G Ninja -S "$here/project" -B "$work/project" -DCMAKE_PREFIX_PATH="$prefix" >>"$work/log"
cmake --build "$work/project" >>"$work/log" || { cat "$work/log"; exit 1; }
ctest --test-dir "$work/project" --output-on-failure

echo "== pkg-config"
PKG_CONFIG_PATH=$(dirname "$(find "$prefix" -name ringscope.pc)")
export PKG_CONFIG_PATH
library=$(pkg-config --variable=libdir ringscope)

# check COMPILER SOURCE FLAGS…: builds, runs and compares.
check() {
    compiler=$1
    source=$2
    shift 2
    # The flags of pkg-config are lists.
    "$compiler" -o "$work/program" "$source" "$@"
    printed=$(LD_LIBRARY_PATH=$library "$work/program")
    echo "$compiler $*: $printed"
    [ "$printed" = "$(pkg-config --modversion ringscope): 2 events, 1 calls" ]
}
# shellcheck disable=SC2046
for flags in "" -static-libringscope; do
    if [ -z "$flags" ]; then
        set -- $(pkg-config --cflags --libs ringscope)
    else
        set -- $(pkg-config --cflags ringscope) "$library/libringscope.a" \
            $(pkg-config --static --libs-only-l ringscope | sed 's/-lringscope//')
    fi
    check gcc "$here/consumer.c" "$@"
    check g++ "$here/consumer.cpp" "$@"
done

echo "== what is installed"
(cd "$prefix" && find . -type f -o -type l) | sort
for file in bin/ringscope include/ringscope.h share/man/man1/ringscope.1 \
    share/bash-completion/completions/ringscope share/zsh/site-functions/_ringscope \
    share/fish/vendor_completions.d/ringscope.fish; do
    [ -e "$prefix/$file" ] || { echo "$file is not installed"; exit 1; }
done
"$prefix/bin/ringscope" --version
