# Filters: what is recorded, and who may record whom.

case_filter_of_calls() {
    record only_opens -q -e openat,open -- cat /etc/passwd
    ends_with 0 'a filter'
    has 'FILE open(at)?: /etc/passwd, O_RDONLY = [0-9]+'
    has_not 'FILE (read|close)|PROCESS|MEMORY'
    equals processes_spawned 1
}

# Also of calls without a name.
case_filter_of_numbers() {
    for number in 999 syscall_999; do
        record number -q -e $number -- "$subject" bad_arguments
        ends_with 0 "-e $number"
        count 1 'syscall_999: '
        count 1 .
    done
}

case_filter_of_categories() {
    record categories -q -e 'file,!close' -- cat /etc/passwd
    has 'FILE read: '
    has_not 'FILE close|PROCESS|MEMORY|SYSCALL'
    record all_but -q -e '!file,!memory' -- cat /etc/passwd
    has 'PROCESS exec: cat'
    has_not '^[^:]* (FILE|MEMORY) '
}

case_filter_of_classes() {
    record class -q -e %file -- sh -c 'cat </etc/passwd >/dev/null; kill -0 $$'
    has 'FILE open(at)?: /etc/passwd'
    has 'PROCESS execve: '
    has_not '^[^:]* (FILE (read|close):|SIGNAL |MEMORY )'
    record strace_class -q -e trace=%memory,%process -- true
    has 'MEMORY mmap'
    has 'PROCESS exit_group'
    has_not '^[^:]* FILE '
    record pattern -q -e '/^(open|clo)' -e '!openat2' -- cat /etc/passwd
    has 'FILE open(at)?: /etc/passwd'
    has 'FILE close: '
    has_not 'FILE read'
}

# The name of a descriptor is known, whichever calls are recorded.
case_filter_keeps_names() {
    record keeps_names -q -e read -- sh -c 'cd /etc && cat passwd >/dev/null'
    has 'FILE read: fd [0-9]+ </etc/passwd>, '
    has_not 'FILE (open|close)|PROCESS'
    "$command" stats "$image" | grep -q openat && failed 'what is not recorded is counted'
    return 0
}

case_filters_add_up() {
    record two_filters -q -e openat,open -e close -- cat /etc/passwd
    has 'FILE open(at)?: /etc/passwd'
    has 'FILE close: '
    has_not 'FILE read'
    for number in 1 2; do
        sh -c 'while sleep 0.02; do :; done' &
        eval "process_$number=$!"
    done
    image=$work/two.ring
    # shellcheck disable=SC2154
    "$command" record -q --backend "$backend" -o "$image" -e process -e signal -p $process_1 -p $process_2 2>"$said" &
    recorder=$!
    for pid in $process_1 $process_2; do
        eventually sh -c "'$command' events '$image' --pid $pid | grep -q PROCESS"
    done
    kill $process_1 $process_2
    wait $recorder || failed 'two processes'
}

# Options that strace's users type out of habit.
case_habits_of_strace() {
    record habits -q -f -ff -t -tt -ttt -T -y -yy -s 32 -e trace=%file -- cat /etc/passwd
    ends_with 0 'options of strace'
    has 'FILE open(at)?: /etc/passwd'
    has_not '^[^:]* FILE read:'
}

case_near_names() {
    record near -q -e opnat -- true
    ends_with 2 'a name that is none'
    says 'opnat is neither a category nor a system call; did you mean openat'
    record no_class -q -e %nett -- true
    says '%nett is not one of %file, %desc'
    record no_pattern -q -e '/^nothing$/' -- true
    says 'is no regular expression that matches a call'
}

case_bad_filter() {
    record bad_filter -e file,nonsense -- true
    ends_with 2 'a filter with a name that is none'
    says 'nonsense is neither a category nor a system call'
}

# Runs as a user without privileges, in a directory of their own.
as_nobody() {
    status=0
    (cd /tmp && setpriv --reuid=65534 --regid=65534 --clear-groups "$nobody/ringscope" record "$@") \
        >"$work/out" 2>"$said" || status=$?
}
prepare_nobody() {
    needs root
    nobody=$(mktemp -d)
    said=$work/nobody.err
    chmod 777 "$nobody"
    cp "$command" "$subject" "$nobody"
    chmod 755 "$nobody/"*
    trap 'rm -rf "$nobody"' EXIT
}

case_without_privileges() {
    prepare_nobody
    as_nobody -q --backend "$backend" -o "$nobody/image" "$nobody/subject" exit 3
    if [ "$backend" = ptrace ]; then
        ends_with 3 'ptrace without privileges'
    else
        ends_with 1 'BPF without privileges'
        says 'it needs root, or CAP_BPF and CAP_PERFMON'
        as_nobody -q -o "$nobody/image" "$nobody/subject" exit 3
        ends_with 3 'without privileges'
        says 'tracing with ptrace instead'
    fi
}

# What no setting forbids is not said to be forbidden.
case_few_descriptors() {
    [ "$backend" = bpf ] || skip 'ptrace needs few descriptors'
    (
        ulimit -n 16
        record few -q -- true
        ends_with 1 'BPF with 16 descriptors'
        says 'Too many open files$'
        [ $failures -eq 0 ]
    ) || failed 'descriptors ran out'
}

# The kernel's own filter is used, which is unavailable to programs that may gain privileges.
case_filter_without_privileges() {
    prepare_nobody
    as_nobody -q -e exit_group -o "$nobody/image" "$nobody/subject" exit 3
    says 'no_new_privs'
    [ "$("$command" events "$nobody/image" | sed 's/.* PROCESS/PROCESS/')" = 'PROCESS exit_group: 3 = ?' ] ||
        failed 'a filter without privileges'
}

case_process_of_somebody_else() {
    prepare_nobody
    as_nobody -q -p 1
    ends_with 1 'a process of another user'
    says 'process 1 belongs to another user'
}
