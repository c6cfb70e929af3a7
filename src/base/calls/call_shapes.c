/* The table of what system calls do, by name; see call_shapes.h. */
#include "call_shapes.h"

#include <string.h>

#define RW (CALL_READS | CALL_WRITES)

static const struct call_shape shapes[] = {
    { "read pread64 preadv preadv2 readv", TRACE_FILE, "f-s", FD_NONE, CALL_READS },
    { "write pwrite64", TRACE_FILE, "f-s", FD_NONE, CALL_WRITES },
    { "writev pwritev pwritev2", TRACE_FILE, "f-", FD_NONE, CALL_WRITES },
    { "sendfile sendfile64", TRACE_FILE, "ff-s", FD_NONE, RW },
    { "copy_file_range", TRACE_FILE, "f-f-s", FD_NONE, RW },
    { "splice", TRACE_FILE, "f-f-s", FD_NONE, RW },
    { "tee", TRACE_FILE, "ffs", FD_NONE, 0 },
    { "vmsplice", TRACE_FILE, "f", FD_NONE, CALL_WRITES },
    { "open", TRACE_FILE, "pc", FD_OPENS, 0 },
    { "openat", TRACE_FILE, "dpc", FD_OPENS, 0 },
    { "openat2", TRACE_FILE, "dp", FD_OPENS, 0 },
    { "creat", TRACE_FILE, "po", FD_OPENS, 0 },
    { "close", TRACE_FILE, "f", FD_CLOSES, 0 },
    { "close_range", TRACE_FILE, "nni", FD_CLOSES_RANGE, 0 },
    { "dup", TRACE_FILE, "f", FD_DUPLICATES, 0 },
    { "dup2", TRACE_FILE, "fn", FD_DUPLICATES, 0 },
    { "dup3", TRACE_FILE, "fnc", FD_DUPLICATES, 0 },
    { "fcntl fcntl64", TRACE_FILE, "fii", FD_CONTROLS, 0 },
    { "ioctl", TRACE_FILE, "fx", FD_NONE, 0 },
    { "lseek", TRACE_FILE, "fl", FD_NONE, 0 },
    { "_llseek flock", TRACE_FILE, "f", FD_NONE, 0 },
    { "fstat fstat64 fstatfs fstatfs64 oldfstat fsync fdatasync syncfs fchdir", TRACE_FILE, "f", FD_NONE, 0 },
    { "ftruncate", TRACE_FILE, "fs", FD_NONE, 0 },
    { "ftruncate64 fallocate fadvise64 fadvise64_64 readahead sync_file_range", TRACE_FILE, "f", FD_NONE, 0 },
    { "fchmod", TRACE_FILE, "fo", FD_NONE, 0 },
    { "fchown fchown32", TRACE_FILE, "fnn", FD_NONE, 0 },
    { "getdents getdents64", TRACE_FILE, "f-s", FD_NONE, 0 },
    { "readdir fgetxattr fsetxattr flistxattr fremovexattr", TRACE_FILE, "f", FD_NONE, 0 },
    { "stat lstat stat64 lstat64 oldstat oldlstat statfs statfs64 readlink chdir chroot rmdir unlink swapoff "
      "acct utime utimes umount umount2 uselib swapon oldumount",
      TRACE_FILE, "p", FD_NONE, 0 },
    { "access mkdir mknod chmod", TRACE_FILE, "po", FD_NONE, 0 },
    { "faccessat faccessat2 mkdirat mknodat fchmodat fchmodat2", TRACE_FILE, "dpo", FD_NONE, 0 },
    { "newfstatat fstatat64 statx readlinkat unlinkat utimensat futimesat name_to_handle_at utimensat_time64",
      TRACE_FILE, "dp", FD_NONE, 0 },
    { "truncate", TRACE_FILE, "ps", FD_NONE, 0 },
    { "truncate64", TRACE_FILE, "p", FD_NONE, 0 },
    { "chown lchown chown32 lchown32", TRACE_FILE, "pnn", FD_NONE, 0 },
    { "fchownat", TRACE_FILE, "dpnn", FD_NONE, 0 },
    { "rename link symlink pivot_root mount", TRACE_FILE, "pp", FD_NONE, 0 },
    { "renameat renameat2 linkat move_mount", TRACE_FILE, "dpdp", FD_NONE, 0 },
    { "symlinkat", TRACE_FILE, "pdp", FD_NONE, 0 },
    { "getxattr lgetxattr setxattr lsetxattr removexattr lremovexattr", TRACE_FILE, "pp", FD_NONE, 0 },
    { "listxattr llistxattr", TRACE_FILE, "p", FD_NONE, 0 },
    { "open_tree fspick", TRACE_FILE, "dpc", FD_OPENS, 0 },
    { "inotify_init inotify_init1 fanotify_init memfd_create memfd_secret userfaultfd fsopen fsmount io_uring_setup "
      "perf_event_open bpf landlock_create_ruleset",
      TRACE_FILE, "", FD_MAKES, 0 },
    { "inotify_add_watch", TRACE_FILE, "fpx", FD_NONE, 0 },
    { "inotify_rm_watch", TRACE_FILE, "fn", FD_NONE, 0 },
    { "getcwd sync umask quotactl io_setup io_destroy io_submit io_cancel io_getevents io_uring_enter "
      "io_uring_register lookup_dcookie fanotify_mark open_by_handle_at mount_setattr io_pgetevents",
      TRACE_FILE, "", FD_NONE, 0 },

    { "mmap mmap2", TRACE_MEMORY, "-s--f", FD_NONE, CALL_HEX },
    { "brk", TRACE_MEMORY, "x", FD_NONE, CALL_HEX },
    { "munmap mprotect madvise mlock mlock2 munlock msync mincore mbind pkey_mprotect", TRACE_MEMORY, "xs", FD_NONE,
      0 },
    { "mremap", TRACE_MEMORY, "xss", FD_NONE, CALL_HEX },
    { "shmat", TRACE_MEMORY, "n", FD_NONE, CALL_HEX },
    { "shmget", TRACE_MEMORY, "xs", FD_NONE, 0 },
    { "shmctl", TRACE_MEMORY, "nn", FD_NONE, 0 },
    { "shmdt", TRACE_MEMORY, "x", FD_NONE, 0 },
    { "mlockall munlockall remap_file_pages set_mempolicy get_mempolicy migrate_pages move_pages membarrier pkey_alloc "
      "pkey_free process_madvise process_mrelease process_vm_readv process_vm_writev set_mempolicy_home_node",
      TRACE_MEMORY, "", FD_NONE, 0 },

    { "execve", TRACE_PROCESS, "p", FD_NONE, 0 },
    { "execveat", TRACE_PROCESS, "dp", FD_NONE, 0 },
    { "exit exit_group", TRACE_PROCESS, "n", FD_NONE, CALL_NO_RETURN },
    { "clone", TRACE_PROCESS, "x", FD_NONE, 0 },
    { "wait4 waitpid", TRACE_PROCESS, "n", FD_NONE, 0 },
    { "waitid", TRACE_PROCESS, "nn", FD_NONE, 0 },
    { "prctl", TRACE_PROCESS, "n", FD_NONE, CALL_SETS_NAME },
    { "pidfd_open", TRACE_PROCESS, "n", FD_MAKES, 0 },
    { "pidfd_getfd setns", TRACE_PROCESS, "fn", FD_NONE, 0 },
    { "ptrace", TRACE_PROCESS, "nn", FD_NONE, 0 },
    { "fork vfork clone3 getpid getppid gettid getpgid setpgid getpgrp getsid setsid getuid geteuid getgid getegid "
      "setuid setgid setreuid setregid setresuid getresuid setresgid getresgid setfsuid setfsgid getgroups setgroups "
      "getuid32 geteuid32 getgid32 getegid32 setuid32 setgid32 setreuid32 setregid32 setresuid32 getresuid32 "
      "setresgid32 getresgid32 setfsuid32 setfsgid32 getgroups32 setgroups32 capget capset arch_prctl prlimit64 "
      "getrlimit setrlimit ugetrlimit getrusage personality set_tid_address unshare set_robust_list get_robust_list "
      "set_thread_area get_thread_area seccomp kcmp rseq modify_ldt ioprio_get ioprio_set",
      TRACE_PROCESS, "", FD_NONE, 0 },

    { "nanosleep", TRACE_TIMER, "", FD_NONE, CALL_SLEEPS },
    { "clock_nanosleep clock_nanosleep_time64", TRACE_TIMER, "n", FD_NONE, CALL_SLEEPS },
    { "timerfd_create", TRACE_TIMER, "nc", FD_MAKES, 0 },
    { "timerfd timerfd_settime timerfd_gettime timerfd_settime64 timerfd_gettime64", TRACE_TIMER, "f", FD_NONE, 0 },
    { "alarm setitimer getitimer", TRACE_TIMER, "n", FD_NONE, 0 },
    { "timer_settime timer_gettime timer_getoverrun timer_delete timer_settime64 timer_gettime64", TRACE_TIMER, "n",
      FD_NONE, 0 },
    { "timer_create clock_gettime clock_settime clock_getres clock_adjtime clock_gettime64 clock_settime64 "
      "clock_getres_time64 clock_adjtime64",
      TRACE_TIMER, "n", FD_NONE, 0 },
    { "gettimeofday settimeofday time stime times adjtimex", TRACE_TIMER, "", FD_NONE, 0 },

    { "kill tkill", TRACE_SIGNAL, "nn", FD_NONE, 0 },
    { "tgkill", TRACE_SIGNAL, "nnn", FD_NONE, 0 },
    { "rt_sigaction", TRACE_SIGNAL, "n", FD_NONE, 0 },
    { "rt_sigreturn sigreturn", TRACE_SIGNAL, "", FD_NONE, CALL_NO_ERROR },
    { "signalfd", TRACE_SIGNAL, "", FD_MAKES, 0 },
    { "signalfd4", TRACE_SIGNAL, "---c", FD_MAKES, 0 },
    { "pidfd_send_signal", TRACE_SIGNAL, "fn", FD_NONE, 0 },
    { "rt_sigprocmask rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo rt_sigsuspend sigaltstack pause "
      "signal sigaction sigprocmask sigpending sigsuspend sgetmask ssetmask rt_sigtimedwait_time64",
      TRACE_SIGNAL, "", FD_NONE, 0 },

    { "sched_yield sched_setscheduler sched_getscheduler sched_setparam sched_getparam sched_setattr sched_getattr "
      "sched_setaffinity sched_getaffinity sched_get_priority_max sched_get_priority_min sched_rr_get_interval "
      "sched_rr_get_interval_time64 getpriority setpriority nice getcpu",
      TRACE_SCHEDULER, "", FD_NONE, 0 },

    { "pipe", TRACE_IPC, "P", FD_PAIR, 0 },
    { "pipe2", TRACE_IPC, "Pc", FD_PAIR, 0 },
    { "socketpair", TRACE_IPC, "-c-P", FD_PAIR, 0 },
    { "socket", TRACE_IPC, "ncn", FD_MAKES, 0 },
    { "accept", TRACE_IPC, "f", FD_MAKES, 0 },
    { "accept4", TRACE_IPC, "f--c", FD_MAKES, 0 },
    { "connect bind getsockname getpeername getsockopt setsockopt", TRACE_IPC, "f", FD_NONE, 0 },
    { "listen shutdown", TRACE_IPC, "fn", FD_NONE, 0 },
    { "recvfrom", TRACE_IPC, "f-s", FD_NONE, CALL_READS },
    { "recvmsg recv", TRACE_IPC, "f", FD_NONE, CALL_READS },
    { "sendto", TRACE_IPC, "f-s", FD_NONE, CALL_WRITES },
    { "sendmsg send", TRACE_IPC, "f", FD_NONE, CALL_WRITES },
    { "recvmmsg sendmmsg recvmmsg_time64", TRACE_IPC, "f-n", FD_NONE, 0 },
    { "eventfd", TRACE_IPC, "n", FD_MAKES, 0 },
    { "eventfd2", TRACE_IPC, "nc", FD_MAKES, 0 },
    { "epoll_create", TRACE_IPC, "n", FD_MAKES, 0 },
    { "epoll_create1", TRACE_IPC, "c", FD_MAKES, 0 },
    { "epoll_ctl", TRACE_IPC, "fnf", FD_NONE, 0 },
    { "epoll_wait epoll_pwait epoll_pwait2", TRACE_IPC, "f", FD_NONE, 0 },
    { "mq_open", TRACE_IPC, "pc", FD_OPENS, 0 },
    { "mq_unlink", TRACE_IPC, "p", FD_NONE, 0 },
    { "mq_timedsend mq_timedreceive mq_timedsend_time64 mq_timedreceive_time64", TRACE_IPC, "f-s", FD_NONE, 0 },
    { "mq_notify mq_getsetattr", TRACE_IPC, "f", FD_NONE, 0 },
    { "msgsnd msgrcv", TRACE_IPC, "n-s", FD_NONE, 0 },
    { "msgctl semctl semop semtimedop", TRACE_IPC, "n", FD_NONE, 0 },
    { "msgget semget ipc socketcall poll ppoll select pselect6 _newselect ppoll_time64 pselect6_time64 "
      "semtimedop_time64",
      TRACE_IPC, "", FD_NONE, 0 },
    { "getrandom", TRACE_SYSCALL, "-s", FD_NONE, 0 },
};

/* Whether the list, separated by spaces, has the name. */
static bool listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = list; at; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, name, length) == 0 && (at[length] == ' ' || at[length] == '\0'))
            return true;
    }
    return false;
}

const struct call_shape *call_shape_of(const char *name)
{
    static const struct call_shape rest = { "", TRACE_SYSCALL, "", FD_NONE, 0 };
    for (size_t i = 0; name[0] && i < sizeof shapes / sizeof shapes[0]; i++) {
        if (listed(shapes[i].names, name))
            return &shapes[i];
    }
    return &rest;
}
