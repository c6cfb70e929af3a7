# Processes that are already running, and recorders that end before they do.

# Starts a process that runs until it is killed: $loop.
start_loop() {
    "$subject" loops "$work/begun" &
    loop=$!
    trap 'kill -KILL $loop 2>/dev/null || true' EXIT
    eventually test -e "$work/begun"
}
survives() {
    kill -0 $loop || failed "$1: the process did not survive"
}
some_events() {
    [ "$(field event_count)" -gt 100 ]
}
both_threads() {
    for call in access openat; do
        "$command" events "$image" --name $call --last 1 | grep -q "$call" || return 1
    done
}

case_attach() {
    start_loop
    image=$work/attached.ring
    "$command" record -q --backend "$backend" -o "$image" -p $loop &
    recorder=$!
    eventually both_threads
    kill -INT $recorder
    wait $recorder || failed "-p: exit code $?"
    "$command" events "$image" --name openat --last 2 >"$work/events" # the last one may not have returned
    has 'FILE openat: /etc/passwd, O_RDONLY.* = [0-9]+'
    "$command" events "$image" --name access --last 2 >"$work/events"
    has 'FILE access: /in/a/thread, '
    "$command" events "$image" --pid $loop --last 10 | grep -q FILE || failed '-p: the events do not have the pid'
    survives -p
}

# However slow the machine is, some duration is long enough for the process to make a few calls.
case_for_seconds() {
    start_loop
    for seconds in 0.2 2 20 200; do
        record for_seconds -q --for $seconds -p $loop
        ends_with 0 --for
        ! grep -q '</etc/passwd>' "$work/events" || break
    done
    has 'FILE close: fd [0-9]+ </etc/passwd>'
    survives --for
}

# The recorder is killed: the image can be opened, and the program keeps running.
case_killed_recorder() {
    start_loop
    image=$work/killed.ring
    "$command" record -q --backend "$backend" -o "$image" -p $loop &
    recorder=$!
    eventually some_events
    kill -KILL $recorder
    wait $recorder 2>/dev/null || true
    "$command" events "$image" --last 10 >"$work/events" || failed 'the image of a killed recorder does not open'
    has 'FILE '
    survives 'a killed recorder'
}

case_signals_are_passed_on() {
    image=$work/passed_on.ring
    "$command" record -q --backend "$backend" -o "$image" -- \
        sh -c 'trap "exit 9" TERM; while :; do sleep 0.05; done' &
    recorder=$!
    eventually some_events
    kill -TERM $recorder
    status=0
    wait $recorder || status=$?
    [ $status -eq 9 ] || failed "SIGTERM to ringscope: exit code $status"
}

case_command_outlives_for() {
    record outlived -q --for 0.05 -- sh -c 'sleep 0.2; exit 4'
    ends_with 4 'a command that outlives --for'
}

case_no_such_process() {
    sh -c 'exit 0' &
    ended=$!
    wait $ended
    record no_process -q -p $ended
    ends_with 1 'a process that is not there'
    says "process $ended does not exist"
    record no_number -p x
    ends_with 2 '-p x'
}

# While the recorder is stopped, a program makes more calls than there is room for: each one is either recorded or
# counted as lost.
case_overrun() {
    [ "$backend" = bpf ] || skip 'a program that is traced by ptrace waits, and loses nothing'
    mkfifo "$work/go" "$work/gone"
    # shellcheck disable=SC2016
    "$command" record -q --backend bpf -o "$work/overrun.ring" -- \
        sh -c 'read -r word <"$1"; "$0" writes 400000; echo "$word" >"$2"; read -r word <"$1"' \
        "$subject" "$work/go" "$work/gone" &
    recorder=$!
    image=$work/overrun.ring
    has_begun() {
        "$command" events "$image" | grep -q 'PROCESS exec: sh'
    }
    eventually has_begun
    kill -STOP $recorder
    echo word >"$work/go"
    read -r word <"$work/gone"
    kill -CONT $recorder
    echo "$word" >"$work/go"
    wait $recorder || failed "the overrun: exit code $?"
    lost=$("$command" summary "$image" --json | sed -n 's/.*"lost_overrun":{[^}]*"FILE":\([0-9]*\).*/\1/p')
    written=$("$command" stats "$image" --json | tr '{' '\n' | sed -n 's/.*"name":"write","count":\([0-9]*\),.*/\1/p')
    [ "${lost:-0}" -gt 0 ] || failed 'a recorder that was stopped lost nothing'
    [ $((written + ${lost:-0})) -ge 400000 ] || failed "of 400000 writes $written are counted and $lost lost"
    [ "$written" -lt 400000 ] || failed "$written writes are counted although some were lost"
}

