# `ringscope ship`: a folder's contents arrive whole in another, or at a server that fails at times. The delivered files
# are compared with the output of `ringscope export` for each trace.

# Two segments as written by `ringscope segment`, and a saved trace.
make_queue() {
    for folder in 'host=ada/date=2026-03-01/hour=14' 'host=bob/date=2026-03-02/hour=09'; do
        mkdir -p "$work/queue/$folder"
        "$command" demo --seed ${#made} -o "$work/queue/$folder/app-7-0.ring" >/dev/null
        host=${folder#host=}
        "$command" export "$work/queue/$folder/app-7-0.ring" --to parquet --host "${host%%/*}" -o "$work/expected-${host%%/*}"
        made=${made}x
    done
}
made=

first='host=ada/date=2026-03-01/hour=14/app-7-0'
second='host=bob/date=2026-03-02/hour=09/app-7-0'

# delivered WHAT FILE EXPECTED
delivered() {
    cmp "$2" "$3" || failed "$1"
}

case_ship() {
    make_queue
    "$command" ship "$work/queue" --to "$work/there/" >"$work/out"
    delivered "ada's" "$work/there/$first.parquet" "$work/expected-ada"
    delivered "bob's" "$work/there/$second.parquet" "$work/expected-bob"
    expect "it says what it has delivered" "$work/there/$first.parquet $work/there/$second.parquet" "$(tr '\n' ' ' <"$work/out" | sed 's/ $//')"
    expect "they are marked" 2 "$(find "$work/queue" -name '*.ring.shipped' | wc -l | tr -d ' ')"
    expect "none is left" 0 "$(find "$work/queue" -name '*.ring' | wc -l | tr -d ' ')"
    expect "again, nothing is delivered" '' "$("$command" ship "$work/queue" --to "$work/there")"
    for file in "$work/queue/$first" "$work/queue/$second"; do
        mv "$file.ring.shipped" "$file.ring"
    done
    "$command" ship "$work/queue/" --to "$work/rings" --format ring --remove >/dev/null
    expect "none is left" '' "$(find "$work/queue" -type f)"
    "$command" events "$work/rings/$first.ring" >"$work/out"
    "$command" demo --seed 0 -o "$work/again.ring" >/dev/null
    expect "events of a ring" "$("$command" events "$work/again.ring" | wc -l)" "$(wc -l <"$work/out")"
    expect "nothing else is there" 4 "$(find "$work/there" "$work/rings" -type f | wc -l | tr -d ' ')"
}

# A trace outside such folders: host and time are found out, and the same name twice is two traces.
case_ship_saves() {
    mkdir "$work/queue"
    "$command" convert "$work/family.strace" -o "$work/queue/family.ring" 2>/dev/null
    "$command" convert "$work/trace.json" -o "$work/queue/other.ring" 2>/dev/null
    TZ=UTC touch -d '2026-03-01 14:30:01.5' "$work/queue/other.ring"
    status=0
    "$command" ship "$work/queue" --to "$work/there" >"$work/out" 2>"$work/err" || status=$?
    expect "whose they are is not known" 1 $status
    grep -q 'family.ring: whether this machine recorded it is not known; say whose it is with --host' "$work/err" ||
        failed "it says so: $(cat "$work/err")"
    "$command" ship "$work/queue" --to "$work/there" --host ada --format otlp >/dev/null
    (cd "$work/there" && find . -type f) | sort >"$work/files"
    expect "by the last event, or when it was written" './host=ada/date=2023-11-14/hour=22/family-20231114T221320.006000000Z.otlp.jsonl
./host=ada/date=2026-03-01/hour=14/other-20260301T143001.500000000Z.otlp.jsonl' "$(cat "$work/files")"
    [ -e "$work/queue/other-20260301T143001.500000000Z.ring.shipped" ] || failed "its mark: $(ls "$work/queue")"
    "$command" demo -o "$work/queue/mine.ring" >/dev/null
    "$command" ship "$work/queue" --to "$work/mine" >/dev/null || failed "of this machine, the host is known"
}

# A file that a program is writing stays; a file that is not a trace is reported, and the others are shipped.
case_ship_leaves_others() {
    make_queue
    live=$work/queue/live.ring
    echo 'this is no image' >"$work/queue/host=ada/date=2026-03-01/hour=14/a.ring"
    start_writer
    tell event open /etc/passwd
    status=0
    "$command" ship "$work/queue" --to "$work/there" >"$work/out" 2>"$work/err" || status=$?
    end_writer
    expect "it fails for one" 1 $status
    delivered "bob's" "$work/there/$second.parquet" "$work/expected-bob"
    grep -q 'a.ring:' "$work/err" || failed "it says which: $(cat "$work/err")"
    grep -q 'stay: 1$' "$work/err" || failed "it says how many: $(cat "$work/err")"
    expect "what is live is no failure and stays" live.ring "$(ls "$work/queue" | grep ring)"
    expect "nothing else is there" 2 "$(find "$work/there" -type f | wc -l | tr -d ' ')"
}

# A folder that is missing for a while.
case_ship_folder_fails() {
    make_queue
    echo 'in the way' >"$work/there"
    status=0
    "$command" ship "$work/queue" --to "$work/there" --retries 2 --backoff 1ms >"$work/out" 2>"$work/err" || status=$?
    expect "it gives up" 1 $status
    expect "after three times, and leaves the other" 3 "$(grep -c 'Not a directory' "$work/err")"
    grep -q 'stay: 2$' "$work/err" || failed "it says how many: $(cat "$work/err")"
    expect "nothing is marked" 2 "$(find "$work/queue" -name '*.ring' | wc -l | tr -d ' ')"
    "$command" ship "$work/queue" --to "$work/there" --retries 1000000 --backoff 1ms >"$work/out" 2>"$work/err" &
    shipper=$!
    eventually grep -q 'Not a directory' "$work/err"
    status=0
    "$command" ship "$work/queue" --to "$work/elsewhere" 2>"$work/second" || status=$?
    expect "a second one does not begin" 1 $status
    grep -q 'another ringscope ship delivers from there' "$work/second" || failed "it says why: $(cat "$work/second")"
    rm "$work/there"
    wait $shipper || failed "it delivers at last"
    delivered "ada's" "$work/there/$first.parquet" "$work/expected-ada"
}

# A trace that replaces one being delivered, under the same name, is a different one: it is delivered as well.
case_ship_replaced() {
    make_queue
    rm -r "$work/queue/host=bob"
    echo 'in the way' >"$work/there"
    "$command" ship "$work/queue" --to "$work/there" --retries 1000000 --backoff 1ms >"$work/out" 2>"$work/err" &
    shipper=$!
    eventually grep -q 'Not a directory' "$work/err"
    cp "$image" "$work/new"
    mv "$work/new" "$work/queue/$first.ring"
    rm "$work/there"
    wait $shipper || failed "it delivers at last"
    delivered "the first" "$work/there/$first.parquet" "$work/expected-ada"
    "$command" export "$image" --to parquet --host ada -o "$work/second"
    "$command" ship "$work/queue" --to "$work/there" >"$work/out" || failed "it delivers the second"
    delivered "the second" "$work/there/$first.parquet" "$work/second"
}

# Whoever may write there may have made the unfinished file's name a link to some other file, which is left alone.
case_ship_follows_no_link() {
    make_queue
    for link in hard symbolic; do
        for name in "$first" "$second"; do
            mkdir -p "$(dirname "$work/$link/$name")"
            echo precious >"$work/precious"
            case $link in
            hard) ln -f "$work/precious" "$work/$link/$name.parquet.part" ;;
            symbolic) ln -s "$work/precious" "$work/$link/$name.parquet.part" ;;
            esac
        done
        "$command" ship "$work/queue" --to "$work/$link" >/dev/null
        grep -qx precious "$work/precious" || failed "it wrote to what a $link link refers to"
        delivered "beside a $link link" "$work/$link/$first.parquet" "$work/expected-ada"
        for name in "$first" "$second"; do
            mv "$work/queue/$name.ring.shipped" "$work/queue/$name.ring"
        done
    done
}

