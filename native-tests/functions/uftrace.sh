#!/bin/sh
# Compares the calls of each function with uftrace's counts: uftrace.sh PROGRAM RINGSCOPE LIBRARIES SOURCES
# WORK-DIRECTORY. uftrace runs the same objects, and those of a build with -pg -mfentry. Without optimization both
# builds have the same functions. SOURCES holds the sources of Debian's packages.
set -eu

program=$1
command=$2
libraries=$3
sources=$4
work=$5
here=$(cd "$(dirname "$0")" && pwd)
. "$here/found.sh"

skip() {
    echo "SKIPPED: $*"
    exit 77
}
command -v uftrace >/dev/null || skip "there is no uftrace"
# needs PACKAGE FILE
needs() {
    [ -e "$sources/$1-src/$1/$2" ] || skip "no source of $1 in $sources: ./dev test functions_uftrace_$program fetches it"
}
rm -rf "$work"
mkdir -p "$work"
cd "$work"

# objects FOLDER COMPILER OPTION... -- FILE...: compiled without optimization, two at a time.
objects() {
    folder=$1
    mkdir "$folder"
    shift
    options=
    while [ "$1" != -- ]; do
        options="$options $1"
        shift
    done
    shift
    # shellcheck disable=SC2016 # of the inner shell
    printf '%s\n' "$@" | xargs -P 2 -I FILE sh -c 'name=$(basename "$2") && $0 -c "$2" -o "$1/${name%.*}.o"' "$options -g -O0" "$folder" FILE
}

# compile FOLDER COMPILER OPTION... makes the program's objects; it is run with the arguments set here.
compiler=cc
case $program in
lua)
    needs lua5.4 src/lua.c
    # Nothing may depend on addresses, which change from run to run: no seed from them, no string cache keyed by them.
    compile() {
        # shellcheck disable=SC2046 # a list of files
        objects "$@" -I. -DLUA_USE_POSIX '-Dluai_makeseed(L)=7' -DSTRCACHE_N=1 -DSTRCACHE_M=1 -- \
            $(find "$sources/lua5.4-src/lua5.4/src" -name '*.c' ! -name luac.c)
    }
    echo '#define DEB_HOST_MULTIARCH "none"' >lua5.4-deb-multiarch.h
    set -- "$here/work.lua"
    ;;
sqlite)
    needs sqlite3 configure
    command -v tclsh >/dev/null || skip "there is no tclsh, which makes SQLite's one file"
    "$sources/sqlite3-src/sqlite3/configure" --disable-tcl >configured && make sqlite3.c >made
    compile() {
        objects "$@" -I. -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION -- sqlite3.c "$here/work_sqlite.c"
    }
    set --
    ;;
cpp)
    compiler=c++
    compile() {
        objects "$@" -- "$here/subject.cpp"
    }
    set --
    ;;
esac
compile hooks $compiler -finstrument-functions
compile entries $compiler -pg -mfentry
$compiler hooks/*.o -o traced -pthread "-L$libraries" -lringscope_functions -lringscope "-Wl,-rpath,$libraries" -lm -ldl
$compiler hooks/*.o -o plain -pthread -lm -ldl
$compiler -pg -mfentry entries/*.o -o entered -pthread -lm -ldl

# Its output and its calls.
run_traced() {
    rm -f trace.ring*
    RINGSCOPE=trace.ring,events=2000000,names=8192,lanes=8 ./traced "$@" >traced.out
    if "$command" summary trace.ring | grep -i 'open spans\|lost'; then
        exit 1
    fi
    found "$command" trace.ring >found
}

# count_by_uftrace BINARY ARGUMENT...: counts its calls of the program's own functions.
count_by_uftrace() {
    binary=$1
    shift
    rm -rf data
    uftrace record --no-libcall --no-event --max-stack 65535 -d data "./$binary" "$@" >counted.out 2>errors </dev/null || {
        head -n 20 errors
        exit 1
    }
    nm -C "$binary" | sed -n 's/^0*[0-9a-f]\{1,16\} [tTwWuVvi] //p' >own
    uftrace report -d data -f call --demangle full --no-pager 2>errors |
        awk 'NR == FNR { own[$0]; next }
            $1 + 0 > 0 { calls = $1; sub(/^ *[^ ]+ +/, ""); if ($0 in own) print calls, substr($0, 1, 200) }' own - |
        LC_ALL=C sort >expected
}

run_traced "$@"
for binary in plain entered; do
    count_by_uftrace $binary "$@"
    cmp counted.out traced.out
    same expected found
done
echo "$(wc -l <found) functions, $(awk '{ sum += $1 } END { print sum }' found) calls"

# Lua's errors are jumps, which crash uftrace: compared with hooks that only count instead.
if [ "$program" = lua ]; then
    cc -O2 -c "$here/counter.c" -o counter.o
    cc hooks/*.o counter.o -o counted -lm -ldl
    COUNTS=counts ./counted "$here/errors.lua" >counted.out
    run_traced "$here/errors.lua"
    cmp counted.out traced.out
    counted counted counts >expected
    same expected found
    echo "with errors: $(awk '{ sum += $1 } END { print sum }' found) calls"
fi
