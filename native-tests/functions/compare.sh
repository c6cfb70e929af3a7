#!/bin/sh
# Compiles a program for libringscope_functions and for hooks that only count, and compares the calls of each function:
# compare.sh COMPILER LEVEL LINKAGE SOURCE RINGSCOPE LIBRARIES WORK-DIRECTORY [SANITIZERS]. LINKAGE is shared or static,
# SANITIZERS are those that the libraries were compiled for. All spans nest, and the output is the same.
set -eu

compiler=$1
level=$2
linkage=$3
source=$4
command=$5
libraries=$6
work=$7
sanitizers=${8:-}
here=$(cd "$(dirname "$0")" && pwd)
. "$here/found.sh"

if ! command -v "$compiler" >/dev/null; then
    echo "SKIPPED: there is no $compiler"
    exit 77
fi
rm -rf "$work"
mkdir -p "$work"
cd "$work"

case $linkage in
shared) set -- "-L$libraries" -lringscope_functions -lringscope "-Wl,-rpath,$libraries" ;;
static)
    # shellcheck disable=SC2046 # a list of options
    set -- "$libraries/libringscope_functions.a" "$libraries/libringscope.a" \
        $(printf ' -Wl,--wrap=%s' longjmp _longjmp siglongjmp __longjmp_chk __gxx_personality_v0) -lcjson -lm
    ;;
esac
flags="-$level -g -pthread${sanitizers:+ -fsanitize=$sanitizers -fno-sanitize-recover=all}"
# Lists of options.
# shellcheck disable=SC2086
"$compiler" $flags -finstrument-functions "$source" -o traced "$@"
cc -O2 -c "$here/counter.c" -o counter.o
# shellcheck disable=SC2086
"$compiler" $flags -finstrument-functions "$source" counter.o -o counted -ldl

# A lane for each thread, so that none waits for another thread's.
export RINGSCOPE=trace.ring,events=20000,names=8192,lanes=16
./traced >traced.out
unset RINGSCOPE
COUNTS=counts ./counted >counted.out
cmp counted.out traced.out

counted counted counts >expected
found "$command" trace.ring >found
same expected found

if "$command" summary trace.ring | grep -i 'open spans\|lost'; then
    "$command" summary trace.ring
    exit 1
fi

# "calls path" of each place in the call trees, without the source after a name; functions left by a jump or an
# exception have nothing later below them.
"$command" tree trace.ring | awk 'NR > 1 {
        calls = $3
        match($0, /^ *[^ ]+ +[^ ]+ +[^ ]+ +[^ ]+  /)
        name = substr($0, RLENGTH + 1)
        sub(/  [^ ]+:[0-9]+$/, "", name)
        match(name, /^ */)
        depth = RLENGTH / 2
        path[depth] = (depth ? path[depth - 1] "/" : "") substr(name, RLENGTH + 1)
        print calls, path[depth]
    }' | LC_ALL=C sort >paths
while read -r line; do
    if ! LINE=$line awk 'BEGIN { place = ENVIRON["LINE"]; calls = place + 0; sub(/^[^ ]* /, "", place) }
            $1 == calls {
                path = "/" substr($0, length($1) + 2)
                if (substr(path, length(path) - length(place)) == "/" place)
                    found = 1
            }
            END { exit !found }' paths; then
        echo "no such place in the call tree: $line"
        cut -c 1-300 paths
        exit 1
    fi
done <"$source.paths"
echo "$(wc -l <found) functions, $(awk '{ sum += $1 } END { print sum }' found) calls"
