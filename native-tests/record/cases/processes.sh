# Processes, threads, signals and timers.

# process_list: the processes of the last recording, one per line.
process_list() {
    "$command" info "$image" --json | sed 's/.*"processes":\[//; s/},/}\n/g'
}

# is_process REGEX: one of them matches.
is_process() {
    process_list | grep -q -E -e "$1" || failed "no process like $1: $(process_list | head -20)"
}

case_forks() {
    record forks -q -- "$subject" forks
    ends_with 0 forks
    equals processes_spawned 1001
    equals processes_exited 1001
    equals current_process_count 0
    count 1000 'PROCESS spawn: process'
    count 1001 'PROCESS exit: status'
    [ "$(process_list | grep -c '"exit_code":')" -eq 1001 ] || failed 'not every process has its exit code'
    lost_nothing
}

case_thread_execs() {
    record thread_execs -q -- "$subject" thread_execs
    ends_with 9 thread_execs
    count 2 'PROCESS exec: '
    has 'PROCESS spawn: thread '
    has 'PROCESS exec: .*subject exit 9'
    has 'PROCESS exit_group: 9 = \?'
    equals processes_spawned 1
    equals processes_exited 1
    is_process '"name":"[^"]*exit 9","start":[0-9.]+,"end":[0-9.]+,"exit_code":9'
}

case_vforks() {
    record vforks -q -- "$subject" vforks
    ends_with 0 vforks
    has 'PROCESS exit: status 4'
    is_process '"parent":[0-9]+,.*"start":[0-9.]+,"end":[0-9.]+,"exit_code":4'
    equals processes_spawned 2
}

case_killed_child() {
    record killed_child -q -- "$subject" killed_child
    ends_with 0 killed_child
    has 'SIGNAL signal: SIGKILL'
    [ "$backend" = ptrace ] || has 'SIGNAL signal: SIGKILL \{SI_USER, pid [0-9]+, uid [0-9]+\}'
    has 'PROCESS exit: killed by SIGKILL'
    is_process '"start":[0-9.]+,"end":[0-9.]+,"signal":9'
    "$command" events "$image" --process SUBJECT | grep -q 'killed by SIGKILL' || failed 'no event of the process'
    [ -z "$("$command" events "$image" --process subjec)" ] || failed 'part of a name is taken for all of it'
}

