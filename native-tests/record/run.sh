#!/bin/sh
# Tests `ringscope record`: run.sh BACKEND RINGSCOPE PROGRAMS WORK. Exits with 77 if the backend is not
# permitted here, and leaves a line that says so in WORK/skipped.
set -eu

backend=$1
command=$2
programs=$3
work=$4
subject=$programs/subject
terminal=$programs/terminal
failures=0
status=0

failed() {
    echo "FAILED ($backend): $*"
    failures=$((failures + 1))
}

# record NAME [OPTIONS] -- ARGUMENTS: the image is $image, the exit code $status, what was said $said.
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

# has REGEX: an event of the last recording.
has() {
    grep -q -E -e "$1" "$work/events" || failed "$(basename "$image" .ring): no event like $1"
}
has_not() {
    ! grep -E -e "$1" "$work/events" || failed "$(basename "$image" .ring): there is an event like $1"
}
# count N REGEX: so many of them.
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

# Waits until a condition holds; the test's time limit is the bound.
wait_until() {
    until "$@" >/dev/null 2>&1; do
        sleep 0.02
    done
}

rm -rf "$work"
mkdir -p "$work"

# ------------------------------------------------------------------ permitted?

record permitted -q -- true
if [ $status -ne 0 ]; then
    echo "SKIPPED: ringscope record, backend $backend: $(cat "$said")" | tee "$work/skipped"
    exit 77
fi

# ----------------------------------------------------------- the command's end

record exit_code -q -- "$subject" exit 7
ends_with 7 'exit 7'
[ ! -s "$said" ] || failed "--quiet is not quiet: $(cat "$said")"
has '\[.*\] PROCESS exit: status 7'
"$command" info "$image" | grep -q 'closed' || failed 'the image is not closed'

record by_signal -q -- sh -c 'kill -TERM $$'
ends_with 143 'a command that a signal ends'
has 'SIGNAL signal: SIGTERM'
has 'PROCESS exit: killed by SIGTERM'

record no_command -q -- no-such-command
ends_with 127 'a command that does not exist'
grep -q 'no-such-command: no such command' "$said" || failed "no such command: $(cat "$said")"
record directory -q -- /tmp
ends_with 126 'a directory'
record not_executable -q -- /etc/passwd
ends_with 126 'a file that is no program'
printf 'exit 6\n' >"$work/script"
chmod +x "$work/script"
record script -q -- "$work/script"
ends_with 6 'a script without #!'

record input -q -- sh -c 'cat; echo more >&2'
[ "$(cat "$said")" = more ] || failed 'standard error is not the command'\''s'
echo text | "$command" record -q --backend "$backend" -o "$work/cat.ring" cat | grep -q -x text ||
    failed 'standard input or output is not the command'\''s'

# ---------------------------------------------------------------------- calls

record bad_arguments -q -- "$subject" bad_arguments
ends_with 0 bad_arguments
has 'FILE open(at)?: \(unreadable\) = -1 EFAULT'
has 'FILE open(at)?: a{255}\.\.\. = -1 ENAMETOOLONG'
has 'FILE rename: a{127}\.\.\., a{127}\.\.\. = -1 ENAMETOOLONG'
has 'FILE rename: /no/such/file, \(unreadable\) = -1 E(FAULT|NOENT)'
has 'IPC pipe2: = -1 EFAULT'
has 'SYSCALL syscall_999: = -1 ENOSYS'
has 'SYSCALL syscall_100000: = -1 ENOSYS'

record long_paths -q -- "$subject" long_paths
has 'FILE open(at)?: /b{254}\.\.\. = -1'
has 'FILE open(at)?: /b{254} = -1'

