#!/bin/bash
# Tests the completion for bash: completion.sh RINGSCOPE SCRIPT.
set -u

command=$1
. "$2"
failures=0

# completes "WORDS BEFORE THE CURSOR" "WHAT IS OFFERED, SORTED"
completes() {
    local offered
    read -r -a COMP_WORDS <<<"$1"
    [[ $1 == *' ' ]] && COMP_WORDS+=('')
    COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
    _ringscope "$command" "${COMP_WORDS[COMP_CWORD]}" "${COMP_WORDS[COMP_CWORD - 1]}"
    offered=$(printf '%s\n' "${COMPREPLY[@]}" | sort | tr '\n' ' ')
    if [ "${offered% }" != "$2" ]; then
        echo "FAILED: \"$1\" offers \"${offered% }\", not \"$2\""
        failures=$((failures + 1))
    fi
}

completes 'ringscope su' summary
completes 'ringscope e' 'events export'
completes 'ringscope summary --' '--help --json'
completes 'ringscope stats --so' --sort
completes 'ringscope export x --to ' 'chrome json ndjson'
completes 'ringscope stats x --sort ' 'count errors max p99 total'
completes 'ringscope ctl x d' disable
completes "ringscope summary ${2%.bash}.b" "$2"

[ $failures -eq 0 ] || exit 1
echo 'completion is well'
