#!/bin/sh
# The amalgamation, compiled by TOOL (gcc, clang, g++, musl, i686, emcc), prints the same as the library:
# amalgamation.sh TOOL SOURCE-DIRECTORY CJSON LIBRARY WORK-DIRECTORY. Exits with 77 if TOOL is missing.
set -eu

tool=$1
source=$2
cjson=$3
library=$4
work=$5
here=$source/native-tests/consumer

skip() {
    echo "SKIPPED: $*"
    exit 77
}

# Reports what is missing, with the remedy.
want() {
    for program in "$@"; do
        command -v "$program" >/dev/null || skip "no $program here (Debian: $package)"
    done
}

[ -e "$cjson/cJSON.c" ] || skip "no source of cJSON in $cjson: ./dev amalgamate fetches it"
package=$tool
case $tool in
emcc) package=emscripten && want emcc node ;;
musl) package=musl-tools && want musl-gcc ;;
i686) package='gcc-i686-linux-gnu, qemu-user' && want i686-linux-gnu-gcc qemu-i386 ;;
*) want "$tool" ;;
esac

rm -rf "$work"
mkdir -p "$work"
sh "$source/src/amalgamate.sh" "$cjson" "$work"
cp "$here/one_file.c" "$work/app.c"
cp "$here/one_file.c" "$work/app.cpp"
cd "$work"

# No -lm, no -pthread: two files are all it takes. Warnings are errors, even without optimization.
strict='-Wall -Wextra -Werror'
run=./app
image=app.ring
# shellcheck disable=SC2086
case $tool in
gcc | clang)
    "$tool" -std=c11 $strict -O2 -fPIC -c -o strict.o ringscope.c
    "$tool" $strict app.c ringscope.c -o app
    ;;
g++)
    if g++ -c -o refused.o ringscope.c 2>refused.txt; then
        echo "g++ took ringscope.c for C++"
        exit 1
    fi
    grep -q 'ringscope.c is C' refused.txt
    gcc -O2 -c ringscope.c
    g++ $strict app.cpp ringscope.o -o app
    ;;
musl) musl-gcc -static $strict app.c ringscope.c -o app ;;
i686)
    i686-linux-gnu-gcc -static $strict app.c ringscope.c -o app
    run='qemu-i386 ./app'
    ;;
emcc)
    emcc $strict app.c ringscope.c -o app.js
    run='node --no-experimental-fetch app.js'
    image=
    ;;
esac

# Numbers and names of processes and threads depend on the machine.
scenario() {
    sed -e '/"ph":"M"/d' -e 's/"\(pid\|tid\)":[0-9]*/"\1":0/g'
}
$run $image | scenario >printed.txt
# The linked library keeps these names private.
cc -I. -DcJSON_Print=other_print -Djson_add_text=other_text app.c -o expected "$library" -lcjson -lm -pthread
./expected $image | scenario >expected.txt
diff expected.txt printed.txt
grep -q '"open"' printed.txt
grep -q "^$(sed -n 's/^#define TRACER_VERSION "\(.*\)"/\1/p' ringscope.h) 2 3$" printed.txt
ls -l ringscope.c app*
