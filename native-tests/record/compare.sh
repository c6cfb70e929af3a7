#!/bin/sh
# Compares what `ringscope record` counts with strace -f -c: compare.sh BACKEND RINGSCOPE PROGRAMS WORK.
# Calls and errors by name are equal on commands that do the same each time. Calls that do not return
# (exit) stand outside, as do errors of rt_sigreturn. Exits with 77 if it cannot be done here.
set -eu

backend=$1
command=$2
subject=$3/subject
work=$4
failures=0

skip() {
    echo "SKIPPED: comparison of ringscope record, backend $backend, with strace: $1" | tee "$work/skipped"
    exit 77
}

rm -rf "$work"
mkdir -p "$work/files"
command -v strace >/dev/null || skip 'there is no strace'
strace -o /dev/null true 2>/dev/null || skip 'strace may not trace'
"$command" record -q --backend "$backend" -o "$work/image" -- true 2>"$work/said" || skip "$(cat "$work/said")"

# Lines of "name calls errors". strace has a table for 32-bit calls of its own, and none for unknown ones.
of_strace() {
    awk '$1 ~ /^[0-9]/ && $NF != "total" && $NF != "exit" && $NF != "exit_group" {
            calls[$NF] += $4
            errors[$NF] += ($NF == "rt_sigreturn" || NF < 6) ? 0 : $5
        }
        END { for (name in calls) print name, calls[name], errors[name] }' "$1" | sort
}
of_ringscope() {
    "$command" stats "$1" --json | tr '{' '\n' |
        sed -n 's/.*"name":"\([^"]*\)","count":\([0-9]*\),"errors":\([0-9]*\).*/\1 \2 \3/p' |
        awk '$2 > 0 && $1 != "exit" && $1 != "exit_group" && $1 !~ /^syscall_/' | sort
}

# Addresses decide how often memory is asked for.
compare() {
    setarch -R strace -f -c -o "$work/strace.txt" "$@" >/dev/null 2>&1 </dev/null || true
    setarch -R "$command" record -q --backend "$backend" -o "$work/image" "$@" >/dev/null 2>&1 </dev/null || true
    of_strace "$work/strace.txt" >"$work/expected"
    of_ringscope "$work/image" >"$work/counted"
    [ -s "$work/expected" ] || { echo "FAILED: strace counted nothing of $*"; failures=$((failures + 1)); }
    if ! diff -u "$work/expected" "$work/counted"; then
        echo "FAILED ($backend): not as strace counts: $*"
        failures=$((failures + 1))
    fi
}

for i in 1 2 3 4 5 6 7 8 9; do
    echo "$i" >"$work/files/$i"
done
compare cat /etc/passwd
compare ls -l "$work/files"
compare cat /no/such/file
compare tar cf /dev/null -C "$work" files
compare dd if=/dev/zero of=/dev/null bs=1 count=1000
# shellcheck disable=SC2016
compare sh -c 'for i in 1 2 3; do cat /etc/passwd /no/such/file; done; exit 3'
compare "$subject" bad_arguments
compare "$subject" descriptors
compare "$subject" compat
compare "$subject" forks
compare "$subject" signals

[ $failures -eq 0 ] || exit 1
rm -rf "$work" # a hundred megabytes an image
echo "ringscope record, backend $backend, counts as strace does"
