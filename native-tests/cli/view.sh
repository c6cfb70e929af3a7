#!/bin/sh
# One case of the tests of `ringscope view` with real requests: view.sh CASE RINGSCOPE WRITER HTTP SERVED
# WORK-DIRECTORY, where SERVED is yes if the command was built with its server.
set -eu

case=$1
command=$2
writer=$3
http=$4
served=$5
work=$6
live=$work/live.ring
failures=0

failed() {
    echo "FAILED: $1"
    failures=$((failures + 1))
}

expect() {
    [ "$2" = "$3" ] || failed "$1: expected \"$2\", got \"$3\""
}

# fails "NAME" "MESSAGE" ARGUMENTS: the command ends with 1 and this message.
fails() {
    name=$1
    words=$2
    shift 2
    status=0
    "$command" view "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    expect "$name: exit code" 1 $status
    expect "$name: prints no address" '' "$(cat "$work/out")"
    grep -q -e "$words" "$work/err" || expect "$name: message" "$words" "$(cat "$work/err")"
}

# Ends anything that a failed test would leave running, since ctest waits for its output.
clean_up() {
    if [ -n "$server" ]; then
        kill $server 2>/dev/null || :
    fi
}
server=
trap clean_up EXIT

# Starts viewing a file; the address is then in $port and $token. A shell gives background processes no input.
view() {
    "$command" view "$@" --web "$work/page" <"${input:-/dev/null}" >"$work/address" &
    server=$!
    read -r url <"$work/address"
    host=${url#http://}
    host=${host%%/*}
    port=${host#*:}
    token=${url#"http://$host/"}
    token=${token%%/*}
}

end_view() {
    status=0
    kill "-$1" $server
    wait $server || status=$?
    server=
    expect "SIG$1 ends it well" 0 $status
}

# ask METHOD PATH [HEADERS]: the answer's head in $work/head, its body in $work/body, its status in $status.
ask() {
    printf '%s %s HTTP/1.1\r\nHost: %s\r\n%bConnection: close\r\n\r\n' "$1" "$2" "${asked_host-$host}" "${3-}" |
        "$http" "$port" "$work/body" >"$work/head"
    status=$(sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p' "$work/head")
}

# answers STATUS METHOD PATH [HEADERS]
answers() {
    wanted=$1
    shift
    ask "$@"
    expect "$*" "$wanted" "$status"
}

header() {
    sed -n "s/^$1: //p" "$work/head"
}

body_is() {
    cmp -s "$1" "$work/body" || expect "the body is that of" "$1" "something else"
}

case_refuses() {
    fails "no image" "not a ringscope image" "$work/text.ring" --web "$work/page"
    fails "no file" "missing.ring" "$work/missing.ring" --web "$work/page"
    fails "a directory" "regular file" "$work/empty" --web "$work/page"
    fails "no page" "has no index.html" "$work/demo.ring" --web "$work/empty"
}

# Other commands do not load it, and a broken one is said.
case_library() {
    LD_TRACE_LOADED_OBJECTS=1 "$command" >"$work/loaded"
    grep -q 'libc\.' "$work/loaded" || failed "the loader shows what it loads"
    expect "libraries that only some commands need" '' "$(grep -E 'microhttpd|gnutls|curl' "$work/loaded")"
    for version in $(seq 9 20); do
        echo 'this is no library' >"$work/empty/libmicrohttpd.so.$version"
    done
    LD_LIBRARY_PATH=$work/empty fails "a broken library" "libmicrohttpd" "$work/demo.ring" --web "$work/page"
}

case_absent() {
    fails "built without it" "without libmicrohttpd" "$work/demo.ring" --web "$work/page"
}

case_serves() {
    view "$work/demo.ring" --no-open
    expect "the address" "http://127.0.0.1:$port/$token/?trace=trace" "$url"
    expect "digits of the token" 32 "$(printf %s "$token" | tr -dc 0-9a-f | wc -c)"
    answers 200 GET "/$token/"
    body_is "$work/page/index.html"
    expect "type of the page" 'text/html; charset=utf-8' "$(header Content-Type)"
    expect "kept nowhere" no-store "$(header Cache-Control)"
    expect "told nowhere" no-referrer "$(header Referrer-Policy)"
    expect "in no frame" "frame-ancestors 'none'" "$(header Content-Security-Policy)"
    answers 200 GET "/$token/?trace=trace"
    body_is "$work/page/index.html"
    answers 200 GET "/$token/app.js"
    expect "type of a script" 'text/javascript; charset=utf-8' "$(header Content-Type)"
    answers 200 GET "/$token/app.wasm"
    expect "type of a module" application/wasm "$(header Content-Type)"
    answers 200 GET "/$token/trace"
    body_is "$work/demo.ring"
    expect "it is not live" '' "$(header X-Ringscope-Live)"
    expect "its name" demo.ring "$(header X-Ringscope-Name)"
    tag=$(header ETag)
    answers 304 GET "/$token/trace" "If-None-Match: $tag\r\n"
    answers 200 GET "/$token/trace" 'If-None-Match: "other"\r\n'
    answers 200 HEAD "/$token/trace"
    expect "size, told without the bytes" "$(wc -c <"$work/demo.ring")" "$(header Content-Length)"
    expect "HEAD has no body" 0 "$(wc -c <"$work/body")"
    end_view INT
}

case_serves_nothing_else() {
    view "$work/demo.ring" --no-open
    wrong=$(printf %s "$token" | tr 0-9a-f 1-9a-f0)
    answers 404 GET /
    answers 404 GET /trace
    answers 404 GET "/$token"
    answers 404 GET "/$wrong/"
    answers 404 GET "/$wrong/trace"
    answers 404 GET "/${token%?}/trace"
    answers 404 GET "/${token}0/trace"
    answers 404 POST "/$wrong/trace"
    answers 404 GET "/$token/missing.js"
    answers 404 GET "/$token/../secret.js"
    answers 404 GET "/$token/..%2fsecret.js"
    answers 404 GET "/$token/%2e%2e/secret.js"
    answers 404 GET "/$token/$work/secret.js"
    answers 404 GET "/$token//etc/passwd"
    answers 404 GET "/$token/.hidden.js"
    answers 404 GET "/$token/notes.txt"
    answers 404 GET "/$token/inner/app.js"
    answers 404 GET "/$token/link.js"
    answers 404 GET "/$token/directory.js"
    answers 404 GET "http://evil.example/$token/"
    for method in POST PUT DELETE OPTIONS TRACE; do
        answers 405 $method "/$token/trace"
        expect "what $method may be instead" 'GET, HEAD' "$(header Allow)"
    done
    end_view TERM
}

case_serves_nobody_else() {
    view "$work/demo.ring" --no-open
    answers 200 GET "/$token/trace" "Origin: http://$host\r\n"
    for origin in http://evil.example null "https://$host" "http://127.0.0.1" "http://$host.evil.example" "http://127.0.0.1:1"; do
        answers 403 GET "/$token/trace" "Origin: $origin\r\n"
        expect "what $origin may read" '' "$(header Access-Control-Allow-Origin)"
    done
    answers 403 GET "/$token/trace" "Origin: http://$host\r\nOrigin: http://evil.example\r\n"
    answers 403 GET "/$token/trace" "Host: evil.example\r\n"
    asked_host="localhost:$port"
    answers 200 GET "/$token/"
    for asked_host in evil.example "evil.example:$port" 127.0.0.1 127.0.0.1:1 "127.0.0.1:$port.evil.example" "127.0.0.2:$port"; do
        answers 403 GET "/$token/"
    done
    unset asked_host
    printf 'GET /%s/ HTTP/1.0\r\n\r\n' "$token" | "$http" "$port" "$work/body" >"$work/head"
    expect "without a host" 403 "$(sed -n '1s/^[^ ]* \([0-9]*\).*/\1/p' "$work/head")"
    end_view TERM
}

# For Prometheus: the plain counts, for anyone with the token, at a known port and under no other host name.
case_metrics() {
    write_live
    obeys op read 0.25
    printf '%032d\n' 0 >"$work/token" # as a server that was killed leaves it
    chmod 644 "$work/token"
    view "$live" --no-open --metrics --token "$work/token"
    read -r given <"$work/token"
    expect "the token" "$token" "$given"
    expect "who may read it" 600 "$(stat -c %a "$work/token")"
    bearer="Authorization: Bearer $token\r\n"
    answers 200 GET /metrics "$bearer"
    expect "its type" 'text/plain; version=0.0.4; charset=utf-8' "$(header Content-Type)"
    "$command" metrics "$live" >"$work/metrics"
    cmp "$work/metrics" "$work/body" || expect "the metrics" "those of ringscope metrics" "others"
    obeys op read 0.5
    answers 200 GET /metrics "$bearer"
    expect "as they are then" 2 "$(sed -n 's/^ringscope_operation_calls_total{.*operation="read"} //p' "$work/body")"
    wrong=$(printf %s "$token" | tr 0-9a-f 1-9a-f0)
    for header in '' "Authorization: Bearer $wrong\r\n" "Authorization: Bearer ${token}0\r\n" "Authorization: Basic $token\r\n" 'Authorization: Bearer\r\n'; do
        answers 401 GET /metrics "$header"
        expect "what it says" 'Refused: the token is missing or wrong.' "$(cat "$work/body")"
    done
    answers 403 GET /metrics "${bearer}Origin: http://evil.example\r\n"
    answers 404 GET "/$token/metrics"
    answers 404 GET /trace "$bearer"
    answers 405 POST /metrics "$bearer"
    taken=$port
    status=0
    "$command" view "$live" --no-open --port "$taken" --web "$work/page" >"$work/out" 2>"$work/err" || status=$?
    expect "a port that is taken" "1 ringscope view: Address already in use" "$status $(cat "$work/err")"
    end_view TERM
    expect "the token is gone" '' "$(ls "$work/token" 2>/dev/null)"
    view "$live" --no-open
    answers 404 GET /metrics "Authorization: Bearer $token\r\n"
    end_view TERM
    end_live
    fails "of no image" "not a ringscope image" "$work/demo.json" --metrics --web "$work/page"
}

# The token replaces no file that holds anything else, and is written through no link.
case_token_replaces_nothing() {
    write_live
    ln -s "$work/nowhere" "$work/link"
    printf '%033d' 0 >"$work/number"
    for file in "$live" "$work/demo.ring" "$work/link" "$work/number" "$work/page/index.html"; do
        cp "$file" "$work/before" 2>/dev/null || :
        fails "a token in $file" "that file is not a token" "$live" --metrics --token "$file" --web "$work/page"
        [ "$file" = "$work/link" ] || cmp "$file" "$work/before" || failed "$file has changed"
    done
    expect "the link was followed" '' "$(ls "$work/nowhere" 2>/dev/null)"
    fails "a token in no folder" "No such file" "$live" --metrics --token "$work/none/token" --web "$work/page"
    : >"$work/token"
    view "$live" --no-open --metrics --token "$work/token"
    expect "in a file that mktemp(1) made" "$token" "$(cat "$work/token")"
    end_view TERM
    end_live
}

# More than a request may have, and what is no request.
case_odd_requests() {
    view "$work/demo.ring" --no-open
    long=$(printf '%050000d' 0)
    answers 431 GET "/$token/" "X-Long: $long\r\n"
    answers 414 GET "/$token/$long"
    answers 400 GET "/$token/" "Content-Length: -1\r\n"
    answers 403 GET "/$token/" "Host: $host\r\n"
    answers 200 GET "/$token/" "Upgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
    answers 200 GET "/$token/trace?cursor=zzz" "Range: bytes=5-99999999999999999999\r\n"
    answers 404 POST /trace "Content-Length: 99999999999999\r\n"
    asked_host="evil.example\r\n $host" # folded into the line before it
    answers 403 GET "/$token/"
    unset asked_host
    head -c 60000 /dev/urandom | "$http" "$port" "$work/body" >"$work/head" 2>/dev/null || :
    answers 200 GET "/$token/trace"
    body_is "$work/demo.ring"
    end_view TERM
}

# The trace disappears meanwhile; the server keeps running.
case_trace_goes_away() {
    view "$work/demo.ring" --no-open
    mv "$work/demo.ring" "$work/away.ring"
    answers 500 GET "/$token/trace"
    mv "$work/away.ring" "$work/demo.ring"
    answers 200 GET "/$token/trace"
    end_view TERM
}

case_other_tools() {
    view "$work/demo.ring" --no-open
    first=$token
    end_view TERM

    view "$work/demo.json" --no-open
    expect "each time another token" different "$([ "$token" = "$first" ] || echo different)"
    answers 200 GET "/$token/trace"
    body_is "$work/demo.json"
    end_view TERM

    odd=$work/$(printf 'a \303\244%%\n\377.json')
    cp "$work/demo.json" "$odd"
    view "$odd" --no-open
    answers 200 GET "/$token/trace"
    expect "a name with every kind of byte" 'a%20%C3%A4%25%0A%3F.json' "$(header X-Ringscope-Name)"
    end_view TERM
}

case_standard_input_and_browser() {
    printf '#!/bin/sh\ncp "$1" "%s"\nstat -c "%%a %%n" "$1" >"%s"\n' "$work/redirect" "$work/opened" >"$work/bin/xdg-open"
    chmod +x "$work/bin/xdg-open"
    before=$PATH
    PATH=$work/bin:$PATH
    input=$work/demo.ring
    view -
    input=
    read -r opened <"$work/opened"
    page=${opened#* }
    expect "who may read what the browser is told" 600 "${opened%% *}"
    expect "the address is not in its arguments" "$page" "${page#*"$token"}"
    expect "where the page leads" "$url" "$(sed -n 's/.*content="0;url=\([^"]*\)">.*/\1/p' "$work/redirect")"
    answers 200 GET "/$token/trace"
    body_is "$work/demo.ring"
    end_view TERM
    [ ! -e "$page" ] || failed "the page is left behind"
    PATH=$before
}

# Connections that stay silent, as any user of the machine can open them.
case_strangers() {
    view "$work/demo.ring" --no-open
    mkfifo "$work/hold"
    "$http" "$port" hold 200 <"$work/hold" >"$work/held" &
    holder=$!
    exec 5>"$work/hold"
    until grep -q held "$work/held" || ! kill -0 $holder; do
        sleep 0.05
    done
    answers 200 GET "/$token/"
    answers 200 GET "/$token/trace"
    body_is "$work/demo.ring"
    exec 5>&-
    wait $holder
    [ "$(tail -n 1 "$work/held")" -ge 168 ] || failed "of 200 strangers $(tail -n 1 "$work/held") were sent away"
    expect "a byte now and then keeps nobody" closed "$("$http" "$port" drip)"
    end_view TERM
}

case_no_browser() {
    before=$PATH
    PATH=$work/empty
    view "$work/demo.ring" 2>"$work/err"
    PATH=$before
    answers 200 GET "/$token/"
    end_view TERM
    grep -q 'could not open a browser' "$work/err" || expect "without xdg-open" "a note" "$(cat "$work/err")"
}

# Starts writing an image: the writer then obeys commands on 3 and answers on 4.
write_live() {
    "$writer" "$live" "$@" <"$work/to" >"$work/from" &
    writer_id=$!
    exec 3>"$work/to" 4<"$work/from"
    read -r answer <&4
}

obeys() {
    echo "$*" >&3
    read -r answer <&4
}

end_live() {
    echo quit >&3
    exec 3>&- 4<&-
    wait $writer_id
}

# news STATUS [CURSOR]: asks for new events, and remembers the cursor.
news() {
    answers "$1" GET "/$token/trace${2:+?cursor=$2}"
    cursor=$(header X-Ringscope-Cursor)
}

number_of() {
    "$command" info "$work/body" | sed -n 's/^Segment: *\([0-9]*\).*/\1/p'
}

# An image that another process is writing: its contents first, then everything new, until its program has ended.
case_live() {
    write_live
    obeys event open first
    view "$live" --no-open
    news 200
    first=$cursor
    expect "it is live" 1 "$(header X-Ringscope-Live)"
    expect "its name" live.ring "$(header X-Ringscope-Name)"
    expect "events of the first" 1 "$("$command" events "$work/body" | grep -c 'open: first')"
    expect "number of the first" 0 "$(number_of)"
    expect "nobody writes what was sent" 0 "$("$command" info "$work/body" | grep -c running)"
    expect "somebody writes the image" 1 "$("$command" info "$live" | grep -c running)"
    news 204 "$cursor"
    expect "it is live still" 1 "$(header X-Ringscope-Live)"
    expect "nothing is sent" 0 "$(wc -c <"$work/body")"
    obeys event open second
    obeys begin unfinished
    news 200 "$cursor"
    expect "the same cursor" "$first" "$cursor"
    expect "events of the next" 'open: second' "$("$command" events "$work/body" | sed -n 's/.*\(open: .*\)/\1/p')"
    expect "number of the next" 1 "$(number_of)"
    expect "what is open" 1 "$("$command" summary "$work/body" | grep -c '^\[.*unfinished')"
    answers 200 HEAD "/$token/trace"
    expect "HEAD takes nothing new" '' "$(header X-Ringscope-Cursor)"
    obeys event open third
    end_live
    news 200 "$cursor"
    expect "it has ended" '' "$(header X-Ringscope-Live)"
    expect "events of the last" 'open: third' "$("$command" events "$work/body" | sed -n 's/.*\(open: .*\)/\1/p')"
    news 204 "$cursor"
    expect "it has ended still" '' "$(header X-Ringscope-Live)"
    answers 200 GET "/$token/trace"
    body_is "$live"
    end_view TERM
}

# Nothing sent contains a detail: new events, the whole image, after its end, and from another tool's trace.
case_without_details() {
    write_live
    obeys event open secret-one
    view "$live" --no-open --without-details
    lacks_secret 200 "/$token/trace"
    cursor=$(header X-Ringscope-Cursor)
    obeys event open secret-two
    lacks_secret 200 "/$token/trace?cursor=$cursor"
    expect "number of the next" 1 "$(number_of)"
    lacks_secret 200 "/$token/trace?cursor=1"
    expect "all events" 2 "$("$command" events "$work/body" | grep -c 'FILE open: $')"
    answers 200 HEAD "/$token/trace"
    end_live
    lacks_secret 200 "/$token/trace"
    expect "all events after its end" 2 "$("$command" events "$work/body" | grep -c 'FILE open: $')"
    end_view TERM
    "$command" export "$live" --to chrome -o "$work/secret.json"
    for file in "$live" "$work/secret.json"; do
        view "$file" --no-open --without-details
        lacks_secret 200 "/$token/trace"
        expect "events of $file" 2 "$("$command" events "$work/body" | grep -c ' open: $')"
        end_view TERM
    done
    input=$live
    view - --no-open --without-details
    lacks_secret 200 "/$token/trace"
    end_view TERM
    grep -qa secret-two "$live" || expect "the image itself" "has its details" "has none"
}

# lacks_secret STATUS PATH
lacks_secret() {
    answers "$1" GET "$2"
    expect "the secret in $2" '' "$(grep -qa secret- "$work/body" && echo found)"
}

# Cursors are bounded: a dropped one starts over, with everything there is.
case_live_bounded() {
    write_live
    obeys event open first
    view "$live" --no-open
    news 200
    first=$cursor
    for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16; do
        news 200
    done
    obeys event open second
    news 200 "$first"
    expect "another cursor" different "$([ "$cursor" = "$first" ] || echo different)"
    expect "number of the first" 0 "$(number_of)"
    expect "all events" 2 "$("$command" events "$work/body" | grep -c 'open:')"
    for made_up in 0 1 -1 x ffffffffffffffffffffffff '' '%00'; do
        answers 200 GET "/$token/trace?cursor=$made_up"
        expect "of $made_up, all events" 2 "$("$command" events "$work/body" | grep -c 'open:')"
    done
    end_live
    end_view TERM
}

# An event counts its record, its place in the order, and its text.
case_live_bytes() {
    write_live 100000
    view "$live" --no-open
    news 200
    sent=0
    for _ in 1 2 3 4 5 6 7 8 9 10; do
        obeys events 2000 eleven-char
        news 200 "$cursor"
        sent=$((sent + $(wc -c <"$work/body")))
    done
    events=$((10 * 2000 * (32 + 8 + 11)))
    expect "at least the events ($sent bytes)" 1 $((sent >= events))
    expect "at most a fifth more ($sent bytes)" 1 $((sent * 10 <= events * 12))
    end_live
    end_view TERM
}

rm -rf "$work"
mkdir -p "$work/page/inner" "$work/bin" "$work/empty"
echo '<p>the page</p>' >"$work/page/index.html"
echo 'script' >"$work/page/app.js"
echo 'wasm' >"$work/page/app.wasm"
echo 'secret' >"$work/secret.js"
echo 'secret' >"$work/page/.hidden.js"
echo 'secret' >"$work/page/notes.txt"
echo 'inner' >"$work/page/inner/app.js"
ln -s ../secret.js "$work/page/link.js"
mkdir "$work/page/directory.js"
echo 'this is no image' >"$work/text.ring"
"$command" demo -o "$work/demo.ring" >/dev/null
"$command" export "$work/demo.ring" --to chrome -o "$work/demo.json"
mkfifo "$work/address" "$work/opened" "$work/to" "$work/from"

if [ "$served" != yes ] && [ "$case" != absent ]; then
    echo "SKIPPED: ringscope view, $case: the command was built without libmicrohttpd"
    exit 77
fi
"case_$case"
[ $failures -eq 0 ] || exit 1
rm -rf "$work"