# After a loss, descriptors and the directory are known again: not as they were before, but as /proc has them.
case_names_after_a_loss() {
    [ "$backend" = bpf ] || skip 'a program that is traced by ptrace waits, and loses nothing'
    mkfifo "$work/go" "$work/gone"
    # shellcheck disable=SC2016
    "$command" record -q --backend bpf -o "$work/names.ring" -- sh -c 'exec 7</etc/passwd; cd /; read -r word <"$1"
        "$0" writes 400000; cd /usr; exec 8</etc/group; "$0" writes 100000; echo "$word" >"$2"
        until [ -e "$3" ]; do read -r word <&7; read -r word <&8; : <share; sleep 0.02; done' \
        "$subject" "$work/go" "$work/gone" "$work/stop" &
    recorder=$!
    image=$work/names.ring
    shows() {
        "$command" events "$image" --name "$1" | grep -q -e "$2"
    }
    eventually shows exec 'PROCESS exec: sh'
    kill -STOP $recorder
    echo word >"$work/go"
    read -r word <"$work/gone"
    kill -CONT $recorder
    eventually shows dup2 'dup2: fd 7 </etc/passwd>, 0'
    eventually shows dup2 'dup2: fd 8 </etc/group>, 0'
    eventually shows openat 'openat: /usr/share, O_RDONLY'
    touch "$work/stop"
    wait $recorder || failed "names after a loss: exit code $?"
    ! shows openat 'openat: /share, ' || failed 'a path has the directory of before the loss'
}

# The rings are mapped further when they fill up: without memory for that, the recording fails and says so.
case_no_room_for_rings() {
    [ "$backend" = bpf ] || skip 'ptrace has no rings'
    command -v prlimit >/dev/null || skip 'there is no prlimit'
    [ -z "${ASAN_OPTIONS:-}${TSAN_OPTIONS:-}" ] || skip 'sanitizers map memory of their own'
    mkfifo "$work/go"
    "$command" record -q --backend bpf -o "$work/rings.ring" -- \
        sh -c 'read -r word <"$1"; "$0" writes 400000' "$subject" "$work/go" 2>"$work/said" &
    recorder=$!
    image=$work/rings.ring
    has_begun() {
        "$command" events "$image" | grep -q 'PROCESS exec: sh'
    }
    eventually has_begun
    prlimit --pid $recorder --as=1000000
    echo word >"$work/go"
    wait $recorder && failed 'it succeeded'
    grep -q 'a ring buffer cannot be mapped: Cannot allocate memory' "$work/said" ||
        failed "it said: $(cat "$work/said")"
}

# The kernel's clock, which BPF reads, differs from that of a process in a time namespace; and ours differs from the
# reader's.
case_time_namespace() {
    needs timens
    unshare --help | grep -q -e --boottime || skip 'unshare(1) has no --boottime'
    image=$work/namespace.ring
    unshare -T --monotonic 100000 --boottime 200000 "$command" record -q --backend "$backend" -o "$image" -- \
        "$subject" exit 3 || status=$?
    [ "$status" -eq 3 ] || failed "exit code $status"
    lost_nothing
    "$command" events "$image" --json |
        sed -n 's/.*"timestamp":\([0-9]*\.[0-9]*\).*/\1/p' |
        awk '$1 > 0 { later = 1 } $1 > 5e7 { far = 1 } END { exit !(NR > 1 && later && !far) }' ||
        failed 'times are not those of the recording'
    unshare -T --monotonic 100000 --boottime 200000 "$command" record -q --backend "$backend" -o "$image" -- \
        sh -c "echo \$\$ >'$work/pid'; exec sleep 1000" &
    recorder=$!
    eventually [ -s "$work/pid" ]
    "$command" info "$image" | grep -q running || failed 'whoever records is taken for dead'
    "$command" summary "$image" | awk '/^Uptime:/ { exit !($2 + 0 < 50000) }' || failed 'the uptime is of another clock'
    kill "$(cat "$work/pid")"
    wait $recorder || :
}

