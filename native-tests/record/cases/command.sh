# The recorded command: how it ends, what it reads and writes, and what is reported about it.

case_exit_code() {
    record exit_code -q -- "$subject" exit 7
    ends_with 7 'exit 7'
    [ ! -s "$said" ] || failed "--quiet is not quiet: $(cat "$said")"
    has '^\[[0-9.]+\] [0-9]+ PROCESS exit: status 7'
    "$command" info "$image" | grep -q 'closed' || failed 'the image is not closed'
}

# A signal that ends a process is reported once, with its sender, whether or not the process has threads.
case_killed_by_signal() {
    for signal in TERM HUP USR2 ABRT; do
        record by_signal -q -- sh -c 'kill -'$signal' $$'
        has "SIGNAL signal: SIG$signal \\{SI_USER, pid [0-9]+, uid [0-9]+\\}"
        count 1 "SIGNAL signal: SIG$signal"
        has "PROCESS exit: killed by SIG$signal"
    done
    record by_another -q -- sh -c 'sleep 1000 & kill -TERM $!; wait $!'
    ends_with 143 'a command whose child a signal ends'
    sender=$(sed -n 's/^[^ ]* \([0-9]*\) .* kill: [0-9]*, SIGTERM = 0$/\1/p' "$work/events")
    has "SIGNAL signal: SIGTERM \\{SI_USER, pid $sender, uid [0-9]+\\}"
}

case_no_such_command() {
    record no_command -q -- no-such-command
    ends_with 127 'a command that does not exist'
    says 'no-such-command: no such command'
}

case_not_executable() {
    record directory -q -- /tmp
    ends_with 126 'a directory'
    record not_executable -q -- /etc/passwd
    ends_with 126 'a file that is no program'
}

# attributes RUN…: every attribute of a process that a program is started with, as seen by two programs started by RUN.
# Leaves out those that cannot be the same, and the names of /proc/PID/status in $without.
attributes() {
    of=/proc/self
    "$@" cat $of/status $of/limits $of/timerslack_ns $of/oom_score_adj $of/coredump_filter $of/personality \
        $of/cgroup $of/loginuid $of/environ 2>/dev/null | tr '\0' '\n' | grep -a -v -E \
        "^(Tgid|Ngid|Pid|PPid|TracerPid|NStgid|NSpid|Vm.*|Rss.*|.*ctxt_switches|THP.*|SigQ|SHLVL=.*|_=.*$without):?"
    # Group, session, terminal, its group; priority, nice; real-time priority, policy.
    "$@" cat $of/stat | sed 's/.*) //' | cut -d ' ' -f 3-6,16,17,38,39
    "$@" ls -l $of/cwd $of/root $of/ns $of/fd 2>/dev/null | sed -n 's/.* \([^ ]* -> .*\)/\1/p' |
        grep -v -E '(pipe:|/proc/[0-9]*/fd)'
}

# compare_attributes OPTIONS: compares with record and without it.
compare_attributes() {
    attributes "$command" record -q --backend "$backend" -o "$work/attributes.ring" "$@" >"$work/recorded"
    attributes env >"$work/plain"
    grep -q SigBlk "$work/plain" || failed 'the attributes cannot be read'
    diff -u "$work/plain" "$work/recorded" || failed "it changes what it records: $*"
}

# From a shell that ignores some signals, with its own limits and an open file.
case_attributes() {
    trap '' HUP ALRM USR2
    ulimit -S -n 200
    umask 027
    exec 7</dev/null
    without=
    compare_attributes
    # The kernel shows the filter that ptrace needs for -e.
    [ "$backend" = bpf ] || without='|Seccomp|Seccomp_filters'
    compare_attributes -e file
}

