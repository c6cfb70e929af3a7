# An image that another process is writing: summary, events, ctl and --follow.

live=$work/live.ring
start_writer() {
    mkfifo "$work/to" "$work/from"
    ${within-} "$writer" "$live" "$@" <"$work/to" >"$work/from" &
    writer_id=$!
    exec 3>"$work/to" 4<"$work/from"
    read -r answer <&4
    expect "the writer is ready" ready "$answer"
}

# Sends the writer a line and waits for its answer.
tell() {
    echo "$*" >&3
    read -r answer <&4
}

end_writer() {
    echo quit >&3
    exec 3>&- 4<&-
    wait $writer_id
}

case_events_failed() {
    start_writer
    tell event open /etc/passwd
    tell fail open /no/such
    tell send message hello
    run events_failed events "$live" --failed
    end_writer
}

case_live() {
    start_writer
    tell event open /etc/passwd
    tell send message hello
    tell op read 0.25
    tell tick 4
    run live_events events "$live"
    run live_stats stats "$live"
    expect "it is running" "Program:     writer, pid $writer_id, running" "$("$command" info "$live" | grep Program)"
    status=0
    "$command" demo -o "$live" >/dev/null 2>&1 || status=$?
    expect "it is not replaced" 1 $status

    "$command" ctl "$live" disable
    tell ask
    expect "disabled from outside" off "$answer"
    tell event not recorded
    "$command" ctl "$live" enable
    tell ask
    expect "enabled from outside" on "$answer"
    "$command" ctl "$live" filter ipc
    tell event filtered out
    tell send filtered in
    run live_filtered events "$live"
    run live_filtered_summary summary "$live"
    "$command" ctl "$live" filter all
    "$command" ctl "$live" reset
    run live_reset events "$live"

    # The existing events, those that arrive while it follows, and then the end of the writer.
    tell event first one
    mkfifo "$work/lines"
    "$command" events "$live" --follow --category file >"$work/lines" &
    follower=$!
    exec 5<"$work/lines"
    read -r line <&5
    expect "follow shows what is there" FILE "$(echo "$line" | cut -d ' ' -f 2)"
    tell send not followed
    tell event second two
    read -r line <&5
    case $line in
    *'FILE second: two') ;;
    *) failed "follow shows what comes: $line" ;;
    esac
    end_writer
    wait $follower || failed "follow ends well with the writer"
    exec 5<&-
    run live_closed_info info "$live"
}

# A writer that is killed leaves its events, and its open spans.
case_killed() {
    start_writer
    tell begin outer
    tell begin inner
    tell await answer
    tell event last words
    echo die >&3
    wait $writer_id 2>/dev/null || :
    exec 3>&- 4<&-
    run killed_events events "$live"
    run killed_info info "$live"
    run killed_summary summary "$live"
    run killed_chrome export --to chrome "$live"
    run killed_ndjson export --to ndjson "$live"
}

case_follow_waits() {
    mkfifo "$work/lines"
    "$command" events "$live" --follow >"$work/lines" 2>"$work/said" &
    follower=$!
    exec 5<"$work/lines"
    eventually grep -q 'waiting for' "$work/said"
    start_writer
    tell event open /etc/passwd
    read -r line <&5
    case $line in
    *'FILE open: /etc/passwd') ;;
    *) failed "it shows what comes: $line" ;;
    esac
    end_writer
    wait $follower || failed "it ends well with the writer"
    exec 5<&-
}

# The file is created at once, and gets each line as it arrives; its old content is gone.
case_follow_to_a_file() {
    start_writer
    echo old >"$work/lines"
    "$command" events "$live" --follow -o "$work/lines" &
    follower=$!
    tell event open /etc/passwd
    eventually grep -q 'FILE open: /etc/passwd' "$work/lines"
    tell event second two
    eventually grep -q 'FILE second: two' "$work/lines"
    end_writer
    wait $follower || failed "it ends well with the writer"
    expect "lines" 2 "$(wc -l <"$work/lines" | tr -d ' ')"
    status=0
    echo old >"$work/lines"
    "$command" events "$work/text.ring" --follow -o "$work/lines" 2>/dev/null || status=$?
    expect "no image" 1 $status
    expect "what was there stays" old "$(cat "$work/lines")"
}

