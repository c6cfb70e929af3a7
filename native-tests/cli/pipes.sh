# Standard input and output, and output that cannot be written.

case_standard_input() {
    expect "standard input reads as the file does" \
        "$("$command" summary "$image")" "$("$command" summary - <"$image")"
}

case_gzip() {
    gzip -c "$image" >"$work/image.gz"
    expected=$("$command" events "$image" | cksum)
    expect "a gzipped image opens as the image does" "$expected" "$("$command" events "$work/image.gz" | cksum)"
    expect "also from standard input" "$expected" "$("$command" events - <"$work/image.gz" | cksum)"
    head -c 1000 "$work/image.gz" >"$work/cut.gz"
    expect "one that is cut off says so" "ringscope events: $work/cut.gz: the gzip file is cut off; N bytes were in it" \
        "$("$command" events "$work/cut.gz" 2>&1 | sed 's/[0-9]* bytes/N bytes/')"
    echo '[{"ph":"i","ts":1,"name":"a"}]' | gzip >"$work/more.gz"
    echo more >>"$work/more.gz"
    expect "what follows is told apart from damage" \
        "ringscope events: $work/more.gz: data that is not gzip follows" "$("$command" events "$work/more.gz" 2>&1 >/dev/null)"
}

# Every command reads any trace, and recognises it by its content.
case_other_traces() {
    cp "$work/trace.json" "$work/no_json"
    gzip -c "$work/trace.json" >"$work/gzipped"
    head -c $(($(wc -c <"$work/gzipped") - 16)) "$work/gzipped" >"$work/cut"
    { cat "$work/gzipped"; head -c 1000 /dev/zero; } >"$work/padded"
    "$command" convert "$work/trace.json" -o "$work/trace.ring" 2>/dev/null
    for form in events 'events --json' stats 'stats --json' summary 'export --to chrome'; do
        expected=$("$command" $form "$work/trace.json" 2>/dev/null | cksum)
        for file in no_json gzipped padded trace.ring; do
            expect "$form of $file" "$expected" "$("$command" $form "$work/$file" 2>/dev/null | cksum)"
        done
        expect "$form of standard input" "$expected" "$("$command" $form - <"$work/gzipped" 2>/dev/null | cksum)"
    done
    expect "what a cut file has is shown" 1 "$("$command" events "$work/cut" 2>/dev/null | grep -c 'first')"
    expect "and that it is cut is said" 1 "$("$command" events "$work/cut" 2>&1 | grep -c 'cut off; [0-9]* bytes were in it')"
    expect "an image converts, too" "$("$command" events "$image" | cksum)" \
        "$("$command" convert "$image" -o "$work/again.ring" && "$command" events "$work/again.ring" | cksum)"
    expect "another file is not replaced" 1 \
        "$("$command" convert "$work/trace.json" -o "$work/no_json" >/dev/null 2>&1 || echo $?)"
    expect "it is as it was" "$(cksum <"$work/trace.json")" "$(cksum <"$work/no_json")"
}

# A result's name may look like another kind of result.
case_names_like_results() {
    cat >"$work/dup.json" <<'END'
{"traceEvents":[
{"ph":"X","pid":1,"tid":1,"ts":1,"dur":1,"name":"dup","cat":"FILE","args":{"detail":"fd 3 </x = -1 EIO> = 4 </x = -1 EIO>"}},
{"ph":"X","pid":1,"tid":1,"ts":3,"dur":1,"name":"dup","cat":"FILE","args":{"detail":"fd 3 </a = b> = 5 </a = b>"}},
{"ph":"X","pid":1,"tid":1,"ts":5,"dur":1,"name":"dup","cat":"FILE","args":{"detail":"fd 6 </a = b> = -1 EMFILE"}},
{"ph":"X","pid":1,"tid":1,"ts":7,"dur":1,"name":"exit","cat":"PROCESS","args":{"detail":"fd 3 </a = b>"}}]}
END
    expect "calls" 'dup(3</x = -1 EIO>) = 4</x = -1 EIO> dup(3</a = b>) = 5</a = b> dup(6</a = b>) = -1 EMFILE (Too many open files) exit(3</a = b>) = ? ' \
        "$("$command" events "$work/dup.json" --format strace | sed 's/^[^a-z]*//; s/ <0[0-9.]*>$//' | tr '\n' ' ')"
    expect "files" '2 1 /a = b|1 0 /x = -1 EIO|' "$("$command" files "$work/dup.json" --json | tr '{' '\n' |
        sed -n 's/"path":"\([^"]*\)","calls":\([0-9]*\),.*"failed":\([0-9]*\),.*/\2 \3 \1/p' | tr '\n' '|')"
}

