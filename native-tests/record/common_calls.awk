# Compares, call by call, the output of strace -f -yy and ringscope events for the same program's first thread:
#
#     awk -f common_calls.awk strace.txt events.txt
#
# A line of output has, separated by tabs: the call's name, strace's line, ringscope's line, the number of fields in
# strace's, the number of those that ringscope has, and the missing ones. A field is an argument, a member of a
# structure, an element of a list or the result; an empty value (NULL, 0) is not a field. Values that differ from run to
# run are replaced by a word. Exits with 1 if the two list different calls.

# ---------------------------------------------------------------- values that differ from run to run

function mask(text, name, pids, id) {
    if (name ~ /mempolicy$/)
        sub(/\[0x0*1\]/, "[0]", text) # node 0 as a set
    text = replaced(text, "0x[0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f][0-9a-f]+", "ADDRESS")
    gsub(/common-calls-[0-9]+/, "common-calls-N", text)
    gsub(/htons\([0-9][0-9][0-9][0-9]+\)/, "htons(PORT)", text)
    while (match(text, /(127\.0\.0\.1|::1\]):[0-9][0-9][0-9][0-9]+/)) {
        id = substr(text, RSTART, RLENGTH)
        sub(/:[0-9]+$/, ":PORT", id)
        text = substr(text, 1, RSTART - 1) id substr(text, RSTART + RLENGTH)
    }
    gsub(/:\[[0-9]+(->[0-9]+)?\]/, ":[N]", text)
    gsub(/<pid:? ?[0-9]+>/, "<N>", text)
    gsub(/<(pipe|unix|tcp6?|udp6?|netlink) [0-9]+>/, "<N>", text)
    if (name ~ /^(clone|fork|vfork|wait|kill$|tgkill|getp?p?[it]+d$|rt_sigqueueinfo|rt_sigtimedwait|setsid|pidfd_open|process_vm)/)
        text = masked_numbers(text, pids, "PID")
    if (name ~ /^shm/ && shm_id[pids] != "")
        text = masked_numbers(text, pids "/shm", "ID")
    if (name ~ /^(sysinfo|getrusage|times|clock_gettime|statfs)$/)
        text = without_numbers(text)
    if (name == "getcwd")
        sub(/= [0-9]+$/, "= LENGTH", text)
    if (name == "getrandom")
        sub(/"(\\.|[^"])*"/, "BYTES", text)
    if (name == "uname" && sub(/nodename="[^"]*"/, "nodename=\"HOST\"", text) == 0)
        sub(/Linux [^ ]+ [^ ]+/, "Linux HOST RELEASE", text)
    if (name == "getdents64")
        sub(/ \[.*\],/, " [NAMES],", text)
    return text
}

function replaced(text, pattern, word) {
    gsub(pattern, word, text)
    return text
}

# Zero means nothing, and stays, as do digits that are part of a name.
function without_numbers(text, out, number) {
    out = ""
    while (match(text, /[0-9][0-9.]*/)) {
        number = substr(text, RSTART, RLENGTH)
        out = out substr(text, 1, RSTART - 1)
        out = out (number == "0" || out ~ /[A-Za-z_]$/ ? number : "#")
        text = substr(text, RSTART + RLENGTH)
    }
    return out text
}

# Replaces whole numbers that are in a set.
function masked_numbers(text, set, word, out, number) {
    out = ""
    while (match(text, /[0-9]+/)) {
        number = substr(text, RSTART, RLENGTH)
        out = out substr(text, 1, RSTART - 1) ((set SUBSEP number) in known ? word : number)
        text = substr(text, RSTART + RLENGTH)
    }
    return out text
}

function learn(of, name, result) {
    if (name ~ /^(clone|clone3|fork|vfork|getppid|setsid)$/ && result + 0 > 0)
        known[of, result + 0] = 1
    if (name == "shmget" && result + 0 > 0) {
        shm_id[of] = result + 0
        known[of "/shm", result + 0] = 1
    }
}

# ------------------------------------------------------------------------------------------- reading

