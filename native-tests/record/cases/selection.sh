# Which calls are recorded by what came of them, compared with strace.

# names: of the calls of the last recording, in their order.
names() {
    sed -n -E 's/^\[[0-9.]+\] [A-Z]+ ([a-z0-9_]+): .*= .*/\1/p' "$work/events"
}

# as_strace OPTIONS -- COMMAND…: both see the same calls, and the same in their tables.
as_strace() {
    strace -o "$work/strace.txt" "$@" >"$work/out" 2>&1 </dev/null || true
    sed -n -E 's/^([a-z0-9_]+)\(.*/\1/p' "$work/strace.txt" >"$work/expected"
    record beside "$@"
    names >"$work/seen"
    [ -s "$work/expected" ] || failed "strace saw nothing with $*"
    diff -u "$work/expected" "$work/seen" || failed "not what strace sees with $*"
}

case_selection_by_outcome() {
    needs ptrace
    command -v strace >/dev/null || skip 'there is no strace'
    as_strace -z -e openat,read,close,access -- cat /etc/passwd /no/such/file
    says 'Calls left out by -z'
    has_not '= -1 '
    as_strace -Z -e openat,read,close,access,exit_group -- cat /etc/passwd /no/such/file
    has 'openat: /no/such/file, O_RDONLY = -1 ENOENT'
    record both -q -z -Z -- true
    ends_with 2 'opposites'
    says 'cannot be combined'
}

# What is left out is counted, so that the two together are all there is.
case_selection_counts() {
    record all -q -e openat -- cat /etc/passwd /no/such/file
    all=$(grep -c 'FILE openat' "$work/events")
    for option in --ok --failed; do
        record $option "$option" -e openat -- cat /etc/passwd /no/such/file
        kept=$(grep -c 'FILE openat' "$work/events")
        left=$(sed -n 's/^Calls left out by .*: //p' "$said")
        [ $((kept + left)) -eq "$all" ] || failed "$option kept $kept and left $left of $all"
        "$command" stats "$image" | grep -q "^openat *$kept " || failed "$option: not counted as recorded"
    done
}

case_selection_by_duration() {
    record slower -q --slower 100 -- sleep 0.2
    has 'TIMER clock_nanosleep: '
    has 'PROCESS exit: status 0'
    record slowest -q --slower 100000000 -- sleep 0.2
    has_not ' = '
    record bad_time -q --slower x -- true
    ends_with 2 'no time'
}

case_selection_by_descriptor() {
    record descriptor -q --fd 100 -- "$subject" descriptors
    count 1 'fcntl: fd [0-9]+ </etc/passwd>, F_DUPFD, 100 = 100'
    count 1 'read: fd 100 </etc/passwd>, 1 bytes = 1'
    count 2 ' = '
    record two_descriptors -q --fd 90 --fd 201 -- "$subject" exec_closes
    count 1 'fcntl: .* = 201'
    record two_descriptors -q --fd 90,201 -- "$programs/arguments" polls
    count 1 'dup2: .* = 90'
    count 2 'poll: '
    count 1 'p?select6?: '
    record too_many --fd 63 -e poll,select,pselect6 -- "$programs/arguments" polls
    has_not 'poll|select'
    says 'Of these, calls whose descriptors could not all be told: 1'
    record bad_descriptor -q --fd 3,x -- true
    ends_with 2 'no descriptor'
}

# The table of -c has what strace -c counts.
case_selection_table() {
    needs ptrace
    command -v strace >/dev/null || skip 'there is no strace'
    setarch -R strace -f -c -o "$work/strace.txt" sh -c 'cat /etc/passwd /no/such/file' >/dev/null 2>&1 || true
    status=0
    said=$work/table.err
    setarch -R "$command" record -c --backend "$backend" -o "$work/table.ring" -- \
        sh -c 'cat /etc/passwd /no/such/file' >/dev/null 2>"$said" || status=$?
    ends_with 1 'what cat ends with'
    awk '$1 ~ /^[0-9]/ && $NF !~ /^exit/ { print $NF, $4, (NF > 5 ? $5 : 0) }' "$work/strace.txt" | sort >"$work/expected"
    awk '$1 ~ /^[0-9]/ { print $NF, $8, (NF > 9 ? $9 : 0) }' "$said" | sort >"$work/seen"
    [ -s "$work/expected" ] || failed 'strace counted nothing'
    diff -u "$work/expected" "$work/seen" || failed 'not as strace counts'
    says 'Calls that never returned, as exit: 2'
    ! grep -q -e '--- Losses' "$said" || failed 'the summary stands there, too'
}
