#!/bin/sh
# From a clean folder to a first event, following only README.md: start.sh NAME SOURCE-DIRECTORY WORK-DIRECTORY. Its
# blocks of that name are files and at most three commands, which are run in order. The caller runs any server: it
# passes "files", and finds the commands in the folder.
set -eu

name=$1
source=$2
work=$3
here=$source/native-tests/consumer

rm -rf "$work"
mkdir -p "$work"
ln -s "$source" "$work/ringscope"
awk -v test="$name" -v folder="$work" -f "$here/blocks.awk" "$source/README.md"
if [ "$name" = amalgamation ] && [ ! -e "$source/build/cjson-src" ]; then
    echo "SKIPPED: no source of cJSON in build/cjson-src: ./dev amalgamate fetches it"
    exit 77
fi
cd "$work"
[ -s commands ] || { echo "README.md has no commands for $name"; exit 1; }
count=$(grep -c . commands)
[ "$count" -le 3 ] || { echo "README.md needs $count commands for $name"; exit 1; }
if [ "${4:-}" = files ]; then
    exit 0
fi

{
    echo 'set -eux'
    cat commands
} >run.sh
sh run.sh >printed.txt 2>log.txt </dev/null || { cat printed.txt log.txt; exit 1; }
cat printed.txt
grep -q 'open.*/etc/passwd' printed.txt