# From the program's first own call to the one in which it executes itself: libc's calls vary.
function add_call(of, name, text, result) {
    learn(of, name, result)
    if (name == "mkdir")
        began[of] = 1
    if (!began[of] || ended[of])
        return
    ended[of] = name == "execve" && result == "0"
    count[of]++
    names[of, count[of]] = name
    lines[of, count[of]] = text
}

FNR == 1 { file++ }

# strace's line may come in two parts.
file == 1 {
    if (main == "") {
        main = $1
        known["strace", main] = 1
    }
    if ($1 != main || $2 == "---" || $2 == "+++")
        next
    text = $0
    sub(/^[0-9]+ +/, "", text)
    if (text ~ /<unfinished \.\.\.>$/) {
        begun = text
        sub(/ *<unfinished \.\.\.>$/, "", begun)
        next
    }
    if (text ~ /^<\.\.\. [a-z0-9_]+ resumed>/) {
        sub(/^<\.\.\. [a-z0-9_]+ resumed>/, "", text)
        text = begun text
    }
    name = text
    sub(/\(.*/, "", name)
    result = text
    sub(/.*\) += /, "", result)
    arguments = substr(text, length(name) + 2, length(text) - length(name) - 1 - length(result))
    sub(/\) += $/, "", arguments)
    if (name ~ /^syscall_0x/)
        name = "syscall_" decimal(substr(name, 9)) # the number has no name
    add_call("strace", name, name "(" arguments ") = " result, result)
    next
}

# "[1.25] 812/812 name 2.22us FILE openat: …"
{
    if (main_of_ours == "") {
        main_of_ours = $2
        sub(/\/.*/, "", main_of_ours)
        known["ringscope", main_of_ours] = 1
    }
    task = $2
    sub(/\/.*/, "", task)
    if (task != main_of_ours || !match($0, / [A-Z]+ [a-z_0-9]+: /))
        next
    text = substr($0, RSTART + 1)
    sub(/^[A-Z]+ /, "", text)
    name = text
    sub(/:.*/, "", name)
    if (name ~ /^(exec|exit|spawn|signal)$/ && $0 ~ / (PROCESS|SIGNAL) (exec|exit|spawn|signal): /)
        if (name != "exit" || $0 ~ /exit: (status|killed)/)
            next
    result = text
    sub(/.*= /, "", result)
    add_call("ringscope", name, text, result)
}

# -------------------------------------------------------------------------------------------- fields

