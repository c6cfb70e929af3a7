# System calls: their arguments, and the files behind descriptors.

case_bad_arguments() {
    record bad_arguments -q -- "$subject" bad_arguments
    ends_with 0 bad_arguments
    has 'FILE open(at)?: \(unreadable\), O_RDONLY = -1 EFAULT'
    has 'FILE open(at)?: /.*/a{255}\.\.\., O_RDONLY = -1 ENAMETOOLONG'
    has 'FILE rename: /.*/a{255}\.\.\., /.*/a{255}\.\.\. = -1 ENAMETOOLONG'
    has 'FILE rename: /no/such/file, \(unreadable\) = -1 E(FAULT|NOENT)'
    has 'IPC pipe2: = -1 EFAULT'
    has 'SYSCALL syscall_999: 0x1, 0x2, 0x3, 0x4, 0x5, 0xffffffffffffffff = -1 ENOSYS'
    has 'SYSCALL syscall_100000: 0x1, 0x2, 0x3, 0x4, 0x5, 0x6 = -1 ENOSYS'
}

case_long_paths() {
    record long_paths -q -- "$subject" long_paths
    has 'FILE open(at)?: /b{254}\.\.\., O_RDONLY = -1'
    has 'FILE open(at)?: /b{254}, O_RDONLY = -1'
}

# The path of an execve is known even if the program's page with it was not in memory.
case_far_path() {
    record far_path -q -- "$subject" far_path
    ends_with 0 far_path
    has 'PROCESS execve: /bin/true, \["true"\], [0-9]+ vars = 0'
    has_not 'execve: \(unreadable\)'
}

# The same for arguments, and for execveat, of a file or of a descriptor.
case_far_arguments() {
    record far_arguments -q -- "$subject" far_arguments
    ends_with 0 far_arguments
    has 'PROCESS execve: /bin/true, \["true", "an argument"\], 0 vars = 0'
    has 'PROCESS execveat: /bin/true, \["true", "an argument"\], 0 vars = 0'
    has 'PROCESS execveat: fd [0-9]+ </bin/true>, "", \["true", "an argument"\], 0 vars, AT_EMPTY_PATH = 0'
    has_not 'exec.*unreadable'
}

# The same for the lists themselves; and what is read anew when a call fails stands there once.
case_far_lists() {
    record far_lists -q -- "$subject" far_lists
    ends_with 0 far_lists
    count 2 'PROCESS execve: /bin/true, \["true", "an argument"\], 1 vars = 0'
    count 2 'PROCESS execve: /proc/self/fd/[0-9]+, \["true", "an argument"\], 1 vars = -1 ENOEXEC'
}

# The path comes last if it could not be read at first, and has room all the same.
case_long_arguments() {
    record long_arguments -q -- "$subject" long_arguments
    ends_with 0 long_arguments
    has 'PROCESS execve: /bin/true, \["true"(, "x{100}"){5}, \.\.\.\], 1 vars = 0'
}

case_descriptors() {
    record descriptors -q -- "$subject" descriptors
    ends_with 0 descriptors
    has 'FILE open(at)?: /etc/passwd, O_RDONLY = [0-9]+'
    has 'FILE read: fd [3-9] </etc/passwd>, 1 bytes = 1'
    count 3 'FILE read: fd [0-9]+ </etc/passwd>, 1 bytes = 1'
    has 'FILE read: fd 100 </etc/passwd>, 1 bytes = 1'
    has 'FILE write: fd [0-9]+ <pipe [0-9]+>, 1 bytes = 1'
    has 'FILE read: fd [0-9]+ <unix [0-9]+>, 1 bytes = 1'
    has 'FILE read: fd [0-9]+, 1 bytes = -1 EBADF'
    # The exec ends a sanitizer's thread, if there is one, and happens before the call returns.
    first=$(sed -n 's/^[^:]* \([A-Z]* [a-z]*\):.*/\1/p' "$work/events" |
        grep -v -x -e 'PROCESS exec' -e 'PROCESS exit' | head -n 1)
    [ "$first" = 'PROCESS execve' ] || failed "the first event is $first"
}

