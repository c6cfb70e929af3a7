# What whoever was traced may have written, and what files may be called: none of it reaches a terminal as it is.

esc=$(printf '\033[31m')
raw=$(printf '\233')
c1=$(printf '\302\233')
bidi=$(printf '\342\200\256x\342\201\246')
hostile="a${esc}b${raw}c${c1}d${bidi}e"

# harmless WHAT: of standard input. The escapes of our own are of no use to anybody where no terminal is.
harmless() {
    LC_ALL=C grep -a -n -P \
        '[\x00-\x08\x0b-\x1f\x7f]|(^|[\x00-\x7f])[\x80-\x9f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' \
        >"$work/harm" || return 0
    failed "$1: $(od -c "$work/harm" | head -n 5)"
}

# says ARGUMENTS: whatever the command prints.
says() {
    { "$command" "$@" 2>&1 </dev/null || :; } | harmless "$*"
}

case_hostile() {
    live="$work/$hostile.ring"
    cp "$writer" "$work/w$esc$c1"
    writer="$work/w$esc$c1"
    start_writer
    tell event "$hostile" "detail $hostile"
    tell fail "$hostile" "$hostile"
    tell op "$hostile" 1
    tell begin "$hostile"
    tell await "$hostile"
    for of in "summary" "summary --json" "events" "events --json" "stats" "stats --json" "info" "info --json" \
        "export --to json" "export --to ndjson" "export --to chrome"; do
        # A command and its options.
        # shellcheck disable=SC2086
        set -- $of
        first=$1
        shift
        "$command" "$first" "$live" "$@" >"$work/text" || failed "$of"
        grep -q . "$work/text" || failed "$of says nothing"
        harmless "$of" <"$work/text"
    done
    # Read as JSON, it is what it was: for the raw byte, which JSON has no place for, U+FFFD.
    expect "escaped in JSON" 'a\u001b[31mb\357\277\275c\u009bd\u202ex\u2066e' \
        "$("$command" events "$live" --json --last 1 | sed 's/.*"name":"\([^"]*\)".*/\1/' |
            sed "s/$(printf '\357\277\275')/\\\\357\\\\277\\\\275/")"
    end_writer
}

case_hostile_arguments() {
    says "$hostile"
    says help "$hostile"
    says stats "--$hostile"
    says stats "$work/$hostile"
    says stats "$image" --sort "$hostile"
    says events "$image" --category "$hostile"
    says events "$image" --pid "$hostile"
    says events "$image" --since "$hostile"
    says export "$image" --to "$hostile"
    says export "$image" --to json -o "$work/none/$hostile"
    says ctl "$image" "$hostile"
    says view "$work/$hostile"
    says report "$image" --web "$work/$hostile" -o "$work/$hostile.html"
    says convert "$work/$hostile" -o "$work/x.ring"
    says record -e "$hostile" -- true
    says record -- "$hostile"
    says record -- "$work/$hostile"
    says demo -o "$work/none/$hostile"
    says demo -o "$work/$hostile.demo"
    cp "$work/text.ring" "$work/$hostile.text"
    says info "$work/$hostile.text"
}

# valid_utf8 WHAT: of standard input.
valid_utf8() {
    iconv -f UTF-8 -t UTF-8 >"$work/valid" 2>&1 || failed "$1 is no UTF-8: $(od -c "$work/valid" | tail -n 4)"
}

# Names of programs, threads, events and paths are any bytes that somebody chose.
case_hostile_recorded() {
    bad=$(printf '\377')
    text="a\\u001b[31mb${bad}c${c1}d${bidi}"
    cat >"$work/hostile.json" <<END
{"traceEvents":[{"ph":"M","pid":1,"tid":1,"name":"process_name","args":{"name":"$text"}},
{"ph":"M","pid":1,"tid":1,"name":"thread_name","args":{"name":"a${bad}b"}},
{"ph":"M","pid":2,"tid":2,"name":"process_name","args":{"name":"another"}},
{"ph":"X","pid":2,"tid":2,"ts":1,"dur":2,"name":"close","cat":"FILE"},
{"ph":"X","pid":1,"tid":1,"ts":1,"dur":2,"name":"openat","cat":"FILE","args":{"detail":"/$text, O_RDONLY = 3"}},
{"ph":"X","pid":1,"tid":1,"ts":4,"dur":2,"name":"connect","cat":"NETWORK","args":{"detail":"fd 3 <tcp 7>, $text = -1 ECONNREFUSED"}},
{"ph":"X","pid":1,"tid":1,"ts":7,"dur":2,"name":"futex","cat":"SYSCALL","args":{"detail":"0x7f, FUTEX_WAIT, 2 = 0"}},
{"ph":"X","pid":1,"tid":1,"ts":9,"dur":2,"name":"$text","cat":"FILE","args":{"detail":"$text"}}]}
END
    echo '{"traceEvents":[]}' >"$work/nothing.json"
    for of in files "files --json" net "net --json" locks "locks --json" procs "procs --json" "export --to otlp"; do
        # A command and its options.
        # shellcheck disable=SC2086
        set -- $of
        first=$1
        shift
        "$command" "$first" "$work/hostile.json" "$@" >"$work/text" || failed "$of"
        harmless "$of" <"$work/text"
        valid_utf8 "$of" <"$work/text"
        [ "$(wc -c <"$work/text")" -gt 100 ] || failed "$of says nothing"
    done
    for of in "diff" "diff --json" "diff --markdown" "check -m calls:*+0" "check -m calls:*+0 --json" \
        "check -m calls:*+0 --markdown"; do
        # shellcheck disable=SC2086
        set -- $of
        first=$1
        shift
        "$command" "$first" "$work/nothing.json" "$work/hostile.json" "$@" >"$work/text" || failed "$of"
        harmless "$of" <"$work/text"
        valid_utf8 "$of" <"$work/text"
        [ "$(wc -c <"$work/text")" -gt 100 ] || failed "$of says nothing"
    done
}
