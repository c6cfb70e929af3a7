# Completion of ringscope for bash. It asks the command itself: its help lists commands and options.

_ringscope() {
    local program=$1 word=$2 before=$3 candidates
    COMPREPLY=()
    if [ "$COMP_CWORD" -eq 1 ]; then
        candidates=$("$program" --help 2>/dev/null | sed -n 's/^  \([a-z]*\)  *[a-z].*/\1/p')
    elif [[ $word == -* ]]; then
        candidates=$("$program" "${COMP_WORDS[1]}" --help 2>/dev/null | grep -o -e '--[a-z-]*' | sort -u)
    else
        case $before in
        --to) candidates='json ndjson chrome' ;;
        --sort | -s) candidates='total count errors max p99' ;;
        --backend) candidates='bpf ptrace' ;;
        *)
            if [ "${COMP_WORDS[1]}" = ctl ] && [ "$COMP_CWORD" -eq 3 ]; then
                candidates='enable disable reset filter'
            else
                mapfile -t COMPREPLY < <(compgen -f -- "$word")
                return
            fi
            ;;
        esac
    fi
    mapfile -t COMPREPLY < <(compgen -W "$candidates" -- "$word")
}
complete -o filenames -F _ringscope ringscope
