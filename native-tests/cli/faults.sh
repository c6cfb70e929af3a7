# The nth call of a kind fails, in every command: the command then reports it, or manages without; it never crashes, and
# never leaves half a file or a wrong one. Ctrl-C ends it at each of its allocations, without leaving half a file
# either. All n with RINGSCOPE_FAULTS=all, as ./dev prove has it; otherwise the first ones and a sample of the others.
# failing.c, which is loaded into the command, makes the calls fail.

# every_fault SETTINGS ARGUMENTS…: adds the number of faults to injected. SETTINGS: "" or variables of failing.c.
every_fault() {
    settings=$1 status=0
    shift
    # Variables, none or several.
    # shellcheck disable=SC2086
    env $settings ${RINGSCOPE_FAULTS:+FAULTS_ALL=1} FAULTS_DIRECTORY="$faults" LD_PRELOAD="$(dirname "$writer")/failing.so" \
        "$command" "$@" >"$work/made" 2>"$work/wrong" || status=$?
    case $status in
    0) injected=$((injected + $(cat "$work/made"))) ;;
    77)
        echo "SKIPPED: the command, $case: calls cannot be made to fail here (x86-64 with seccomp)"
        exit 77
        ;;
    *) grep -q 'was built without' "$faults/err" || failed "$(cat "$work/wrong")" ;;
    esac
}

begin_faults() {
    faults=$work/faults injected=0
    mkdir -p "$faults/here" "$work/page" "$work/traces"
    "$command" convert "$image" -o "$work/small.ring"
    "$command" convert "$work/trace.json" -o "$faults/old"
    cp "$work/small.ring" "$work/traces/demo.ring"
    printf 'before\n<!--trace-->\nafter\n' >"$work/page/report.html"
    echo '<!doctype html>' >"$work/page/index.html"
    : >"$faults/input"
    needs_shim
}
needs_shim() {
    [ -e "$(dirname "$writer")/failing.so" ] && return
    echo "SKIPPED: the command, $case: calls cannot be made to fail with this C library (glibc)"
    exit 77
}

# Runs each line of standard input, which must not be a pipe, so that failures are counted in this shell: settings, a |,
# and arguments, in which "_" is a space.
every_fault_of_lines() {
    while IFS='|' read -r of words; do
        set -f
        # Arguments may hold spaces: these are put in after the words are split.
        # shellcheck disable=SC2086
        set -- $words
        set +f
        count=$#
        while [ $count -gt 0 ]; do
            argument=$1
            shift
            case $argument in
            */*) set -- "$@" "$argument" ;;
            *) set -- "$@" "$(printf %s "$argument" | tr _ ' ')" ;;
            esac
            count=$((count - 1))
        done
        every_fault "$of" "$@"
    done
    echo "$injected faults injected"
}

# Printed output, from an image and from another tool's trace.
case_faults() {
    begin_faults
    start_writer
    {
        for file in "$work/small.ring" "$work/recorded.json"; do
            for words in summary 'summary --json' events 'events --json' 'events --format strace' stats 'stats --json' \
                slow files net locks procs 'procs --json' metrics tree 'tree --json' info 'info --json'; do
                # A command and its options.
                # shellcheck disable=SC2086
                set -- $words
                first=$1
                shift
                echo "|$first $file $*"
            done
        done
        cat <<END
|summary $image
|stats $image
|events $image --last 5
|info $image
|events $work/small.ring dur>1ms
|stats $work/small.ring name:read
|diff $work/small.ring $work/recorded.json --all
|diff $work/small.ring $work/recorded.json --json
|check $work/small.ring $work/small.ring --max calls:*+0
|query $work/small.ring select_*_from_spans_limit_20
|query $work/small.ring select_name,count(*)_from_events_group_by_name_order_by_name --json
|query $work/recorded.json select_*_from_threads --csv
|extract $work/small.ring
|ctl $live disable
|ctl $live filter file
|ctl $live enable
|ctl $live reset
|completions bash
|completions zsh
|completions fish
|manual
|help
|help record
END
    } >"$work/lines"
    every_fault_of_lines <"$work/lines"
    end_writer
}

# Output by -o, and commands that run until they are ended.
case_faults_written() {
    begin_faults
    written=$faults/here/written queued=queue/host=ada/date=2026-03-01/hour=14/app-7-0.ring
    cat "$faults/old" "$work/small.ring" >"$work/core"
    {
        for format in json ndjson chrome perfetto otlp folded 'parquet --host web1'; do
            echo "|export $work/small.ring -o $written --to $format"
        done
        cat <<END
|export $work/recorded.json --to strace -o $written
|events $work/small.ring -o $written
|convert $image -o $written
|convert $work/trace.json -o $written
|merge $work/small.ring $work/trace.json -o $written
|report $work/small.ring --web $work/page -o $written
|report $work/small.ring --without-details --web $work/page -o $written
|extract $work/core -n 2 -o $written
FAULTS_GOES_ON=1|watch $work/small.ring --when failed --save $faults/here
FAULTS_GOES_ON=1|watch $image --when category:ipc --save $faults/here
FAULTS_VARIES=1 FAULTS_OLDER=segments/before.ring|segment $faults/old -o $faults/here/segments --host ada
FAULTS_OLDER=$queued|ship $faults/here/queue --to $faults/here/there
FAULTS_OLDER=$queued|ship $faults/here/queue --to $faults/here/there --format ring --remove
FAULTS_VARIES=1|demo -o $written --seed 7
FAULTS_SERVES=1|view $work/small.ring --web $work/page --no-open
FAULTS_SERVES=1|view $work/recorded.json --web $work/page --no-open
END
    } >"$work/lines"
    every_fault_of_lines <"$work/lines"
}

# An answer that reports the request's failure counts as an answer.
case_faults_answered() {
    begin_faults
    file='"file":"'$work/traces/demo.ring'"'
    for tool in summary operations events; do
        echo '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"'$tool'","arguments":{'"$file"'}}}'
    done >"$faults/input"
    echo "FAULTS_TELLS=rror|mcp $work/traces" >"$work/lines"
    every_fault_of_lines <"$work/lines"
}

# Half of what a program did is a trace too, so only its being readable is checked.
case_faults_recorded() {
    begin_faults
    for backend in ptrace bpf; do
        "$command" record --backend $backend -q -o "$work/tried.ring" -- true 2>/dev/null || continue
        echo "FAULTS_VARIES=1 FAULTS_EXITS=126|record --backend $backend -o $faults/here/written -- true"
    done >"$work/lines"
    [ -s "$work/lines" ] || {
        echo "SKIPPED: the command, $case: programs cannot be recorded here"
        exit 77
    }
    every_fault_of_lines <"$work/lines"
}
