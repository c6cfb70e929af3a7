#!/bin/sh
# The output of `ringscope export`, read by the tool it is made for: export.sh CASE RINGSCOPE SHARED-TOOLS
# COMPRESSED WORK-DIRECTORY. trace_processor is RINGSCOPE_TRACE_PROCESSOR, or SHARED-TOOLS/trace_processor.xz. COMPRESSED
# is yes if the command was built with zlib.
set -eu

case=$1
command=$2
tools=$3
compressed=$4
work=$5
failures=0
rm -rf "$work"
mkdir -p "$work"

expect() {
    if [ "$2" != "$3" ]; then
        echo "FAILED: $1: expected \"$2\", got \"$3\""
        failures=$((failures + 1))
    fi
}

skip() {
    echo "SKIPPED: export, $case: $*"
    exit 77
}

find_trace_processor() {
    processor=${RINGSCOPE_TRACE_PROCESSOR:-}
    if [ -z "$processor" ] && [ -r "$tools/trace_processor.xz" ]; then
        processor=$work/trace_processor
        xz -dc "$tools/trace_processor.xz" >"$processor" 2>/dev/null || skip "xz cannot unpack trace_processor"
        chmod +x "$processor"
    fi
    [ -n "$processor" ] || skip "there is no trace_processor"
    echo 'select 1;' >"$work/one.sql"
    echo '[{"name":"x","ph":"X","ts":1,"dur":1,"pid":1,"tid":1}]' >"$work/one.json"
    "$processor" -q "$work/one.sql" "$work/one.json" >/dev/null 2>&1 || skip "trace_processor does not run here"
}

# ask FILE QUERY: the rows, without the line of column names.
ask() {
    echo "$2;" >"$work/query.sql"
    "$processor" -q "$work/query.sql" "$1" 2>/dev/null | tail -n +2 | tr -d '"'
}

slices="select ts, dur, s.name, category, coalesce(tid, '') from slice s left join thread_track tt on s.track_id = tt.id left join thread using (utid) order by 1, 2, 3, 4, 5"
# A counter's name in Trace Event JSON is its own name followed by that of its series.
counters="select ts, replace(name, ' value', ''), value from counter c join counter_track t on c.track_id = t.id order by 1, 2, 3"
complaints="select name, value from stats where value > 0 and severity in ('error', 'data_loss')"

# Both formats hold the same trace: trace_processor reads the same from both.
case_perfetto() {
    find_trace_processor
    "$command" demo -o "$work/demo.ring" >/dev/null
    "$command" export "$work/demo.ring" --to perfetto -o "$work/demo.pftrace"
    "$command" export "$work/demo.ring" --to chrome -o "$work/demo.json"
    expect "nothing is complained of" '' "$(ask "$work/demo.pftrace" "$complaints")"
    expect "all events are there" "$("$command" events "$work/demo.ring" --last 100000 | wc -l)" \
        "$(ask "$work/demo.pftrace" 'select (select count(*) from slice) + (select count(*) from counter)')"
    for query in "$slices" "$counters" 'select pid, name from process where pid > 0 order by 1' \
        'select tid, name from thread where tid > 0 order by 1'; do
        ask "$work/demo.json" "$query" >"$work/expected"
        ask "$work/demo.pftrace" "$query" >"$work/got"
        [ -s "$work/expected" ] || expect "rows of $query" some none
        diff "$work/expected" "$work/got" >"$work/difference" || expect "$query" '' "$(head -5 "$work/difference")"
    done
    for key in detail failed; do
        expect "arguments called $key" "$(ask "$work/demo.json" \
            "select s.ts, display_value from args a join slice s using (arg_set_id) where flat_key = 'args.$key' order by 1, 2" | cksum)" \
            "$(ask "$work/demo.pftrace" \
                "select s.ts, display_value from args a join slice s using (arg_set_id) where flat_key = 'debug.$key' order by 1, 2" | cksum)"
    done
}

