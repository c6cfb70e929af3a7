#!/bin/sh
# What RINGSCOPE_FUNCTIONS says: settings.sh RINGSCOPE LIBRARIES WORK-DIRECTORY. Of the 2545 calls of subject.c each is a
# span, or counted by the span around it.
set -eu

command=$1
libraries=$2
work=$3
source=$(cd "$(dirname "$0")" && pwd)/subject.c
rm -rf "$work"
mkdir -p "$work"
cd "$work"
cc -O1 -pthread -finstrument-functions "$source" -o subject "-L$libraries" -lringscope_functions -lringscope \
    "-Wl,-rpath,$libraries"

# The calls that are spans, and all of them with those that spans count.
count() {
    rm -f trace.ring*
    RINGSCOPE=trace.ring,events=20000,lanes=16 RINGSCOPE_FUNCTIONS=$1 ./subject >printed 2>errors
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
expect [ "$spans" = 2545 ]
count depth=3
expect [ "$all" = 2545 ]
expect [ "$spans" -lt 100 ]
count min=1000000000
expect [ "$all" = 2545 ]
expect [ "$spans" = 8 ] # what has no call around it: main, six threads, the child's
count min=700,depth=9
expect [ "$all" = 2545 ]
count only=fib*+work
expect [ "$spans" = 2522 ]
expect [ "$(grep -c '"fibonacci"' trace.json)" = 2519 ]
count 'not=fib*+*_out'
expect [ "$spans" = 17 ]
expect [ "$all" = 17 ]

count depth=0,min=x,colour=red,min
expect [ "$spans" = 2545 ]
cat errors
expect grep -q 'depth: from 1 to 16384 is expected' errors
expect grep -q 'min: a number is expected' errors
expect grep -q 'colour: depth, min, only or not is expected' errors
expect grep -q 'min: KEY=VALUE is expected' errors

# Another build at the same place is not asked for names: they stay addresses, and somebody says so.
cc -O2 -pthread -finstrument-functions -DOTHER "$source" -o other "-L$libraries" -lringscope_functions -lringscope
mv other subject
"$command" events trace.ring --last 1 >printed 2>errors
expect grep -q 'subject+0x' printed
expect grep -q 'functions stay addresses: .*is of another build' errors