# watch_live OPTIONS: follows $live from descriptor 5 on, into $work/saves.
watch_live() {
    mkdir -p "$work/saves"
    mkfifo "$work/lines"
    "$command" watch "$live" --save "$work/saves" "$@" >"$work/lines" &
    watcher=$!
    exec 5<"$work/lines"
}

# expect_saved WHAT NUMBER CAUSE
expect_saved() {
    read -r line <&5
    expect "$1" "$work/saves/writer.$2.ring: $3" "$line"
}

case_watch() {
    needs_signals
    start_writer
    tell event open /etc/passwd
    watch_live --when 'name:read dur>1ms' --when failed
    tell event open /etc/group
    tell fail open /no/such
    expect_saved "it saves at a failure" 1 '[2.00] FILE open: /no/such'
    run watch_events events "$work/saves/writer.1.ring"
    kill -USR1 $watcher
    expect_saved "it saves when a signal asks" 2 'as a signal asked'
    "$command" ctl "$live" snapshot || failed "ctl asks who watches"
    expect_saved "it saves when ctl asks" 3 'as ringscope ctl asked'
    tell event open /etc/hosts
    end_writer
    wait $watcher || failed "it ends well with the writer"
    expect "no more saves" 3 "$(find "$work/saves" -type f | wc -l)"
    exec 5<&-
}

# Before anybody watches, and after the watch has ended, however it ended.
case_ctl_snapshot_unheard() {
    start_writer
    run ctl_snapshot_unheard ctl "$live" snapshot
    watch_live --when failed
    tell fail open /no/such
    expect_saved "it watches, and has not been asked before" 1 '[1.00] FILE open: /no/such'
    kill -KILL $watcher
    wait $watcher 2>/dev/null || :
    exec 5<&-
    run ctl_snapshot_unheard ctl "$live" snapshot

    rm "$work/lines"
    watch_live
    eventually "$command" ctl "$live" snapshot
    expect_saved "a watch need wait for nothing else" 2 'as ringscope ctl asked'
    end_writer
    wait $watcher || failed "it ends well with the writer"
    exec 5<&-
}

# Saves that are still pending when the program or the watch ends.
case_watch_ends() {
    needs_signals
    start_writer
    watch_live --when failed --after 1h
    tell fail open /no/such
    tell event open /etc/passwd
    end_writer
    expect_saved "it saves when the program has ended" 1 '[1.00] FILE open: /no/such'
    wait $watcher || failed "it ends well with the writer"
    exec 5<&-
    rm "$work/to" "$work/from" "$work/lines"
    run watch_ended_events events "$work/saves/writer.1.ring"

    # The second save is not due for another second, unless the watch is ended.
    start_writer
    watch_live --when failed --keep 1
    tell fail open /no/such
    expect_saved "it saves at the first failure" 1 '[1.00] FILE open: /no/such'
    tell fail read /no/such/2
    kill -TERM $watcher
    expect_saved "it saves when it is ended, in place of the oldest" 1 '[1.50] FILE read: /no/such/2'
    wait $watcher || failed "it ends well by SIGTERM"
    exec 5<&-
    end_writer
    run watch_stopped_events events "$work/saves/writer.1.ring"
}

# What the program's own trigger could not save is said by the watch, and by the image.
case_watch_tells_failed_saves() {
    start_writer
    mkdir "$work/own"
    tell save failed "$work/own"
    rmdir "$work/own"
    watch_live 2>"$work/said"
    tell fail open /no/such
    eventually [ -s "$work/said" ]
    end_writer
    wait $watcher || failed "it ends well with the writer"
    exec 5<&-
    note="A save by the program itself failed (the last one: the file cannot be opened)"
    expect "the watch says it once" "ringscope watch: $note" "$(cat "$work/said")"
    "$command" summary "$live" | grep -qxF "$note" || failed "the summary says it"
}

