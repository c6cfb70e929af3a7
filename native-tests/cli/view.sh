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

expect() {
    if [ "$2" != "$3" ]; then
        echo "FAILED: $1: expected \"$2\", got \"$3\""
        failures=$((failures + 1))
    fi
}

# fails "NAME" "WHAT IT SAYS" ARGUMENTS: the command ends with 1 and these words.
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

# Ends what a failed test would leave behind, where ctest waits for its output.
clean_up() {
    if [ -n "$server" ]; then
        kill $server 2>/dev/null || :
    fi
}
server=
trap clean_up EXIT

# Begins to view a file; the address is then in $port and $token. A shell gives what runs beside it no input.
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

# The trace goes away meanwhile; the server does not.
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
}

case_standard_input_and_browser() {
    printf '#!/bin/sh\necho "$1" >"%s"\n' "$work/opened" >"$work/bin/xdg-open"
    chmod +x "$work/bin/xdg-open"
    before=$PATH
    PATH=$work/bin:$PATH
    input=$work/demo.ring
    view -
    input=
    read -r opened <"$work/opened"
    expect "what the browser is told" "$url" "$opened"
    answers 200 GET "/$token/trace"
    body_is "$work/demo.ring"
    end_view TERM
    PATH=$before
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

# An image that somebody is writing: a sound copy of now, and a new one when there is news.
case_live() {
    "$writer" "$live" <"$work/to" >"$work/from" &
    writer_id=$!
    exec 3>"$work/to" 4<"$work/from"
    read -r answer <&4
    echo event open first >&3
    read -r answer <&4
    view "$live" --no-open
    answers 200 GET "/$token/trace"
    expect "it is live" 1 "$(header X-Ringscope-Live)"
    expect "events of the copy" 1 "$("$command" events "$work/body" | grep -c 'open: first')"
    expect "nobody writes the copy" 0 "$("$command" info "$work/body" | grep -c running)"
    expect "somebody writes the image" 1 "$("$command" info "$live" | grep -c running)"
    tag=$(header ETag)
    answers 304 GET "/$token/trace" "If-None-Match: $tag\r\n"
    expect "it is live still" 1 "$(header X-Ringscope-Live)"
    echo event open second >&3
    read -r answer <&4
    answers 200 GET "/$token/trace" "If-None-Match: $tag\r\n"
    expect "events of the next copy" 2 "$("$command" events "$work/body" | grep -c 'open:')"
    echo quit >&3
    exec 3>&- 4<&-
    wait $writer_id
    answers 200 GET "/$token/trace" "If-None-Match: $tag\r\n"
    expect "it has ended" '' "$(header X-Ringscope-Live)"
    expect "events of the last copy" 2 "$("$command" events "$work/body" | grep -c 'open:')"
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
