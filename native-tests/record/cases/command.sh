# The command that is recorded: how it ends, what it reads and writes, and what is said of it.

case_exit_code() {
    record exit_code -q -- "$subject" exit 7
    ends_with 7 'exit 7'
    [ ! -s "$said" ] || failed "--quiet is not quiet: $(cat "$said")"
    has '\[.*\] PROCESS exit: status 7'
    "$command" info "$image" | grep -q 'closed' || failed 'the image is not closed'
}

case_killed_by_signal() {
    record by_signal -q -- sh -c 'kill -TERM $$'
    ends_with 143 'a command that a signal ends'
    has 'SIGNAL signal: SIGTERM'
    has 'PROCESS exit: killed by SIGTERM'
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

# The image is larger than all of /dev/shm, which is said at once.
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