case_exec_closes() {
    record exec_closes -q -- "$subject" exec_closes
    ends_with 0 exec_closes
    has 'FILE read: fd 200, 1 bytes = -1 EBADF'
    has 'FILE read: fd 201 </etc/passwd>, 1 bytes = 1'
}

# Flags, structures and relative paths; native-tests/record/arguments.c has one call of each kind.
case_arguments() {
    record arguments -q -s 32 -- "$programs/arguments" "$work/files"
    ends_with 0 arguments
    has 'FILE openat: .*/files/a, O_RDWR\|O_CREAT\|O_CLOEXEC, 0640 = [0-9]+'
    has 'FILE write: fd [0-9]+ <.*/files/a>, "one\\n\\0two", 8 bytes = 8'
    has 'FILE openat: fd [0-9]+ <.*/files>, .*/files/a, O_RDONLY = [0-9]+'
    has 'FILE readv: fd [0-9]+ <.*/files/a>, \["one" 3, "\\n\\0t" 3\], 6 bytes = 6'
    has 'FILE (newfstatat|stat): .*/files/a, \{S_IFREG\|0640, size 8\}.* = 0'
    has 'FILE lseek: fd [0-9]+ <.*/files/a>, -4, SEEK_END = 4'
    has 'FILE fcntl: fd [0-9]+ <.*/files/a>, F_GETFL = O_RDWR\|O_LARGEFILE'
    has 'FILE umask: 022 = 0[0-7]+'
    has 'FILE (unlinkat: fd [0-9]+ <.*/files>, .*/files/a|unlink: .*/files/a) = 0'
    has 'MEMORY mmap: 4096 bytes, PROT_READ\|PROT_WRITE, MAP_PRIVATE\|MAP_ANONYMOUS, fd -1 = 0x[0-9a-f]+'
    has 'IPC socket: AF_INET, SOCK_STREAM\|SOCK_CLOEXEC, IPPROTO_IP = [0-9]+ <tcp [0-9]+>'
    has 'IPC connect: fd [0-9]+ <tcp [0-9]+>, 127\.0\.0\.1:[0-9]+, 16 bytes = 0'
    has 'IPC accept4: fd [0-9]+ <tcp 127.0.0.1:([0-9]+)>, 127.0.0.1:([0-9]+), 16 bytes, .* <tcp 127.0.0.1:\1→127.0.0.1:\2>'
    has 'IPC sendto: fd [0-9]+ <tcp 127.0.0.1:[0-9]+→127.0.0.1:[0-9]+>, "x", 1 bytes, MSG_NOSIGNAL = 1'
    has 'IPC bind: fd [0-9]+ <unix [0-9]+>, @ringscope-test-[0-9]+, [0-9]+ bytes = 0'
    has 'IPC p?poll: \[fd [0-9]+ <pipe [0-9]+> POLLOUT → POLLOUT\], .* = 1'
    has 'SYSCALL futex: 0x[0-9a-f]+, FUTEX_WAIT_PRIVATE, 0, 0\.001 s = -1 ETIMEDOUT'
    has 'SIGNAL rt_sigprocmask: SIG_BLOCK, \[SIGUSR1 SIGUSR2\], 8 bytes = 0'
    has 'FILE bpf: BPF_MAP_CREATE, \{BPF_MAP_TYPE_ARRAY, key 4 bytes, value 8 bytes, at most 1\}, [0-9]+ bytes = '
    has 'PROCESS capget: _LINUX_CAPABILITY_VERSION_3, pid 0, \{effective [^,]+, permitted [^,]+, inheritable [^,]+\} = 0'
    has 'SYSCALL sysinfo: \{up [0-9]+ s, load [0-9.]+ [0-9.]+ [0-9.]+, memory .* shared, .* buffers, swap .* processes\} = 0'
    has 'FILE statfs: /, \{.*, names of [0-9]+\} = 0'
    has 'SIGNAL rt_sigqueueinfo: [0-9]+, SIGUSR1, \{SI_QUEUE, pid [0-9]+, uid [0-9]+, value 42\} = 0'
    has 'PROCESS prlimit64: 0, RLIMIT_CORE, \{0 of 0\} = 0'
    has 'PROCESS wait4: [0-9]+, exited 3 = [0-9]+'
    has 'PROCESS execve: /no/such/program, \["program", "an argument"\], 1 vars = -1 ENOENT'
    has 'TIMER (clock_)?nanosleep: .*0\.0015 s = 0'
}

