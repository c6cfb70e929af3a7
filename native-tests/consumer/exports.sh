#!/bin/sh
# The shared library exports exactly the functions that the header declares, and its name has its interface version:
# exports.sh LIBRARY HEADER.
set -eu

exported=$(nm -D --defined-only "$1" | awk '{ print $3 }' | sort)
declared=$(sed -n 's/^\(extern \)\{0,1\}TRACER_API [^(;]*[ *(]\(tracer\{0,1\}_[a-z_]*\)[);(].*/\2/p' "$2" | sort)

# The lines of the first text that are missing from the second.
missing() {
    for name in $1; do
        echo "$2" | grep -qx "$name" || echo "$name"
    done
}
not_declared=$(missing "$exported" "$declared")
not_exported=$(missing "$declared" "$exported")
if [ -n "$not_declared$not_exported" ]; then
    echo "exported and not declared: $not_declared"
    echo "declared and not exported: $not_exported"
    exit 1
fi
if echo "$exported" | grep -v '^tracer\{0,1\}_'; then
    echo "has another prefix than trace_ and tracer_"
    exit 1
fi
readelf -d "$1" | grep 'soname: \[libringscope\.so\.[0-9]*\.[0-9]*\]'
echo "$exported" | grep -c .
