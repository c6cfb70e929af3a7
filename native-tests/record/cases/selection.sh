# Calls selected by their result, compared with strace.

# names: of the calls of the last recording, in order.
names() {
    sed -n -E 's/^[^:]* [A-Z]+ ([a-z0-9_]+): .*= .*/\1/p' "$work/events"
}

# as_strace OPTIONS -- COMMAND…: both see the same calls, and print the same in their tables.
as_strace() {
    strace -o "$work/strace.txt" "$@" >"$work/out" 2>&1 </dev/null || true
    sed -n -E 's/^([a-z0-9_]+)\(.*/\1/p' "$work/strace.txt" >"$work/expected"
    record beside "$@"
    names >"$work/seen"
    [ -s "$work/expected" ] || failed "strace saw nothing with $*"
    diff -u "$work/expected" "$work/seen" || failed "not what strace sees with $*"
}

case_selection_by_outcome() {
    needs ptrace
    command -v strace >/dev/null || skip 'there is no strace'
    as_strace -z -e openat,read,close,access -- cat /etc/passwd /no/such/file
    says 'Calls left out by -z'
    has_not '= -1 '
    as_strace -Z -e openat,read,close,access,exit_group -- cat /etc/passwd /no/such/file
    has 'openat: /no/such/file, O_RDONLY = -1 ENOENT'
    record both -q -z -Z -- true
    ends_with 2 'opposites'
    says 'cannot be combined'
}

# Excluded calls are counted, so that both together are complete.
case_selection_counts() {
    record all -q -e openat -- cat /etc/passwd /no/such/file
    all=$(grep -c 'FILE openat' "$work/events")
    for option in --ok --failed; do
        record $option "$option" -e openat -- cat /etc/passwd /no/such/file
        kept=$(grep -c 'FILE openat' "$work/events")
        left=$(sed -n 's/^Calls left out by .*: //p' "$said")
        [ $((kept + left)) -eq "$all" ] || failed "$option kept $kept and left $left of $all"
        "$command" stats "$image" | grep -q "^openat *$kept " || failed "$option: not counted as recorded"
    done
}

case_selection_by_duration() {
    record slower -q --slower 100 -- sleep 0.2
    has 'TIMER clock_nanosleep: '
    has 'PROCESS exit: status 0'
    record slowest -q --slower 100000000 -- sleep 0.2
    has_not ' = '
    record bad_time -q --slower x -- true
    ends_with 2 'no time'
}

case_selection_by_descriptor() {
    record descriptor -q --fd 100 -- "$subject" descriptors
    count 1 'fcntl: fd [0-9]+ </etc/passwd>, F_DUPFD, 100 = 100'
    count 1 'read: fd 100 </etc/passwd>, 1 bytes = 1'
    count 2 ' = '
    record two_descriptors -q --fd 90 --fd 201 -- "$subject" exec_closes
    count 1 'fcntl: .* = 201'
    record two_descriptors -q --fd 90,201 -- "$programs/arguments" polls
    count 1 'dup2: .* = 90'
    count 2 'poll: '
    count 1 'p?select6?: '
    record too_many --fd 63 -e poll,select,pselect6 -- "$programs/arguments" polls
    has_not 'poll|select'
    says 'Of these, calls with descriptors or paths that could not be determined: 1'
    record bad_descriptor -q --fd 3,x -- true
    ends_with 2 'no descriptor'
}

# events --path finds the calls that record -P records, in each format.
case_selection_of_events_by_path() {
    folder="$work/a, 1>, b"
    mkdir "$folder"
    printf 12345 >"$folder/c"
    script="cat /etc/passwd '$folder/c'; cat </etc/passwd; ls -l /etc/passwd '$folder'; cat /etc/passwd- /etc/passwd.none"
    for path in /etc/passwd "$folder/c"; do
        record of_path -q -P "$path" -- sh -c "$script"
        # What dup2 closes, -P knows, but the event does not say.
        grep -E ' = ' "$work/events" | grep -v 'dup2: fd .*</dev/null>$' |
            sed -E 's/^[^:]* [A-Z]+ //; s/0x[0-9a-f]+/ADDRESS/g' >"$work/expected"
        [ "$(wc -l <"$work/expected")" -gt 5 ] || failed "too few calls about $path"
        record all -q -- sh -c "$script"
        "$command" events "$image" --path "$path" >"$work/seen.txt"
        grep -E ' = ' "$work/seen.txt" | sed -E 's/^[^:]* [A-Z]+ //; s/0x[0-9a-f]+/ADDRESS/g' >"$work/seen"
        diff -u "$work/expected" "$work/seen" || failed "not what -P records of $path"
        lines=$(wc -l <"$work/seen.txt")
        [ "$("$command" events "$image" --path "$path" --json | wc -l)" -eq "$lines" ] || failed "other objects of $path"
        [ "$("$command" events "$image" --path "$path" --format strace | wc -l)" -eq "$lines" ] ||
            failed "other lines of strace's format of $path"
    done
    "$command" events "$image" --path /etc/passwd --path '*.none' --failed >"$work/events"
    count 1 'openat?: /etc/passwd\.none, O_RDONLY = -1 ENOENT$'
    "$command" events "$image" --path /etc/passwd --last 1 --without-details >"$work/events"
    count 1 ' FILE [a-z0-9_]+: $'
    "$command" files "$image" --path '/etc/passwd*' >"$work/events"
    count 3 ' /etc/passwd[^ ]*  .cat'
    status=0
    "$command" events "$image" --path etc/passwd >"$work/said" 2>&1 || status=$?
    [ "$status" -eq 2 ] || failed "a relative path: exit code $status: $(cat "$work/said")"
}

