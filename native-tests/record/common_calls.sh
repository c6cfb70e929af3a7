#!/bin/sh
# Compares record and strace -f -yy on the most common calls: common_calls.sh BACKEND RINGSCOPE PROGRAMS WORK CALLS.MD.
# Nearly all of strace's fields are there, and the lines of both in CALLS.MD are still right. With UPDATE=1 it is
# rewritten, using BPF. Exits with 77 if it cannot be done here.
set -eu

backend=$1
command=$2
programs=$3
work=$4
document=$5
here=$(cd "$(dirname "$0")" && pwd)
least_percent=95
LC_ALL=C
export LC_ALL

skip() {
    echo "SKIPPED: ringscope record, $backend, the commonest calls beside strace: $1"
    rm -rf "$work"
    exit 77
}
failed() {
    echo "FAILED: $1"
    exit 1
}
# ends COMMAND…: exits as the program does.
ends() {
    status=0
    "$@" >"$work/said" 2>&1 </dev/null || status=$?
    [ $status -eq 7 ] || failed "exit code $status, not 7: $(cat "$work/said")"
    rm -rf "$work/files"
}
with_places() {
    sed -e "s|$work/files|/calls|g" -e "s|$programs/|/programs/|g" "$1"
}

rm -rf "$work"
mkdir -p "$work"
work=$(cd "$work" && pwd -P)
programs=$(cd "$programs" && pwd -P)
why=$("$programs/../probe" "$backend" ptrace) || skip "$why"
command -v strace >/dev/null || skip 'there is no strace'
setarch -R true 2>"$work/why" || skip "addresses cannot be the same each time: $(cat "$work/why")"

# Makes addresses the same each time.
ends setarch -R strace -f -yy -s 200 -o "$work/strace.txt" "$programs/common_calls" "$work/files"
ends setarch -R "$command" record -q -s 200 --backend "$backend" -o "$work/image" "$programs/common_calls" "$work/files"
"$command" events "$work/image" >"$work/events.txt"
with_places "$work/strace.txt" >"$work/strace"
with_places "$work/events.txt" >"$work/events"
awk -f "$here/common_calls.awk" "$work/strace" "$work/events" >"$work/calls" || failed "other calls: $(cat "$work/calls")"

# Lines of CALLS.MD: strace's, ringscope's, and the missing fields.
lines_of() {
    awk -F '\t' '{
        printf "    %s\n    %s\n", $2, $3
        printf $6 == "" ? "" : "    not there: %s\n", $6
        print ""
    }' "$1"
}
sum() {
    awk -F '\t' '{ fields += $4; have += $5 } END { printf "%d of %d, %.1f %%", have, fields, 100 * have / fields }' "$1"
}
if [ "${UPDATE:-}" = 1 ] && [ "$backend" = bpf ]; then
    sed '/^    /,$d' "$document" >"$work/head"
    { cat "$work/head" && lines_of "$work/calls" | sed '$d'; } >"$document"
fi

# Pairs of the document for which strace prints the same here; otherwise the kernel or strace may be a different one.
awk '
    FNR == 1 { file++ }
    file == 1 && /^    / {
        if (pair == 0)
            strace = substr($0, 5)
        else if (pair == 1)
            said[strace] = substr($0, 5)
        if (pair == 0)
            shown++
        pair++
        next
    }
    file == 1 {
        pair = 0
        next
    }
    FNR == 1 { FS = "\t"; $0 = $0 }
    {
        if (!($2 in said) || $2 ~ /#/)
            next
        same++
        if (said[$2] != $3)
            printf "strace:    %s\nringscope: %s\nnot:       %s\n", $2, $3, said[$2]
    }
    END { print same + 0, shown + 0 }' "$document" "$work/calls" >"$work/compared"
shown=$(sed '$!d; s/.* //' "$work/compared")
same=$(sed '$!d; s/ .*//' "$work/compared")
echo "fields of strace: $(sum "$work/calls"); compared with the document: $same of $shown calls"
[ "$shown" -ge 100 ] || failed "$document shows $shown calls"
[ "$same" -ge $((shown / 2)) ] || skip "strace says other things of $((shown - same)) of $shown calls than in docs/CALLS.md"
[ "$(wc -l <"$work/compared")" -eq 1 ] ||
    failed "docs/CALLS.md says otherwise; UPDATE=1 writes it anew: $(sed '$d' "$work/compared")"
# A machine that forbids or lacks some of the calls has other fields, which the document does not describe.
[ $((same * 10)) -ge $((shown * 9)) ] ||
    echo "not compared with the document's $least_percent %: strace says other things of $((shown - same)) of $shown calls"
[ $((same * 10)) -lt $((shown * 9)) ] ||
    awk -F '\t' -v least=$least_percent '{ fields += $4; have += $5 } END { exit 100 * have < least * fields }' "$work/calls" ||
    failed "less than $least_percent % are there; not: $(awk -F '\t' '$6 != "" { print $1 ": " $6 }' "$work/calls")"
rm -rf "$work" # a hundred megabytes per image