# Operations of io_uring are counted as the calls that they are like.
case_operations_of_io_uring() {
    cat >"$work/uring.json" <<'END'
{"traceEvents":[
{"ph":"X","pid":1,"tid":1,"ts":1,"dur":1,"name":"io_uring read","cat":"FILE","args":{"detail":"fd 3 </a>, 50 bytes at 0 = 40"}},
{"ph":"X","pid":1,"tid":1,"ts":3,"dur":1,"name":"io_uring write_fixed","cat":"FILE","args":{"detail":"fd 3 </a>, 50 bytes at 0 = 30"}},
{"ph":"X","pid":1,"tid":1,"ts":5,"dur":1,"name":"io_uring send","cat":"IPC","args":{"detail":"fd 4 <tcp 1.2.3.4:5→6.7.8.9:1>, 50 bytes = 20"}},
{"ph":"X","pid":1,"tid":1,"ts":7,"dur":1,"name":"io_uring recv","cat":"IPC","args":{"detail":"fd 4 <tcp 1.2.3.4:5→6.7.8.9:1>, 50 bytes = 10"}}]}
END
    expect "files" 1 "$("$command" files "$work/uring.json" --json | grep -c '"read_bytes":40,"written_bytes":30,')"
    expect "net" 1 "$("$command" net "$work/uring.json" --json | grep -c '"sent_bytes":20,"received_bytes":10,"connect":0.000000,"answers":1,')"
}

# Each message has its bytes, and the result is their number.
case_several_messages() {
    cat >"$work/messages.json" <<'END'
{"traceEvents":[
{"ph":"X","pid":1,"tid":1,"ts":1,"dur":1,"name":"sendmmsg","cat":"IPC","args":{"detail":"fd 4 <udp [::1]:5→[::1]:53>, [{[::1]:53, 28 bytes, [5], 5 bytes}, {[\"], 9 bytes\" 3, 4], 7 bytes}, {[1], 1 bytes}], 3 = 2"}},
{"ph":"X","pid":1,"tid":1,"ts":3,"dur":1,"name":"recvmmsg","cat":"IPC","args":{"detail":"fd 4 <udp [::1]:5→[::1]:53>, [{[16], 16 bytes = 7}, {[16], 16 bytes = 8}], 4 = 2"}},
{"ph":"X","pid":1,"tid":1,"ts":5,"dur":1,"name":"recvmmsg","cat":"IPC","args":{"detail":"fd 4 <udp [::1]:5→[::1]:53>, 4 = -1 EAGAIN"}}]}
END
    expect "net" 1 "$("$command" net "$work/messages.json" --json | grep -c '"calls":3,"sent_bytes":12,"received_bytes":15,.*"answers":1,')"
}

skip() {
    echo "SKIPPED: the command, $case: $*"
    exit 77
}

# The real output of other tools, where they are installed.
case_real_strace() {
    strace -f -ttt -T -y -o "$work/calls" sh -c 'ls / >/dev/null & ls /none; wait' >/dev/null 2>&1 ||
        [ -s "$work/calls" ] || skip "strace cannot trace here"
    expect "each line but those that another resumes" "$(grep -vc '<unfinished \.\.\.>$' "$work/calls")" \
        "$("$command" events "$work/calls" 2>"$work/told" | wc -l)"
    expect "nothing is left out" '' "$(cat "$work/told")"
    killed=$(grep -c '+++ killed' "$work/calls" || :)
    expect "what failed" $(($(grep -cE ' = (-1|\?) E' "$work/calls") + killed)) "$("$command" events "$work/calls" --failed | wc -l)"
}

case_real_perf() {
    perf record -q -e cpu-clock -g -o "$work/perf.data" -- sh -c 'i=0; while [ $i -lt 30000 ]; do i=$((i+1)); done' \
        >/dev/null 2>&1 || skip "perf cannot record here"
    perf script -i "$work/perf.data" >"$work/perf.txt" 2>/dev/null || skip "perf cannot print what it recorded"
    [ "$(grep -c 'cpu-clock' "$work/perf.txt")" -gt 0 ] || skip "perf took no sample"
    "$command" stats "$work/perf.txt" >"$work/stats" 2>"$work/told"
    expect "nothing is left out" '' "$(cat "$work/told")"
    expect "there are frames" yes "$([ "$(wc -l <"$work/stats")" -gt 1 ] && echo yes)"
}

