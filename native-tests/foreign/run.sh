#!/bin/sh
# The library, its readers and selected tests for another processor, under qemu: run.sh TRIPLE QEMU ORDER
# SOURCE-DIRECTORY EXCHANGE WORK-DIRECTORY. ORDER is "same" as this machine's, or "other". EXCHANGE is exchange.c for
# this machine: images it writes are read there, and vice versa. Exits with 77 if something is missing.
set -eu

triple=$1
qemu=$2
order=$3
source=$4
exchange=$5
work=$6

skip() {
    echo "SKIPPED: $*"
    exit 77
}
for program in "$triple-gcc" "$qemu"; do
    command -v "$program" >/dev/null || skip "no $program here (Debian: gcc-$triple, qemu-user)"
done
cjson=$source/build/cjson-src
cmocka=$source/build/cmocka-src/cmocka
for file in "$cjson/cjson/cJSON.c" "$cmocka/src/cmocka.c"; do
    [ -e "$file" ] || skip "no $file: ./dev build wasm fetches it"
done

rm -rf "$work"
mkdir -p "$work"
printf 'int main(void) { return 0; }\n' >"$work/try.c"
"$triple-gcc" -static -o "$work/try" "$work/try.c" || skip "$triple-gcc makes no programs here"
"$qemu" "$work/try" || skip "$qemu runs no programs here"

# The libraries that the tests need do not exist for that processor.
for header in ASSERT INTTYPES MALLOC SETJMP SIGNAL STDARG STDDEF STDINT STDIO STDLIB STRING STRINGS TIME UNISTD; do
    echo "#define HAVE_${header}_H 1"
done >"$work/config.h"
for feature in STRUCT_TIMESPEC CLOCK_GETTIME CLOCK_REALTIME GCC_THREAD_LOCAL_STORAGE; do
    echo "#define HAVE_$feature 1"
done >>"$work/config.h"
"$triple-gcc" -w -O1 -c -o "$work/cjson.o" "$cjson/cjson/cJSON.c"
"$triple-gcc" -w -O1 -DHAVE_CONFIG_H=1 -I"$work" -I"$cmocka/include" -c -o "$work/cmocka.o" "$cmocka/src/cmocka.c"
"$triple-ar" rcs "$work/libcjson.a" "$work/cjson.o"
"$triple-ar" rcs "$work/libcmocka.a" "$work/cmocka.o"

# From each part of the library, the tests that do not ask for the number of pages, tasks and namespaces: qemu shows its
# own. Nor those of signals, some of which qemu-i386 delivers where the processor would not: that test is only right on
# a real processor.
tests='clock_source counters filter query reader record spans stacks control export_chrome timeline_load'
targets=
for name in $tests; do
    targets="$targets test_$name"
done
build() {
    PKG_CONFIG_LIBDIR=/nonexistent cmake -G Ninja -S "$source" -B "$work/build" -DCMAKE_SYSTEM_NAME=Linux \
        -DCMAKE_SYSTEM_PROCESSOR="${triple%%-*}" -DCMAKE_C_COMPILER="$triple-gcc" -DCMAKE_C_FLAGS=-O1 \
        -DCMAKE_EXE_LINKER_FLAGS=-static -DCMAKE_CROSSCOMPILING_EMULATOR="$qemu" -DRINGSCOPE_SHARED=OFF \
        -DRINGSCOPE_RECORD=OFF -DRINGSCOPE_TESTS=ON -DRINGSCOPE_WERROR=OFF \
        -DRINGSCOPE_CJSON_LIBRARY="$work/libcjson.a" -DRINGSCOPE_CJSON_INCLUDE="$cjson" \
        -DRINGSCOPE_CMOCKA_LIBRARY="$work/libcmocka.a" -DRINGSCOPE_CMOCKA_INCLUDE="$cmocka/include"
    # Unquoted: a list.
    # shellcheck disable=SC2086
    ninja -C "$work/build" -j2 foreign_exchange $targets
}
build >"$work/build.log" 2>&1 || { tail -n 40 "$work/build.log"; exit 1; }
grep -A2 'warning:' "$work/build.log" || :
ctest --test-dir "$work/build" --output-on-failure -R "^($(echo "$tests" | tr ' ' '|'))\$"

# Images, in place and sealed: both machines read the same, or each rejects those of the other byte order.
there="$qemu $work/build/tests/foreign_exchange"
for how in write save; do
    "$exchange" "$how" "$work/here.ring"
    $there "$how" "$work/there.ring"
    "$exchange" read "$work/here.ring" >"$work/expected.txt"
    [ "$(grep -c 'number 3[0-9] of these' "$work/expected.txt")" -ge 10 ]
    $there read "$work/there.ring" | diff "$work/expected.txt" -
    for pair in "here:$there" "there:$exchange"; do
        status=0
        # Unquoted: a command with its arguments.
        # shellcheck disable=SC2086
        ${pair#*:} read "$work/${pair%%:*}.ring" >"$work/read.txt" || status=$?
        if [ "$order" = same ]; then
            diff "$work/expected.txt" "$work/read.txt"
        else
            cat "$work/read.txt"
            [ "$status" -eq 3 ]
            grep -q 'ERROR_BYTE_ORDER' "$work/read.txt"
        fi
    done
done