# Splits at commas and brackets outside quotes and <name>.
function split_fields(text, out, n, i, c, inside, depth, current) {
    n = 0
    current = ""
    while (match(text, /\/\*[^*]*\*\//))
        text = substr(text, 1, RSTART - 1) substr(text, RSTART + RLENGTH)
    for (i = 1; i <= length(text); i++) {
        c = substr(text, i, 1)
        if (inside) {
            current = current c
            if (c == "\\")
                current = current substr(text, ++i, 1)
            else if (c == "\"")
                inside = 0
        } else if (c == "\"") {
            inside = 1
            current = current c
        } else if ((c == "<" && substr(text, i + 1, 1) != "<" && substr(text, i - 1, 1) != "<") || c == "(") {
            depth++
            current = current c
        } else if ((c == ">" && substr(text, i - 1, 1) !~ /[-=]/) || c == ")") {
            depth--
            current = current c
        } else if (depth <= 0 && index(",{}[]", c)) {
            out[++n] = current
            current = ""
        } else {
            current = current c
        }
    }
    out[++n] = current
    return n
}

function trim(text) {
    gsub(/^ +| +$/, "", text)
    sub(/^=> */, "", text)
    return text
}

# Whether a word is in the rest of ringscope's line, not as part of another word. Numbers are used up.
function takes(word, at, before, after, from, number) {
    from = 1
    number = word ~ /^-?[0-9]/
    while ((at = index(substr(left, from), word)) > 0) {
        at += from - 1
        before = substr(left, at - 1, at > 1)
        after = substr(left, at + length(word), 1)
        if (before !~ /[A-Za-z0-9_]/ && after !~ /[A-Za-z0-9_]/ && !(number && before ~ /[-.]/)) {
            if (number || word == "ADDRESS" || word == "PID" || word == "#")
                left = substr(left, 1, at - 1) sprintf("%" length(word) "s", "") substr(left, at + length(word))
            return 1
        }
        from = at + 1
    }
    return 0
}

function contains(text) {
    return index(left, text) > 0
}

function decimal(hex, i, value) {
    value = 0
    for (i = 3; i <= length(hex); i++)
        value = value * 16 + index("0123456789abcdef", substr(hex, i, 1)) - 1
    return value
}

function has_words(value, parts, n, i) {
    n = split(value, parts, "|")
    for (i = 1; i <= n; i++) {
        sub(/^1<</, "", parts[i])
        if (!takes(parts[i]) && !(parts[i] ~ /^[A-Z0-9]+$/ && takes("SIG" parts[i])))
            return 0
    }
    return 1
}

# Values that strace names differently.
function has_known(value, number) {
    if (value ~ /^AT_FDCWD</ || value == "AT_FDCWD")
        return contains("/")
    if (value ~ /^(nl_groups|sa_family=AF_NETLINK)/)
        return contains("netlink")
    if (value ~ /^sa_family=/) # an address looks like its family's
        return value ~ /AF_INET6/ ? contains("]:") : value ~ /AF_INET/ ? left ~ /[0-9]:([0-9]|PORT)/ : left ~ /<N>|unix/
    if (match(value, /^makedev\(0x[0-9a-f]+, 0x[0-9a-f]+\)$/)) {
        split(substr(value, 9, length(value) - 9), number, ", ")
        return contains("device " decimal(number[1]) ":" decimal(number[2]))
    }
    if (value ~ /^IOPRIO_PRIO_VALUE\(/)
        return contains(replaced(substr(value, 19, length(value) - 19), ", ", " "))
    if (value == "ADDRESS" && (contains("[NAMES]") || contains(" vars")))
        return 1 # it is at least as informative
    if (match(value, /WEXITSTATUS\(s\) == [0-9]+/))
        return contains("exited " substr(value, RSTART + 18, RLENGTH - 18))
    if (match(value, /WTERMSIG\(s\) == [A-Z]+/))
        return contains("killed by " substr(value, RSTART + 15, RLENGTH - 15))
    if (value == "RLIM64_INFINITY")
        return contains("infinity")
    if (value ~ /^SIGRT_[0-9]+$/)
        return contains(value == "SIGRT_2" ? "SIGRTMIN" : "SIGRTMIN+" (substr(value, 7) - 2))
    if (value ~ /^[0-9]+\*[0-9]+$/) {
        split(value, number, "*")
        return takes(number[1] * number[2])
    }
    return -1
}

# "3</a>", "3<TCP:[1->2]>": the number, and the name unless it is known by a number alone.
function has_descriptor(value, number, name) {
    number = value
    sub(/<.*/, "", number)
    name = value
    sub(/^[0-9]+</, "", name)
    sub(/>(\(deleted\))?$/, "", name)
    if (!takes(number))
        return 0
    if (name ~ /\[N\]/)
        return contains("<N>") || contains("→") || contains("tcp ") || contains("unix ") || contains("udp6 ") ||
            contains("<netlink ")
    if (name ~ /^anon_inode:/) {
        gsub(/^anon_inode:\[?|\]$/, "", name)
        sub(/^eventpoll$/, "epoll", name)
    }
    sub(/^\/memfd:/, "memfd:", name)
    sub(/<.*/, "", name)
    if (name ~ /^(TCP|UDP)/)
        return left ~ /(tcp|udp)6? /
    return contains(name)
}

function has_field(key, value, answer) {
    if (value ~ /^@?"/) {
        gsub(/^@?"|"(\.\.\.)?$/, "", value)
        if (value == ".")
            return contains("/")
        return contains(value) || contains(replaced(value, "\\\\0", "@"))
    }
    answer = has_known(key ~ /^(sa_family|nl_groups)$/ ? key "=" value : value)
    if (answer >= 0)
        return answer
    if (value ~ /^-?[0-9]+<[^<]/)
        return has_descriptor(value)
    if (match(value, /^(htons|htonl)\(/))
        value = substr(value, 7, length(value) - 7)
    else if (match(value, /"[^"]*"/) && value ~ /^inet_/)
        return contains(substr(value, RSTART + 1, RLENGTH - 2))
    if (value ~ /^0x[0-9a-f]+$/ && takes(decimal(value)))
        return 1
    sub(/^~/, "", value)
    return value ~ /[|]/ || value ~ /^[A-Z]/ ? has_words(value) : takes(value)
}

# "0.001 s" of two members.
function has_time(seconds, fraction, digits, text) {
    if (fraction !~ /^[0-9]+$/)
        return takes(fraction)
    text = sprintf("%d.%0" digits "d", seconds, fraction)
    sub(/0+$/, "", text)
    sub(/\.$/, "", text)
    return takes(text)
}

function is_nothing(key, value) {
    return value == "" || value == "NULL" || value == "0" || value == "..." || value == "0x0" || value == "?" ||
        value == "htonl(0)" || (key ~ /_fd$/ && value ~ /^0</) || key == "u32" || value ~ /^(0|NULL) *\([A-Za-z ]+\)$/
}

function look_for(key, value, found) {
    if (is_nothing(key, value))
        return
    fields++
    if (value ~ /^-1 E[A-Z0-9]+ \(/)
        found = contains(substr(value, 1, index(value, "(") - 2))
    else if (key ~ /^tv_[nu]sec$/)
        found = has_time(seconds, value, key == "tv_nsec" ? 9 : 6)
    else if (key == "tv_sec")
        found = 1 # as the other half
    else
        found = has_field(key, value)
    if (found)
        have++
    else
        missing = missing (missing == "" ? "" : "; ") (key == "" ? "" : key "=") value
}

# The result may have more in parentheses: "1 ([{fd=5, revents=POLLIN}])", "0x8002 (flags O_RDWR)", "0 (Timeout)".
function look_through(text, is_result, parts, n, i, key, value, more) {
    more = ""
    if (is_result && text !~ /^-1 / && match(text, / \(.*\)$/)) {
        more = substr(text, RSTART + 2, RLENGTH - 3)
        text = substr(text, 1, RSTART - 1)
        if (more ~ /^flags /)
            text = substr(more, 7)
        if (more ~ /^[A-Z0-9_|]+$/ && has_words(more))
            text = more # the name of the number
        if (more !~ /^[[{]/)
            more = ""
    }
    n = split_fields(text, parts)
    for (i = 1; i <= n; i++) {
        value = trim(parts[i])
        key = ""
        if (match(value, /^[a-z_0-9]+=/)) {
            key = substr(value, 1, RLENGTH - 1)
            value = trim(substr(value, RLENGTH + 1))
        }
        if (key == "tv_sec")
            seconds = value
        look_for(key, value)
    }
    if (more != "") {
        left = whole # of the requested events, those that occurred
        look_through(more, 0)
    }
}

function compare(i, strace, ours, name, arguments, result) {
    name = names["strace", i]
    strace = mask(lines["strace", i], name, "strace")
    ours = mask(lines["ringscope", i], name, "ringscope")
    left = ours
    sub(/^[a-z0-9_]+: ?/, "", left)
    whole = left
    fields = have = 0
    missing = ""
    arguments = substr(strace, length(name) + 2)
    result = arguments
    sub(/.*\) = /, "", result)
    arguments = substr(arguments, 1, length(arguments) - length(result) - 4)
    seconds = 0
    look_through(arguments, 0)
    look_through(result, 1)
    printf "%s\t%s\t%s\t%d\t%d\t%s\n", name, strace, ours, fields, have, missing
}

END {
    for (i = 1; i <= count["strace"]; i++) {
        if (names["strace", i] != names["ringscope", i]) {
            printf "call %d is %s by strace and %s by ringscope\n", i, names["strace", i], names["ringscope", i]
            exit 1
        }
    }
    if (count["strace"] != count["ringscope"]) {
        printf "%d calls by strace and %d by ringscope\n", count["strace"], count["ringscope"]
        exit 1
    }
    for (i = 1; i <= count["strace"]; i++)
        compare(i)
}
