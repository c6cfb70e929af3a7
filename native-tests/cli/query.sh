#!/bin/sh
# One case of the tests of `ringscope query`: query.sh CASE RINGSCOPE ASKS WORK-DIRECTORY, where ASKS is yes if the
# command was built with SQLite. Its output is read by SQLite's own program, which then has its own copy of the same
# tables.
set -eu

case=$1
command=$2
asks=$3
work=$4
failures=0

expect() {
    if [ "$2" != "$3" ]; then
        echo "FAILED: $1: expected \"$2\", got \"$3\""
        failures=$((failures + 1))
    fi
}

skip() {
    echo "SKIPPED: query, $case: $*"
    exit 77
}

# ends CODE "MESSAGE" SQL OPTIONS…
ends() {
    code=$1
    words=$2
    shift 2
    status=0
    "$command" query "$work/demo.ring" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    expect "$1: exit code" "$code" $status
    grep -q -e "$words" "$work/err" || expect "$1: message" "$words" "$(cat "$work/err")"
}

# copy FILE: copies its tables into a database of SQLite's own, using .schema's declarations and --csv's output.
tables='events spans names operations threads flows losses'
copy() {
    rm -f "$work/copy.db"
    "$command" query "$1" .schema | sqlite3 "$work/copy.db"
    for table in $tables; do
        "$command" query "$1" "select * from $table" --csv >"$work/$table.csv" 2>/dev/null
        printf '.mode csv\n.import --csv --skip 1 %s %s\n' "$work/$table.csv" "$table" | sqlite3 "$work/copy.db"
        sqlite3 "$work/copy.db" "select name from pragma_table_info('$table') where name <> 'name'" | while read -r column; do
            echo "update $table set $column = null where $column = '';"
        done | sqlite3 "$work/copy.db"
    done
}

# same SQL: a query for both.
same() {
    printf "select '%s' as question;\n%s;\n" "$(echo "$1" | sed "s/'/''/g")" "$1" >>"$work/questions"
}

# SQLite prints 524288.0 as 524287.99999999999999 in some versions.
without_reals() {
    sed 's/"value":[0-9][^,]*/"value":N/g'
}

