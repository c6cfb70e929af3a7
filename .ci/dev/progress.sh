# Long steps in one line each: their output goes to build/log, and is shown if they fail.

log=build/log

# One line, rewritten twice a second: the step, ninja's progress, the elapsed time.
show_progress() {
    while :; do
        step=$(tail -c "+$2" "$log" | tail -c 500 | grep -o '\[[0-9]*/[0-9]*\]' | tail -n 1) || step=
        printf '\r\033[Kdev: %s %s %d s' "$1" "$step" $(($(date +%s) - $3)) >&2
        sleep 0.5
    done
}

# quietly WHAT COMMAND…: the command must chain its own steps, because errors do not end it here.
quietly() {
    quiet_what=$1
    shift
    mkdir -p build
    printf '== %s: %s\n' "$quiet_what" "$*" >>"$log"
    quiet_from=$(($(wc -c <"$log") + 1))
    quiet_began=$(date +%s)
    quiet_monitor=
    if [ -t 2 ]; then
        show_progress "$quiet_what" "$quiet_from" "$quiet_began" &
        quiet_monitor=$!
    else
        printf 'dev: %s: ' "$quiet_what" >&2
    fi
    quiet_status=0
    ("$@") >>"$log" 2>&1 </dev/null || quiet_status=$?
    if [ -n "$quiet_monitor" ]; then
        kill "$quiet_monitor"
        wait "$quiet_monitor" 2>/dev/null || :
        printf '\r\033[Kdev: %s: ' "$quiet_what" >&2
    fi
    quiet_seconds=$(($(date +%s) - quiet_began))
    if [ $quiet_status -ne 0 ]; then
        echo "failed after $quiet_seconds s. The end of $log:" >&2
        tail -c "+$quiet_from" "$log" | tail -n 60 >&2
        return 1
    fi
    echo "$quiet_seconds s" >&2
}
