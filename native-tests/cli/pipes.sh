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
    expect "one that is cut off says so" "ringscope events: $work/cut.gz: the gzip file is cut off" \
        "$("$command" events "$work/cut.gz" 2>&1)"
}

case_exports_to_pipes() {
    for format in json ndjson chrome; do
        "$command" export "$image" --to $format -o "$work/out.$format"
        expect "$format to a file and to a pipe is the same" \
            "$(cksum <"$work/out.$format")" "$("$command" export "$image" --to $format | cksum)"
    done
}

case_broken_pipes() {
    # The reader goes after one line. The writer is then ended by SIGPIPE, or by its write failing: quietly.
    message=$({ "$command" events "$image" | head -n 1 >/dev/null; } 2>&1)
    expect "a broken pipe is quiet" "" "$message"
    message=$({ trap '' PIPE; "$command" events "$image" | head -n 1 >/dev/null; } 2>&1)
    expect "a broken pipe is quiet without SIGPIPE" "" "$message"
}

case_full_disk() {
    for arguments in "summary $image" "events $image" "stats $image" "info $image" "export $image --to ndjson"; do
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
