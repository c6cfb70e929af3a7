#!/bin/sh
# The header alone, under every language that it promises, with and without tracing:
# header.sh HEADER CONSUMER-DIRECTORY WORK-DIRECTORY.
set -eu

header=$1
here=$2
work=$3
rm -rf "$work"
mkdir -p "$work"
cp "$header" "$work/"
warnings='-Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wno-sign-conversion -Werror'

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
    for standard in c11 c17 gnu11; do
        compile $compiler $standard "$here/consumer.c"
        compile $compiler $standard "$here/consumer.c" -DTRACE_DISABLED
    done
done
# In C++ a function beside a struct of its name counts as a shadow for g++.
warnings="$warnings -Wno-shadow"
for compiler in g++ clang++; do
    for standard in c++17 c++20; do
        compile $compiler $standard "$here/consumer.cpp"
        compile $compiler $standard "$here/consumer.cpp" -DTRACE_DISABLED
    done
done
