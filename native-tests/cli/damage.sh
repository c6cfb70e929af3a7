# Every command with every damaged image: it may show the sound parts, or report the damage, and nothing else.

damage() {
    size=$(wc -c <"$image")
    damaged=$work/damaged
    mkdir "$damaged"
    : >"$damaged/empty"
    cp "$work/text.ring" "$damaged/text"
    for bytes in 7 100 4095 4096 5000 $((size / 2)) $((size - 1)); do
        head -c "$bytes" "$image" >"$damaged/cut-at-$bytes"
    done
}

try() {
    status=0
    "$command" "$@" >"$work/out" 2>"$work/err" || status=$?
    if [ $status -gt 1 ]; then
        failed "$* ($what): exit code $status"
    elif [ $status -eq 1 ] && ! grep -q '^ringscope ' "$work/err"; then
        failed "$* ($what): failed without a message"
    elif [ $status -eq 0 ] && grep -qv 'events could not be read$' "$work/err"; then
        failed "$* ($what): succeeded with a message: $(cat "$work/err")"
    fi
}
try_all() {
    try summary "$1"
    try events "$1" --follow --text a
    try stats "$1"
    try export "$1" --to chrome
    try info "$1"
    try ctl "$1" disable
}

# flip OFFSET: sets eight bytes there to 0xFF. One file at a time: together they would take a lot of disk space.
flip() {
    cp "$image" "$damaged/flipped"
    printf '\377\377\377\377\377\377\377\377' |
        dd of="$damaged/flipped" bs=1 seek="$1" conv=notrunc 2>/dev/null
}

case_cut_short() {
    damage
    what='cut short'
    for file in "$damaged"/*; do
        try_all "$file"
    done
}

case_flipped() {
    damage
    flips='2048 2056 2064 2072 2080 2200 2288 4096 4104 4160 5440 8000 100000'
    offset=0
    while [ $offset -lt 400 ]; do
        flips="$flips $offset"
        offset=$((offset + 24))
    done
    for offset in $flips; do
        flip "$offset"
        what="flipped at $offset"
        try_all "$damaged/flipped"
    done
}

case_refused() {
    damage
    flip 0
    for file in empty text cut-at-7 cut-at-100 cut-at-4095 cut-at-5000 flipped; do
        status=0
        "$command" summary "$damaged/$file" >/dev/null 2>&1 || status=$?
        expect "$file is refused" 1 $status
    done
}

# Another user's image, which only root may read.
case_no_permission() {
    needs root
    chmod 0600 "$image"
    status=0
    message=$(setpriv --reuid 65534 --regid 65534 --clear-groups "$command" summary "$image" 2>&1) || status=$?
    expect "no permission fails" 1 $status
    case $message in
    *denied*) ;;
    *) failed "no permission is named: $message" ;;
    esac
}

# with_hole FILE: a copy followed by a hole of terabytes.
with_hole() {
    cp "$1" "$work/holed"
    if ! truncate -s 3T "$work/holed" 2>/dev/null || [ "$(stat -c %b "$work/holed")" -gt 100000 ]; then
        echo "SKIPPED: the command, $case: this file system has no such holes"
        exit 77
    fi
}

# bounded ARGUMENTS: must be read quickly; reading each byte of the hole would take hours.
bounded() {
    status=0
    timeout 100 "$command" "$@" >"$work/out" 2>"$work/err" </dev/null || status=$?
    [ $status != 124 ] || failed "$* reads the hole"
}

case_holes() {
    "$command" convert "$image" -o "$work/sealed.ring"
    gzip -c "$work/trace.json" >"$work/trace.gz"
    mkdir "$work/page"
    echo '<!--trace-->' >"$work/page/report.html"
    for file in "$image" "$work/sealed.ring" "$work/trace.gz"; do
        with_hole "$file"
        for words in summary stats info events tree; do
            bounded $words "$work/holed"
            mv "$work/out" "$work/with"
            bounded $words "$file"
            grep -v '^Image:' "$work/out" >"$work/without"
            grep -v '^Image:' "$work/with" | cmp -s - "$work/without" || failed "$words of $file: the hole makes a difference"
        done
        bounded convert "$work/holed" -o "$work/converted.ring"
        expect "$file is converted" 0 $status
        bounded report "$work/holed" --web "$work/page" -o "$work/report.html"
    done
    with_hole "$work/trace.json"
    bounded report "$work/holed" --web "$work/page" -o "$work/report.html"
    expect "a report of terabytes is refused" 1 $status
    with_hole "$work/text.ring"
    bounded extract "$work/holed"
    expect "nothing in a hole" 1 $status
    dd if="$work/sealed.ring" of="$work/holed" bs=1M seek=2000000 conv=notrunc 2>/dev/null
    bounded extract "$work/holed"
    expect "an image behind a hole" 'at byte 2097152000000' "$(sed 's/.*, //' "$work/out")"
}
