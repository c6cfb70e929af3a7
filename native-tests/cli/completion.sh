#!/bin/bash
# Tests the completions that the command prints: completion.sh SHELL RINGSCOPE WORK-DIRECTORY. bash and fish are asked
# for their offers; zsh only parses its file, because it completes only on a terminal.
set -u

shell=$1
command=$2
work=$3
failures=0
if ! command -v "$shell" >/dev/null; then
    echo "SKIPPED: completions for $shell: there is no $shell"
    exit 77
fi
rm -rf "$work"
mkdir -p "$work/folder"
touch "$work/trace.ring"
"$command" completions "$shell" >"$work/$shell" || exit 1

# offers "WORDS BEFORE THE CURSOR" "WHAT IS EXPECTED, SORTED"
offers() {
    local offered
    offered=$("in_$shell" "$1" | sort -u | tr '\n' ' ')
    if [ "${offered% }" != "$2" ]; then
        echo "FAILED: \"$1\" offers \"${offered% }\", not \"$2\""
        failures=$((failures + 1))
    fi
}

in_bash() {
    # The same as readline, which treats = as a word of its own.
    read -r -a COMP_WORDS <<<"${1//=/ = }"
    [[ $1 == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _ringscope "$command" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    printf '%s\n' "${COMPREPLY[@]}"
}

in_fish() {
    (cd "$work" && fish --no-config -c "source fish; complete -C '$1'" | cut -f 1)
}

ask() {
    offers 'ringscope su' summary
    offers 'ringscope e' 'events export extract'
    offers 'ringscope help vi' view
    offers 'ringscope stats --so' --sort
    offers 'ringscope export x --to ' 'chrome folded json ndjson otlp parquet perfetto strace'
    offers 'ringscope stats x -s ' 'count errors max p99 total'
    offers 'ringscope events x -c fi' file
    offers 'ringscope events x -c file,i' file,ipc
    offers 'ringscope ctl x d' disable
    offers 'ringscope ctl x filter a' all
    offers 'ringscope record --backend b' bpf
    offers 'ringscope record -e file -- mkfif' mkfifo
}

case $shell in
bash)
    . "$work/bash"
    ask
    offers 'ringscope summary --' '--help --json'
    offers 'ringscope export x --to=n' ndjson
    offers "ringscope summary $work/tr" "$work/trace.ring"
    offers "ringscope view x --web $work/f" "$work/folder"
    offers 'ringscope record -n ' ''
    ;;
fish) ask ;;
zsh) zsh -n "$work/zsh" || failures=1 ;;
esac
[ $failures -eq 0 ] || exit 1
echo "the completions for $shell are right"