# The same for rarer calls; what a call that was refused would have returned is not known.
case_rarer_arguments() {
    record rarer -q -s 32 -- "$programs/rarer"
    ends_with 0 rarer
    has 'FILE openat2: [^,]*/etc, O_RDONLY, RESOLVE_NO_SYMLINKS\|RESOLVE_BENEATH = -1'
    has 'FILE fcntl: fd [0-9]+ </etc/passwd>, F_SETOWN_EX, \{F_OWNER_PID, [0-9]+\} = 0'
    has 'FILE fcntl: fd [0-9]+ </etc/passwd>, F_SETSIG, SIGUSR1 = 0'
    has 'FILE fcntl: fd [0-9]+ </etc/passwd>, F_GETSIG = SIGUSR1'
    has 'FILE mknod(at)?: /no/such/device, S_IFCHR\|0600, device 1:3 = -1'
    has 'FILE sync_file_range: fd [0-9]+ </etc/passwd>, 0, 0 bytes, SYNC_FILE_RANGE_WRITE = '
    has 'FILE fanotify_init: FAN_CLASS_NOTIF\|FAN_CLOEXEC, O_RDONLY = '
    has 'FILE fanotify_mark: fd -?[0-9]+.*, FAN_MARK_ADD\|FAN_MARK_ONLYDIR, FAN_OPEN\|FAN_EVENT_ON_CHILD, /no/such/folder = -1'
    has 'FILE fsopen: no-such-system, FSOPEN_CLOEXEC = -1'
    has 'FILE ioctl: fd [0-9]+ .*, TCGETS, \{ICRNL\|IXON, OPOST\|ONLCR, B38400\|CS8\|CREAD, ISIG\|ICANON\|ECHO.*\} = 0'
    has 'FILE ioctl: fd [0-9]+ .*, TCFLSH, TCIFLUSH = 0'
    has 'FILE ioctl: fd [0-9]+ <udp [0-9]+>, SIOCGIFINDEX, \{lo, index [0-9]+\} = 0'
    has 'IPC setsockopt: fd [0-9]+ <tcp [0-9]+>, SOL_SOCKET, SO_LINGER, \{on, 2 s\}, 8 bytes = 0'
    has 'IPC setsockopt: fd [0-9]+ <tcp [0-9]+>, SOL_SOCKET, SO_RCVTIMEO, \[1\.5 s\], 16 bytes = 0'
    has 'IPC setsockopt: fd [0-9]+ <tcp [0-9]+>, SOL_TCP, TCP_CONGESTION, "none", 4 bytes = -1'
    has 'IPC socket: AF_PACKET, SOCK_RAW, ETH_P_ALL = '
    has 'IPC recvmsg: .*SCM_CREDENTIALS \{pid [0-9]+, uid [0-9]+, gid [0-9]+\}, SOL_SOCKET SCM_RIGHTS \[fd [0-9]+ </etc/passwd>\] = 1'
    has 'PROCESS waitid: P_PIDFD, fd [0-9]+ <pid [0-9]+>, \{CLD_EXITED, pid [0-9]+, uid [0-9]+, status 3\}, WEXITED = 0'
    has 'SCHED sched_getscheduler: 0 = SCHED_[A-Z]+'
    has 'SCHED sched_rr_get_interval: 0, [0-9.]+ s = 0'
    has 'SCHED sched_getattr: 0, \{SCHED_[A-Z]+, .*nice -?[0-9]+, priority [0-9]+.*\}, 48 = 0'
    has 'PROCESS prctl: PR_GET_NAME, rarer name = 0'
    has 'PROCESS arch_prctl: ARCH_GET_FS, \[0x[0-9a-f]+\] = 0'
    has 'SIGNAL rt_sigtimedwait: \[SIGUSR2\], \{SI_USER, pid [0-9]+, uid [0-9]+\}, 8 bytes = SIGUSR2'
    has ' landlock_create_ruleset: 0 bytes, LANDLOCK_CREATE_RULESET_VERSION = (-1 E[A-Z]+|[0-9]+)$'
    has ' landlock_create_ruleset: \{LANDLOCK_ACCESS_FS_EXECUTE\}, [0-9]+ bytes = (-1 E[A-Z]+|[0-9]+ <landlock>)$'
    has ' landlock_add_rule: fd .*, LANDLOCK_RULE_PATH_BENEATH, \{LANDLOCK_ACCESS_FS_EXECUTE, fd -1\} = -1'
    has ' keyctl: KEYCTL_GET_KEYRING_ID, KEY_SPEC_SESSION_KEYRING = '
    has ' perf_event_open: \{PERF_TYPE_SOFTWARE, config 0x1\}, 0, -1, fd -1, PERF_FLAG_FD_CLOEXEC = '
    has 'IPC mq_open: .*ringscope-none, O_RDWR\|O_CREAT\|O_EXCL, 0600, \{0 of 4 messages of 16 bytes\} = '
    has 'IPC sem(timed)?op: -1, \[0 -1 SEM_UNDO, 1 \+2\], 2 = -1'
    has 'IPC msgsnd: -1, type 5, 4 bytes = -1'
    has 'IPC getsockopt: fd [0-9]+ <tcp .*127\.0\.0\.1:1>, SOL_SOCKET, SO_ERROR, \[ECONNREFUSED\], 4 bytes = 0'
    has 'IPC sendto: fd [0-9]+ <netlink ROUTE>, \[\{32 bytes, RTM_GETLINK, NLM_F_DUMP\|NLM_F_REQUEST, seq 7\}\], 32 bytes = 32'
    has 'IPC recvfrom: fd [0-9]+ <netlink ROUTE>, \[\{[0-9]+ bytes, RTM_NEWLINK, NLM_F_MULTI, seq 7, port [0-9]+\}, \.\.\.\], 8192 '
    has 'IPC sendmsg: fd [0-9]+ <netlink ROUTE>, \[\[\{32 bytes, RTM_DELLINK, NLM_F_REQUEST\|NLM_F_ACK, seq 7\}\] 32\], 32 bytes = 32'
    has 'IPC recvfrom: fd [0-9]+ <netlink ROUTE>, \[\{[0-9]+ bytes, NLMSG_ERROR, (.*, )?seq 7, port [0-9]+, E[A-Z]+\}'
    has 'FILE inotify_add_watch: fd [0-9]+ <inotify>, /, IN_ACCESS\|IN_MODIFY\|IN_ATTRIB\|.*\|IN_MOVE_SELF\|IN_ONLYDIR = '
    has 'FILE name_to_handle_at: /no/such/file, AT_SYMLINK_FOLLOW = -1'
    has 'FILE open(at)?: /tmp, O_RDWR\|O_TMPFILE\|FASYNC, 0600 = '
    grep -q 'O_TMPFILE.* = -1' "$work/events" || has 'FILE write: fd [0-9]+ </tmp/\(unnamed\)>, "x", 1 bytes = 1'
    has 'FILE fcntl: fd [0-9]+ .*, F_SET_RW_HINT, \[RWH_WRITE_LIFE_SHORT\] = '
    has 'FILE ioctl: fd -1, FS_IOC_SETFLAGS, 0x[0-9a-f]+ = -1 EBADF'
    has 'FILE ioctl: fd .*, FS_IOC_FSGETXATTR, (\{(FS_XFLAG.*, )?extents of [0-9]+ bytes, [0-9]+ extents, project [0-9]+\} = 0|0x[0-9a-f]+ = -1)'
    has 'FILE open(at)?: "", O_RDONLY = -1 ENOENT'
    has 'FILE statx: fd [0-9]+ </etc/passwd>, "", AT_EMPTY_PATH, STATX_SIZE, \{'
    has 'FILE readv: fd [0-9]+ </etc/passwd>, \(unreadable\) = -1 EFAULT'
    has 'FILE readv: fd -1, \[3\], 3 bytes = -1 EBADF'
    has 'FILE writev: fd 1 .*, \(unreadable\) = -1 EFAULT'
    has 'IPC sendmsg: fd [0-9]+ <udp [0-9]+>, \(unreadable\) = -1 E'
    has 'FILE ioctl: fd [0-9]+ <udp [0-9]+>, SIOCGIFCONF, \{[0-9]+ bytes\} = 0'
    has 'IPC getsockopt: fd [0-9]+ <tcp [0-9]+>, SOL_TCP, TCP_INFO, \{TCP_CLOSE, round trip 0 s, window [0-9]+, 0 sent again\}, '
    has 'IPC sendto: fd [0-9]+ <udp 0\.0\.0\.0:[0-9]+>, "x", 1 bytes, .*127\.0\.0\.1:9, 16 bytes = 1'
    has 'IPC sendmsg: fd [0-9]+ <udp 0\.0\.0\.0:[0-9]+>, 127\.0\.0\.1:9, 16 bytes, \["x" 1\], 1 bytes = 1'
    has 'IPC sendmmsg: fd [0-9]+ <udp 0\.0\.0\.0:[0-9]+>, \[\{127\.0\.0\.1:9, .*\}\], 1 = 1'
    has 'FILE ioctl: fd -1, BLKGETSIZE64, 0x[0-9a-f]+ = -1 EBADF'
    has 'IPC setsockopt: fd -1, SOL_UDP, UDP_CORK, \[1\], 4 bytes = -1'
    has 'IPC setsockopt: fd -1, SOL_IP, IP_ADD_MEMBERSHIP, \{224\.0\.0\.1, interface 1, 0\.0\.0\.0\}, 12 bytes = -1'
    has 'IPC setsockopt: fd -1, SOL_IPV6, IPV6_ADD_MEMBERSHIP, \{::1, interface 1\}, 20 bytes = -1'
    has 'IPC connect: fd -1, \[fe80::1%7\]:9, 28 bytes = -1'
    has 'IPC connect: fd -1, vsock 2:1234, 16 bytes = -1'
    has 'IPC connect: fd -1, packet ETH_P_ALL interface 1, 20 bytes = -1'
    has ' futex_waitv: \[0x1000 is 1 FUTEX.*_?32\], 1, CLOCK_MONOTONIC = -1'
}