# Packets are compressed: gzip finds nothing more. Another reader than ours is asked above.
case_perfetto_compressed() {
    [ "$compressed" = yes ] || skip "the command was built without zlib"
    "$command" demo -o "$work/demo.ring" >/dev/null
    "$command" export "$work/demo.ring" --to perfetto -o "$work/demo.pftrace"
    bytes=$(wc -c <"$work/demo.pftrace")
    again=$(gzip -c "$work/demo.pftrace" | wc -c)
    [ $((again * 10)) -gt $((bytes * 9)) ] || expect "what gzip makes of $bytes bytes" "no less than nine tenths" "$again"
    for file in ring pftrace; do
        "$command" events "$work/demo.$file" --last 100000 --json | grep -o '"name":"[^"]*"' | sort >"$work/names.$file"
    done
    diff "$work/names.ring" "$work/names.pftrace" >"$work/difference" || expect names '' "$(head -5 "$work/difference")"
}

case_flows() {
    find_trace_processor
    cat >"$work/flows.json" <<'END'
[{"name":"send","ph":"X","ts":1,"dur":5,"pid":1,"tid":1}, {"name":"receive","ph":"X","ts":10,"dur":5,"pid":1,"tid":2},
 {"name":"message","cat":"ipc","ph":"s","id":"0x7","ts":2,"pid":1,"tid":1},
 {"name":"again","ph":"X","ts":20,"dur":5,"pid":1,"tid":3},
 {"name":"message","cat":"ipc","ph":"t","id":"0x7","ts":11,"pid":1,"tid":2},
 {"name":"message","cat":"ipc","ph":"f","bp":"e","id":"0x7","ts":21,"pid":1,"tid":3}]
END
    "$command" convert "$work/flows.json" -o "$work/flows.ring" 2>/dev/null
    "$command" export "$work/flows.ring" --to perfetto -o "$work/flows.pftrace"
    expect "both arrows" "send,receive,9000 receive,again,10000" "$(ask "$work/flows.pftrace" \
        'select a.name, b.name, b.ts - a.ts from flow join slice a on slice_out = a.id join slice b on slice_in = b.id order by b.ts' |
        tr '\n' ' ' | sed 's/ $//')"
}

# Processes and threads 0 stay apart from those whose ids stand for them: viewers expect ids from 1 on.
case_zeros() {
    find_trace_processor
    for pid in 0 1 2; do
        for tid in 0 1 2; do
            echo "{\"ph\":\"X\",\"pid\":$pid,\"tid\":$tid,\"ts\":1,\"dur\":$((1 + 3 * pid + tid)),\"name\":\"$pid.$tid\"},"
        done
        echo "{\"ph\":\"M\",\"pid\":$pid,\"tid\":0,\"name\":\"process_name\",\"args\":{\"name\":\"P$pid\"}},"
    done >"$work/zeros"
    echo "[$(cat "$work/zeros") {\"ph\":\"i\",\"pid\":1,\"tid\":1,\"ts\":20,\"name\":\"last\"}]" >"$work/zeros.json"
    for to in chrome perfetto; do
        "$command" export "$work/zeros.json" --to $to -o "$work/zeros.$to"
        expect "threads of $to" 'P0,3,6000 P1,3,15000 P2,3,24000' "$(ask "$work/zeros.$to" \
            "select p.name, count(distinct utid), sum(s.dur) from slice s join thread_track t on s.track_id = t.id join thread using (utid)
                join process p using (upid) where s.dur > 0 group by 1 order by 1" | tr '\n' ' ' | sed 's/ $//')"
    done
}

# Overlapping spans, which programs may record, keep their durations.
case_overlapping() {
    find_trace_processor
    cat >"$work/calls" <<'END'
7 1.000000 read(3, "", 1) = 0 <0.000300>
7 1.000100 read(4, "", 1) = 0 <0.000400>
7 1.000200 read(5, "", 1) = 0 <0.001000>
7 1.000550 read(6, "", 1) = 0 <0.000100>
END
    "$command" export "$work/calls" --to perfetto -o "$work/calls.pftrace" 2>/dev/null
    expect "durations" "300000 400000 1000000 100000" \
        "$(ask "$work/calls.pftrace" 'select dur from slice order by ts' | tr '\n' ' ' | sed 's/ $//')"
}

# sql FILE QUERY
sql() {
    "$command" query "$1" "$2" --csv 2>/dev/null | tr -d '\r' | tail -n +2
}