# Signals neither bring back what has ended nor take its name away.
case_killed_late() {
    record killed_late -q -- "$subject" killed_late
    ends_with 0 killed_late
    count 1 'SIGNAL signal: SIGKILL'
    [ "$backend" = ptrace ] || has 'SIGNAL signal: SIGKILL \{SI_USER, pid [0-9]+, uid [0-9]+\}'
    count 1 'PROCESS exit: killed by SIGKILL'
    equals processes_spawned 3
    equals processes_exited 3
    equals current_process_count 0
    [ "$(process_list | grep -c '"name":"[^"]*subject')" -eq 3 ] || failed "processes without names: $(process_list)"
}

case_threads() {
    record threads -q -- "$subject" threads
    ends_with 0 threads
    count 10 'PROCESS spawn: thread '
    count 1000 'PROCESS getppid: '
    "$command" export "$image" --to chrome | grep -q '"counting"' || failed 'the threads have no names'
}

# A process ends once, however many of its threads find that none is left.
case_end_together() {
    record end_together -q -- "$subject" end_together
    ends_with 0 end_together
    count 200 'PROCESS exit: status 3'
    count 1200 'PROCESS exit: thread'
    equals processes_exited 201
}

case_ends_in_flight() {
    record ends_in_flight -q -- "$subject" ends_in_flight
    ends_with 0 ends_in_flight
    has 'FILE read: fd [0-9]+ <pipe [0-9]+>, 1 bytes = \? \(unfinished\)'
}

case_signals() {
    record signals -q -- "$subject" signals
    ends_with 0 signals
    count 1 'SIGNAL signal: SIGUSR1'
    count 1 'SIGNAL signal: SIGUSR2'
    count 0 'SIGNAL signal: SIGHUP'
    equals signals_delivered 2
    has_not 'rt_sigreturn: .'
}

# Calls that seccomp answers are recorded all the same.
case_refused() {
    record refused -- "$subject" refused
    ends_with 0 refused
    has 'PROCESS getpgid: 0 = -1 EXDEV'
    count 3 'PROCESS getpgid: 0 = '
    has 'SIGNAL signal: SIGSYS \{SYS_SECCOMP, call getpgid\}'
    count 2 'SIGNAL signal: SIGSYS'
    ! grep 'in flight' "$said" || failed 'a call that was refused is taken for one that began before'
}

# Nor does the call get lost for which seccomp ends a thread alone.
case_thread_refused() {
    [ "$backend" = ptrace ] || grep -q -a BPF_FUNC_task_pt_regs /sys/kernel/btf/vmlinux ||
        skip 'the kernel has no bpf_task_pt_regs'
    record thread_refused -- "$subject" thread_refused
    ends_with 0 thread_refused
    count 1 'PROCESS getpgid: 0 = \? \(unfinished\)$'
}

# Names of threads leave room for those of calls, and are counted.
case_thread_names() {
    [ "$backend" = bpf ] || skip 'ptrace takes minutes, and has the same tables'
    record thread_names -q -- "$subject" thread_names
    ends_with 0 thread_names
    losses=$("$command" summary "$image" | sed '1,/^--- Losses/d; s/:.*//')
    [ "$losses" = 'Names beyond the table' ] || failed "it lost $losses"
    count 1 ' PROCESS getpgid: 0 = [0-9]+$'
}

# The sender of a signal, and the address of a fault, in strace's words.
case_told() {
    record told -q -- "$subject" told
    ends_with 0 told
    main=$(sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p' "$work/events")
    has 'SIGNAL signal: SIGSEGV \{SEGV_MAPERR, address 0x1230\}'
    has "SIGNAL signal: SIGUSR1 \\{SI_USER, pid $main, uid [0-9]+\\}"
    has "SIGNAL signal: SIGUSR1 \\{SI_QUEUE, pid $main, uid [0-9]+, value 42\\}"
    has 'SIGNAL signal: SIGCHLD \{CLD_(KILLED|DUMPED), pid [0-9]+, uid [0-9]+, status SIGSEGV\}'
    "$command" events "$image" --format strace >"$work/events"
    has '--- SIGSEGV \{si_signo=SIGSEGV, si_code=SEGV_MAPERR, si_addr=0x1230\} ---'
    has '--- SIGUSR1 \{si_signo=SIGUSR1, si_code=SI_QUEUE, si_pid=[0-9]+, si_uid=[0-9]+, si_int=42\} ---'
    has '--- SIGCHLD \{si_signo=SIGCHLD, si_code=CLD_(KILLED|DUMPED), .*, si_status=SIGSEGV\} ---'
}

case_timers() {
    record timers -q -- "$subject" timers
    ends_with 0 timers
    equals timers_fired 4
    "$command" export "$image" --to strace -o "$work/timers.txt"
    for trace in "$image" "$work/timers.txt"; do # interrupted by a signal: failed, also when the text is read back
        suspended=$("$command" events "$trace" 'name:rt_sigsuspend failed' | wc -l)
        [ "$suspended" -eq 2 ] || failed "$trace: $suspended interrupted calls failed, not 2"
    done
}

case_job() {
    record job -q -- "$subject" job
    ends_with 0 job
}

case_traces() {
    record traces -q -- "$subject" traces
    if [ "$backend" = ptrace ]; then
        ends_with 3 'a program that traces, which it may not when it is traced'
    else
        ends_with 0 'a program that traces'
    fi
}

# The time of day at time 0 moves along when the command starts.
case_wall_clock_begins_with_the_command() {
    record begins -q -- date +%s%N
    date +%N | grep -q N && skip 'date knows no %N'
    "$command" events "$image" --json >"$work/events"
    first=$(sed -n '/"name":"execve"/s/.*"timestamp":\([0-9]*\).*/\1/p' "$work/events" | head -n 1)
    said=$(sed -n 's/.*"timestamp":\([0-9]*\)\..*"name":"exit".*"process":"date: date.*/\1/p' "$work/events")
    began=$("$command" info "$image" --json | sed 's/.*"created_realtime_ns":\([0-9]*\)[0-9]\{6\},.*/\1/')
    now=$(cut -c 1-13 "$work/out")
    [ -n "$first" ] && [ -n "$said" ] || failed 'no execve, or no end'
    # Wall clock and trace agree to the ms: date read the clock between its exec and its end.
    [ "$now" -le $((began + said + 1)) ] || failed "date said $now, the trace that it ended at $began + $said ms"
}

# procs_json: the processes of the last recording, one per line.
procs_json() {
    "$command" procs "$image" --json | sed 's/},{/}\n{/g'
}

# is_proc REGEX
is_proc() {
    procs_json | grep -q -E -e "$1" || failed "no process like $1: $(procs_json)"
}

# Each child only ends when its parent sleeps in wait(), so the critical path always leads through it.
case_procs() {
    [ -r /proc/self/schedstat ] || skip 'the kernel does not say how long threads ran'
    # shellcheck disable=SC2016
    record procs -q -- sh -c 'sleep 600 & echo $!
        sh -c "until grep -q sleep /proc/$!/comm && grep -q State:.S /proc/$$/status; do :; done; exit 3"
        kill -KILL $$'
    kill "$(cat "$work/out")"
    root=$(procs_json | sed -n '1s/.*"pid":\([0-9]*\),.*/\1/p')
    is_proc '^\[\{"pid":[0-9]+,"parent":[0-9]+,"name":"sh: sh -c sleep 600.*"depth":0,.*"signal":9,"critical":true'
    is_proc "\"parent\":$root,\"name\":\"sleep: sleep 600\",\"depth\":1,\"start\":[0-9.]+,\"duration\":.*\"critical\":false"
    is_proc "\"parent\":$root,\"name\":\"sh: sh -c until .*\"depth\":1,.*\"cpu\":[0-9.]+,\"waiting\":[0-9.]+,.*\"exit_code\":3,\"critical\":true"
    is_proc '"name":"grep: grep -q .*"depth":2'
    # The parts of the path add up to the life of the first process.
    procs_json | awk '{
            duration = critical = $0
            sub(/.*"duration":/, "", duration)
            if (NR == 1) whole = duration + 0
            if (sub(/.*"critical_time":/, "", critical)) sum += critical
        }
        END { if (sum < whole - 0.001 || sum > whole + 0.001) { print sum " of " whole " ms"; exit 1 } }' ||
        failed 'the critical path has a hole'
    "$command" procs "$image" >"$work/events"
    has '^ +[0-9.]+ .* SIGKILL +[0-9]+ sh: sh -c sleep 600'
    has '^ +[0-9.]+ .* status 3 +  [0-9]+ sh: sh -c until '
    # Fields are not details.
    "$command" events "$image" --json | grep -q '"name":"exit".*"arguments":"{\\"cpu_ns\\":[1-9][0-9]*}"' || failed 'no field'
    "$command" export "$image" --to chrome -o "$work/procs.json"
    image=$work/procs.json
    is_proc '"name":"sh: sh -c until .*"cpu":[0-9.]+,'
    record procs_without -q -e openat -- sh -c 'true; exit 4'
    is_proc '"depth":0,.*"exit_code":4,"critical":true'
}