# Pids are those of ringscope's own PID namespace.
case_pid_namespace() {
    unshare --pid --fork --mount-proc true 2>"$work/why" || skip "no PID namespaces: $(cat "$work/why")"
    image=$work/namespace.ring
    unshare --pid --fork --mount-proc "$command" record -q --backend "$backend" -o "$image" -- \
        sh -c "echo \$\$ >'$work/pid'; $subject exit 3" || status=$?
    [ "$status" -eq 3 ] || failed "exit code $status"
    "$command" info "$image" --json >"$work/info"
    pid=$(cat "$work/pid")
    [ "$pid" -lt 100 ] || failed "the command's own pid is $pid: not in a namespace"
    grep -q "\"pid\":$pid,\"parent\":[0-9]*,\"name\":\"sh: sh -c" "$work/info" ||
        failed "no process $pid: $(cat "$work/info")"
}

# Numbers mean other processes there, so that a trace would have their names and files.
case_proc_of_another_namespace() {
    unshare -pf true 2>/dev/null || skip 'no pid namespaces can be made here'
    image=$work/alien.ring
    said=$work/alien.err
    status=0
    unshare -pf "$command" record --backend "$backend" -o "$image" -- "$subject" exit 3 2>"$said" || status=$?
    ends_with 1 'a /proc of another namespace'
    says 'another pid namespace'
}

# BPF reports all that matters; by ptrace, nothing can be known.
case_no_proc() {
    [ -z "${ASAN_OPTIONS:-}" ] || skip 'LeakSanitizer needs /proc'
    unshare -m sh -c 'mount -t tmpfs none /proc' 2>/dev/null || skip 'nothing can be mounted here'
    image=$work/no_proc.ring
    said=$work/no_proc.err
    status=0
    unshare -m sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$command" record -q --backend "$backend" -o "$image" -- \
        "$subject" exit 3 2>"$said" || status=$?
    if [ "$backend" = ptrace ]; then
        ends_with 1 'no /proc'
        says 'there is no /proc'
        return
    fi
    ends_with 3 'no /proc'
    "$command" procs "$image" | grep -q "$(basename "$subject")" || failed 'the program has no name'
}

# begin_waiting NAME: starts $recorder with a command that waits for $work/go, then calls ls and exits with 3.
begin_waiting() {
    image=$work/$1.ring
    said=$work/$1.err
    mkfifo "$work/go"
    "$command" record -q --backend "$backend" -o "$image" -- \
        sh -c "cat '$work/go' >/dev/null; ls / >/dev/null; echo lived >'$work/lived'; exit 3" 2>"$said" &
    recorder=$!
    has_begun() { # a file that is still being created is not recorded into yet
        [ "$(field event_count)" -gt 0 ]
    }
    eventually has_begun
}
# ends_without_image: the command goes on, and so does its recorder, which fails.
ends_without_image() {
    echo go >"$work/go"
    wait $recorder || status=$?
    [ "$(cat "$work/lived")" = lived ] || failed 'the command did not live'
    ends_with 1 "$(basename "$image")"
}

# As logrotate's copytruncate does. The recorder survives, so the command does.
case_truncated() {
    begin_waiting truncated
    : >"$image"
    ends_without_image
    says 'was truncated while it was recorded'
}

