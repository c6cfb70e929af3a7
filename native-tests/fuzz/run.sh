#!/bin/sh
# Runs one fuzz target: run.sh PROGRAM DIRECTORY. RINGSCOPE_FUZZ_SECONDS says for how long, 15 unless given.
# An input that takes as long as the guard of every test counts as one that hangs.
set -eu

name=$(basename "$1")
exec "$1" -max_total_time="${RINGSCOPE_FUZZ_SECONDS:-15}" -timeout=1200 -rss_limit_mb=2048 \
    -print_final_stats=1 -verbosity=0 -artifact_prefix="$2/$name." "$2/$name.corpus" "$2/seeds"
