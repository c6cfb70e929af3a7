# How -o treats an existing file.

# fails WHAT WORDS ARGUMENTS: the command must fail, with these words.
output_fails() {
    what=$1 words=$2 status=0
    shift 2
    message=$("$command" "$@" 2>&1) || status=$?
    expect "$what fails" 1 $status
    case $message in
    *"$words"*) ;;
    *) failed "$what: it says $message" ;;
    esac
}

case_output_is_input() {
    cp "$image" "$work/in.ring"
    before=$(cksum <"$work/in.ring")
    ln -sf in.ring "$work/link.ring"
    ln -f "$work/in.ring" "$work/hard.ring"
    for out in in link hard; do
        output_fails "over its input as $out" "the file to be read" \
            export "$work/in.ring" --to ndjson -o "$work/$out.ring"
        expect "its input is as it was ($out)" "$before" "$(cksum <"$work/in.ring")"
    done
    status=0
    "$command" export - --to ndjson -o "$work/in.ring" <"$work/in.ring" 2>/dev/null || status=$?
    expect "over its standard input" "1 $before" "$status $(cksum <"$work/in.ring")"
    for form in "convert $work/in.ring" "merge $work/trace.json $work/in.ring" "extract $work/in.ring"; do
        for out in in link hard; do
            output_fails "$form over what it reads, as $out" "the file to be read" $form -o "$work/$out.ring"
            expect "it is as it was ($out)" "$before" "$(cksum <"$work/in.ring")"
        done
    done
}

case_output_is_live() {
    start_writer
    output_fails "over an image in use" "a program is writing" export "$image" --to ndjson -o "$live"
    tell event open /etc/passwd
    expect "its writer goes on" 1 "$("$command" events "$live" | wc -l)"
    end_writer
}

case_output_fails_half_way() {
    echo good >"$work/out.json"
    chmod 640 "$work/out.json"
    status=0
    (
        trap '' XFSZ
        ulimit -f 1
        "$command" export "$image" --to json -o "$work/out.json" 2>/dev/null
    ) || status=$?
    expect "a file that grows too large fails" 1 $status
    expect "what was there is there" good "$(cat "$work/out.json")"
    expect "and nothing else" "out.json" "$(cd "$work" && echo out*)"
    "$command" export "$image" --to json -o "$work/out.json"
    expect "who may read it stays" 640 "$(stat -c %a "$work/out.json")"
    expect "the new one is whole" "$("$command" export "$image" --to json | cksum)" "$(cksum <"$work/out.json")"
}

case_output_through_link() {
    mkdir -p "$work/there"
    echo old >"$work/there/out.json"
    ln -sf there/out.json "$work/out.json"
    "$command" export "$image" --to json -o "$work/out.json"
    expect "the link stays" there/out.json "$(readlink "$work/out.json")"
    expect "the file it names is written" "$("$command" export "$image" --to json | cksum)" \
        "$(cksum <"$work/there/out.json")"
    ln -s none "$work/dangling.json"
    output_fails "a link to nothing" "No such file or directory" export "$image" --to json -o "$work/dangling.json"
    expect "it stays, too" none "$(readlink "$work/dangling.json")"
}

case_output_is_standard_output() {
    echo before >"$work/all.json"
    "$command" export "$image" --to ndjson --last 1 -o /dev/stdout >>"$work/all.json"
    expect "what is appended to stays" before "$(head -n 1 "$work/all.json")"
    expect "and gets the rest" 2 "$(wc -l <"$work/all.json")"
    ln -s /proc/self/fd/1 "$work/stdout"
    "$command" convert "$image" -o "$work/stdout" >"$work/converted.ring"
    expect "an image through such a link" "$("$command" events "$image" | cksum)" \
        "$("$command" events "$work/converted.ring" | cksum)"
    status=0
    "$command" demo -o "$work/stdout" >"$work/none.ring" 2>"$work/error" || status=$?
    expect "a live image through such a link fails" 1 $status
    expect "and says why" 1 "$(grep -c 'is a link to an open file' "$work/error")"
    expect "nothing takes the link's place" /proc/self/fd/1 "$(readlink "$work/stdout")"
}

case_output_empty_file() {
    : >"$work/empty.ring"
    "$command" demo -o "$work/empty.ring" >/dev/null
    expect "an empty file is a place for an image" 0 "$("$command" info "$work/empty.ring" >/dev/null && echo $?)"
}

# Events go to a file that does not appear before it is complete, or to a command.
case_events_to_command() {
    "$command" events "$image" --last 5 >"$work/lines"
    "$command" events "$image" --last 5 -o "$work/file" >"$work/printed"
    cmp -s "$work/lines" "$work/file" || failed 'other lines in the file'
    [ ! -s "$work/printed" ] || failed 'lines on standard output'
    "$command" events "$image" --last 5 -o "|sort >'$work/sorted'" >"$work/printed" || failed "exit code $?"
    sort "$work/lines" | cmp -s - "$work/sorted" || failed 'other lines in the command'
    expect "a command that ends early is no news" 0 "$("$command" events "$image" -o '|head -n 1 >/dev/null' >/dev/null 2>&1; echo $?)"
    expect "one that fails is" "ringscope events: the command of -o ended with status 5" \
        "$("$command" events "$image" -o '|cat >/dev/null; exit 5' 2>&1 || true)"
    "$command" events "$image" --last 5 -o - | cmp -s "$work/lines" - || failed 'other lines on standard output by its name'
    status=0
    "$command" events "$image" -o '| ' >"$work/printed" 2>&1 || status=$?
    expect "no command is wrong usage" 2 $status
}

# One rule for all: - is standard output, |command reads it, and neither is a file name.
case_output_to_commands() {
    mkdir "$work/empty"
    cd "$work/empty" || return
    # An image records when it was made, so a second one differs: their contents are compared.
    for form in "export $image --to folded" "export $image --to parquet" "convert $image" "convert $work/trace.json" \
        "merge $work/trace.json $work/recorded.json" "extract $image" "events $image"; do
        "$command" $form -o "$work/out.ring" 2>/dev/null
        expected=$(cksum <"$work/out.ring")
        expect "$form -o -" "$expected" "$("$command" $form -o - 2>/dev/null | cksum)"
        "$command" $form -o "|cat >'$work/out'" 2>/dev/null || failed "$form -o '|cat'"
        expect "$form -o '|cat'" "$expected" "$(cksum <"$work/out")"
        status=0
        "$command" $form -o '|exit 3' >/dev/null 2>"$work/said" || status=$?
        expect "$form -o '|exit 3'" "1 the command of -o ended with status 3" \
            "$status $(sed -n 's/.*: \(the command of -o\)/\1/p' "$work/said")"
        "$command" $form -o '|head -c 1 >/dev/null' 2>/dev/null || failed "$form: a command that reads less is no failure"
        status=0
        "$command" $form -o '| ' >/dev/null 2>&1 || status=$?
        expect "$form -o '|'" 2 $status
        rm "$work/out.ring"
    done
    for out in - '|cat'; do
        status=0
        "$command" demo -o "$out" >/dev/null 2>&1 || status=$?
        expect "demo -o $out" 2 $status
    done
    expect "no file has such a name" "" "$(ls)"
    cd "$work" || return
}

case_output_host() {
    for format in json folded otlp perfetto; do
        output_usage=0
        "$command" export "$image" --to $format --host web1 >/dev/null 2>&1 || output_usage=$?
        expect "--host with $format" 2 $output_usage
    done
    "$command" export "$image" --to parquet --host web1 >/dev/null || failed "--host with parquet"
}
