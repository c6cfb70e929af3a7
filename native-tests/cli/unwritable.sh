# Output that cannot be written: every command reports the problem and the file, and exits with 1.

# Commands that print: one with its options on each line.
printing() {
    cat <<END
--help
--version
help
help events
summary $image
summary $image --json
events $image
events $image --json
events $work/recorded.json --format strace
stats $image
stats $image --json
slow $image
slow $image --json
files $work/recorded.json
files $work/recorded.json --json
net $work/recorded.json
net $work/recorded.json --json
locks $work/recorded.json
locks $work/recorded.json --json
procs $work/recorded.json
procs $work/recorded.json --json
metrics $image
tree $image
tree $image --json
diff $image $image --all
diff $image $image --all --json
check $image $image --max calls:*+0
check $image $image --max calls:*+0 --json
query $image .schema
query $image select(1) --csv
query $image select(1) --json
export $image --to json
export $image --to ndjson
export $image --to chrome
export $image --to perfetto
export $image --to otlp
export $image --to folded
export $image --to parquet
export $work/recorded.json --to strace
extract $image
info $image
info $image --json
completions bash
completions zsh
completions fish
manual
demo -o $work/here/demo.ring
END
}

# Commands that write with -o.
writing() {
    cat <<END
demo
events $image
export $image --to ndjson
export $image --to parquet
export $image --to perfetto
convert $image
convert $work/trace.json
merge $image $image
extract $image
END
}

# unwritable WHAT WORDS: checks how it ended.
unwritable() {
    grep -q 'was built without' "$work/err" && return
    expect "$1 fails" 1 "$status"
    grep -q "^ringscope.*$2\$" "$work/err" || failed "$1: it says $(cat "$work/err")"
}

case_unwritable_standard_output() {
    [ -c /dev/full ] || {
        echo "SKIPPED: the command, $case: there is no /dev/full"
        exit 77
    }
    mkdir "$work/here"
    printing | while read -r arguments; do
        # A command and its options, in which * is literal.
        set -f
        # shellcheck disable=SC2086
        set -- $arguments
        status=0
        "$command" "$@" >/dev/full 2>"$work/err" </dev/null || status=$?
        unwritable "$* to a full disk" "standard output: No space left on device"
        status=0
        "$command" "$@" >&- 2>"$work/err" </dev/null || status=$?
        unwritable "$* to a closed output" "standard output: Bad file descriptor"
        [ $failures = 0 ]
    done || failed "see above"
}

case_unwritable_file() {
    mkdir "$work/folder" "$work/here"
    : >"$work/plain"
    writing | while read -r arguments; do
        # shellcheck disable=SC2086
        set -- $arguments
        for pair in "$work/folder:[Ii]s a directory" "$work/none/x:No such file or directory" \
            "$work/plain/x:Not a directory" "/dev/full:\(No space left on device\|is not a regular file\)"; do
            status=0
            "$command" "$@" -o "${pair%%:*}" >"$work/out" 2>"$work/err" </dev/null || status=$?
            unwritable "$* -o ${pair%%:*}" "${pair%%:*}: ${pair#*:}"
        done
        cp "$work/text.ring" "$work/here/old"
        cp "$image" "$work/here/old.ring"
        status=0
        (
            ulimit -f 1
            "$command" "$@" -o "$work/here/old.ring" >/dev/null 2>&1 </dev/null
        ) || status=$?
        grep -q 'was built without' "$work/err" || {
            expect "$* with a full disk fails" 1 $status
            cmp -s "$image" "$work/here/old.ring" || failed "$*: the older file is gone"
        }
        expect "$* leaves nothing else" "old old.ring" "$(cd "$work/here" && echo *)"
        [ $failures = 0 ]
    done || failed "see above"
}

# A file opened while a standard stream is closed takes its number; printed output must not go into it.
case_unwritable_numbers() {
    "$command" convert "$work/trace.json" -o "$work/whole.ring"
    for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- >&- 2>&-'; do
        rm -f "$work/new.ring" "$work/new.json"
        eval '"$command" convert "$work/trace.json" -o "$work/new.ring"' "$closed" || failed "convert $closed"
        cmp -s "$work/whole.ring" "$work/new.ring" || failed "convert $closed: another image"
        eval '"$command" merge "$image" "$work/trace.json" -o "$work/new.ring" 2>"$work/err"' "$closed" ||
            failed "merge $closed"
        "$command" info "$work/new.ring" >/dev/null || failed "merge $closed: no image"
        eval '"$command" export "$image" --to json -o "$work/new.json"' "$closed" || failed "export $closed"
        "$command" export "$image" --to json | cmp -s - "$work/new.json" || failed "export $closed: another file"
        eval '"$command" events "$image" -o "|cat >$work/lines"' "$closed" || failed "events to a command $closed"
        "$command" events "$image" | cmp -s - "$work/lines" || failed "events to a command $closed: others"
    done
    status=0
    "$command" demo -o "$work/new.ring" >&- 2>/dev/null || status=$?
    expect "demo without a standard output" 1 $status
    "$command" info "$work/new.ring" >/dev/null || failed "demo: no image"
    status=0
    "$command" info - <&- 2>"$work/err" || status=$?
    unwritable "reading a closed input" "standard input: Bad file descriptor"
}
