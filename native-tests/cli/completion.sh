#!/bin/bash
# Tests the completions that the command prints: completion.sh RINGSCOPE WORK-DIRECTORY. bash and, where they are
# installed, fish are asked what they offer; zsh reads its file.
set -u

command=$1
work=$2
failures=0
rm -rf "$work"
mkdir -p "$work/folder"
touch "$work/trace.ring"
for shell in bash zsh fish; do
    "$command" completions $shell >"$work/$shell" || exit 1
done
. "$work/bash"

# offers SHELL "WORDS BEFORE THE CURSOR" "WHAT IS EXPECTED, SORTED" "WHAT IS OFFERED"
offers() {
    local offered
    offered=$(sort -u <<<"$4" | tr '\n' ' ')
    if [ "${offered% }" != "$3" ]; then
        echo "FAILED: in $1 \"$2\" offers \"${offered% }\", not \"$3\""
        failures=$((failures + 1))
    fi
}

in_bash() {
    # As readline would have it, which takes = for a word of its own.
    read -r -a COMP_WORDS <<<"${1//=/ = }"
    [[ $1 == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _ringscope "$command" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    offers bash "$1" "$2" "$(printf '%s\n' "${COMPREPLY[@]}")"
}

in_fish() {
    offers fish "$1" "$2" "$(cd "$work" && fish --no-config -c "source fish; complete -C '$1'" | cut -f 1)"
}

# both "WORDS" "EXPECTED"
both() {
    in_bash "$@"
    if [ -n "$fish" ]; then
        in_fish "$@"
    fi
}

fish=$(command -v fish) || echo "SKIPPED: what fish offers, for there is no fish"
both 'ringscope su' summary
both 'ringscope e' 'events export'
both 'ringscope help vi' view
both 'ringscope stats --so' --sort
both 'ringscope export x --to ' 'chrome json ndjson'
both 'ringscope stats x -s ' 'count errors max p99 total'
both 'ringscope events x -c fi' file
both 'ringscope events x -c file,i' file,ipc
both 'ringscope ctl x d' disable
both 'ringscope ctl x filter a' all
both 'ringscope record --backend b' bpf
both 'ringscope record -e file -- mkfif' mkfifo
in_bash 'ringscope summary --' '--help --json'
in_bash 'ringscope export x --to=n' ndjson
in_bash "ringscope summary $work/tr" "$work/trace.ring"
in_bash "ringscope view x --web $work/f" "$work/folder"
in_bash 'ringscope record -n ' ''

if command -v zsh >/dev/null; then
    zsh -n "$work/zsh" || failures=$((failures + 1))
else
    echo "SKIPPED: the syntax of the completions for zsh, for there is no zsh"
fi

[ $failures -eq 0 ] || exit 1
echo 'the completions are right'
