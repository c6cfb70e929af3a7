#!/bin/sh
# One case of the tests of `ringscope report`, not including the page itself: report.sh CASE RINGSCOPE COMPRESSED
# WORK-DIRECTORY, where COMPRESSED is yes if the command was built with zlib.
set -eu

case=$1
command=$2
compressed=$3
work=$4
failures=0

expect() {
    if [ "$2" != "$3" ]; then
        echo "FAILED: $1: expected \"$2\", got \"$3\""
        failures=$((failures + 1))
    fi
}

# fails "NAME" "MESSAGE" ARGUMENTS: the command ends with 1 and this message.
fails() {
    name=$1
    words=$2
    shift 2
    status=0
    "$command" report "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    expect "$name: exit code" 1 $status
    expect "$name: writes nothing" '' "$(cat "$work/out")"
    grep -q -e "$words" "$work/err" || expect "$name: message" "$words" "$(cat "$work/err")"
}

# The trace inside a report.
unpacked() {
    sed -n 's/.*<script[^>]* id="trace"[^>]*>\([^<]*\)<.*/\1/p' "$1" | base64 -d | gzip -dc
}

case_holds_the_trace() {
    for file in demo.ring demo.json; do
        "$command" report "$work/$file" --web "$work/page" -o "$work/report.html"
        unpacked "$work/report.html" | cmp -s - "$work/$file" || expect "$file" "is in its report" "it is not"
        expect "name of $file" "$file" "$(sed -n 's/.*data-name="\([^"]*\)".*/\1/p' "$work/report.html")"
        expect "what is around $file" 'before after ' "$(sed -e 1b -e '$b' -e d "$work/report.html" | tr '\n' ' ')"
    done
    "$command" report "$work/demo.json.gz" --web "$work/page" >"$work/report.html"
    unpacked "$work/report.html" | cmp -s - "$work/demo.json" || expect "demo.json.gz" "is in its report" "it is not"
    "$command" report - --web "$work/page" <"$work/demo.ring" >"$work/report.html"
    unpacked "$work/report.html" | cmp -s - "$work/demo.ring" || expect "standard input" "is in its report" "it is not"
}

# The secret is searched for in the page and in the data packed into it, in every encoding.
case_without_details() {
    printf '%s' '[{"name":"open","ph":"X","ts":1,"dur":1,"pid":1,"tid":1,"args":{"path":"/home/top/secret"}}]' >"$work/secret.json"
    "$command" convert "$work/secret.json" -o "$work/secret.ring" 2>/dev/null
    gzip -kc "$work/secret.json" >"$work/secret.json.gz"
    for file in secret.ring secret.json secret.json.gz; do
        for option in '' --without-details; do
            # One option or none.
            # shellcheck disable=SC2086
            "$command" report "$work/$file" $option --web "$work/page" -o "$work/report.html"
            expect "$file $option, the name" yes "$(unpacked "$work/report.html" | grep -qa open && echo yes)"
            expect "$file $option, the secret" "$([ -n "$option" ] || echo yes)" \
                "$({ cat "$work/report.html" && unpacked "$work/report.html"; } | grep -qa 'top/secret' && echo yes)"
        done
    done
}

case_name_that_is_html() {
    cp "$work/demo.json" "$work/<i>\"&.json"
    "$command" report "$work/<i>\"&.json" --web "$work/page" -o "$work/report.html"
    expect "a name that is HTML" '&#60;i&#62;&#34;&#38;.json' "$(sed -n 's/.*data-name="\([^"]*\)".*/\1/p' "$work/report.html")"
}

# Sizes around a group of three bytes.
case_few_bytes() {
    for text in '[]' '[ ]' '[  ]' '[   ]'; do
        printf %s "$text" >"$work/small.json"
        "$command" report "$work/small.json" --web "$work/page" -o "$work/report.html"
        expect "a trace of a few bytes" "$text" "$(unpacked "$work/report.html")"
    done
}

case_too_large() {
    {
        printf '['
        head -c 40000000 /dev/urandom
    } >"$work/large.json"
    fails "too large" "larger than 50 MiB" "$work/large.json" --web "$work/page" -o "$work/large.html"
    [ ! -e "$work/large.html" ] || expect "too large" "no file" "a file"
    {
        printf '\037\213'
        head -c 60000000 /dev/zero
    } >"$work/large.gz"
    fails "too large, compressed" "larger than 50 MiB" "$work/large.gz" --web "$work/page"
    rm "$work/large.json" "$work/large.gz"
}

case_refuses() {
    echo 'this is no image' >"$work/text.ring"
    fails "no image" "not a ringscope image" "$work/text.ring" --web "$work/page"
    fails "no file" "missing.ring" "$work/missing.ring" --web "$work/page"
    fails "no page" "has no report.html" "$work/demo.ring" --web "$work/empty"
    fails "not the page" "is not a report page" "$work/demo.ring" --web "$work/broken"
    fails "a folder that is not there" "No such file" "$work/demo.ring" --web "$work/page" -o "$work/none/report.html"
}

case_full_disk() {
    fails "a full disk" "No space left" "$work/demo.ring" --web "$work/page" -o /dev/full
    status=0
    "$command" report "$work/demo.ring" --web "$work/page" >/dev/full 2>"$work/err" || status=$?
    expect "a full disk behind standard output" 1 $status
}

case_absent() {
    fails "built without it" "without zlib" "$work/demo.ring" --web "$work/page"
}

rm -rf "$work"
mkdir -p "$work/page" "$work/empty" "$work/broken"
printf 'before\n<!--trace-->\nafter\n' >"$work/page/report.html"
echo 'no mark' >"$work/broken/report.html"
"$command" demo -o "$work/demo.ring" >/dev/null
"$command" export "$work/demo.ring" --to chrome -o "$work/demo.json"
gzip -kc "$work/demo.json" >"$work/demo.json.gz"

if [ "$compressed" != yes ] && [ "$case" != absent ]; then
    echo "SKIPPED: ringscope report, $case: the command was built without zlib"
    exit 77
fi
"case_$case"
[ $failures -eq 0 ] || exit 1
rm -rf "$work"
