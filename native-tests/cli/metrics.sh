# The output of `ringscope metrics`, read by a strict parser of the exposition format.

# Checks each line: a comment that opens a family, or a sample of the open family; buckets add up.
parse_metrics() {
    awk '
        function bad(why) { print "line " NR ": " why ": " $0; failed = 1 }
        function value(text) { return text ~ /^([0-9]+(\.[0-9]+)?|\+Inf)$/ }
        $1 == "#" && $2 == "HELP" { next }
        $1 == "#" && $2 == "TYPE" {
            family = $3; type = $4
            if (seen[family]++) bad("a family twice")
            if (type !~ /^(counter|gauge|histogram)$/) bad("type")
            if (type == "counter" && family !~ /_total$/) bad("a counter is a total")
            next
        }
        {
            if (!match($0, /^ringscope_[a-z_]+\{/)) { bad("name"); next }
            name = substr($0, 1, RLENGTH - 1); rest = substr($0, RLENGTH + 1); le = ""; key = name
            while (match(rest, /^[a-z]+="([^"\\]|\\\\|\\"|\\n)*",?/)) {
                label = substr(rest, 1, RLENGTH); rest = substr(rest, RLENGTH + 1)
                sub(/,$/, "", label)
                if (label ~ /^le=/) le = substr(label, 5, length(label) - 5); else key = key "," label
            }
            if (rest !~ /^\} /) { bad("labels"); next }
            number = substr(rest, 3)
            if (!value(number)) bad("value")
            if (type == "histogram") {
                base = name; sub(/_(bucket|sum|count)$/, "", base)
                if (base != family) bad("another family")
                plain = key; sub(/_(bucket|sum|count),/, ",", plain)
                if (name ~ /_bucket$/) {
                    if (!value(le)) bad("le")
                    if (number + 0 < last[plain] + 0) bad("a bucket has less than the one before")
                    last[plain] = number
                    if (le == "+Inf") all[plain] = number
                }
                if (name ~ /_count$/ && number != all[plain]) bad("the count is not that of +Inf")
            } else if (name != family) bad("another family")
            if (samples[key "," le]++) bad("a sample twice")
        }
        END { exit failed }
    ' "$1"
}

case_metrics() {
    "$command" metrics "$image" >"$work/metrics" || failed "it ends with $?"
    expect "every line is of the format" '' "$(parse_metrics "$work/metrics")"
    "$command" stats "$image" --json >"$work/stats.json"
    expect "calls are those of stats" "$(tr '{' '\n' <"$work/stats.json" | sed -n 's/.*"name":"\([^"]*\)","count":\([0-9]*\),"errors":\([0-9]*\).*/\1 \2 \3/p' | sort)" \
        "$(sed -n 's/^ringscope_operation_calls_total.*operation="\(.*\)"} /\1 /p' "$work/metrics" | sort | while read -r name count; do
            echo "$name $count $(sed -n "s/^ringscope_operation_errors_total.*operation=\"$name\"} //p" "$work/metrics")"
        done)"
    expect "there are operations, with histograms" 1 "$(grep -q '^ringscope_operation_duration_seconds_bucket.*operation="read",le="+Inf"} [1-9]' "$work/metrics" && echo 1)"
    expect "events in the buffer" "$("$command" events "$image" | wc -l)" \
        "$(sed -n 's/^ringscope_events_held{.*} //p' "$work/metrics")"
    cp "$image" "$work/a \"quoted\" \\ name.ring"
    "$command" metrics "$image" "$work/a \"quoted\" \\ name.ring" >"$work/metrics" || failed "several end with $?"
    expect "several files, each by its name" '' "$(parse_metrics "$work/metrics")"
    expect "twice as many samples" 2 "$(grep -c '^ringscope_ticks_total{' "$work/metrics")"
    expect "one that cannot be opened fails" 1 \
        "$("$command" metrics "$image" "$work/missing.ring" >/dev/null 2>&1 || echo $?)"
    if command -v promtool >/dev/null; then
        promtool check metrics <"$work/metrics" >"$work/promtool" 2>&1 || failed "promtool: $(cat "$work/promtool")"
    fi
}