# A trace whose name is not possible there stays, and the others are shipped.
case_ship_name_fails() {
    make_queue
    mkdir -p "$work/there/$first.parquet"
    status=0
    "$command" ship "$work/queue" --to "$work/there" --backoff 1ms >"$work/out" 2>"$work/err" || status=$?
    expect "it fails for one" 1 $status
    delivered "bob's" "$work/there/$second.parquet" "$work/expected-bob"
    grep -q 'stay: 1$' "$work/err" || failed "it says how many: $(cat "$work/err")"
}

# The number of such calls before main(), which are not the command's.
calls_of_loader() {
    [ "$1" = openat ] || {
        echo 0
        return
    }
    strace -qq -o "$work/trace" -e trace=openat "$command" --version >"$work/out"
    wc -l <"$work/trace"
}

# kill_ship CALL N: ships, is killed at the Nth such call, and ships again. False if there was no such call.
kill_ship() {
    rm -rf "$work/queue" "$work/there"
    cp -R "$work/full" "$work/queue"
    strace -qq -o "$work/trace" -e trace="$1" -e "inject=$1:signal=KILL:when=$2" "$command" ship "$work/queue" \
        --to "$work/there" >"$work/out" 2>/dev/null || :
    grep -q 'killed by SIGKILL' "$work/trace" || return 1
    find "$work/there" -name '*.parquet' >"$work/whole" 2>/dev/null || :
    while read -r file; do
        host=${file#*host=}
        delivered "killed at $1 $2, $file is whole" "$file" "$work/expected-${host%%/*}"
    done <"$work/whole"
    "$command" ship "$work/queue" --to "$work/there" >"$work/out" || failed "killed at $1 $2, it goes on"
    delivered "killed at $1 $2, ada's" "$work/there/$first.parquet" "$work/expected-ada"
    delivered "killed at $1 $2, bob's" "$work/there/$second.parquet" "$work/expected-bob"
    expect "killed at $1 $2, nothing else is there" 2 "$(find "$work/there" -type f | wc -l | tr -d ' ')"
}

# Killed at each of its calls that change files, and started again: never half a file, and all arrive.
case_ship_killed() {
    strace -qq -o "$work/trace" -e trace=write -e inject=write:error=EIO:when=1000 true 2>/dev/null || {
        echo "SKIPPED: the command, $case: strace cannot trace here (Debian: strace)"
        exit 77
    }
    make_queue
    mv "$work/queue" "$work/full"
    killed=0
    for call in openat write fsync rename mkdir; do
        n=$(($(calls_of_loader $call) + 1))
        while kill_ship $call $n; do
            killed=$((killed + 1))
            n=$((n + (killed % 3 ? 1 : 3)))
        done
    done
    [ $killed -ge 10 ] || failed "killed only $killed times"
    echo "killed $killed times"
}

# serve ANSWER…: starts a server, with its port in $port; end_server ends it.
serve() {
    mkdir -p "$work/server"
    [ -p "$work/hold" ] || mkfifo "$work/hold" "$work/port"
    "$put_server" "$work/server" "$@" <"$work/hold" >"$work/port" &
    server=$!
    exec 6>"$work/hold"
    read -r port <"$work/port"
}

end_server() {
    exec 6>&-
    wait $server || failed "the server: $?"
}

needs_put() {
    [ -x "$put" ] || {
        echo "SKIPPED: the command, $case: it was built without libcurl (Debian: libcurl4-openssl-dev)"
        exit 77
    }
}

server_has() {
    delivered "$1" "$work/server/to+host%3D$1+date%3D$2+hour%3D$3+app-7-0.parquet" "$work/expected-$1"
}

case_ship_to_a_server() {
    needs_put
    make_queue
    serve 503 drop junk 429 201
    "$command" ship "$work/queue" --to "http://127.0.0.1:$port/to/" --backoff 1ms >"$work/out" 2>"$work/err" ||
        failed "it delivers at last: $(cat "$work/err")"
    server_has ada 2026-03-01 14
    server_has bob 2026-03-02 09
    expect "answers" "503 drop junk 429 201 201" "$(cut -d ' ' -f 1 "$work/server/log" | tr '\n' ' ' | sed 's/ $//')"
    grep -q 'the answer is not HTTP' "$work/err" || failed "it tells junk apart: $(cat "$work/err")"
    expect "two lines" 2 "$(wc -l <"$work/out" | tr -d ' ')"
    expect "they are marked" 2 "$(find "$work/queue" -name '*.ring.shipped' | wc -l | tr -d ' ')"
    expect "without a key, nothing is signed" '' "$(grep -i authorization "$work/server/heads")"
    end_server
}

# Refused files stay, and the others are shipped; if the server is unreachable, all stay.
case_ship_to_a_server_that_refuses() {
    needs_put
    make_queue
    serve 403 201
    status=0
    AWS_ACCESS_KEY_ID=key AWS_SECRET_ACCESS_KEY=secret AWS_SESSION_TOKEN=token AWS_REGION=eu-1 "$command" ship "$work/queue" \
        --to "http://127.0.0.1:$port/to" >"$work/out" 2>"$work/err" || status=$?
    expect "it fails for one" 1 $status
    grep -q 'the server answers 403' "$work/err" || failed "it says why: $(cat "$work/err")"
    server_has bob 2026-03-02 09
    expect "the other stays" "$work/queue/$first.ring" "$(find "$work/queue" -name '*.ring')"
    grep -qi '^authorization: AWS4-HMAC-SHA256 Credential=key/[0-9]*/eu-1/s3/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date;x-amz-security-token, ' "$work/server/heads" ||
        failed "requests are signed: $(cat "$work/server/heads")"
    grep -qi '^x-amz-security-token: token' "$work/server/heads" || failed "with the token"
    end_server
    status=0
    "$command" ship "$work/queue" --to "http://127.0.0.1:$port/to" --retries 2 --backoff 1ms >"$work/out" 2>"$work/err" || status=$?
    expect "nobody is there" 1 $status
    expect "after three times" 3 "$(grep -c "127.0.0.1:$port" "$work/err")"
    grep -q 'stay: 1$' "$work/err" || failed "it says how many: $(cat "$work/err")"
}

# Killed while sending: the server never has half a file, and has both in the end.
case_ship_to_a_server_killed() {
    needs_put
    make_queue
    serve drop 503 201
    "$command" ship "$work/queue" --to "http://127.0.0.1:$port/to" --retries 1000000 --backoff 1h >"$work/out" 2>"$work/err" &
    shipper=$!
    eventually [ -s "$work/server/log" ]
    kill -KILL $shipper
    wait $shipper 2>/dev/null || :
    expect "nothing has arrived" 'heads log' "$(ls "$work/server" | tr '\n' ' ' | sed 's/ $//')"
    "$command" ship "$work/queue" --to "http://127.0.0.1:$port/to" --backoff 1ms >"$work/out" 2>"$work/err" || failed "it goes on"
    server_has ada 2026-03-01 14
    server_has bob 2026-03-02 09
    end_server
}

# Repeatedly, until it is ended.
case_ship_every() {
    needs_signals
    mkdir -p "$work/queue/host=ada/date=2026-03-01/hour=14"
    mkfifo "$work/lines"
    "$command" ship "$work/queue" --to "$work/there" --every 10ms --remove >"$work/lines" &
    shipper=$!
    exec 5<"$work/lines"
    for i in 1 2 3; do
        cp "$image" "$work/new"
        mv "$work/new" "$work/queue/host=ada/date=2026-03-01/hour=14/$i.ring"
        read -r line <&5
        expect "it delivers what comes" "$work/there/host=ada/date=2026-03-01/hour=14/$i.parquet" "$line"
    done
    kill -TERM $shipper
    wait $shipper || failed "it ends well by SIGTERM"
    exec 5<&-
}
