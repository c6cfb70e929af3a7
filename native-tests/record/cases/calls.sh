# System calls: their arguments, and the files that descriptors stand for.

case_bad_arguments() {
    record bad_arguments -q -- "$subject" bad_arguments
    ends_with 0 bad_arguments
    has 'FILE open(at)?: \(unreadable\) = -1 EFAULT'
    has 'FILE open(at)?: a{255}\.\.\. = -1 ENAMETOOLONG'
    has 'FILE rename: a{127}\.\.\., a{127}\.\.\. = -1 ENAMETOOLONG'
    has 'FILE rename: /no/such/file, \(unreadable\) = -1 E(FAULT|NOENT)'
    has 'IPC pipe2: = -1 EFAULT'
    has 'SYSCALL syscall_999: = -1 ENOSYS'
    has 'SYSCALL syscall_100000: = -1 ENOSYS'
}

case_long_paths() {
    record long_paths -q -- "$subject" long_paths
    has 'FILE open(at)?: /b{254}\.\.\. = -1'
    has 'FILE open(at)?: /b{254} = -1'
}

case_descriptors() {
    record descriptors -q -- "$subject" descriptors
    ends_with 0 descriptors
    has 'FILE open(at)?: /etc/passwd = [0-9]+'
    has 'FILE read: fd [3-9] </etc/passwd>, 1 bytes = 1'
    count 3 'FILE read: fd [0-9]+ </etc/passwd>, 1 bytes = 1'
    has 'FILE read: fd 100 </etc/passwd>, 1 bytes = 1'
    has 'FILE write: fd [0-9]+ <pipe>, 1 bytes = 1'
    has 'FILE read: fd [0-9]+ <socket>, 1 bytes = 1'
    has 'FILE read: fd [0-9]+, 1 bytes = -1 EBADF'
    # The exec ends a thread of a sanitizer's, if there is one, and takes place before the call returns.
    first=$(sed -n 's/^\[.*\] \([A-Z]* [a-z]*\):.*/\1/p' "$work/events" |
        grep -v -x -e 'PROCESS exec' -e 'PROCESS exit' | head -n 1)
    [ "$first" = 'PROCESS execve' ] || failed "the first event is $first"
}

case_exec_closes() {
    record exec_closes -q -- "$subject" exec_closes
    ends_with 0 exec_closes
    has 'FILE read: fd 200, 1 bytes = -1 EBADF'
    has 'FILE read: fd 201 </etc/passwd>, 1 bytes = 1'
}

case_inherited() {
    record inherited -q -- sh -c 'exec 5</etc/passwd; cat <&5 | cat; :'
    has 'FILE read: fd 0 </etc/passwd>, [0-9]+ bytes = '
}

# A program of 64 bits that makes calls of 32 bits.
case_calls_of_32_bits() {
    needs 32bit
    record compat -q -- "$subject" compat
    ends_with 0 compat
    has 'PROCESS getpid: = [0-9]+'
    has 'FILE close: fd -1 = -1 EBADF|FILE close: = -1 EBADF'
}

# A program of 32 bits from the beginning, where they can be made without a library.
case_program_of_32_bits() {
    needs 32bit
    cat >"$work/compat.c" <<'END'
static long call(long number, long a, long b, long c)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(a), "c"(b), "d"(c) : "memory");
    return result;
}
void _start(void)
{
    char bytes[4];
    long fd = call(5, (long)"/etc/passwd", 0, 0);
    call(3, fd, (long)bytes, 4);
    call(5, (long)"/no/such/file", 0, 0);
    call(1, 5, 0, 0);
}
END
    cc -m32 -nostdlib -static -fno-pic -fno-stack-protector -o "$work/compat" "$work/compat.c" 2>/dev/null ||
        skip 'the compiler makes no programs of 32 bits'
    status=0
    "$work/compat" || status=$?
    [ $status -eq 5 ] || skip 'programs of 32 bits do not run'
    record program_of_32_bits -q -- "$work/compat"
    ends_with 5 'a program of 32 bits'
    has 'PROCESS execve: .*/compat = 0'
    has 'FILE open: /etc/passwd = [0-9]+'
    has 'FILE read: fd [0-9]+ </etc/passwd>, 4 bytes = 4'
    has 'FILE open: /no/such/file = -1 ENOENT'
}

case_without_details() {
    for option in --without-details --no-details; do
        record without_details -q $option -- cat /etc/passwd
        has 'FILE open'
        has_not '/etc/passwd'
    done
}