case_attributes_without_privileges() {
    [ "$backend" = ptrace ] || skip 'BPF needs privileges'
    prepare_nobody
    as="setpriv --reuid=65534 --regid=65534 --clear-groups"
    cd /tmp
    for options in "" "-e file"; do
        without=${options:+'|Seccomp|Seccomp_filters|NoNewPrivs'}
        # Lists of words.
        # shellcheck disable=SC2086
        attributes $as "$nobody/ringscope" record -q -o "$nobody/image" $options >"$work/recorded"
        # shellcheck disable=SC2086
        attributes $as >"$work/plain"
        grep -q SigBlk "$work/plain" || failed 'the attributes cannot be read'
        diff -u "$work/plain" "$work/recorded" || failed "it changes what it records: $options"
    done
}

# Whatever the backend and -e: a signal that a program sends to itself ends it.
case_signals_are_not_blocked() {
    for signal in HUP INT QUIT USR1 USR2 TERM; do
        record "$signal" -q -e file -- sh -c "kill -$signal \$\$; echo survived"
        [ ! -s "$work/out" ] || failed "SIG$signal is blocked: $(cat "$work/out")"
    done
}

case_script_without_interpreter() {
    printf 'exit 6\n' >"$work/script"
    chmod +x "$work/script"
    record script -q -- "$work/script"
    ends_with 6 'a script without #!'
}

case_input_and_output() {
    record input -q -- sh -c 'cat; echo more >&2'
    [ "$(cat "$said")" = more ] || failed 'standard error is not the command'\''s'
    echo text | "$command" record -q --backend "$backend" -o "$work/cat.ring" cat | grep -q -x text ||
        failed 'standard input or output is not the command'\''s'
}

case_terminal() {
    status=0
    "$terminal" "$command" record -q --backend "$backend" -o "$work/terminal.ring" "$subject" terminal >"$work/out" ||
        status=$?
    image=$work/terminal.ring
    "$command" events "$image" >"$work/events"
    [ $status -eq 42 ] || failed "Ctrl-C: exit code $status: $(cat "$work/out")"
    count 1 'SIGNAL signal: SIGINT'
    has 'PROCESS exit: status 42'
}

case_summary() {
    record summary -- sh -c 'ls / >/dev/null; exit 3'
    ends_with 3 'with a summary'
    for text in '=== Kernel Statistics ===' 'Spawned: ' '--- Longest ---' "Recorded with $backend"; do
        says "$text"
    done
}

# The image is larger than all of /dev/shm, which is reported at once.
case_full_disk() {
    needs tmpfs
    mkdir -p "/dev/shm/ringscope-$$"
    blocks=$(df -P -k /dev/shm | awk 'NR == 2 { print $2 }')
    status=0
    "$command" record --backend "$backend" -q -o "/dev/shm/ringscope-$$/image" -n $((blocks * 1024 / 32)) \
        -- touch "$work/touched" 2>"$work/said" || status=$?
    said=$work/said
    ends_with 1 'a full disk'
    says 'No space left on device'
    [ ! -e "$work/touched" ] || failed 'the command ran although there is no image'
    rmdir "/dev/shm/ringscope-$$" || failed 'a full disk leaves an image'
}

# -E only changes the command's environment, in the order given; the PATH in it is not used to find the command.
case_command_environment() {
    said=$work/environment.err
    status=0
    A=1 B=2 "$command" record -q --backend "$backend" -o "$work/environment.ring" -E A -E C=x,y=z -E D=3 -E D= -E PATH=/none \
        -- env >"$work/out" 2>"$said" </dev/null || status=$?
    ends_with 0 'a changed environment'
    grep -E '^(A|B|C|D|PATH)=' "$work/out" | sort >"$work/seen"
    printf '%s\n' B=2 C=x,y=z D= PATH=/none >"$work/expected"
    diff -u "$work/expected" "$work/seen" || failed 'the environment is another'
    record before_exec -q -E A=1 -- true
    [ "$(sed -n '1s/.*\] [0-9]* \(PROCESS exec[a-z]*\):.*/\1/p' "$work/events")" = 'PROCESS exec' ] ||
        failed 'what ringscope does for -E is recorded'
    record without_name -q -E =1 -- true
    ends_with 2 'a variable without a name'
    record without_command -q -E A=1 -p $$
    ends_with 2 'no command'
    says '-E needs a command to run'
}

