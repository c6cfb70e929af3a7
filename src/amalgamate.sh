#!/bin/sh
# The library as two files, ringscope.c and ringscope.h: amalgamate.sh CJSON OUTPUT, where CJSON is a folder with
# cJSON.c and cJSON.h.
set -eu

cjson=$1
output=$2
src=$(cd "$(dirname "$0")" && pwd)

version=$(sed -n 's/^#define TRACER_VERSION "\(.*\)"$/\1/p' "$src/ringscope.h")
# Unquoted: our own file names, without spaces.
# shellcheck disable=SC2046
set -- common $(while read -r room; do echo "$src/$room"/*.c; done <"$src/rooms.txt") \
    native "$src"/platform/native*.c wasm "$src"/platform/wasm*.c "$src"/wasm/*.c

mkdir -p "$output"
LC_ALL=C awk -v root="$src" -v version="$version" -v cjson="$cjson" -v license="$src/../LICENSE" \
    -v exports="$src/wasm/exports.txt" -f "$src/amalgamate.awk" "$@" >"$output/ringscope.c.new"
cp "$src/ringscope.h" "$src/wasm/ringscope.py" "$output"
mv "$output/ringscope.c.new" "$output/ringscope.c"
