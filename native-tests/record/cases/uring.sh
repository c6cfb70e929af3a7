# Operations of io_uring.

# Records them, or skips the test if that is impossible.
record_uring() {
    [ "$backend" = bpf ] || skip 'operations of io_uring are seen by BPF alone'
    for type in btf_trace_io_uring_complete io_cqe; do
        grep -q -a "$type" /sys/kernel/btf/vmlinux || skip 'the kernel has no tracepoints of io_uring, or other ones'
    done
    record "$@"
    [ "$status" -ne 77 ] || skip "$(cat "$work/out")"
}

case_uring() {
    record_uring uring -q -- "$programs/uring" "$work/file"
    ends_with 0 io_uring
    lost_nothing
    count 1 ' FILE io_uring nop: = 0$'
    count 1 " FILE io_uring write: fd [0-9]+ <$work/file>, 100 bytes at 0 = 100$"
    count 1 " FILE io_uring read: fd [0-9]+ <$work/file>, 50 bytes at 60 = 40$"
    count 1 ' FILE io_uring read: fd 999, 50 bytes at 0 = -1 EBADF$'
    count 1 ' FILE io_uring timeout: = -1 ETIME$'
    count 1 ' FILE io_uring read: fd [0-9]+ <pipe [0-9]*>, 1 bytes = 1$'
    count 1 " FILE io_uring close: fd [0-9]+ <$work/file> = 0$"
    has ' FILE write: fd [0-9]+, 1 bytes = -1 EBADF$'
    # The operation that waited lasts that long, and overlaps the call that slept meanwhile.
    "$command" events "$image" --name 'io_uring read' --slower 30ms >"$work/long"
    [ "$(wc -l <"$work/long")" -eq 1 ] || failed "not one read lasted 30 ms: $(cat "$work/long")"
    "$command" events "$image" --failed >"$work/failed"
    grep -q 'io_uring read: fd 999' "$work/failed" || failed 'what failed is not marked so'
    "$command" files "$image" >"$work/events"
    has "^ +1 +40 bytes +100 bytes .* $work/file  "
    ! "$command" events "$image" --format strace | grep 'io_uring read' || failed 'operations are shown as calls'
}

case_uring_filtered() {
    record_uring reads -q -e read --failed -- "$programs/uring" "$work/file"
    ends_with 0 io_uring
    count 1 'io_uring '
    has ' FILE io_uring read: fd 999, 50 bytes at 0 = -1 EBADF$'
    record_uring of_fd -q -e file --fd 999 -- "$programs/uring" "$work/file"
    count 1 'io_uring '
    record_uring of_path -q -P "$work/file" -- "$programs/uring" "$work/file"
    count 3 " FILE io_uring (write|read|close): fd [0-9]+ <$work/file>"
    count 3 ' io_uring (nop|write|read|timeout|close)'
}

# The kernel's own thread picks them up; it belongs to the process and has its files.
case_uring_polled() {
    record_uring polled -q -- "$programs/uring" "$work/file" poll
    ends_with 0 io_uring
    lost_nothing
    count 1 " [0-9]+/[0-9]+ [^ ]+ FILE io_uring read: fd [0-9]+ <$work/file>, 50 bytes at 60 = 40$"
    count 1 ' [0-9]+/[0-9]+ [^ ]+ FILE io_uring read: fd 999, 50 bytes at 0 = -1 EBADF$'
    count 1 " FILE io_uring close: fd [0-9]+ <$work/file> = 0$"
    has ' FILE write: fd [0-9]+, 1 bytes = -1 EBADF$'
}

# The kernel reuses their memory for other requests.
case_uring_silent() {
    record_uring before -q -- "$programs/uring" "$work/file"
    (
        eventually [ -e "$work/silent" ]
        for _ in 1 2 3 4 5 6 7 8; do
            "$programs/uring" "$work/others"
        done
        : >"$work/go"
    ) &
    # shellcheck disable=SC2016 # for that shell to expand
    record silent -q -- sh -c '
        for _ in 1 2 3 4; do "$1/uring" "$2/file" silent || failed=1; done
        : >"$2/silent"
        until [ -e "$2/go" ]; do sleep 0.02; done
        exit $failed' sh "$programs" "$work"
    : >"$work/silent"
    wait
    ends_with 0 io_uring
    lost_nothing
    has_not ' io_uring (nop|read|write|timeout|close)'
}

case_uring_counted() {
    record_uring counted -c -- "$programs/uring" "$work/file"
    ends_with 0 io_uring
    says ' 3 \+1 io_uring read$'
    says ' 1 \+io_uring close$'
    says ' 1 \+1 io_uring timeout$'
}

# Still under way when recording ends.
case_uring_unfinished() {
    record_uring before -q -- "$programs/uring" "$work/file"
    mkfifo "$work/lines"
    "$programs/uring" "$work/file" wait <"$work/lines" >"$work/told" &
    program=$!
    exec 3>"$work/lines"
    image=$work/unfinished.ring
    "$command" record -c --backend bpf -o "$image" -p $program 2>"$work/table" &
    recorder=$!
    has_begun() {
        "$command" info "$image" --json | grep -q "\"pid\":$program,"
    }
    eventually has_begun
    echo >&3
    eventually grep -q waiting "$work/told"
    kill -INT $recorder
    wait $recorder || failed "exit code $?"
    exec 3>&-
    wait $program || failed "the program's exit code is $?"
    "$command" events "$image" >"$work/events"
    count 1 ' FILE io_uring read: fd [0-9]+ <pipe [0-9]*>, 1 bytes = \? \(no completion seen\)$'
    ! grep 'io_uring read' "$work/table" || failed 'an operation without a result is counted'
}
