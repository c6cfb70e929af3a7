# shellcheck shell=sh
# found RINGSCOPE TRACE: the calls of each function in a trace, as "calls name", sorted by name; names are cut after 200
# bytes.
found() {
    "$1" export --to ndjson "$2" | grep '"label": *"FUNCTION"' |
        sed 's/.*"name": *"\(\([^"\\]\|\\.\)*\)".*/\1/; s/^\(.\{200\}\).*/\1/' | LC_ALL=C sort | uniq -c |
        sed 's/^ *//' | LC_ALL=C sort
}

# counted PROGRAM COUNTS: the same for a program that was linked with counter.c, using the addresses that it wrote.
counted() {
    nm -C "$1" | sed -n 's/^0*\([0-9a-f]\{1,16\}\) [tTwWuVvi] \(.\{1,200\}\).*/\1 \2/p' >symbols
    awk 'NR == FNR { address = $1; sub(/^[^ ]* /, ""); if (!(address in name)) name[address] = $0; next }
        { sub(/^0x/, "", $1); calls[$1 in name ? name[$1] : $1] += $2 }
        END { for (each in calls) print calls[each], each }' symbols "$2" | LC_ALL=C sort
}

# same EXPECTED FOUND: two files.
same() {
    if ! cmp -s "$1" "$2"; then
        echo "calls that differ, expected < and found >:"
        diff "$1" "$2" | head -n 40
        exit 1
    fi
}
