#!/bin/sh
# Compares the counts of `ringscope record` with strace -f -c: compare.sh CASE BACKEND RINGSCOPE PROGRAMS WORK. Calls
# and errors by name are equal for commands that do the same each time. Calls that do not return (exit) are excluded,
# and so are errors of rt_sigreturn. Exits with 77 if it cannot be done here.
set -eu

name=$1
backend=$2
command=$3
programs=$4
work=$5
subject=$programs/subject

skip() {
    echo "SKIPPED: ringscope record, $backend, compared with strace: $1"
    rm -rf "$work"
    exit 77
}
needs() {
    why=$("$programs/../probe" "$@") || skip "$why"
}

rm -rf "$work"
mkdir -p "$work/files"
needs "$backend" ptrace
command -v strace >/dev/null || skip 'there is no strace'

# Lines of "name calls errors". strace has a separate table for 32-bit calls, and none for unknown ones.
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

# Addresses influence how often memory is requested.
compare() {
    setarch -R strace -f -c -o "$work/strace.txt" "$@" >/dev/null 2>&1 </dev/null || true
    setarch -R "$command" record -q --backend "$backend" -o "$work/image" "$@" >/dev/null 2>&1 </dev/null || true
    of_strace "$work/strace.txt" >"$work/expected"
    of_ringscope "$work/image" >"$work/counted"
    [ -s "$work/expected" ] || { echo "FAILED: strace counted nothing of $*"; exit 1; }
    diff -u "$work/expected" "$work/counted" || { echo "FAILED: not as strace counts: $*"; exit 1; }
}

case $name in
cat) compare cat /etc/passwd ;;
ls)
    for i in 1 2 3 4 5 6 7 8 9; do
        echo "$i" >"$work/files/$i"
    done
    compare ls -l "$work/files"
    ;;
missing) compare cat /no/such/file ;;
tar)
    echo text >"$work/files/file"
    compare tar cf /dev/null -C "$work" files
    ;;
dd) compare dd if=/dev/zero of=/dev/null bs=1 count=1000 ;;
# shellcheck disable=SC2016
shell) compare sh -c 'for i in 1 2 3; do cat /etc/passwd /no/such/file; done; exit 3' ;;
bad_arguments | descriptors | forks | signals) compare "$subject" "$name" ;;
calls_of_32_bits)
    needs 32bit
    compare "$subject" compat
    ;;
*)
    echo "FAILED: no case $name"
    exit 1
    ;;
esac
rm -rf "$work" # a hundred megabytes per image
