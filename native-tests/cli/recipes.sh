#!/bin/sh
# Runs the shell blocks of docs/recipes/ that are marked as tests, each page's in a folder of its own:
# recipes.sh RINGSCOPE RECIPES WORK-DIRECTORY. "sh test=record" needs a machine that permits recording.
set -eu

command=$1
recipes=$2
work=$3
rm -rf "$work"
mkdir -p "$work"
PATH=$(dirname "$command"):$PATH
export PATH

# The blocks of page $1 whose info string is $2.
blocks() {
    awk -v info="$2" '
        $0 == "```" info { inside = 1; next }
        /^```/ { inside = 0 }
        inside
    ' "$1"
}

run() {
    blocks "$1" "$2" >"$work/commands"
    if [ ! -s "$work/commands" ]; then
        return
    fi
    folder=$work/$(basename "$1" .md)
    mkdir -p "$folder"
    echo "== $1"
    (cd "$folder" && sh -eux "$work/commands") || {
        echo "FAILED: $1"
        exit 1
    }
    count=$((count + 1))
}

count=0
for page in "$recipes"/*.md; do
    run "$page" 'sh test'
    if ! reason=$(ringscope record -q -o "$work/probe.ring" -- true 2>&1); then
        echo "SKIPPED: recording in $page, for this machine does not permit it: $reason"
        continue
    fi
    run "$page" 'sh test=record'
done
[ $count -ge 1 ]
echo "$count recipes run"
