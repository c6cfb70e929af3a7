#!/bin/sh
# Compares the manual page with the command's own help: manual.sh RINGSCOPE PAGE. What one names, both name.
set -eu

command=$1
page=$2
failures=0

differ() {
    echo "FAILED: $*"
    failures=$((failures + 1))
}

# Options of a text, sorted: --json, -c.
options_in() {
    grep -o -e '--[a-z][a-z-]*' -e ' -[a-zA-Z]\b' | tr -d ' ' | sort -u
}
# The part of the page about a command, without roff's escapes.
part_of() {
    sed -n "/^\.BR $1 /,/^\.RE/p" "$page" | sed -e 's/\\f.//g' -e 's/\\-/-/g' -e 's/^\.BR*//'
}

commands=$("$command" --help | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p' | grep -v '^ringscope')
in_page=$(sed -n '/^\.SH COMMANDS/,/^\.SH EXIT/p' "$page" | sed -n 's/^\.BR \([a-z][a-z]*\) .*/\1/p')
if [ "$commands" != "$in_page" ]; then
    differ "commands: the help has $commands; the page has $in_page"
fi
for name in $commands; do
    helped=$("$command" "$name" --help | sed -n '/^Options/,/^Example/p' | options_in | grep -v -x -e --help -e -h || :)
    paged=$(part_of "$name" | options_in)
    # ctl has no options of its own, so that its part of the page runs on.
    if [ -n "$helped" ] && [ "$helped" != "$paged" ]; then
        differ "options of $name: the help has $helped; the page has $paged"
    fi
    "$command" "$name" --help | grep -q '^Example, ' || differ "$name --help has no example"
done
[ $failures -eq 0 ] || exit 1
echo "the manual page and the help agree"