case_watch_fails() {
    start_writer
    watch_live --when failed --keep 1 2>"$work/said"
    mkdir "$work/saves/writer.1.ring"
    tell fail open /no/such
    end_writer
    status=0
    wait $watcher || status=$?
    exec 5<&-
    expect "it fails in the end" 1 $status
    grep -q 'writer.1.ring: is a directory' "$work/said" || failed "it says why: $(cat "$work/said")"
}

# Where a command is run: without /proc; with a /proc that hides others; in a pid namespace below, with its own /proc or
# with the outer one; in one below without any.
bare() {
    unshare -Urm sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$@"
}
nested() {
    unshare -Urpf --mount-proc "$@"
}
nested_alien() {
    unshare -Urpf "$@"
}
nested_bare() {
    unshare -Urmpf sh -c 'mount -t tmpfs none /proc && exec "$@"' sh "$@"
}

# An image that is moved or removed is followed to its writer's end; one that is cut off ends with a message.
case_image_goes_away() {
    for what in moved removed cut; do
        rm -f "$work/to" "$work/from" "$work/segmented" "$work/followed"
        start_writer
        tell event open /first
        "$command" events "$live" --follow >"$work/followed" 2>"$work/err" &
        follower=$!
        "$command" segment "$live" -o "$work/$what" --host ada --every 50ms >"$work/segmented" 2>"$work/segment.err" &
        segmenter=$!
        eventually grep -q /first "$work/followed"
        eventually [ -s "$work/segmented" ]
        wanted=0
        case $what in
        moved) mv "$live" "$work/elsewhere.ring" ;;
        removed) rm "$live" ;;
        cut) : >"$live" && wanted=1 ;;
        esac
        if [ $what = cut ]; then
            echo die >&3 # its next event would end it anyway
            exec 3>&- 4<&-
            wait $writer_id 2>/dev/null || :
        else
            tell event open /last
            end_writer
        fi
        for reader in $follower $segmenter; do
            status=0
            wait $reader || status=$?
            expect "$what: the exit code" $wanted $status
        done
        if [ $what = cut ]; then
            expect "the follower says" 1 "$(grep -c 'the image is cut off' "$work/err")"
            expect "the segmenter says" 1 "$(grep -c 'the image is cut off' "$work/segment.err")"
        else
            grep -q /last "$work/followed" || failed "$what: the last event did not come"
            find "$work/$what" -name '*.ring' -exec "$command" events {} \; >"$work/found"
            grep -q /last "$work/found" || failed "$what: no segment has the last event"
        fi
    done
}

# A living writer is never called dead, and can be controlled, but not replaced. A dead one is known to be dead where its
# number can be looked up.
case_namespaces() {
    places=
    for place in bare nested nested_alien nested_bare; do
        if [ -n "${ASAN_OPTIONS:-}" ] && [ "$place" != nested ]; then
            echo "SKIPPED: the command, $case: $place: LeakSanitizer needs a /proc of its own"
        elif $place true 2>/dev/null; then
            places="$places $place"
        else
            echo "SKIPPED: the command, $case: $place: no such namespaces can be made here"
        fi
    done
    for within in '' $places; do
        start_writer
        tell event open /etc/passwd
        for place in '' $places; do
            pair="writer ${within:-here}, reader ${place:-here}"
            $place "$command" info "$live" | grep -q '^Program: .*, running$' || failed "$pair: it runs"
            $place "$command" ctl "$live" disable || failed "$pair: it is controlled"
            tell event
            expect "$pair: it is off" off "$answer"
            $place "$command" ctl "$live" enable
            $place "$writer" "$live" 2>&1 </dev/null | grep -q 'is being written' || failed "$pair: it is not replaced"
        done
        echo die >&3
        exec 3>&- 4<&-
        wait $writer_id || :
        for place in '' $places; do # a process 1 does not die of its own signal, and below, outer numbers are not known
            case $within$place in
            *nested*) ;;
            *) $place "$command" info "$live" | grep -q 'ended without' || failed "${place:-here}: ${within:-it} has ended" ;;
            esac
        done
        rm "$work/to" "$work/from" "$live"
    done
}