# The time of every name is its spans' time without the spans inside them.
case_folded() {
    "$command" demo -o "$work/demo.ring" >/dev/null
    "$command" query "$work/demo.ring" 'select 1' >/dev/null 2>&1 || skip "this ringscope was built without SQLite"
    "$command" export "$work/demo.ring" --to folded -o "$work/demo.folded"
    self="select name, sum(self_ns) from spans group by 1 having sum(self_ns) > 0 order by 1"
    sql "$work/demo.ring" "$self" >"$work/expected"
    sql "$work/demo.folded" "$self" >"$work/got"
    [ "$(wc -l <"$work/expected")" -gt 20 ] || expect "names with a time" many few
    expect "names and times" '' "$(diff "$work/expected" "$work/got" | head -5)"
    cat >"$work/odd.json" <<'END'
[{"name":"a;b\nc","ph":"X","ts":0,"dur":10,"pid":7,"tid":7}, {"name":"","ph":"X","ts":1,"dur":2,"pid":7,"tid":7},
 {"name":"","ph":"X","ts":4,"dur":1,"pid":7,"tid":7}, {"name":"process_name","ph":"M","pid":7,"args":{"name":"make"}}]
END
    expect "names that would be two" 'make;thread 7;a:b c 7000 make;thread 7;a:b c;(no name) 3000 ' \
        "$("$command" export "$work/odd.json" --to folded | tr '\n' ' ')"
    # An overlap with a thread's spans does not make the thread longer.
    cat >"$work/async.json" <<'END'
[{"name":"work","ph":"X","ts":0,"dur":10,"pid":7,"tid":7}, {"name":"load","ph":"b","cat":"net","id":1,"ts":2,"pid":7,"tid":7},
 {"name":"load","ph":"e","cat":"net","id":1,"ts":9,"pid":7,"tid":7}, {"name":"thread_name","ph":"M","pid":7,"tid":7,"args":{"name":"main"}}]
END
    expect "what overlaps" 'main;main;work 10000 main;main, async;load 7000 ' \
        "$("$command" export "$work/async.json" --to folded | tr '\n' ' ')"
}

# Open spans contain later spans, and last until the trace ends.
case_folded_open() {
    cat >"$work/open.json" <<'END'
[{"name":"main","ph":"B","ts":0,"pid":7,"tid":7}, {"name":"loop","ph":"B","ts":1,"pid":7,"tid":7},
 {"name":"turn","ph":"X","ts":2,"dur":3,"pid":7,"tid":7}, {"name":"load","ph":"b","cat":"net","id":1,"ts":4,"pid":7,"tid":8}]
END
    expect "stacks" 'process 7;thread 7;main 1000 process 7;thread 7;main;loop 1000 process 7;thread 7;main;loop;turn 3000 process 7;thread 8, async;load 1000 ' \
        "$("$command" export "$work/open.json" --to folded 2>/dev/null | sort | tr '\n' ' ')"
}

# Whole files, whatever they hold; wasm-tests/parquet.test.js covers their contents.
case_parquet() {
    echo '[{"name":"i","ph":"i","ts":1,"pid":1,"tid":1}]' >"$work/instant.json"
    echo '[{"name":"s","ph":"X","ts":1,"dur":2,"pid":1,"tid":1,"args":{"detail":"= -1 EIO","failed":true}}]' >"$work/span.json"
    echo '[]' >"$work/nothing.json"
    "$command" demo -o "$work/demo.ring" >/dev/null
    echo '[{"name":"o","ph":"B","ts":1,"pid":1,"tid":1},{"name":"o","ph":"B","ts":2,"pid":1,"tid":1}]' >"$work/open.json"
    "$command" export "$work/open.json" --to parquet -o "$work/out" 2>"$work/errors"
    expect "what is left out" 'ringscope export: spans left out, because they had not ended: 2' "$(tail -n 1 "$work/errors")"
    rm "$work/out"
    for from in instant.json span.json nothing.json demo.ring; do
        "$command" export "$work/$from" --to parquet --host ada -o "$work/out" 2>"$work/errors" || expect "$from" exported "$(cat "$work/errors")"
        expect "$from begins and ends" 'PAR1 PAR1' "$(head -c 4 "$work/out") $(tail -c 4 "$work/out")"
        rm -f "$work/out"
    done
}

