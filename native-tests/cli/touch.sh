# What each command may touch, as SECURITY.md says: each is recorded by the command itself, and everything that it wrote,
# ran or connected to must be allowed.

# Commands: the beginning of the paths that may be written to, or -, and arguments; "_" is a space there. Not here: record
# itself, which cannot be traced while it traces, and view, for which see view.sh.
touching() {
    for name in summary stats slow files net locks procs metrics tree info events; do
        echo "- $name $work/recorded.json"
    done
    for name in summary stats slow metrics tree info events; do
        echo "- $name $image"
    done
    for format in json ndjson chrome perfetto otlp folded strace; do
        echo "$allowed export $work/recorded.json --to $format -o $allowed/export.$format"
    done
    cat <<END
- diff $image $work/recorded.json
- check $image $image --max calls:*+0
- query $work/recorded.json select_count(*)_from_events
- mcp $work
- completions bash
- manual
$allowed demo -o $allowed/demo.ring
$allowed events $image -o $allowed/events.txt
$allowed convert $work/recorded.json -o $allowed/convert.ring
$allowed merge $image $work/recorded.json -o $allowed/merge.ring
$allowed report $image --web $work/page -o $allowed/report.html
$allowed extract $work/core -n 1 -o $allowed/extract.ring
$allowed watch $image --when category:ipc --save $allowed
$allowed segment $image -o $allowed/segments --host ada
$allowed/segments ship $allowed/segments --to $allowed/segments/there
$live ctl $live enable
END
}

# Lines of strace: what changes a file, talks to others or runs something. What fails changes nothing.
changes() {
    grep -v ' = -1 E' |
        grep -E '^[0-9]+ [0-9.]+ (open(at2?)?|creat)\(.*(O_WRONLY|O_RDWR|O_CREAT)|^[0-9]+ [0-9.]+ (creat|truncate|rename(at2?)?|unlink(at)?|link(at)?|symlink(at)?|mkdir(at)?|rmdir|mknod(at)?|ch(mod|own)|fch(mod|own)at2?|socket|connect|bind|listen|execveat|execve|ptrace|bpf|mount)\('
}

# touches ALLOWED COMMAND ARGUMENTS…
touches() {
    may=$1
    shift
    printf '%s\n' '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"summary","arguments":{"file":"'"$image"'"}}}' >"$work/input"
    "$command" record -q --backend ptrace -o "$work/touched.ring" -e '%file,%net,%process,ptrace,bpf' -- \
        "$command" "$@" <"$work/input" >"$work/out" 2>&1 || {
        grep -q 'was built without' "$work/out" && return
        failed "$*: $(cat "$work/out")"
    }
    "$command" events "$work/touched.ring" --format strace >"$work/lines"
    grep -q " execve(\"$command\"," "$work/lines" || failed "$*: it was not recorded"
    changes <"$work/lines" | grep -v -e " execve(\"$command\"," -e '("/dev/null",' >"$work/changes" || :
    if [ "$may" != - ]; then
        grep -v -e "[( \"]$may" "$work/changes" >"$work/others" || :
        mv "$work/others" "$work/changes"
    fi
    [ ! -s "$work/changes" ] || failed "$*: $(cat "$work/changes")"
}

case_touches() {
    needs ptrace
    allowed=$work/allowed touched=0
    mkdir -p "$allowed/segments" "$work/page"
    printf 'before\n<!--trace-->\nafter\n' >"$work/page/report.html"
    "$command" convert "$image" -o "$work/small.ring"
    cat "$work/small.ring" >"$work/core"
    start_writer
    touching >"$work/commands"
    while read -r may words; do
        set -f
        # Words, in which "_" is a space, but not in paths.
        # shellcheck disable=SC2046,SC2086
        set -- $words
        set +f
        case $1 in
        query) set -- query "$2" "$(echo "$3" | tr _ ' ')" ;;
        esac
        touches "$may" "$@"
        touched=$((touched + 1))
    done <"$work/commands"
    end_writer
    # All that SECURITY.md lists, which has all commands (consumer/trust.sh).
    for name in $("$command" --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p'); do
        case $name in
        record | view) ;;
        *) grep -q "^[^ ]* $name\( \|\$\)" "$work/commands" || failed "$name is not tried" ;;
        esac
    done
    echo "$touched commands wrote only where they may"
}