# The command runs as that user with everything that goes with it, with ptrace's filter as well.
case_command_as_user() {
    needs root
    user=$(id -un 65534 2>/dev/null) || skip 'there is no user 65534'
    chmod 755 "$work"
    id "$user" >"$work/expected"
    for options in '' '-e openat,setuid,setgroups,setresuid'; do
        # shellcheck disable=SC2086
        record as_user -q -u "$user" $options -- id
        ends_with 0 "another user $options"
        diff -u "$work/expected" "$work/out" || failed "another user $options"
        has_not 'setgroups|setresuid'
    done
    record as_number -q -u 65534 -- sh -c 'grep -E "^(Uid|Gid|Groups|NoNewPrivs|CapEff):" /proc/self/status'
    printf 'Uid:\t65534\t65534\t65534\t65534\n' >"$work/expected"
    grep Uid "$work/out" | diff -u "$work/expected" - || failed 'not all ids are theirs'
    grep -q '^CapEff:.0*$' "$work/out" || failed 'it kept capabilities'
    grep -q '^NoNewPrivs:.0$' "$work/out" || failed 'it may gain no privileges'
    record no_user -q -u no.such.user -- true
    ends_with 1 'no user'
    says '-u no.such.user: no such user'
    record user_without_command -q -u "$user" -p $$
    ends_with 2 'no command'
}

# With -o '|command' or -, events are printed as they come, and no image is left.
case_prints_events() {
    code=0
    image=$work/printed
    "$command" record --backend "$backend" -o "|grep -c 'openat\\?: .*/etc/passwd, O_RDONLY' >'$work/number'" -- \
        sh -c 'cat /etc/passwd /etc/passwd; exit 3' >"$work/out" 2>"$work/said" || code=$?
    [ $code -eq 3 ] || failed "exit code $code, not the command's"
    [ "$(cat "$work/number")" = 2 ] || failed "$(cat "$work/number") events of two"
    cmp -s "$work/out" - <<END || failed 'the command printed something else'
$(cat /etc/passwd /etc/passwd)
END
    [ ! -s "$work/said" ] || failed "it said: $(cat "$work/said")"
    "$command" record --backend "$backend" -e exit_group -o - -- true >"$work/events"
    has '^\[[0-9.]+\] [0-9]+(/[0-9]+ [a-z]+)? [0-9.]+[num]?s PROCESS exit_group: 0 = \?$'
    code=0
    "$command" record --backend "$backend" -o '|cat' -- /no/such/command >"$work/out" 2>&1 || code=$?
    [ $code -eq 127 ] || failed "exit code $code, not 127: $(cat "$work/out")"
    code=0
    "$command" record -o '|cat' --all --for 1 >"$work/out" 2>&1 || code=$?
    [ $code -eq 2 ] || failed "--all recorded what prints"
    code=0
    "$command" record -o '|' -- true >"$work/out" 2>&1 || code=$?
    [ $code -eq 2 ] || failed "exit code $code without a command that prints"
}