# Paths are quoted, and descriptors are numbers, whatever is in names, contents and lists.
case_strace_quotes() {
    long=/$(printf '%0255d' 0)
    cat >"$work/quotes.json" <<END
{"traceEvents":[
{"ph":"X","pid":1,"tid":1,"ts":1,"dur":1,"name":"openat","cat":"FILE","args":{"detail":"fd 3 </a, /b>, /c\\"d, O_RDONLY = 4"}},
{"ph":"X","pid":1,"tid":1,"ts":3,"dur":1,"name":"rename","cat":"FILE","args":{"detail":"\\"/a, b\\", /c = 0"}},
{"ph":"X","pid":1,"tid":1,"ts":5,"dur":1,"name":"write","cat":"FILE","args":{"detail":"fd 1 <pipe 7>, \\"x, /y\\", 5 bytes = 5"}},
{"ph":"X","pid":1,"tid":1,"ts":7,"dur":1,"name":"execve","cat":"PROCESS","args":{"detail":"/bin/sh, [\\"sh\\", \\"/x, /y\\"], 9 vars = 0"}},
{"ph":"X","pid":1,"tid":1,"ts":9,"dur":1,"name":"dup","cat":"FILE","args":{"detail":"fd 3 = 4 <tcp 12>"}},
{"ph":"X","pid":1,"tid":1,"ts":11,"dur":1,"name":"unlink","cat":"FILE","args":{"detail":"$long... = -1 ENAMETOOLONG"}}]}
END
    expect "paths and descriptors" "openat(3</a, /b>, \"/c\\\"d\", O_RDONLY) = 4
rename(\"/a, b\", \"/c\") = 0
write(1<pipe 7>, \"x, /y\", 5 bytes) = 5
execve(\"/bin/sh\", [\"sh\", \"/x, /y\"], 9 vars) = 0
dup(3) = 4<tcp 12>
unlink(\"$long\"...) = -1 ENAMETOOLONG (File name too long)" \
        "$("$command" export "$work/quotes.json" --to strace | sed 's/^[^a-z]*//; s/ <0[0-9.]*>$//')"
}

# Read back, it is the same to the microsecond, which is strace's resolution.
case_strace() {
    cat >"$work/calls" <<'END'
7 1700000000.000001 execve("/bin/x", ["x"], 0x1 /* 9 vars */) = 0 <0.000300>
7 1700000000.000400 openat(AT_FDCWD, "/a = b", O_RDONLY) = -1 ENOENT (No such file or directory) <0.000010>
8 1700000000.000405 read(3</etc/hosts>, "x\33", 4096) = 2 <0.000020>
7 1700000000.000410 write(1<pipe:[12]>, "x", 1) = 1 <0.000002>
8 1700000000.000430 pause() = ? ERESTARTNOHAND (To be restarted if no handler) <0.000020>
7 1700000000.000500 --- SIGCHLD {si_signo=SIGCHLD} ---
7 1700000000.000600 +++ exited with 3 +++
8 1700000000.000700 +++ killed by SIGTERM +++
9 1700000000.000800 mkdir("/wörk€", 0777) = 0 <0.000010>
9 1700000000.000900 read(3,  <unfinished ...>
9 1700000000.000950 +++ killed by SIGKILL +++
END
    "$command" export "$work/calls" --to strace >"$work/first" 2>"$work/errors"
    "$command" export "$work/first" --to strace >"$work/second" 2>>"$work/errors"
    expect "nothing is complained of" '' "$(cat "$work/errors")"
    expect "the second time it is the same" '' "$(diff "$work/first" "$work/second" | head -5)"
    for from in calls first; do
        "$command" events "$work/$from" --json >"$work/$from.json" || expect "events of $from" read failed
    done
    expect "events" '' "$(diff "$work/calls.json" "$work/first.json" | head -5)"
    expect "as events prints it" '' "$("$command" events "$work/calls" --format strace | diff - "$work/first" | head -5)"
    expect "a call that never returned" '9 1700000000.000900 read(3, <unfinished ...>' "$(grep 'read(3,' "$work/first")"
    expect "lines" 11 "$(wc -l <"$work/first")"
    expect "letters that are no ASCII" 1 "$(grep -c '"/wörk€"' "$work/first")"
    "$command" demo -o "$work/demo.ring" >"$work/said"
    expect "what a program recorded of itself is no call" 0 "$("$command" export "$work/demo.ring" --to strace | wc -l)"
}

"case_$case"
[ $failures = 0 ]