case_real_node_profile() {
    (cd "$work" && node --cpu-prof --cpu-prof-name=n.cpuprofile -e 'for (let i = 0, s = 0; i < 2e7; i++) s += i') \
        >/dev/null 2>&1 || skip "node is not here, or too old"
    expect "one outermost call" 1 "$("$command" events "$work/n.cpuprofile" --name '(root)' 2>"$work/told" | wc -l)"
    expect "nothing is left out" '' "$(cat "$work/told")"
}

case_merge() {
    "$command" merge "$image" "$work/trace.json" "$work/trace.json" --shift 0,5,-2.5 -o "$work/merged.ring" 2>"$work/told"
    events=$(($("$command" events "$image" | wc -l) + 2 * $("$command" events "$work/trace.json" 2>/dev/null | wc -l)))
    expect "all events are there" "$events" "$("$command" events "$work/merged.ring" | wc -l)"
    expect "each file is a group of processes" 2 "$("$command" info "$work/merged.ring" --json | grep -o '"trace.json' | wc -l)"
    expect "what has no clock is said" 1 "$(grep -c 'No clock is common to trace.json and the files before it' "$work/told")"
    expect "one is so much later" 7.5 "$("$command" events "$work/merged.ring" --json --name mark |
        sed 's/.*"timestamp":\([0-9.]*\).*/\1/' | awk 'NR == 1 { first = $1 } END { print $1 - first }')"
    expect "a shift that is none" 2 "$("$command" merge "$image" --shift 1,x -o "$work/no.ring" 2>/dev/null || echo $?)"
    expect "a file that is missing" 1 "$("$command" merge "$image" "$work/none" -o "$work/no.ring" 2>/dev/null || echo $?)"
    expect "nothing is written then" no "$([ -e "$work/no.ring" ] && echo yes || echo no)"
}

case_exports_to_pipes() {
    for format in json ndjson chrome; do
        "$command" export "$image" --to $format -o "$work/out.$format"
        expect "$format to a file and to a pipe is the same" \
            "$(cksum <"$work/out.$format")" "$("$command" export "$image" --to $format | cksum)"
    done
}

case_broken_pipes() {
    # The reader exits after one line. The writer then ends quietly, by SIGPIPE or because its write fails.
    message=$({ "$command" events "$image" | head -n 1 >/dev/null; } 2>&1)
    expect "a broken pipe is quiet" "" "$message"
    message=$({ trap '' PIPE; "$command" events "$image" | head -n 1 >/dev/null; } 2>&1)
    expect "a broken pipe is quiet without SIGPIPE" "" "$message"
}

case_full_disk() {
    for arguments in "summary $image" "events $image" "stats $image" "info $image" "export $image --to ndjson" \
        "events $image --json" "tree $image" "tree $image --json" "slow $image" "metrics $image" \
        "query $image VALUES(1)" "files $work/recorded.json" "files $work/recorded.json --json" "procs $work/recorded.json" \
        "procs $work/recorded.json --json" manual "completions bash"; do
        status=0
        # A list of arguments.
        # shellcheck disable=SC2086
        message=$("$command" $arguments 2>&1 >/dev/full) || status=$?
        expect "a full disk fails: $arguments" 1 $status
        case $message in
        *'No space left on device'*) ;;
        *) failed "a full disk is named: $arguments: $message" ;;
        esac
    done
}

case_device_is_left() {
    "$command" export "$image" --to chrome -o /dev/full 2>/dev/null || :
    if [ ! -c /dev/full ]; then
        failed "a device is left where it is"
    fi
}

# Nothing written contains the detail; without the option it does.
case_without_details() {
    echo '[{"ph":"X","name":"kept","ts":1,"dur":1,"pid":1,"tid":1,"args":{"password":"SECRET"}}]' >"$work/secret.json"
    for option in '' --without-details; do
        # shellcheck disable=SC2086
        {
            "$command" convert "$work/secret.json" -o "$work/bare$option.ring" $option
            "$command" export "$work/secret.json" --to chrome $option >"$work/bare$option.json"
            "$command" events "$work/secret.json" $option >"$work/bare$option.txt"
        } 2>/dev/null
        for file in "$work/bare$option".*; do
            grep -q kept "$file" || failed "$file has lost the name"
            if [ -z "$option" ]; then
                grep -q SECRET "$file" || failed "$file has no detail to leave out"
            elif grep -q SECRET "$file"; then
                failed "$file has what was to be left out"
            fi
        done
    done
}