# The kernel refuses stores to pages that it has written out, except below an overlay, which keeps the flag to itself.
case_immutable() {
    if [ "$(stat -f -c %T "$work")" = overlayfs ]; then
        skip 'on overlayfs a file that is immutable can still be stored to'
    fi
    begin_waiting immutable
    sync "$image"
    if chattr +i "$image" 2>"$work/why"; then
        trap 'chattr -i "$image"' EXIT
        ends_without_image
        chattr -i "$image"
        trap - EXIT
        says 'could not be written to any more'
        "$command" events "$image" | grep -q 'PROCESS' || failed 'the earlier events are gone'
    else
        echo go >"$work/go"
        wait $recorder || true
        skip "$(cat "$work/why")"
    fi
}

# in_call PID NUMBER: it is blocked in this call.
in_call() {
    grep -q "^$2 " "/proc/$1/syscall"
}
is_followed() {
    "$command" summary "$image" --json | grep -q "\"pid\":$waiter"
}

# The call that a process is stuck in, the question that strace -p is asked most often.
case_stuck() {
    sleep 1000 &
    waiter=$!
    trap 'kill -KILL $waiter 2>/dev/null || true' EXIT
    eventually in_call $waiter 230 # clock_nanosleep
    record stuck --for 0.2 -p $waiter
    ends_with 0 stuck
    count 1 'TIMER clock_nanosleep: CLOCK_REALTIME = \? \(unfinished.*\)$|SYSCALL restart_syscall: = \? \(unfinished\)'
}

# Any thread stands for its process, which is traced once.
case_thread_id() {
    "$subject" waiting_threads &
    waiter=$!
    trap 'kill -KILL $waiter 2>/dev/null || true' EXIT
    both_wait() {
        [ "$(cat "/proc/$waiter/task/"*/syscall | grep -c '^34 ')" -eq 2 ] # pause
    }
    eventually both_wait
    for thread in "/proc/$waiter/task/"*; do
        thread=${thread##*/}
        [ "$thread" -eq $waiter ] || other=$thread
    done
    image=$work/thread_id.ring
    "$command" record -q --backend "$backend" -o "$image" -p "$other" -p $waiter &
    recorder=$!
    eventually is_followed
    kill -KILL $waiter
    wait $recorder || failed "thread_id: exit code $?"
    "$command" events "$image" >"$work/events"
    count 1 "^[^ ]+ $waiter(/[0-9]+)? .*PROCESS exit: killed by SIGKILL"
    has_not "^[^ ]+ $other/"
}

# The call began earlier, and returns while it is recorded.
case_returns_late() {
    mkfifo "$work/fifo"
    exec 9<>"$work/fifo"
    head -c 1 "$work/fifo" >"$work/out" &
    waiter=$!
    trap 'kill -KILL $waiter 2>/dev/null || true' EXIT
    eventually in_call $waiter 0 # read
    image=$work/late.ring
    "$command" record -q -s 8 --backend "$backend" -o "$image" -p $waiter &
    recorder=$!
    eventually is_followed
    printf 'xy' >&9
    wait $recorder || failed "late: exit code $?"
    exec 9>&-
    "$command" events "$image" >"$work/events"
    ending=
    [ "$backend" = ptrace ] || ending=' \(begun before recording\)'
    count 1 "FILE read: fd [0-9]+ <.*/fifo>, \"x\", [0-9]+ bytes = 1$ending\$"
}

# --for ends the recording in the middle of a call; the command continues.
case_ends_before() {
    record before -q --for 0.3 -- sleep 1
    ends_with 0 before
    count 1 'TIMER clock_nanosleep: .*1 s.* = \? \(unfinished\)'
}

case_follows_daemons() {
    record daemons -q --follow-daemons -- sh -c '(sleep 0.3; cat /no/such/daemon) 2>/dev/null & exit 3'
    ends_with 3 --follow-daemons
    has 'FILE openat: /no/such/daemon, O_RDONLY = -1 ENOENT'
    count 3 'PROCESS exit: status'
    status=0
    "$command" record --follow-daemons -p $$ 2>"$said" || status=$?
    ends_with 2 'no command'
}