# The table of -c has the counts of strace -c.
case_selection_table() {
    needs ptrace
    command -v strace >/dev/null || skip 'there is no strace'
    setarch -R strace -f -c -o "$work/strace.txt" cat /etc/passwd /no/such/file >/dev/null 2>&1 </dev/null || true
    status=0
    said=$work/table.err
    setarch -R "$command" record -c --backend "$backend" -o "$work/table.ring" -- \
        cat /etc/passwd /no/such/file >/dev/null 2>"$said" </dev/null || status=$?
    ends_with 1 'what cat ends with'
    awk '$1 ~ /^[0-9]/ && $NF !~ /^exit/ { print $NF, $4, (NF > 5 ? $5 : 0) }' "$work/strace.txt" | sort >"$work/expected"
    awk '$1 ~ /^[0-9]/ { print $NF, $8, (NF > 9 ? $9 : 0) }' "$said" | sort >"$work/seen"
    [ -s "$work/expected" ] || failed 'strace counted nothing'
    diff -u "$work/expected" "$work/seen" || failed 'not as strace counts'
    says 'Calls that never returned, as exit: 1'
    record quiet -q -c -- true
    says 'total$'
    ! grep -q -e '--- Losses' "$said" || failed 'the summary stands there, too'
}

# about PATH SCRIPT: a shell's calls concerning the path, recorded and by strace, which does not know openat by other
# names.
about() {
    (cd "$work" && strace -f -o strace.txt -P "$1" sh -c "$2" >/dev/null 2>&1) || true
    sed -n -E 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' "$work/strace.txt" >"$work/strace.names"
    sed /openat/d "$work/strace.names" >"$work/expected"
    image=$work/path.ring
    said=$work/path.err
    (cd "$work" && "$command" record --backend "$backend" -o path.ring -P "$1" -- sh -c "$2" >/dev/null 2>path.err) || true
    "$command" events "$image" >"$work/events"
    names | sed /openat/d >"$work/seen"
    [ -s "$work/strace.names" ] || failed "strace saw nothing of $1"
    diff -u "$work/expected" "$work/seen" || failed "not what strace sees of $1"
}

# By any name: those of links, and relative to the process's directory.
case_selection_by_path() {
    needs ptrace
    command -v strace >/dev/null || skip 'there is no strace'
    mkdir "$work/place"
    echo text >"$work/place/file"
    echo text >"$work/place/other"
    ln -s place/file "$work/link"
    ln -s place "$work/folder"
    for path in place/file "$work/folder/file" folder/../place/file; do
        about "$path" 'cat link; cat folder/../place/./file; cd folder; cat file; cat <file; cat other; readlink ../link'
        count 4 'openat: .*, O_RDONLY = [0-9]+'
        count 1 'openat: .*/folder/\.\./place/\./file, O_RDONLY = [0-9]+'
        count 1 'openat: .*/link, O_RDONLY = [0-9]+'
        has_not 'FILE .*(/other|readlink)'
    done
    about no/such 'cat no/such; cat <place/file; exec 3>made; rm made'
    has 'openat: .*/no/such, O_RDONLY = -1 ENOENT'
    real=$(cd "$work" && pwd -P)
    about "$real/made" "exec 3>'$real/made'; rm '$real/made'"
    record made -q -P "$work/made" -- sh -c "cd '$work'; exec 3>made; rm ./made"
    has 'openat: .*/made, .* = [0-9]+'
    has 'unlinkat: .*/made.* = 0'
}

# A link that disappears before it can be followed is not ignored silently.
case_selection_by_path_of_a_gone_link() {
    ln -s /etc/passwd "$work/link"
    record gone -P /etc/passwd -- sh -c "cat '$work/link'; rm '$work/link'"
    grep -q 'close: fd [0-9]* <.*/link>' "$work/events" || says 'with descriptors or paths that could not be determined'
    has_not 'FILE unlink'
    record two_paths -q -P /no/such -P /etc/passwd -P /none -- cat /no/such /etc/passwd
    has 'openat: /no/such, O_RDONLY = -1 ENOENT'
    has 'close: fd [0-9]+ </etc/passwd>'
    has_not 'libc'
}

# The time of day equals that of the other format, which counts since 1970.
case_selection_shown_with_time_of_day() {
    record wall -q -e openat -- cat /etc/passwd
    "$command" events "$image" --name openat --format strace | sed -E 's/^[0-9]+ ([0-9.]+) .*/\1/' >"$work/since"
    while read -r since; do
        TZ=UTC date -d "@$since" +%T.%6N
    done <"$work/since" >"$work/expected" || skip 'date knows no @ and %N'
    TZ=UTC "$command" events "$image" --name openat --wall >"$work/lines"
    sed -E 's/^\[(.*)\] [0-9]+ [0-9.]+[num]?s FILE openat: .* = -?[0-9].*/\1/' "$work/lines" | sort >"$work/seen"
    [ -s "$work/seen" ] || failed 'no lines'
    sort "$work/expected" | diff -u - "$work/seen" || failed 'another time of day'
    "$command" events "$image" --name openat --format strace >"$work/strace.txt"
    TZ=UTC "$command" events "$work/strace.txt" --wall | sed -E 's/^\[(.*)\] .*[A-Z]+ openat: .*/\1/' | sort | diff -u "$work/seen" - ||
        failed 'another time of day in what was imported'
    utc=$(sed -n '1s/^.\(..\):.*/\1/p' "$work/lines")
    there=$(TZ=XXX-1 "$command" events "$image" --name openat --wall | sed -n '1s/^.\(..\):.*/\1/p')
    [ "$utc" != "$there" ] || failed 'TZ says nothing'
}
