# Time slices: threads on processors and off them.

only_bpf_sees_slices() {
    [ "$backend" = bpf ] || skip 'time slices are seen by BPF alone'
}
# check_slices [TID NS]…: checks what holds for all slices, and against the threads' own measurements.
check_slices() {
    "$programs/slices" check "$image" "$@" >"$work/checked" || failed "$(cat "$work/checked")"
}

case_sched_times() {
    only_bpf_sees_slices
    record times -q --sched -- "$programs/slices" sleeps
    ends_with 0 --sched
    lost_nothing
    # shellcheck disable=SC2046
    check_slices $(cat "$work/out")
    [ "$(wc -w <"$work/out")" -eq 4 ] || failed "other threads than expected: $(cat "$work/out")"
    has 'SCHED waiting: in clock_nanosleep, woken by an interrupt$'
    has 'SCHED running: CPU [0-9]+$'
    has 'SCHED runnable: new$'
    "$command" summary "$image" >"$work/summary"
    grep -q -E '^ *[0-9.]+m?s +[0-9.]+[mun]?s +[0-9.]+m?s +all$' "$work/summary" || failed "no sums: $(cat "$work/summary")"
    "$command" summary "$image" --json | grep -q -E '"threads":\[\{"pid":[0-9]+,"tid":[0-9]+,"thread":"slices' ||
        failed 'no sums in JSON'
    "$command" procs "$image" --json | grep -q '"runnable":' || failed 'procs does not know slices'
}

case_sched_wakeups() {
    only_bpf_sees_slices
    record pingpong -q --sched -- "$programs/slices" pingpong
    ends_with 0 --sched
    lost_nothing
    check_slices
    woken=$(grep -c -E 'SCHED waiting: .*woken by [0-9]+$' "$work/events")
    [ "$woken" -ge 100 ] || failed "only $woken waits were ended by the other thread"
    count "$woken" 'SCHED wakeup: flow 0x[0-9a-f]+ in$'
    count "$woken" 'SCHED wakeup: flow 0x[0-9a-f]+ out$'
    # Calls are shown just as without slices.
    "$command" events --format strace "$image" >"$work/strace"
    if grep -E ' (running|runnable|waiting|wakeup)\(' "$work/strace"; then
        failed 'slices are shown as calls'
    fi
    "$command" slow "$image" --json | grep -q '"name":"waiting"' && failed 'slices are among the slowest calls'
    "$command" events --wall "$image" | grep -q 'SCHED running: CPU' || failed 'no slices by time of day'
}

# A thread may be woken after it has decided to sleep, but before it has left its processor.
case_sched_apart() {
    only_bpf_sees_slices
    record apart -q --sched -e futex -- "$programs/slices" apart
    ends_with 0 --sched
    check_slices
    unknown=$(grep -c 'SCHED waiting: .*woken by nobody that was seen$' "$work/events" || true)
    known=$(grep -c 'SCHED waiting: .*woken by [0-9]*$' "$work/events")
    [ $((unknown * 5000)) -le "$known" ] || failed "of $known waits, $unknown have no waker"
}

# Things in progress when recording begins and ends.
case_sched_attached() {
    only_bpf_sees_slices
    sleep 1000 &
    pid=$!
    eventually grep -q '(sleep) S' "/proc/$pid/stat"
    record attached -q --sched -p "$pid" --for 0.2
    kill "$pid"
    ends_with 0 --sched
    check_slices
    has 'SCHED waiting: in clock_nanosleep, not woken yet$'
    has_not 'SCHED (running|runnable)'
}

case_sched_filtered() {
    only_bpf_sees_slices
    record filtered -q --sched -e openat --ok -- sh -c 'cat /etc/passwd /no/such; sleep 0.05; exit 0'
    lost_nothing
    check_slices
    has 'SCHED running: CPU'
    has 'FILE openat: /etc/passwd'
    has_not 'openat: .*ENOENT|FILE read'
    # A process that waits for a child is woken by its end.
    has 'SCHED waiting: in (wait4|waitpid|waitid), woken by [0-9]+$'
    record plain -q -- true
    has_not SCHED
}

case_sched_refused() {
    if [ "$backend" = ptrace ]; then
        record refused -q --sched -- touch "$work/ran"
        ends_with 2 '--sched with ptrace'
        says 'needs the backend bpf: ptrace cannot see time slices'
        [ ! -e "$work/ran" ] || failed 'the command ran all the same'
    else
        prepare_nobody
        as_nobody --sched -o "$nobody/image" touch "$nobody/ran"
        ends_with 1 '--sched without permission'
        says '.-sched needs the backend bpf: '
        [ ! -e "$nobody/ran" ] || failed 'the command ran all the same'
    fi
}
