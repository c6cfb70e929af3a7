# Hostile text in traces and in file names: none of it reaches a terminal unescaped.

esc=$(printf '\033[31m')
raw=$(printf '\233')
c1=$(printf '\302\233')
bidi=$(printf '\342\200\256x\342\201\246')
hostile="a${esc}b${raw}c${c1}d${bidi}e"

# harmless WHAT: checks standard input. Our own escapes must not appear either where there is no terminal.
harmless() {
    LC_ALL=C grep -a -n -P \
        '[\x00-\x08\x0b-\x1f\x7f]|(^|[\x00-\x7f])[\x80-\x9f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' \
        >"$work/harm" || return 0
    failed "$1: $(od -c "$work/harm" | head -n 5)"
}

# says ARGUMENTS: prints the command's output, whatever it is.
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
    # Read back as JSON, the text is as before, except for the raw byte, which JSON cannot hold: it becomes U+FFFD.
    expect "escaped in JSON" 'a\u001b[31mb\357\277\275c\u009bd\u202ex\u2066e' \
        "$("$command" events "$live" --json --last 1 | sed 's/.*"name":"\([^"]*\)".*/\1/' |
            sed "s/$(printf '\357\277\275')/\\\\357\\\\277\\\\275/")"
    end_writer
}

# valid_utf8 WHAT: checks standard input.
valid_utf8() {
    iconv -f UTF-8 -t UTF-8 >"$work/valid" 2>&1 || failed "$1 is no UTF-8: $(od -c "$work/valid" | tail -n 4)"
}

# One command per line: for a trace FILE whose texts are all hostile, and so is its name.
asked_of_traces() {
    cat <<'END'
summary FILE
summary FILE --json
events FILE
events FILE --json
events FILE --format strace
events FILE --wall
stats FILE
stats FILE --json
slow FILE
slow FILE --json
files FILE
files FILE --json
net FILE
net FILE --json
locks FILE
locks FILE --json
procs FILE
procs FILE --json
metrics FILE
tree FILE
tree FILE --json
tree FILE --inverted
tree FILE --by-thread
tree FILE --by-thread --json
diff NOTHING FILE --all
diff FILE NOTHING --all
diff NOTHING FILE --json
diff NOTHING FILE --markdown
check NOTHING FILE -m calls:*+0
check NOTHING FILE -m calls:*+0 --json
check NOTHING FILE -m calls:*+0 --markdown
query FILE select_*_from_events
query FILE select_*_from_events --json
query FILE select_*_from_spans
export FILE --to json
export FILE --to ndjson
export FILE --to chrome
export FILE --to otlp
export FILE --to folded
export FILE --to strace
convert FILE -o WORK/image.ring
merge FILE NOTHING -o WORK/image.ring
merge NOTHING FILE -o WORK/image.ring
extract FILE
info FILE
info FILE --json
ctl FILE disable
report FILE --web WORK/none -o WORK/page.html
view FILE --web WORK/none --no-open
END
}

