#!/bin/sh
# Runs one fuzz target: run.sh PROGRAM DIRECTORY. In the suite the seeds are changed in the same ways each time, so that a
# commit is judged by what it changed; with RINGSCOPE_FUZZ_SECONDS in new ways for so long, and what they find becomes a test.
# An input that takes as long as the guard of every test counts as one that hangs.
set -eu

name=$(basename "$1")
if [ "${RINGSCOPE_FUZZ_SECONDS:-}" ]; then
    how="-max_total_time=$RINGSCOPE_FUZZ_SECONDS"
    corpus="$2/$name.corpus"
else
    # libFuzzer chooses by addresses too, and by what it finds in its corpus each second.
    how='-seed=1 -runs=4000 -reload=0'
    fixed='setarch -R'
    $fixed true 2>/dev/null || fixed=
    corpus=$(mktemp -d)
    trap 'rm -rf "$corpus"' EXIT
fi
# $fixed and $how are several words.
# shellcheck disable=SC2086
${fixed:-} "$1" $how -timeout=1200 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=0 -artifact_prefix="$2/$name." \
    "$corpus" "$2/seeds"
