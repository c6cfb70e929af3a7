#!/bin/sh
# Tests the command: run.sh RINGSCOPE WRITER WORK-DIRECTORY. With UPDATE=1 the golden files are written
# anew; read the difference before committing it.
set -eu

command=$1
writer=$2
work=$3
here=$(cd "$(dirname "$0")" && pwd)
image=$work/demo.ring
failures=0

failed() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# What differs from run to run, and from place to place.
normalize() {
    sed -e "s|$work|WORK|g" -e "s|$command|ringscope|g" -e 's/\(pid \|"pid":\|process \)[0-9][0-9]*\(,\| (\| is\)/\1PID\2/' \
        -e 's/[0-9]\{4\}-[0-9-]*T[0-9:]*Z/DATE/' -e 's/"created_realtime_ns":[0-9]*/"created_realtime_ns":N/' \
        -e 's/^ringscope [0-9][0-9.]*$/ringscope VERSION/'
}

run() {
    name=$1
    shift
    status=0
    "$command" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    {
        echo "$ ringscope $*"
        cat "$work/out"
        sed 's/^/stderr: /' "$work/err"
        echo "exit code $status"
    } | normalize >"$work/$name.txt"
    if [ "${UPDATE:-}" = 1 ]; then
        cp "$work/$name.txt" "$here/golden/$name.txt"
    elif ! diff -u "$here/golden/$name.txt" "$work/$name.txt"; then
        failed "$name"
    fi
}

expect() {
    if [ "$2" != "$3" ]; then
        failed "$1: expected \"$2\", got \"$3\""
    fi
}

rm -rf "$work"
mkdir -p "$work"
"$command" demo -o "$image" >/dev/null
echo 'this is no image' >"$work/text.ring"

. "$here/cases.sh"
. "$here/pipes.sh"
. "$here/damage.sh"
. "$here/live.sh"

if [ $failures -gt 0 ]; then
    echo "$failures failed"
    exit 1
fi
echo "all passed"
