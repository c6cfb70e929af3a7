# What whoever was traced may have written, and what files may be called: none of it reaches a terminal as it is.

esc=$(printf '\033[31m')
raw=$(printf '\233')
c1=$(printf '\302\233')
bidi=$(printf '\342\200\256x\342\201\246')
hostile="a${esc}b${raw}c${c1}d${bidi}e"

# harmless WHAT: of standard input. The escapes of our own are of no use to anybody where no terminal is.
harmless() {
    LC_ALL=C grep -a -n -P \
        '[\x00-\x08\x0b-\x1f\x7f]|(^|[\x00-\x7f])[\x80-\x9f]|\xc2[\x80-\x9f]|\xe2\x80[\xaa-\xae]|\xe2\x81[\xa6-\xa9]' \
        >"$work/harm" || return 0
    failed "$1: $(od -c "$work/harm" | head -n 5)"
}

# says ARGUMENTS: whatever the command prints.
says() {
    { "$command" "$@" 2>&1 </dev/null || :; } | harmless "$*"
}

case_hostile() {
    live="$work/$hostile.ring"
    cp "$writer" "$work/w$esc$c1"
    writer="$work/w$esc$c1"
    start_writer
    tell event "$hostile" "detail $hostile"
    tell fail "$hostile" "$hostile"
    tell op "$hostile" 1
    tell begin "$hostile"
    tell await "$hostile"
    for of in "summary" "summary --json" "events" "events --json" "stats" "stats --json" "info" "info --json" \
        "export --to json" "export --to ndjson" "export --to chrome"; do
        # A command and its options.
        # shellcheck disable=SC2086
        set -- $of
        first=$1
        shift
        "$command" "$first" "$live" "$@" >"$work/text" || failed "$of"
        grep -q . "$work/text" || failed "$of says nothing"
        harmless "$of" <"$work/text"
    done
    # Read as JSON, it is what it was: for the raw byte, which JSON has no place for, U+FFFD.
    expect "escaped in JSON" 'a\u001b[31mb\357\277\275c\u009bd\u202ex\u2066e' \
        "$("$command" events "$live" --json --last 1 | sed 's/.*"name":"\([^"]*\)".*/\1/' |
            sed "s/$(printf '\357\277\275')/\\\\357\\\\277\\\\275/")"
    end_writer
}

case_hostile_arguments() {
    says "$hostile"
    says help "$hostile"
    says stats "--$hostile"
    says stats "$work/$hostile"
    says stats "$image" --sort "$hostile"
    says events "$image" --category "$hostile"
    says events "$image" --pid "$hostile"
    says events "$image" --since "$hostile"
    says export "$image" --to "$hostile"
    says export "$image" --to json -o "$work/none/$hostile"
    says ctl "$image" "$hostile"
    says view "$work/$hostile"
    says report "$image" --web "$work/$hostile" -o "$work/$hostile.html"
    says convert "$work/$hostile" -o "$work/x.ring"
    says record -e "$hostile" -- true
    says record -- "$hostile"
    says record -- "$work/$hostile"
    says demo -o "$work/none/$hostile"
    says demo -o "$work/$hostile.demo"
    cp "$work/text.ring" "$work/$hostile.text"
    says info "$work/$hostile.text"
}
