# Images in core dumps.

# start_on_heap: starts the writer with its image only in memory.
start_on_heap() {
    mkfifo "$work/to" "$work/from"
    "$writer" <"$work/to" >"$work/from" &
    writer_id=$!
    exec 3>"$work/to" 4<"$work/from"
    read -r answer <&4
}

case_extract() {
    for i in 1 2; do
        head -c "$((i * 4001 + 13))" /dev/zero
        printf 'RINGSCP\0this is code, and no image'
        cat "$image"
    done >"$work/core"
    "$command" extract "$work/core" >"$work/out"
    expect "both are listed" 2 "$(grep -c ' events, at byte ' "$work/out")"
    "$command" extract "$work/core" -n 2 -o "$work/second.ring"
    expect "the second is whole" "$("$command" export "$image" --to ndjson | cksum)" \
        "$("$command" export "$work/second.ring" --to ndjson | cksum)"
    expect "the first, and that there are more" "ringscope extract: the first of 2 images; --number takes another" \
        "$("$command" extract "$work/core" -o "$work/first.ring" 2>&1)"
    output_fails "a number that is none" "there is no number 3" extract "$work/core" -n 3 -o "$work/third.ring"
    output_fails "a file without images" "there is no image" extract "$work/text.ring"
    output_fails "over another file" "text.ring" extract "$work/core" -o "$work/text.ring"
    head -c "$(($(wc -c <"$work/core") - 100))" "$work/core" >"$work/cut"
    expect "one that is cut off is reported" 1 "$("$command" extract "$work/cut" 2>&1 >/dev/null | grep -c 'is left out: .*cut off')"
    expect "and the other is listed" 1 "$("$command" extract "$work/cut" 2>/dev/null | wc -l)"
}

case_extract_real_core() {
    command -v gcore >/dev/null || {
        echo "SKIPPED: the command, $case: no gcore here (Debian: gdb)"
        exit 77
    }
    start_on_heap
    # A sanitizer's shadow memory would be dumped as well: 20 TB, until the disk is full.
    if [ "$(awk '$1 == "VmSize:" { print $2 }' "/proc/$writer_id/status")" -gt 4194304 ]; then
        end_writer
        echo "SKIPPED: the command, $case: a sanitizer has reserved too much memory for a core"
        exit 77
    fi
    tell event open /etc/passwd
    tell begin inside
    tell op read 0.25
    status=0
    (ulimit -f 2097152 && exec gcore -o "$work/core" "$writer_id") >"$work/gcore.log" 2>&1 || status=$?
    end_writer
    if [ $status -ne 0 ] || [ ! -s "$work/core.$writer_id" ]; then
        echo "SKIPPED: the command, $case: gcore makes no core here: $(tail -n 1 "$work/gcore.log")"
        exit 77
    fi
    "$command" extract "$work/core.$writer_id" -o "$work/crash.ring"
    expect "its events" 1 "$("$command" events "$work/crash.ring" --json | grep -c '/etc/passwd')"
    expect "what it was inside of" 1 "$("$command" summary "$work/crash.ring" | grep -c inside)"
    expect "its operations" 1 "$("$command" stats "$work/crash.ring" | grep -c '^ *read ')"
}
