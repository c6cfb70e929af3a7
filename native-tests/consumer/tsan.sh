#!/bin/sh
# A program under ThreadSanitizer gets no false alarm with the installed library, which is not instrumented: tsan.sh
# COMPILER HEADER-DIRECTORY STATIC-LIBRARY SHARED-LIBRARY WORK-DIRECTORY. Exits with 77 where it cannot be tested.
set -eu

compiler=$1
include=$2
static=$3
shared=$4
work=$5
here=$(cd "$(dirname "$0")" && pwd)

skip() {
    echo "SKIPPED: $*"
    exit 77
}

command -v "$compiler" >/dev/null || skip "no $compiler here"
rm -rf "$work"
mkdir -p "$work"
cd "$work"
# Address space randomization may be too strong for the sanitizer; if so, it is turned off where permitted.
run="setarch $(uname -m) -R"
$run true 2>/dev/null || run=
echo 'int main(void) { return 0; }' >nothing.c
"$compiler" -fsanitize=thread nothing.c -o nothing 2>nothing.txt || skip "$compiler -fsanitize=thread: $(head -n 1 nothing.txt)"
$run ./nothing 2>nothing.txt || skip "ThreadSanitizer does not run here: $(head -n 1 nothing.txt)"

for library in "$static" "$shared"; do
    "$compiler" -g -O1 -fsanitize=thread -I"$include" "$here/threads.c" -o threads "$library" \
        -Wl,-rpath,"$(dirname "$shared")" -lcjson -lm -pthread
    # shellcheck disable=SC2086
    TSAN_OPTIONS=halt_on_error=1 $run ./threads
    echo "$compiler, $(basename "$library")"
done