# The command and SQLite agree on the copied tables. SQLite prints nothing if there are no rows.
compare() {
    "$command" query "$trace" "$(cat "$work/questions")" --json 2>"$work/err" | sed -e '/^\[\]$/d' -e 's/\\u000a/\\n/g' | without_reals >"$work/got"
    expect "messages" '' "$(grep -v "^ringscope query: $trace: " "$work/err" || true)"
    sqlite3 -json "$work/copy.db" <"$work/questions" | without_reals >"$work/expected"
    diff -U 3 "$work/expected" "$work/got" >"$work/difference" || expect "$trace" '' "$(head -20 "$work/difference")"
    expect "answers" "$(grep -c "^select '" "$work/questions")" "$(grep -c '^\[{"question":' "$work/got")"
}

# Conditions that limit the scan, alone and combined, with values that SQLite converts.
conditions() {
    for table in events spans; do
        for condition in 'id = 7' 'id in (3, 1, 99999999, -1)' "rowid = 5 and name = 'x'" "id = '4'" 'id = 2.0' \
            'start_ns < (select avg(start_ns) from events)' 'start_ns >= (select max(start_ns) from events)' \
            'start_ns = (select min(start_ns) from events)' 'start_ns between 1e9 and 2e9' 'start_ns > 1500000000.5' \
            "start_ns > 'text'" 'start_ns > null' 'start_ns < -9223372036854775808' 'start_ns <= 9223372036854775807' \
            "name = 'read'" "name in ('read', 'open', 'inside', 'none')" "name = 'READ' collate nocase" "name = 7" \
            "name = 'read' and name = 'open'" "name = x'72656164'" "category = 'SYSCALL'" "category = 'no such'" \
            "category = 'SCHED' and start_ns > 2000000000" 'pid = 1' 'pid = 1.0' "pid = '1'" 'tid = 8' 'track = 2' \
            "thread = 'logd'" "thread = 'worker' and name = 'inside'" "process = 'a \"b\"'" 'track = 4 and start_ns > 1e9' \
            "failed and category = 'SYSCALL'" 'id in (select id from spans where duration_ns > 1000000)' \
            "name like 'r%' and tid = 2" 'not (pid = 1)' 'pid = 1 or tid = 2' 'pid is null' 'thread is null'; do
            same "select * from $table where $condition order by id"
        done
    done
}

# GROUP BY, DISTINCT and ORDER BY of names, which come in sorted order.
orders() {
    for table in events spans; do
        same "select name, count(*), sum(failed) from $table group by name"
        same "select name, count(*) from $table group by name order by name desc"
        same "select name, count(*) from $table group by name"
        same "select count(*) from $table"
        same "select a.name, count(*) from (select distinct name from $table) a, events b where a.name = b.name group by a.name"
        same "select distinct name from $table order by 1"
        same "select count(*) from (select distinct name from $table)"
        same "select name, count(*) n from $table group by name having n > 5 order by n desc, name"
        same "select lower(name), count(*) from $table group by name collate nocase order by 1"
        same "select name, category, count(*) from $table group by name, category order by 1, 2"
        same "select name, max(start_ns) from $table where start_ns > 1000000000 group by name"
        same "select name, count(*) from $table where name in ('read', 'open', 'close') group by name"
        same "select name, tid, start_ns from $table order by name, start_ns, tid, id limit 50"
        same "select count(*), min(id), max(id) from $table where name = 'read'"
    done
}

joins() {
    same 'select p.name, s.name, count(*) from spans s join spans p on s.parent = p.id group by 1, 2 order by 1, 2'
    same 'select a.name, b.name, f.from_ns, f.to_ns from flows f join spans a on a.id = f.from_id join spans b on b.id = f.to_id order by 3, 4'
    same 'select t.track, count(e.id) from threads t left join events e on e.track = t.track group by 1 order by 1'
    same 'select count(*) from events e, names n where e.name = n.name'
    same 'select name, count, spans from names order by 1'
    same "select id, cast(value * 1000 as integer) n from events where kind = 'sample' order by 1"
    same 'select sum(self_ns), sum(duration_ns) from spans where depth = 0'
    same "with recursive up(id, n) as (select max(id), 0 from spans where depth > 0 union all select s.parent, n + 1 from up join spans s using (id) where s.parent is not null) select max(n) from up"
}

case_as_sqlite() {
    command -v sqlite3 >/dev/null || skip "there is no sqlite3"
    for trace in "$work/demo.ring" "$work/trace.json"; do
        copy "$trace"
        : >"$work/questions"
        conditions
        orders
        joins
        compare
    done
}

# Names with characters that no terminal may see: in JSON they are escaped, in a table as wide as displayed.
case_hidden() {
    raw=$(printf '\302\233\342\200\256')
    printf '{"traceEvents":[{"ph":"X","ts":1,"dur":1,"name":"a\\u001b"},{"ph":"X","ts":1,"dur":1,"name":"b%s"},
        {"ph":"X","ts":1,"dur":1,"name":"plain"}]}' "$raw" >"$work/hidden.json"
    sql='select name, count(*) as n from events group by name'
    expect "in JSON" '[{"name":"a\u001b","n":1},{"name":"b\u009b\u202e","n":1},{"name":"plain","n":1}]' \
        "$("$command" query "$work/hidden.json" "$sql" --json | tr -d '\n')"
    expect "in a table" 'name                   n|a\x1b                  1|b\xc2\x9b\xe2\x80\xae  1|plain                  1|' \
        "$("$command" query "$work/hidden.json" "$sql" | tr '\n' '|')"
}

# plan SQL: SQLite's query plan.
plan() {
    "$command" query "$work/demo.ring" "explain query plan $1" --csv | sed -n 's/.*,//p' | tr -d '\r"' | tail -n +2 | tr '\n' ' ' | sed 's/ $//'
}

