#!/bin/sh
# Builds SQLite's speedtest1 as WebAssembly, with the names of its functions: speedtest1.sh SOURCES DIRECTORY
set -eu

sources=$(cd "$1" && pwd)
mkdir -p "$2"
cd "$2"
"$sources/configure" --disable-tcl
make sqlite3.c
NODE_PATH=/usr/share/nodejs emcc -O2 --profiling-funcs -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_LOAD_EXTENSION \
    -DSQLITE_DEFAULT_MEMSTATUS=0 -I. "$sources/test/speedtest1.c" sqlite3.c -sMODULARIZE -sEXIT_RUNTIME -sINITIAL_MEMORY=128MB \
    -sALLOW_MEMORY_GROWTH -sNODEJS_CATCH_EXIT=0 -sNODEJS_CATCH_REJECTION=0 -o speedtest1.js
