# An assistant's view: requests to `ringscope mcp` and its answers, one per line.

# ask REQUEST...: the answers.
ask() {
    mkdir -p "$work/traces"
    cp "$image" "$work/traces/demo.ring"
    printf '%s\n' "$@" | "$command" mcp "$work/traces" 2>&1
}

# call TOOL ARGUMENTS: its answer, where FILE is a trace that it may read.
call() {
    ask '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"'"$1"'","arguments":'"$2"'}}' |
        sed "s|$work|WORK|g"
}

# refused TOOL ARGUMENTS WHY
refused() {
    expect "$1 $2" '{"jsonrpc":"2.0","id":1,"result":{"content":[{"type":"text","text":"'"$3"'"}],"isError":true}}' \
        "$(call "$1" "$2")"
}

# An id comes back as the same number or text, however long.
case_mcp_ids() {
    for id in 1 -7 1764257000123456 9007199254740991 1e+22 0.5 '"a\"b"' null; do
        expect "id $id" '{"jsonrpc":"2.0","id":'"$id"',"result":{}}' \
            "$(ask '{"jsonrpc":"2.0","id":'"$id"',"method":"ping"}')"
    done
    for line in '{' '{"id":1,"method":"ping"} {"id":2,"method":"ping"}'; do
        expect "$line" '{"jsonrpc":"2.0","id":null,"error":{"code":-32700,"message":"it is no JSON"}}' "$(ask "$line")"
    done
    expect "what is no finite number" 'null' \
        "$(ask '{"jsonrpc":"2.0","id":1e999,"method":"ping"}' | sed 's/.*"id":\([^,]*\),.*/\1/')"
}

# Several messages in one have one reply, with the answer due to each; if none is due, there is no reply.
case_mcp_batches() {
    expect "a batch" '[{"jsonrpc":"2.0","id":1,"result":{}},{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"it has no method"}}]' \
        "$(ask '[{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/initialized"},5]')"
    expect "an empty one" '{"jsonrpc":"2.0","id":null,"error":{"code":-32600,"message":"it has no method"}}' "$(ask '[]')"
    for line in '[{"jsonrpc":"2.0","method":"notifications/cancelled"}]' '{"jsonrpc":"2.0","id":1,"result":{}}' \
        '{"jsonrpc":"2.0","id":1,"error":{"code":0,"message":""}}'; do
        expect "$line" '' "$(ask "$line")"
    done
}

# An argument unknown to a tool is an error: ignoring it would answer a different question.
case_mcp_arguments() {
    file='"file":"'$work/traces/demo.ring'"'
    for arguments in "{$file}" "{$file,\"query\":\"name:read\"}" "{$file,\"query\":null,\"page\":2}"; do
        call events "$arguments" | grep -q '"isError":false' || failed "events $arguments"
    done
    refused events "{$file,\"query\":5}" 'events: query is no argument of it, or not of its type'
    refused events "{$file,\"filter\":\"name:read\"}" 'events: filter is no argument of it, or not of its type'
    refused events "{$file,\"page\":\"2\"}" 'events: page is no argument of it, or not of its type'
    refused events "{$file,\"page\":0}" 'events: page is no argument of it, or not of its type'
    refused info "{$file,\"query\":\"x\"}" 'info: query is no argument of it, or not of its type'
    refused files "{$file}" 'files: file is no argument of it, or not of its type'
    refused events '[1]' 'events: arguments is no argument of it, or not of its type'
    refused info '{}' 'the parameter file is missing'
    refused info '{"file":"/etc/passwd"}' 'it is not below a folder that may be read'
    ln -s /etc/passwd "$work/traces/link"
    refused info "{\"file\":\"$work/traces/link\"}" 'it is not below a folder that may be read'
    refused info "{\"file\":\"$work/traces/../demo.ring\"}" 'it is not below a folder that may be read'
}