# A condition scans only what it concerns, and names are grouped without being sorted.
case_plans() {
    expect "group by" 'SCAN events VIRTUAL TABLE INDEX 0:c' "$(plan 'select name, count(*) from events group by name')"
    expect "in reverse" 'SCAN spans VIRTUAL TABLE INDEX 0:. USE TEMP B-TREE FOR ORDER BY' "$(plan 'select name from spans order by name desc')"
    expect "conditions" 'SCAN spans VIRTUAL TABLE INDEX 0:.n>c' "$(plan "select id from spans where name = 'read' and start_ns > 5 and category = 'SYSCALL'")"
    expect "of another kind" 'SCAN spans VIRTUAL TABLE INDEX 0:.' "$(plan "select id from spans where name = 'read' collate nocase")"
    expect "a join" 'SCAN p VIRTUAL TABLE INDEX 0:.n SCAN s VIRTUAL TABLE INDEX 0:.t' "$(plan "select 1 from spans p cross join spans s on s.tid = p.tid where p.name = 'read'")"
}

# The tables agree with the other commands.
case_as_others() {
    command -v sqlite3 >/dev/null || skip "there is no sqlite3"
    trace=$work/demo.ring
    "$command" events "$trace" --json >"$work/events.json"
    printf 'create table lines(line text);\n.mode ascii\n.separator "\\001" "\\n"\n.import %s lines\n' "$work/events.json" |
        sqlite3 "$work/events.db"
    events="cast(round(json_extract(line, '\$.timestamp') * 1e6) as int) as at, json_extract(line, '\$.name') as name, json_extract(line, '\$.category')"
    sqlite3 "$work/events.db" "select $events from lines order by 1, 2, 3" >"$work/expected"
    "$command" query "$trace" "select start_ns || '|' || name || '|' || category x from events order by start_ns, name, category" --csv |
        tail -n +2 | tr -d '\r' >"$work/got"
    cmp -s "$work/expected" "$work/got" || expect "events" "as the command events has them" "$(diff "$work/expected" "$work/got" | head -5)"
    "$command" stats "$trace" --json >"$work/stats.json"
    expect "operations" "$(sqlite3 :memory: "select json_extract(value, '\$.name'), json_extract(value, '\$.count'), json_extract(value, '\$.errors') from json_each(readfile('$work/stats.json')) where json_extract(value, '\$.count') > 0 order by 1" | cksum)" \
        "$("$command" query "$trace" "select name || '|' || count || '|' || failed x from operations where count > 0 order by name" --csv | tail -n +2 | tr -d '\r' | cksum)"
    expect "self times by name" "$("$command" query "$trace" 'select name, self_ns from names where spans > 0 order by 1' --csv | cksum)" \
        "$("$command" query "$trace" 'select name, sum(self_ns) self_ns from spans group by 1 order by 1' --csv | cksum)"
}

# Counting by name needs no timeline, until the id is asked for.
case_ids() {
    for trace in "$work/demo.ring" "$work/trace.json"; do
        ids=$("$command" query "$trace" 'select name, max(id) as most from events group by name' --csv 2>/dev/null | cksum)
        expect "row ids" "$ids" "$("$command" query "$trace" 'select name, max(rowid) as most from events group by name' --csv 2>/dev/null | cksum)"
        counts=$("$command" query "$trace" 'select name, count from names order by 1' --csv 2>/dev/null | tail -n +2 | cksum)
        expect "counts" "$counts" "$("$command" query "$trace" 'select name, count(*) from events group by name' --csv 2>/dev/null | tail -n +2 | cksum)"
    done
}

# SQLite can read the JSON and CSV; bytes that a program wrote into a name do not reach the terminal.
case_texts() {
    command -v sqlite3 >/dev/null || skip "there is no sqlite3"
    trace=$work/trace.json
    expect "all names as JSON, arrows apart" "$("$command" events "$trace" 2>/dev/null | grep -vc ': flow 0x')" "$("$command" query "$trace" 'select name, detail from events' --json 2>/dev/null >"$work/names.json" &&
        sqlite3 :memory: "select count(*) from json_each(readfile('$work/names.json'))")"
    sqlite3 :memory: "select json_extract(value, '\$.name') from json_each(readfile('$work/names.json'))" | grep -q '^a,"b$' ||
        expect "a name with quotes" there "not there"
    "$command" query "$trace" "select name from events where name like '%bell%'" 2>/dev/null >"$work/out"
    expect "a bell" 'x\x07bell' "$(tail -n 1 "$work/out")"
    expect "no rows" '[]' "$("$command" query "$trace" 'select * from events where 0' --json 2>/dev/null)"
    expect "no rows as CSV" 'name' "$("$command" query "$trace" 'select name from events where 0' --csv 2>/dev/null | tr -d '\r')"
    expect "two statements" '1 [{"1":1}] [{"2":2}]' "1 $("$command" query "$trace" 'select 1; select 2' --json 2>/dev/null | tr '\n' ' ' | sed 's/ $//')"
    expect "values" "[{\"a\":null,\"b\":1.5,\"c\":-9223372036854775808,\"d\":\"X'00FF'\",\"e\":\"\",\"f\":9e999}]" \
        "$("$command" query "$trace" "select null a, 1.5 b, -9223372036854775808 c, x'00ff' d, '' e, 9e999 f" --json 2>/dev/null)"
}

