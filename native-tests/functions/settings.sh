#!/bin/sh
# The settings in RINGSCOPE_FUNCTIONS: settings.sh RINGSCOPE LIBRARIES WORK-DIRECTORY [SANITIZERS]. Each of the 2553
# calls of subject.c is a span, or counted by the span around it. SANITIZERS are those that the libraries were compiled
# for; the static ones are then linked.
set -eu

command=$1
libraries=$2
work=$3
sanitizers=${4:-}
here=$(cd "$(dirname "$0")" && pwd)
source=$here/subject.c
rm -rf "$work"
mkdir -p "$work"
cd "$work"

# compile SOURCE OPTION...
compile() {
    if [ -z "$sanitizers" ]; then
        cc -pthread -finstrument-functions "$@" "-L$libraries" -lringscope_functions -lringscope \
            "-Wl,-rpath,$libraries"
        return
    fi
    # shellcheck disable=SC2046 # a list of options
    clang -pthread -finstrument-functions "-fsanitize=$sanitizers" -fno-sanitize-recover=all "$@" \
        "$libraries/libringscope_functions.a" "$libraries/libringscope.a" \
        $(printf ' -Wl,--wrap=%s' longjmp _longjmp siglongjmp __longjmp_chk __gxx_personality_v0) -lcjson -lm
}
compile "$source" -O1 -o subject

# count SETTINGS [PROGRAM]: the number of calls that are spans, and the total with those that spans count.
count() {
    rm -f trace.ring*
    RINGSCOPE=trace.ring,events=40000,lanes=16 RINGSCOPE_FUNCTIONS=$1 "./${2:-subject}" >printed 2>errors
    "$command" export --to ndjson trace.ring >trace.json
    spans=$(grep -c '"FUNCTION"' trace.json)
    all=$((spans + $(sed -n 's/.*"detail": *"[^"]*\<\([0-9]*\) calls not kept".*/\1/p' trace.json | awk '{ sum += $1 } END { print sum + 0 }')))
    echo "$1: $spans spans, $all calls"
}
expect() {
    if ! "$@"; then
        echo "not so: $*"
        exit 1
    fi
}

count depth=128
expect [ "$spans" = 2553 ]
count depth=3
expect [ "$all" = 2553 ]
expect [ "$spans" -lt 100 ]
count min=1000000000000 # no machine is that slow
expect [ "$all" = 2553 ]
expect [ "$spans" = 8 ] # calls with no call around them: main, six threads, the child's
count min=700,depth=9
expect [ "$all" = 2553 ]
count only=fib*+work
expect [ "$spans" = 2522 ]
expect [ "$(grep -c '"fibonacci"' trace.json)" = 2519 ]
count 'not=fib*+*_out'
expect [ "$spans" = 25 ]
expect [ "$all" = 25 ]

count depth=0,min=x,colour=red,min
expect [ "$spans" = 2553 ]
cat errors
expect grep -q 'depth: from 1 to 16384 is expected' errors
expect grep -q 'min: a number is expected' errors
expect grep -q 'colour: depth, min, only or not is expected' errors
expect grep -q 'min: KEY=VALUE is expected' errors

# Deeper than 16384 calls, and back, in two ways: main, the outermost 127 (16383) of each recursion, and three more.
compile "$here/deep.c" -O1 -o deep
count depth=128 deep
expect [ "$all" = 40006 ]
expect [ "$spans" = $((1 + 2 * 127 + 3)) ]
count depth=16384 deep
expect [ "$all" = 40006 ]
expect [ "$spans" = $((1 + 2 * 16383 + 3)) ]

# Where a function begins, from debug information: in the tree, and saved along with the names.
compile "$source" -O1 -g -o subject
count only=fib*
line=$(grep -n 'fibonacci(int' "$source" | head -n 1 | cut -d: -f1)
expect [ "$line" ]
"$command" tree trace.ring >printed
expect grep -Eq "fibonacci  subject\.c:($line|$((line + 1)))\$" printed
"$command" convert trace.ring -o named.ring
mv subject elsewhere
"$command" tree named.ring >named
expect cmp named printed
"$command" info --json named.ring >named.json
expect grep -q '"source": *"[^"]*/subject\.c:' named.json
mv elsewhere subject

# A different build at the same path is not used for names: they stay addresses, and that is reported.
compile "$source" -O2 -DOTHER -o other
mv other subject
"$command" events trace.ring --last 1 >printed 2>errors
expect grep -q 'subject+0x' printed
expect grep -q 'functions stay addresses: .*is of another build' errors
