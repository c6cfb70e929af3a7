# What is recorded and what is not: filters, and who may record whom.

case_filter_of_calls() {
    record only_opens -q -e openat,open -- cat /etc/passwd
    ends_with 0 'a filter'
    has 'FILE open(at)?: /etc/passwd = [0-9]+'
    has_not 'FILE (read|close)|PROCESS|MEMORY'
    equals processes_spawned 1
}

case_filter_of_categories() {
    record categories -q -e 'file,!close' -- cat /etc/passwd
    has 'FILE read: '
    has_not 'FILE close|PROCESS|MEMORY|SYSCALL'
    record all_but -q -e '!file,!memory' -- cat /etc/passwd
    has 'PROCESS exec: cat'
    has_not '\] (FILE|MEMORY)'
}

case_bad_filter() {
    record bad_filter -e file,nonsense -- true
    ends_with 2 'a filter with a name that is none'
    says 'nonsense is neither a category nor a system call'
}

# As somebody without privileges, in a place that is theirs.
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

# The filter is the kernel's own, which is not for those who may gain privileges.
case_filter_without_privileges() {
    prepare_nobody
    as_nobody -q -e exit_group -o "$nobody/image" "$nobody/subject" exit 3
    says 'no_new_privs'
    [ "$("$command" events "$nobody/image" | sed 's/.*\] //')" = 'PROCESS exit_group: 3 = ?' ] ||
        failed 'a filter without privileges'
}

case_process_of_somebody_else() {
    prepare_nobody
    as_nobody -q -p 1
    ends_with 1 'a process of another user'
    says 'process 1 belongs to another user'
}
