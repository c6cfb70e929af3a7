#!/bin/sh
# The header alone, in every language that it supports, with and without tracing: header.sh HEADER CONSUMER-DIRECTORY
# WORK-DIRECTORY.
set -eu

header=$1
here=$2
work=$3
rm -rf "$work"
mkdir -p "$work"
cp "$header" "$work/"
warnings='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wcast-qual -Wnull-dereference -Werror'

# compile COMPILER LANGUAGE SOURCE FLAGS…
compile() {
    compiler=$1
    standard=$2
    source=$3
    shift 3
    command -v "$compiler" >/dev/null || { echo "$compiler is not there"; exit 1; }
    # Lists of flags.
    # shellcheck disable=SC2086
    "$compiler" -std="$standard" $warnings "$@" -I"$work" -c -o "$work/object.o" "$source"
    echo "$compiler -std=$standard $*"
}
for compiler in gcc clang; do
    for standard in c11 c17 c2x gnu11; do
        compile $compiler $standard "$here/macros.c"
        compile $compiler $standard "$here/macros.c" -DTRACE_DISABLED
    done
    compile $compiler c11 "$here/consumer.c" -O2
done
warnings="$warnings -Wold-style-cast -Wzero-as-null-pointer-constant -Wextra-semi"
for compiler in g++ clang++; do
    own=-Wuseless-cast
    [ $compiler = g++ ] || own=
    for standard in c++11 c++14 c++17 c++20 c++2b; do
        compile $compiler $standard "$here/macros.cpp" $own
        compile $compiler $standard "$here/macros.cpp" $own -DTRACE_DISABLED
        compile $compiler $standard "$here/macros.cpp" $own -O2 -fno-exceptions -fno-rtti
    done
    compile $compiler c++11 "$here/consumer.cpp" -O2
done

# With tracing removed nothing needs to be linked, optimized or not.
for compiler in gcc clang g++ clang++; do
    case $compiler in *++) source=$here/macros.cpp ;; *) source=$here/macros.c ;; esac
    for optimize in -O0 -O2; do
        "$compiler" $optimize -DTRACE_DISABLED -I"$work" -o "$work/alone" "$source"
        [ "$("$work/alone")" = '0 events, 0 calls' ]
        echo "$compiler $optimize -DTRACE_DISABLED, without the library"
    done
done
