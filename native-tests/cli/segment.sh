# `ringscope segment` and an image that another process is writing: nothing is lost between two segments.

# segment_live OPTIONS: cuts segments of $live into $work/segments; descriptor 5 has its output lines, $work/said the
# rest.
segment_live() {
    mkfifo "$work/lines"
    "$command" segment "$live" -o "$work/segments" --host ada "$@" >"$work/lines" 2>"$work/said" &
    segmenter=$!
    exec 5<"$work/lines"
}

end_segments() {
    status=0
    cat <&5 >"$work/last_lines"
    wait $segmenter || status=$?
    exec 5<&-
    expect "it ends with the program" "${1:-0}" $status
}

takes_interrupts() {
    [ $((0x$(sed -n 's/^SigCgt:[^0-9a-f]*//p' "/proc/$segmenter/status") & 2)) -ne 0 ]
}
takes_none() {
    ! takes_interrupts
}

# The first Ctrl-C lets it finish, which can take long; here nobody reads its lines. The second one ends it at once.
case_segment_interrupted_twice() {
    start_writer 1000
    mkfifo "$work/lines"
    exec 6<>"$work/lines"
    dd if=/dev/zero of="$work/lines" oflag=nonblock bs=4096 2>"$work/full" || true
    "$command" segment "$live" -o "$work/segments" >"$work/lines" 2>"$work/said" &
    segmenter=$!
    eventually takes_interrupts
    tell event another one
    kill -INT $segmenter
    eventually takes_none
    [ $failures -eq 0 ] || kill -KILL $segmenter # it would wait for ever
    kill -INT $segmenter
    status=0
    wait $segmenter || status=$?
    expect "it ends by the second signal" 130 $status
    exec 6>&-
    end_writer
}

# The number of events in all segments.
count_events() {
    for segment in "$work"/segments/host=ada/date=*/hour=*/*.ring; do
        "$command" events "$segment"
    done | wc -l
}

count_missed() {
    for segment in "$work"/segments/host=ada/date=*/hour=*/*.ring; do
        "$command" info "$segment" --json | sed -n 's/.*"missed_before":\([0-9]*\).*/\1/p'
    done | awk '{ sum += $1 } END { print sum + 0 }'
}

case_segment() {
    start_writer 100000
    segment_live --every 10ms
    written=0
    for _ in 1 2 3; do
        read -r line <&5 & # a segment is written while the program goes on
        reading=$!
        while kill -0 $reading 2>/dev/null && [ $written -lt 40000 ]; do
            tell events 100 detail
            written=$((written + 100))
        done
        tell event one more
        written=$((written + 1))
        wait $reading
    done
    "$command" export "$live" --to ndjson >"$work/whole"
    end_writer
    end_segments
    expect "events of all segments" $written "$(count_events | tr -d ' ')"
    expect "and none was missed" 0 "$(count_missed)"
    grep -q "segments: [0-9]*, events: $written\$" "$work/said" || failed "it says how many: $(cat "$work/said")"
    find "$work/segments" -type f ! -name 'writer-*-*Z-*-[0-9]*.ring' >"$work/others"
    expect "nothing else is there" '' "$(cat "$work/others")"
    find "$work/segments" -name '*.ring' | sed 's/.*-\([0-9]*\)\.ring/\1/' | sort -n >"$work/numbers"
    expect "numbers from 0 on" "$(seq 0 $(($(wc -l <"$work/numbers") - 1)))" "$(cat "$work/numbers")"
    find "$work/segments" -name '*.ring' | sort -t - -k 8n | while read -r segment; do
        "$command" export "$segment" --to ndjson
    done | sort >"$work/parts"
    sort "$work/whole" >"$work/sorted"
    cmp "$work/sorted" "$work/parts" || failed "the segments' events are the image's"
}

# Long before the hour is over; text that fills its ring counts as well.
case_segment_before_its_time() {
    start_writer 1000
    segment_live --every 1h
    read -r line <&5
    expect "what is there when it begins" "0 events" "${line##*: }"
    tell events 600 x
    read -r line <&5
    expect "half of the buffer is new" 600 "$(echo "$line" | sed 's/.*: \([0-9]*\) events/\1/')"
    tell events 350 "$(printf '%0120d' 0)"
    read -r line <&5
    expect "half of the text is new" 350 "$(echo "$line" | sed 's/.*: \([0-9]*\) events/\1/')"
    tell event last one
    end_writer
    end_segments
    expect "events of all segments" 951 "$(count_events | tr -d ' ')"
}