case_refusals() {
    ends 2 'no such column: nmae; at byte 8 of the SQL' 'select nmae from events'
    ends 2 'no such table: event' 'select 1 from event'
    ends 2 'there is no statement' ' -- nothing'
    ends 2 'syntax error; at byte 24 of the SQL' 'select 1 a; select 2 b c'
    for text in 'delete from events' "attach '$work/x.db' as x" 'create table x(y)' 'pragma journal_mode' \
        "select load_extension('x')" 'insert into events(id) values (1)' 'begin'; do
        ends 2 'ringscope query: ' "$text"
        expect "$text prints nothing" '' "$(cat "$work/out")"
        [ ! -e "$work/x.db" ] || expect "$text" 'no file' 'a file'
    done
    ends 1 'authorization denied' "vacuum into '$work/x.db'"
    [ ! -e "$work/x.db" ] || expect vacuum 'no file' 'a file'
    ends 1 'JSON cannot hold' "select json_array(x'00')"
    ends 2 'exclude each other' 'select 1' --csv --json
    status=0
    "$command" query "$work/missing" 'select 1' 2>/dev/null || status=$?
    expect "a file that is not there" 1 $status
    [ ! -e /dev/full ] || {
        status=0
        "$command" query "$work/demo.ring" 'select * from events' >/dev/full 2>"$work/err" || status=$?
        expect "a full disk" 1 $status
    }
}

case_absent() {
    ends 1 'was built without SQLite' 'select 1'
}

rm -rf "$work"
mkdir -p "$work"
"$command" demo -o "$work/demo.ring" >/dev/null
printf '%s\n' '[{"ph":"M","pid":7,"tid":8,"name":"thread_name","args":{"name":"worker"}},' \
    '{"ph":"M","pid":7,"name":"process_name","args":{"name":"a \"b\""}},' \
    '{"ph":"X","pid":7,"tid":8,"ts":1000,"dur":500.25,"name":"first","cat":"file","args":{"detail":"= -1 ENOENT (No such file)","failed":true}},' \
    '{"ph":"X","pid":7,"tid":8,"ts":1100,"dur":100,"name":"inside","cat":"file","args":{"n":4,"s":"x\"y\n\u0001"}},' \
    '{"ph":"X","pid":7,"tid":9,"ts":1300,"dur":10,"name":"inside","cat":"ipc"},' \
    '{"ph":"X","pid":7,"tid":9,"ts":1400,"dur":10,"name":"a,\"b","cat":"ipc"},' \
    '{"ph":"s","id":1,"pid":7,"tid":8,"ts":1150,"name":"m","cat":"ipc"}, {"ph":"f","bp":"e","id":1,"pid":7,"tid":9,"ts":1405,"name":"m","cat":"ipc"},' \
    '{"ph":"i","pid":7,"tid":8,"ts":2000,"name":"x\u0007bell","cat":"elsewhere"},' \
    '{"ph":"i","pid":7,"tid":8,"ts":2001,"name":"line\nbreak"}, {"ph":"i","pid":7,"tid":8,"ts":2001,"name":""},' \
    '{"ph":"C","pid":7,"ts":2000,"name":"bytes","args":{"n":4.5}}]' >"$work/trace.json"
case $case in
absent) [ "$asks" = no ] ;;
*) [ "$asks" = yes ] ;;
esac
"case_$case"
[ $failures = 0 ]
rm -rf "$work"
