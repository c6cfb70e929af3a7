#!/bin/sh
# One case of the tests of `ringscope record`: run.sh CASE BACKEND RINGSCOPE PROGRAMS WORK, where CASE is a function in
# cases/*.sh, without "case_". Exits with 77, and the reason, if the machine cannot do it.
set -eu

name=$1
backend=$2
command=$3
programs=$4
work=$5
subject=$programs/subject
terminal=$programs/terminal
status=0
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../support/checks.sh"

skip() {
    echo "SKIPPED: ringscope record, $backend, $name: $*"
    rm -rf "$work"
    exit 77
}

# needs PROBE…
needs() {
    why=$("$programs/../probe" "$@") || skip "$why"
}

# record NAME [OPTIONS] -- ARGUMENTS: sets $image, the exit code $status, and the messages $said.
record() {
    image=$work/$1.ring
    said=$work/$1.err
    shift
    status=0
    "$command" record --backend "$backend" -o "$image" "$@" >"$work/out" 2>"$said" </dev/null || status=$?
    "$command" events "$image" >"$work/events" 2>&1 || true
}

ends_with() {
    [ "$status" -eq "$1" ] || failed "$2: exit code $status, not $1; it said: $(cat "$said")"
}

# says TEXT: the command of the last recording printed it.
says() {
    grep -q -e "$1" "$said" || failed "no word of \"$1\": $(cat "$said")"
}

# has REGEX: the last recording has such an event.
has() {
    grep -q -E -e "$1" "$work/events" || failed "$(basename "$image" .ring): no event like $1"
}
has_not() {
    ! grep -E -e "$1" "$work/events" || failed "$(basename "$image" .ring): there is an event like $1"
}
# count N REGEX: it has N of them.
count() {
    found=$(grep -c -E -e "$2" "$work/events" || true)
    [ "$found" -eq "$1" ] || failed "$(basename "$image" .ring): $found events like $2, not $1"
}
# The value of a field of the summary.
field() {
    "$command" summary "$image" --json | sed "s/.*\"$1\":\([0-9]*\).*/\1/"
}
equals() {
    value=$(field "$1")
    [ "$value" = "$2" ] || failed "$(basename "$image" .ring): $1 is $value, not $2"
}
lost_nothing() {
    ! "$command" summary "$image" | grep -A3 -e '--- Losses' || failed "$(basename "$image" .ring): it lost something"
}

rm -rf "$work"
mkdir -p "$work"
needs "$backend"
for file in "$here"/cases/*.sh; do
    . "$file"
done
"case_$name"
[ $failures -eq 0 ] || exit 1
rm -rf "$work" # a hundred megabytes per image
