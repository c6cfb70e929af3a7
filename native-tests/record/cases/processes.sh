# Processes, threads, signals and timers.

# process_list: of the last recording, one a line.
process_list() {
    "$command" info "$image" --json | sed 's/.*"processes":\[//; s/},/}\n/g'
}

# is_process REGEX: one of them.
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
    is_process '"name":"[^"]*exit 9","end":[0-9.]+,"exit_code":9'
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
    has 'PROCESS exit: killed by SIGKILL'
    is_process '"start":[0-9.]+,"end":[0-9.]+,"signal":9'
    "$command" events "$image" --process SUBJECT | grep -q 'killed by SIGKILL' || failed 'no event of the process'
    [ -z "$("$command" events "$image" --process subjec)" ] || failed 'part of a name is taken for all of it'
}

case_threads() {
    record threads -q -- "$subject" threads
    ends_with 0 threads
    count 10 'PROCESS spawn: thread '
    count 1000 'PROCESS getppid: '
    "$command" export "$image" --to chrome | grep -q '"counting"' || failed 'the threads have no names'
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

case_timers() {
    record timers -q -- "$subject" timers
    ends_with 0 timers
    equals timers_fired 4
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
