#!/bin/sh
# Runs one fuzz target: run.sh PROGRAM DIRECTORY. In the suite the seeds are mutated in the same ways each time, so that
# a commit is judged by its own changes; with RINGSCOPE_FUZZ_SECONDS in new ways for that long, and findings become
# tests. An input that takes as long as the guard of every test counts as hanging.
set -eu

name=$(basename "$1")
if [ "${RINGSCOPE_FUZZ_SECONDS:-}" ]; then
    how="-max_total_time=$RINGSCOPE_FUZZ_SECONDS"
    corpus="$2/$name.corpus"
else
    # libFuzzer's choices also depend on addresses, and on what it finds in its corpus each second.
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