record descriptors -q -- "$subject" descriptors
ends_with 0 descriptors
has 'FILE open(at)?: /etc/passwd = [0-9]+'
has 'FILE read: fd [3-9] </etc/passwd>, 1 bytes = 1'
count 3 'FILE read: fd [0-9]+ </etc/passwd>, 1 bytes = 1'
has 'FILE read: fd 100 </etc/passwd>, 1 bytes = 1'
has 'FILE write: fd [0-9]+ <pipe>, 1 bytes = 1'
has 'FILE read: fd [0-9]+ <socket>, 1 bytes = 1'
has 'FILE read: fd [0-9]+, 1 bytes = -1 EBADF'
# The exec ends a thread of a sanitizer's, if there is one, and takes place before the call returns.
first=$(sed -n 's/^\[.*\] \([A-Z]* [a-z]*\):.*/\1/p' "$work/events" | grep -v -x -e 'PROCESS exec' -e 'PROCESS exit' |
    head -n 1)
[ "$first" = 'PROCESS execve' ] || failed "the first event is $first"

record exec_closes -q -- "$subject" exec_closes
ends_with 0 exec_closes
has 'FILE read: fd 200, 1 bytes = -1 EBADF'
has 'FILE read: fd 201 </etc/passwd>, 1 bytes = 1'

record inherited -q -- sh -c 'exec 5</etc/passwd; cat <&5 | cat; :'
has 'FILE read: fd 0 </etc/passwd>, [0-9]+ bytes = '

record compat -q -- "$subject" compat
ends_with 0 compat
has 'PROCESS getpid: = [0-9]+'
has 'FILE close: fd -1 = -1 EBADF|FILE close: = -1 EBADF'

# A program of 32 bits from the beginning, where they can be made without a library.
cat >"$work/compat.c" <<'END'
static long call(long number, long a, long b, long c)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
    return result;
}
void _start(void)
{
    char bytes[4];
    long fd = call(5, (long)"/etc/passwd", 0, 0);
    call(3, fd, (long)bytes, 4);
    call(5, (long)"/no/such/file", 0, 0);
    call(1, 5, 0, 0);
}
END
if cc -m32 -nostdlib -static -fno-pic -fno-stack-protector -o "$work/compat" "$work/compat.c" 2>/dev/null; then
    record program_of_32_bits -q -- "$work/compat"
    ends_with 5 'a program of 32 bits'
    has 'PROCESS execve: .*/compat = 0'
    has 'FILE open: /etc/passwd = [0-9]+'
    has 'FILE read: fd [0-9]+ </etc/passwd>, 4 bytes = 4'
    has 'FILE open: /no/such/file = -1 ENOENT'
else
    echo "programs of 32 bits cannot be made here, so that none was recorded"
fi

record without_details -q --no-details -- cat /etc/passwd
has_not '/etc/passwd'

# ------------------------------------------------------------------ processes

record forks -q -- "$subject" forks
ends_with 0 forks
equals processes_spawned 1001
equals processes_exited 1001
equals current_process_count 0
count 1000 'PROCESS spawn: process'
count 1001 'PROCESS exit: status'
lost_nothing

record thread_execs -q -- "$subject" thread_execs
ends_with 9 thread_execs
count 2 'PROCESS exec: '
has 'PROCESS spawn: thread '
has 'PROCESS exec: .*subject exit 9'
has 'PROCESS exit_group: 9 = \?'
equals processes_spawned 1
equals processes_exited 1

record vforks -q -- "$subject" vforks
ends_with 0 vforks
has 'PROCESS exit: status 4'
equals processes_spawned 2

record killed_child -q -- "$subject" killed_child
ends_with 0 killed_child
has 'SIGNAL signal: SIGKILL'
has 'PROCESS exit: killed by SIGKILL'

record threads -q -- "$subject" threads
ends_with 0 threads
count 10 'PROCESS spawn: thread '
count 1000 'PROCESS getppid: '
"$command" export "$image" --to chrome | grep -q '"counting"' || failed 'the threads have no names'

record ends_in_flight -q -- "$subject" ends_in_flight
ends_with 0 ends_in_flight
has 'FILE read: fd [0-9]+ <pipe>, 1 bytes = \? \(unfinished\)'

# ------------------------------------------------------------- signals, timers

record signals -q -- "$subject" signals
ends_with 0 signals
count 1 'SIGNAL signal: SIGUSR1'
count 1 'SIGNAL signal: SIGUSR2'
count 0 'SIGNAL signal: SIGHUP'
equals signals_delivered 2
has_not 'rt_sigreturn: .'