# A segmenter that is stopped: the events overwritten meanwhile are counted.
case_segment_counts_losses() {
    start_writer
    segment_live --every 10ms
    tell event first one
    read -r line <&5
    kill -STOP $segmenter
    tell events 1000 x
    kill -CONT $segmenter
    end_writer
    end_segments
    expect "events and losses" 1001 $(($(count_events) + $(count_missed)))
    [ "$(count_missed)" -gt 900 ] || failed "only $(count_missed) of 1000 were missed"
    grep -q "overwritten before they could be read: $(count_missed)\$" "$work/said" || failed "it says so: $(cat "$work/said")"
}

# Two resets, the first before anything new is recorded; the segmenter sees neither as it happens.
case_segment_counts_what_a_reset_clears() {
    start_writer
    segment_live --every 1h
    tell event first one
    read -r line <&5
    kill -STOP $segmenter
    tell events 3 x
    "$command" ctl "$live" reset
    "$command" ctl "$live" reset
    tell event second one
    kill -CONT $segmenter
    end_writer
    end_segments
    cleared=$(sed -n 's/.*, cleared by a reset before that: \([0-9]*\)$/\1/p' "$work/said")
    expect "events and what was cleared" 5 $(($(count_events) + cleared))
    [ "$cleared" -ge 3 ] || failed "only $cleared of 3 were cleared"
}

# From the very beginning: the first segment has the existing events, and all later ones are in the next segments, or
# counted.
case_segment_counts_from_its_beginning() {
    start_writer
    tell event first one
    segment_live --every 1h
    read -r line <&5
    expect "what is there when it begins" "1 event" "${line##*: }"
    kill -STOP $segmenter
    tell events 100 x
    kill -CONT $segmenter
    end_writer
    end_segments
    expect "events and losses" 101 $(($(count_events) + $(count_missed)))
}

# The reader of the output lines may exit: the segments are what matters.
case_segment_without_a_reader() {
    start_writer
    mkfifo "$work/lines"
    "$command" segment "$live" -o "$work/segments" --host ada --every 10ms 2>"$work/said" >"$work/lines" &
    segmenter=$!
    read -r line <"$work/lines"
    tell event first one
    until [ "$(count_events | tr -d ' ')" = 1 ] || ! kill -0 $segmenter; do
        sleep 0.02
    done
    tell event second one
    end_writer
    status=0
    wait $segmenter || status=$?
    expect "it says in the end that nobody read them" 1 $status
    expect "events of all segments" 2 "$(count_events | tr -d ' ')"
}

# A folder that cannot be created at first: the segment is written later.
case_segment_tries_again() {
    start_writer
    mkdir "$work/segments"
    echo in the way >"$work/segments/host=ada"
    tell event first one
    segment_live --every 10ms
    eventually grep -q 'Not a directory' "$work/said"
    rm "$work/segments/host=ada"
    read -r line <&5
    expect "it is written after all" "1 event" "${line##*: }"
    rm -r "$work/segments/host=ada"
    echo in the way >"$work/segments/host=ada"
    tell event second one
    eventually has_lines 2 'Not a directory' "$work/said"
    tell event third one
    end_writer
    end_segments 1
    grep -q 'the last segment could not be written, events: 2$' "$work/said" || failed "it says so: $(cat "$work/said")"
}

# From a program that has ended, and until a signal.
case_segment_of_the_past() {
    needs_signals
    "$command" segment "$image" -o "$work/segments" --host ada >"$work/out" 2>"$work/said"
    expect "one line" 1 "$(wc -l <"$work/out" | tr -d ' ')"
    expect "events" "$("$command" events "$image" | wc -l)" "$(count_events)"
    start_writer
    rm -r "$work/segments"
    segment_live --every 1h
    tell event open /etc/passwd
    eventually [ -d "$work/segments" ]
    kill -TERM $segmenter
    end_segments
    expect "what was there is saved" 1 "$(count_events | tr -d ' ')"
    end_writer
}
