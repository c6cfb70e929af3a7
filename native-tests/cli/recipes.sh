#!/bin/sh
# Runs the shell blocks of docs/recipes/ that are marked as tests, each page's in a folder of its own: recipes.sh MARK
# RINGSCOPE RECIPES WORK-DIRECTORY. Those marked "test=record" need a machine that permits recording, those marked
# "test=sql" need a command built with SQLite.
set -eu

mark=$1
command=$2
recipes=$3
work=$4
rm -rf "$work"
mkdir -p "$work"
PATH=$(dirname "$command"):$PATH
export PATH

if [ "$mark" = test=record ] && ! reason=$(ringscope record -q -o "$work/probe.ring" -- true 2>&1); then
    echo "SKIPPED: recipes that record: $reason"
    exit 77
fi
count=0
for page in "$recipes"/*.md; do
    awk -v fence="\`\`\`sh $mark" '
        $0 == fence { inside = 1; next }
        /^```/ { inside = 0 }
        inside
    ' "$page" >"$work/commands"
    if [ ! -s "$work/commands" ]; then
        continue
    fi
    folder=$work/$(basename "$page" .md)
    mkdir -p "$folder"
    (cd "$folder" && sh -eux "$work/commands") || {
        echo "FAILED: $page"
        exit 1
    }
    count=$((count + 1))
done
[ $count -ge 1 ]
echo "the recipes of $count pages run"