record timers -q -- "$subject" timers
ends_with 0 timers
equals timers_fired 4

record job -q -- "$subject" job
ends_with 0 job

record traces -q -- "$subject" traces
if [ "$backend" = ptrace ]; then
    ends_with 3 'a program that traces, which it may not when it is traced'
else
    ends_with 0 'a program that traces'
fi

status=0
"$terminal" "$command" record -q --backend "$backend" -o "$work/terminal.ring" "$subject" terminal >"$work/out" ||
    status=$?
image=$work/terminal.ring
"$command" events "$image" >"$work/events"
[ $status -eq 42 ] || failed "Ctrl-C: exit code $status: $(cat "$work/out")"
count 1 'SIGNAL signal: SIGINT'
has 'PROCESS exit: status 42'

# -------------------------------------------------------------------- filters

record only_opens -q -e openat,open -- cat /etc/passwd
ends_with 0 'a filter'
has 'FILE open(at)?: /etc/passwd = [0-9]+'
has_not 'FILE (read|close)|PROCESS|MEMORY'
equals processes_spawned 1

record categories -q -e 'file,!close' -- cat /etc/passwd
has 'FILE read: '
has_not 'FILE close|PROCESS|MEMORY|SYSCALL'

record all_but -q -e '!file,!memory' -- cat /etc/passwd
has 'PROCESS exec: cat'
has_not '\] (FILE|MEMORY)'

record bad_filter -e file,nonsense -- true
ends_with 2 'a filter with a name that is none'
grep -q 'nonsense is neither a category nor a system call' "$said" || failed "a bad filter: $(cat "$said")"

# ------------------------------------------------------- processes that run

"$subject" loops "$work/begun" &
loop=$!
wait_until test -e "$work/begun"
"$command" record -q --backend "$backend" -o "$work/attached.ring" -p $loop &
recorder=$!
image=$work/attached.ring
some_events() {
    [ "$("$command" summary "$image" --json | sed 's/.*"event_count":\([0-9]*\).*/\1/')" -gt 100 ]
}
both_threads() {
    for name in access openat; do
        "$command" events "$image" --name $name --last 1 | grep -q "$name" || return 1
    done
}
wait_until both_threads
kill -INT $recorder
wait $recorder || failed "-p: exit code $?"
"$command" events "$image" --name openat --last 1 >"$work/events"
has 'FILE openat: /etc/passwd = [0-9]+'
"$command" events "$image" --name access --last 1 >"$work/events"
has 'FILE access: /in/a/thread, '
"$command" events "$image" --pid $loop --last 10 | grep -q FILE || failed '-p: the events do not have the pid'
kill -0 $loop || failed '-p: the process did not survive'

record for_seconds -q --for 0.2 -p $loop
ends_with 0 --for
has 'FILE close: fd [0-9]+ </etc/passwd>'
kill -0 $loop || failed '--for: the process did not survive'

# The recorder is killed: the image opens, and the program runs on.
"$command" record -q --backend "$backend" -o "$work/killed.ring" -p $loop &
recorder=$!
image=$work/killed.ring
wait_until some_events
kill -KILL $recorder
wait $recorder 2>/dev/null || true
"$command" events "$image" --last 10 >"$work/events" || failed 'the image of a killed recorder does not open'
has 'FILE '
kill -0 $loop || failed 'the process did not survive the recorder'
kill -KILL $loop
wait $loop 2>/dev/null || true

# Signals to ringscope are passed on; a command outlives --for.
"$command" record -q --backend "$backend" -o "$work/passed_on.ring" -- \
    sh -c 'trap "exit 9" TERM; while :; do sleep 0.05; done' &
recorder=$!
image=$work/passed_on.ring
wait_until some_events
kill -TERM $recorder
status=0
wait $recorder || status=$?
[ $status -eq 9 ] || failed "SIGTERM to ringscope: exit code $status"
record outlived -q --for 0.05 -- sh -c 'sleep 0.2; exit 4'
ends_with 4 'a command that outlives --for'