# And with a hostile text as any argument.
given_texts() {
    cat <<'END'
TEXT
help TEXT
stats --TEXT
summary WORK/TEXT
stats IMAGE --sort TEXT
events IMAGE --category TEXT
events IMAGE --pid TEXT
events IMAGE --since TEXT
events IMAGE name:/TEXT(/
events IMAGE -o WORK/none/TEXT
export IMAGE --to TEXT
export IMAGE --to json -o WORK/none/TEXT
export IMAGE --to otlp --host TEXT
tree IMAGE TEXT:x
slow IMAGE -N TEXT
files IMAGE --only TEXT
check IMAGE IMAGE -m TEXT
check IMAGE IMAGE -m p99:TEXT+5
diff IMAGE WORK/TEXT
query IMAGE TEXT
query IMAGE select_'TEXT'_as_"TEXT"
query IMAGE select_'TEXT'_as_"TEXT" --json
merge IMAGE IMAGE --shift TEXT -o WORK/image.ring
merge IMAGE WORK/TEXT -o WORK/image.ring
convert WORK/TEXT -o WORK/image.ring
convert IMAGE -o WORK/none/TEXT
extract IMAGE -n TEXT
extract WORK/TEXT
info WORK/TEXT.text
ctl IMAGE TEXT
view WORK/TEXT
view IMAGE --web WORK/TEXT
report IMAGE --web WORK/TEXT -o WORK/TEXT.html
metrics WORK/TEXT
mcp WORK/TEXT
record -e TEXT -- true
record -u TEXT -- true
record -p TEXT
record --backend TEXT -- true
record -o WORK/none/TEXT -- true
record -- TEXT
record -- WORK/TEXT
demo -o WORK/none/TEXT
demo -o WORK/TEXT.demo
completions TEXT
END
}

# filled FILE: a table with its words replaced by their values and its arguments separated by tabs; "_" is a space in an
# argument.
filled() {
    file=$1 text=$hostile work=$work image=$image LC_ALL=C awk '
        function put(from, to,  at, done) {
            done = ""
            while (at = index($0, from)) {
                done = done substr($0, 1, at - 1) to
                $0 = substr($0, at + length(from))
            }
            $0 = done $0
        }
        {
            put(" ", "\t")
            put("_", " ")
            put("NOTHING", ENVIRON["work"] "/nothing.json")
            put("IMAGE", ENVIRON["image"])
            put("WORK", ENVIRON["work"])
            put("FILE", ENVIRON["file"])
            put("TEXT", ENVIRON["text"])
            print
        }'
}

tab=$(printf '\t')

# says LINE: prints the command's output, on both its streams.
says() {
    line=$1 status=0
    IFS=$tab
    set -f
    # shellcheck disable=SC2086
    set -- $line
    set +f
    unset IFS
    timeout 100 "$command" "$@" >"$work/printed" 2>"$work/complaints" </dev/null || status=$?
    harmless "$line" <"$work/complaints"
    harmless "$line" <"$work/printed"
    valid_utf8 "$line" <"$work/printed"
    [ $status -lt 124 ] || [ "$1" = record ] || failed "$line: exit code $status"
}

# Names of programs, threads, events and paths are arbitrary bytes chosen by somebody; and so are file names.
case_hostile_traces() {
    bad=$(printf '\377')
    text="a\\u001b[31mb${bad}c${c1}d${bidi}\\u007f"
    cat >"$work/$hostile.json" <<END
{"traceEvents":[{"ph":"M","pid":1,"tid":1,"name":"process_name","args":{"name":"$text"}},
{"ph":"M","pid":1,"tid":1,"name":"thread_name","args":{"name":"a${bad}b$text"}},
{"ph":"M","pid":2,"tid":2,"name":"process_name","args":{"name":"another"}},
{"ph":"X","pid":2,"tid":2,"ts":1,"dur":2,"name":"close","cat":"FILE"},
{"ph":"X","pid":1,"tid":1,"ts":1,"dur":2,"name":"openat","cat":"FILE","args":{"detail":"/$text, O_RDONLY = 3"}},
{"ph":"X","pid":1,"tid":1,"ts":4,"dur":2,"name":"connect","cat":"NETWORK","args":{"detail":"fd 3 <tcp 7>, $text = -1 ECONNREFUSED"}},
{"ph":"X","pid":1,"tid":1,"ts":7,"dur":2,"name":"futex","cat":"SYSCALL","args":{"detail":"$text, FUTEX_WAIT, 2 = 0"}},
{"ph":"X","pid":1,"tid":1,"ts":9,"dur":2,"name":"$text","cat":"FILE","args":{"detail":"$text"}},
{"ph":"X","pid":1,"tid":1,"ts":12,"dur":2,"name":"$text","cat":"$text","args":{"$text":["$text"]}},
{"ph":"B","pid":1,"tid":1,"ts":15,"name":"$text"},{"ph":"$text","name":"$text"}],"otherData":{"$text":"$text"}}
END
    echo '{"traceEvents":[]}' >"$work/nothing.json"
    "$command" convert "$work/$hostile.json" -o "$work/$hostile.ring" 2>"$work/text"
    grep -q 'never ended' "$work/text" || failed "no note: $(cat "$work/text")"
    for kind in json ring; do
        asked_of_traces | filled "$work/$hostile.$kind" >"$work/lines"
        while IFS= read -r words; do
            says "$words"
        done <"$work/lines"
    done
}

# Each span is nested in the previous one: printed as a tree of lines, a million of them would be terabytes.
case_hostile_depth() {
    awk 'BEGIN { print "["; for (i = 0; i < 3000; i++) printf "{\"ph\":\"B\",\"pid\":1,\"tid\":1,\"ts\":%d,\"name\":\"in\"},\n", i; print "{}]" }' \
        >"$work/deep.json"
    for asked in summary info; do
        "$command" $asked "$work/deep.json" >"$work/lines" 2>/dev/null
        expect "$asked shows 1000" 1000 "$(grep -c '^\[.* in' "$work/lines")"
        expect "$asked: the deepest is indented as 64 are" "$((128 + 16))" "$(awk '/^\[/ { print length }' "$work/lines" | sort -n | tail -n 1)"
        expect "$asked counts the others" "and 2000 more: see --json" "$(grep more: "$work/lines")"
    done
    expect "--json has all" 3000 "$("$command" summary "$work/deep.json" --json 2>/dev/null | grep -o '"name":"in"' | wc -l)"
}

case_hostile_arguments() {
    cp "$work/text.ring" "$work/$hostile.text"
    given_texts | filled none >"$work/lines"
    while IFS= read -r words; do
        says "$words"
        [ -s "$work/printed" ] || [ -s "$work/complaints" ] || failed "$words says nothing"
    done <"$work/lines"
}

# An assistant prints everything it receives.
case_hostile_mcp() {
    mkdir "$work/traces"
    printf '{"traceEvents":[{"ph":"X","pid":1,"tid":1,"ts":1,"dur":2,"name":"a%sb","args":{"detail":"%s"}}]}' \
        "$c1$bidi" "$c1$bidi" >"$work/traces/x.json"
    for tool in info events stats tree slow; do
        printf '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":{"file":"%s"}}}\n' \
            $tool "$work/traces/x.json"
        printf '{"jsonrpc":"2.0","id":"%s","method":"tools/call","params":{"name":"%s","arguments":{"file":"%s"}}}\n' \
            "$c1$bidi" $tool "$work/traces/$c1$bidi"
        printf '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"%s","arguments":{"%s":1}}}\n' \
            $tool "$c1$bidi"
    done | "$command" mcp "$work/traces" >"$work/printed" 2>&1
    expect "all are answered" 15 "$(wc -l <"$work/printed")"
    harmless mcp <"$work/printed"
    valid_utf8 mcp <"$work/printed"
}

# CSV is data, and is copied unchanged; on a terminal it is escaped like the cells of a table.
case_hostile_terminal() {
    command -v script >/dev/null && script -qec true /dev/null </dev/null >/dev/null 2>&1 || {
        echo "SKIPPED: the command, $case: no script here that makes a terminal (Debian: bsdutils)"
        exit 77
    }
    "$command" query "$image" 'select 1' >/dev/null 2>&1 || {
        echo "SKIPPED: the command, $case: it was built without SQLite"
        exit 77
    }
    sql="select 'a'||char(27)||'b'||char(155)||'c'||char(13)||'d' as \"x$c1\""
    expect "data" "$(printf 'x%s\r\n"a\033b\302\233c\rd"\r' "$c1" | cksum)" \
        "$(printf '%s' "$("$command" query "$image" "$sql" --csv)" | cksum)"
    printf '%s query %s "$SQL" --csv\n' "$command" "$image" >"$work/asked"
    SQL=$sql script -qec "sh $work/asked" /dev/null </dev/null >"$work/printed"
    expect "on a terminal" 'x\xc2\x9b "a\x1bb\xc2\x9bc\x0dd"' "$(tr -d '\r' <"$work/printed" | tr '\n' ' ' | sed 's/ $//')"
}