# The outcome of a connect() that did not wait comes later, and with it the time that connecting took.
case_net_of_refused_connections() {
    record refused -q -- "$programs/rarer"
    "$command" net "$image" >"$work/events"
    has '^ +- +- +[0-9.]+[num]?s +0 +- +1 .* tcp .*→127\.0\.0\.1:1 +ECONNREFUSED  \[rarer name\]$'
}

# Any number of variables up to 256, and notes if there are more.
case_environments() {
    set --
    for number in 15 16 17 32 255 256 300; do
        while [ "$#" -lt "$number" ]; do
            set -- "V$#=$#" "$@"
        done
        record environment -q -e execve -- env -i "$@" true
        shown=$([ "$number" -lt 256 ] && echo "$number" || echo 'at least 256')
        has "PROCESS execve: .*true, \\[\"true\"\], $shown vars = 0"
    done
}

# Their values may be secrets.
case_environment_values() {
    record values -q -e execve -- env -i FIRST=1 'SECOND="two"' true
    has 'PROCESS execve: .*true, \["true"\], 2 vars = 0'
    record values -q --exec-env -e execve -- env -i FIRST=1 'SECOND="two"' EMPTY= true
    has 'PROCESS execve: .*true, \["true"\], \["FIRST=1", "SECOND=\\"two\\"", "EMPTY="\] = 0'
    record none -q --exec-env -e execve -- env -i true
    has 'PROCESS execve: .*true, \["true"\], 0 vars = 0'
    record failing -q --exec-env -- "$programs/arguments" "$work/files"
    has 'PROCESS execve: /no/such/program, \["program", "an argument"\], \["[^"]*"\] = -1 ENOENT'
    set --
    while [ $# -lt 40 ]; do
        set -- "V$#=$#" "$@"
    done
    record many -q --exec-env -e execve -- env -i "$@" true
    has 'PROCESS execve: .*true, \["true"\], \["V39=39"(, "V[0-9=]*"){31}, \.\.\.\] = 0'
    record long -q --exec-env -e execve -- env -i "LONG=$(printf %0200d 0)" true
    has 'PROCESS execve: .*true, \["true"\], \["LONG=0{122}"\.\.\.\] = 0'
    record far -q --exec-env -- "$subject" far_path
    has_not 'execve: \(unreadable\)'
    record far -q --exec-env -- "$subject" long_arguments
    has 'PROCESS execve: /bin/true, \["true"(, "x{100}"){5}, \.\.\.\]'
}

# Bytes and ends of files, compared with the programs that wrote and removed them.
case_files() {
    printf 0123456789 >"$work/ten"
    record files -q -- sh -c "cat '$work/ten' '$work/ten' >'$work/twenty'; cat '$work/none' 2>&1; rm '$work/ten'"
    "$command" files "$image" >"$work/events"
    has "^ +2 +20 bytes +- +0 +0 .* removed $work/ten  \\[.*cat.*rm.*\\]\$"
    has "^ +1 +- +20 bytes +0 +0 .* $work/twenty  "
    has "^ +0 +- +- +1 +0 .* $work/none  \\[cat\\]\$"
}

# Which process it was, and how long it took: in lines and in JSON objects.
case_who_and_how_long() {
    record who -q -- sh -c 'cat /no/such/file 2>/dev/null; exit 3'
    pid=$(sed -n 's/^\[.*\] \([0-9]*\) PROCESS exit: status 3.*/\1/p' "$work/events")
    [ -n "$pid" ] || failed 'no process of the end'
    has "^\\[[0-9.]+\\] $pid [0-9.]+(n|u|m)?s PROCESS exit_group: 3 = "
    has_not "^\\[[0-9.]+\\] $pid .*/no/such/file, O_RDONLY"
    has '^\[[0-9.]+\] [0-9]+ [0-9.]+(n|u|m)?s FILE openat?: .*/no/such/file, O_RDONLY = -1 ENOENT$'
    "$command" events "$image" --json >"$work/events"
    has "\"name\":\"exit_group\",.*\"pid\":$pid,\"duration\":[0-9.]+,\"tid\":$pid,\"thread\":\"sh: sh -c .*\",\"process\":\"sh: sh -c"
    has '/no/such/file, O_RDONLY = -1 ENOENT",.*"failed":true,.*"process":"cat: cat /no/such/file","errno":"ENOENT"}$'
    record threads -q -- "$subject" threads
    has '^\[[0-9.]+\] ([0-9]+)/[0-9]+ subject ([0-9.]+(n|u|m)?s )?[A-Z]+ [a-z]'
}

# Names are arbitrary bytes, including those that separate arguments.
case_files_with_commas() {
    folder="$work/a, 1>, b"
    mkdir "$folder"
    printf 12345 >"$folder/O, \"2 = 3"
    record commas -q -- sh -c "cat '$folder/O, \"2 = 3' '$folder/none, 7' 2>&1 | cat; true"
    has 'openat?: (fd [0-9]+ [^,]*, )?"/.*a, 1>, b/O, .*"2 = 3", O_RDONLY = [0-9]+'
    has '"/.*a, 1>, b/none, 7", O_RDONLY = -1 ENOENT'
    "$command" files "$image" >"$work/events"
    has '^ +1 +5 bytes .* /.*a, 1>, b/O, .*"2 = 3  .cat.$'
    has '^ +0 +- +- +1 +0 .* /.*a, 1>, b/none, 7  .cat.$'
    count 2 'a, 1>, b'
    record commas_chosen -q -e read -P "$folder/O, \"2 = 3" -- dd if="$folder/O, \"2 = 3" of=/dev/null
    has 'FILE read: fd [0-9]+ <"/.*a, 1>, b/O, .*"2 = 3">, [0-9]+ bytes = 5'
}

# Both ends of a connection: the sender, and the accepting side.
case_net() {
    record net -q -- "$programs/arguments" "$work/files"
    "$command" net "$image" >"$work/events"
    has '^ +1 bytes +- +[0-9.]+[num]?s +0 +- +0 .* tcp 127\.0\.0\.1:[0-9]+→127\.0\.0\.1:[0-9]+  \[arguments\]$'
    has_not ENOTCONN
    "$command" net "$image" --json >"$work/events"
    has '"accepted":true,"calls":[0-9]+,"sent_bytes":0,"received_bytes":0'
}

# Output in strace's format can be read by the importer of strace's text, each call complete.
case_as_strace() {
    record as_strace -q -- sh -c 'cat /etc/passwd /no/such/file >/dev/null 2>&1; exit 3'
    "$command" events "$image" --format strace >"$work/strace.txt"
    grep -q -E '^[0-9]+ [0-9]{10}\.[0-9]{6} openat?\("/etc/passwd", O_RDONLY\) = [0-9]+ <0\.[0-9]{6}>$' "$work/strace.txt" ||
        failed 'no line of a call'
    grep -q -E ' read\([0-9]+</etc/passwd>, [0-9]+ bytes\) = ' "$work/strace.txt" || failed 'no descriptor'
    grep -q -E 'openat?\("/no/such/file", O_RDONLY\) = -1 ENOENT \(No such file or directory\) <' "$work/strace.txt" ||
        failed 'no line of a call that failed'
    grep -q -F '+++ exited with 3 +++' "$work/strace.txt" || failed 'no line of the end'
    calls=$("$command" events "$image" | grep -c -v -E 'PROCESS (spawn|exec|exit):|SIGNAL signal:')
    ends=$(grep -c -F +++ "$work/strace.txt")
    signals=$("$command" events "$image" | grep -c 'SIGNAL signal:')
    [ "$(wc -l <"$work/strace.txt")" -eq $((calls + ends + signals)) ] || failed "not a line for each of $calls calls"
    cut -d ' ' -f 2 "$work/strace.txt" | LC_ALL=C sort -c -n || failed 'the lines are not in order'
    "$command" events "$work/strace.txt" | grep -q -E 'FILE openat?: .*/no/such/file.* ENOENT' || failed 'it is not read'
    imported=$("$command" events "$work/strace.txt" | wc -l)
    [ "$imported" -ge "$calls" ] || failed "$imported of $calls calls are read"
}

# Contents are not kept unless requested.
case_contents_are_secret() {
    record secret -q -- "$programs/arguments" "$work/files"
    has 'FILE write: fd [0-9]+ <.*/files/a>, 8 bytes = 8'
    has_not '"one'
}

# What /proc says of memory without a file is shown as the call that makes it shows it.
case_inherited_memory() {
    image=$work/memory.ring
    "$subject" with_memory "$command" record -q --backend "$backend" -o "$image" -- sh -c 'read -r line <&9; :'
    "$command" events "$image" >"$work/events"
    has 'dup2: fd 9 <memfd:ringscope>, 0 = 0'
    has_not deleted
}

case_inherited() {
    record inherited -q -- sh -c 'exec 5</etc/passwd; cat <&5 | cat; :'
    has 'FILE read: fd 0 </etc/passwd>, [0-9]+ bytes = '
}

# A 64-bit program that makes 32-bit calls.
case_calls_of_32_bits() {
    needs 32bit
    record compat -q -- "$subject" compat
    ends_with 0 compat
    has 'PROCESS getpid: = [0-9]+'
    has 'FILE close: fd -1 = -1 EBADF|FILE close: = -1 EBADF'
}

# A program that is 32-bit from the start, where one can be built without a library.
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
    has 'PROCESS execve: .*/compat, \[.*\], [0-9]+ vars = 0'
    has 'FILE open: /etc/passwd, O_RDONLY = [0-9]+'
    has 'FILE read: fd [0-9]+ </etc/passwd>, 4 bytes = 4'
    has 'FILE open: /no/such/file, O_RDONLY = -1 ENOENT'
}

case_without_details() {
    for option in --without-details --no-details; do
        record without_details -q $option -- cat /etc/passwd
        has 'FILE open'
        has_not '/etc/passwd'
    done
}