record no_process -q -p $loop
ends_with 1 'a process that is not there'
grep -q "process $loop does not exist" "$said" || failed "no process: $(cat "$said")"
record no_number -p x
ends_with 2 '-p x'

# ---------------------------------------------------------------------- loss

# While the recorder is stopped, a program makes more calls than there is room for: all of them are
# either recorded or counted as lost. A program that is traced by ptrace would wait.
if [ "$backend" = bpf ]; then
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
    wait_until has_begun
    kill -STOP $recorder
    echo word >"$work/go"
    read -r word <"$work/gone"
    kill -CONT $recorder
    echo "$word" >"$work/go"
    wait $recorder || failed "the overrun: exit code $?"
    lost=$("$command" summary "$image" --json | sed -n 's/.*"lost_overrun":{[^}]*"FILE":\([0-9]*\).*/\1/p')
    written=$("$command" stats "$image" --json | tr '{' '\n' | sed -n 's/"name":"write","count":\([0-9]*\),.*/\1/p')
    [ "${lost:-0}" -gt 0 ] || failed 'a recorder that was stopped lost nothing'
    [ $((written + ${lost:-0})) -ge 400000 ] || failed "of 400000 writes $written are counted and $lost lost"
    [ "$written" -lt 400000 ] || failed "$written writes are counted although some were lost"
fi

# ---------------------------------------------------------------- permission

# Without root's privileges BPF is not permitted, and ptrace takes its place by itself.
if [ "$(id -u)" -eq 0 ] && setpriv --reuid=65534 --regid=65534 --clear-groups true 2>/dev/null; then
    mkdir -m 777 "$work/nobody"
    cp "$command" "$subject" "$work/nobody"
    chmod 755 "$work/nobody/"*
    as_nobody() {
        status=0
        (cd /tmp && setpriv --reuid=65534 --regid=65534 --clear-groups "$work/nobody/ringscope" record "$@") \
            >"$work/out" 2>"$said" || status=$?
    }
    if setpriv --reuid=65534 --regid=65534 --clear-groups test -x "$work/nobody/ringscope"; then
        said=$work/nobody.err
        as_nobody -q --backend bpf -o "$work/nobody/image" true
        ends_with 1 'BPF without privileges'
        grep -q 'it needs root, or CAP_BPF and CAP_PERFMON' "$said" || failed "no permission: $(cat "$said")"
        as_nobody -q -o "$work/nobody/image" "$work/nobody/subject" exit 3
        ends_with 3 'without privileges'
        grep -q 'tracing with ptrace instead' "$said" || failed "no word of ptrace: $(cat "$said")"
        as_nobody -q -e exit_group -o "$work/nobody/image" "$work/nobody/subject" exit 3
        grep -q 'no_new_privs' "$said" || failed "no word of no_new_privs: $(cat "$said")"
        [ "$("$command" events "$work/nobody/image" | sed 's/.*\] //')" = 'PROCESS exit_group: 3 = ?' ] ||
            failed 'a filter without privileges'
        as_nobody -q -p 1
        ends_with 1 'a process of another user'
        grep -q 'process 1 belongs to another user' "$said" || failed "not our process: $(cat "$said")"
    fi
fi

# ----------------------------------------------------------------------- disk

record full_disk -q -n 1000000000 -- touch "$work/touched"
ends_with 1 'a full disk'
[ ! -e "$work/touched" ] || failed 'the command ran although there is no image'
[ ! -e "$image" ] || failed 'a full disk leaves an image'

# -------------------------------------------------------------------- summary

record summary -- sh -c 'ls / >/dev/null; exit 3'
ends_with 3 'with a summary'
for text in '=== Kernel Statistics ===' 'Spawned: ' '--- Longest ---' "Recorded with $backend"; do
    grep -q -e "$text" "$said" || failed "the summary has no $text"
done

[ $failures -eq 0 ] || exit 1
rm -rf "$work" # a hundred megabytes an image
echo "ringscope record, backend $backend: all is well"
