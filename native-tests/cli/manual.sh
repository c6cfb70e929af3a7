#!/bin/sh
# Tests the manual page that the command prints: manual.sh CASE RINGSCOPE WORK-DIRECTORY. It has every command and
# option of --help, and the formatters groff and mandoc, one case each, have no complaints.
set -eu

case=$1
command=$2
work=$3
failures=0
rm -rf "$work"
mkdir -p "$work"
"$command" manual >"$work/ringscope.1"

if [ "$case" != content ]; then
    if ! command -v "$case" >/dev/null; then
        echo "SKIPPED: the manual page in $case: there is no $case"
        exit 77
    fi
    case $case in
    groff) groff -man -ww -Tutf8 -z "$work/ringscope.1" >"$work/warnings" 2>&1 ;;
    # The page has no date, so that the same source makes the same page.
    mandoc) mandoc -T lint -W warning "$work/ringscope.1" | grep -v 'missing date' >"$work/warnings" || : ;;
    esac
    cat "$work/warnings"
    [ ! -s "$work/warnings" ]
    exit
fi

failed() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# The page as plain text, roughly.
sed -e 's/\\f.//g' -e 's/\\-/-/g' "$work/ringscope.1" >"$work/text"

"$command" --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' | grep -v '^ringscope' >"$work/commands"
[ "$(wc -l <"$work/commands")" -ge 10 ] || failed "--help lists too few commands"
while read -r name; do
    sed -n "/^\.SS $name/,/^\.S[SH] /p" "$work/text" | sed '1!{/^\.S[SH]/d}' >"$work/part"
    [ -s "$work/part" ] || failed "the page does not have $name"
    "$command" "$name" --help | sed -n 's/^  \(-[a-z], \|    \)\(--[a-z-]*\).*/\1\2/p' >"$work/options"
    grep -q -e '--help' "$work/options" || failed "$name --help lists no option"
    while read -r option; do
        case $option in
        *--help) ;;
        *) grep -q -e "^$option" "$work/part" || failed "the page's part about $name does not have $option" ;;
        esac
    done <"$work/options"
    "$command" "$name" --help | grep -q '^Example (' || failed "$name --help has no example"
done <"$work/commands"

[ $failures -eq 0 ] || exit 1
echo "the manual page is right"