# The events are printed, and kept in place of an earlier recording.
case_verbose() {
    # The process that becomes the command has a thread of the sanitizer's until then.
    ! grep -q __tsan_init "$command" || skip "ThreadSanitizer adds a thread to what is recorded"
    record verbose -q -- cat /etc/hostname
    record verbose -v -- sh -c 'echo said; exit 3'
    ends_with 3 '-v'
    [ "$(cat "$work/out")" = said ] || failed "the command's output is $(cat "$work/out")"
    has 'PROCESS exit: status 3'
    diff "$said" "$work/events" || failed 'what was printed is not what was recorded'
    timeout 60 "$command" record --backend "$backend" -v -o "$work/gone.ring" -- rm "$work/gone.ring" >"$work/out" 2>&1 ||
        code=$?
    [ "${code-0}" -ne 124 ] || failed 'it waits for an image that the command has removed'
    record wrong -v --all --for 1
    ends_with 2 '-v --all'
    code=0
    "$command" record -v --to ring -o - -- true >"$work/out" 2>&1 || code=$?
    [ $code -eq 2 ] || failed "exit code $code for events and an image: $(cat "$work/out")"
}

# With standard output taken, the command's output goes to standard error; with a command that reads, it stays.
case_image_on_a_pipe() {
    code=0
    "$command" record --backend "$backend" --to ring -o - -- sh -c 'echo said; cat /etc/passwd >/dev/null; exit 3' \
        >"$work/sent.ring" 2>"$work/said" || code=$?
    [ $code -eq 3 ] || failed "exit code $code, not the command's"
    [ "$(cat "$work/said")" = said ] || failed "standard error has $(cat "$work/said")"
    "$command" events "$work/sent.ring" >"$work/events" || failed 'there is no image on standard output'
    has 'FILE openat?: .*/etc/passwd, O_RDONLY'
    has 'PROCESS exit: status 3'
    code=0
    "$command" record --backend "$backend" --to ring -o "|cat >'$work/piped.ring'" -- sh -c 'echo said; exit 3' \
        >"$work/said" 2>"$work/out" || code=$?
    [ $code -eq 3 ] || failed "exit code $code, not the command's: $(cat "$work/out")"
    [ "$(cat "$work/said")" = said ] || failed "the command's output is $(cat "$work/said")"
    "$command" events "$work/piped.ring" >"$work/events" || failed 'the command got no image'
    has 'PROCESS exit: status 3'
    code=0
    "$command" record --backend "$backend" --to ring -o - -- /no/such/command >"$work/sent.ring" 2>"$work/out" || code=$?
    [ $code -eq 127 ] || failed "exit code $code, not 127: $(cat "$work/out")"
    [ ! -s "$work/sent.ring" ] || failed 'there is an image of no recording'
    code=0
    timeout 60 "$terminal" "$command" record --to ring -o - -- true >"$work/out" 2>&1 || code=$?
    [ $code -eq 2 ] || failed "exit code $code for an image on a terminal: $(cat "$work/out")"
}

# The program that reads the events may ask the terminal, as less does: in a process group without the terminal it would
# be stopped for good.
case_reader_asks_terminal() {
    code=0
    image=$work/none
    timeout 60 "$terminal" "$command" record --backend "$backend" -o "|stty sane </dev/tty; cat >'$work/events'" -- \
        sh -c 'exit 3' >"$work/out" 2>&1 || code=$?
    [ $code -eq 3 ] || failed "exit code $code, not the command's: $(cat "$work/out")"
    has 'PROCESS exit: status 3'
    timeout 60 "$terminal" "$command" record --backend "$backend" -o "|cat >'$work/events'" -- "$subject" terminal \
        >"$work/out" 2>&1 || code=$?
    [ $code -eq 42 ] || failed "exit code $code after Ctrl-C: $(cat "$work/out")"
    has 'SIGNAL signal: SIGINT'
    has 'PROCESS exit: status 42'
}

# Ctrl-C ends the follower and the command that reads, which is no failure. It is pressed once the follower waits for
# the image.
case_follower_is_interrupted() {
    # As seen with strace: it takes the signal between two calls, and never passes it on.
    ! grep -q __tsan_init "$command" || skip "ThreadSanitizer may lose a signal"
    timeout 60 "$terminal" "$command" events "$work/ready.ring" --follow -o '|cat' >"$work/out" 2>&1 ||
        failed "exit code $?: $(cat "$work/out")"
}
