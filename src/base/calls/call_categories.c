/* The categories of system calls, by name; see call_categories.h. */
#include "call_categories.h"

#include <string.h>

static const struct {
    enum trace_category category;
    const char *names; /* separated by spaces */
} categories[] = {
    { TRACE_FILE,
      "read pread64 preadv preadv2 readv write pwrite64 writev pwritev pwritev2 sendfile sendfile64 "
      "copy_file_range splice tee vmsplice open openat openat2 creat close close_range dup dup2 dup3 fcntl "
      "fcntl64 ioctl lseek _llseek flock fstat fstat64 fstatfs fstatfs64 oldfstat fsync fdatasync syncfs fchdir "
      "ftruncate ftruncate64 fallocate fadvise64 fadvise64_64 readahead sync_file_range fchmod fchown fchown32 "
      "getdents getdents64 readdir fgetxattr fsetxattr flistxattr fremovexattr stat lstat stat64 lstat64 oldstat "
      "oldlstat statfs statfs64 readlink chdir chroot rmdir unlink swapoff acct utime utimes umount umount2 "
      "uselib swapon oldumount access mkdir mknod chmod faccessat faccessat2 mkdirat mknodat fchmodat fchmodat2 "
      "newfstatat fstatat64 statx readlinkat unlinkat utimensat futimesat name_to_handle_at utimensat_time64 "
      "truncate truncate64 chown lchown chown32 lchown32 fchownat rename link symlink pivot_root mount renameat "
      "renameat2 linkat move_mount symlinkat getxattr lgetxattr setxattr lsetxattr removexattr lremovexattr "
      "listxattr llistxattr open_tree fspick inotify_init inotify_init1 fanotify_init memfd_create memfd_secret "
      "userfaultfd fsopen fsmount io_uring_setup perf_event_open bpf landlock_create_ruleset inotify_add_watch "
      "inotify_rm_watch getcwd sync umask quotactl io_setup io_destroy io_submit io_cancel io_getevents "
      "io_uring_enter io_uring_register lookup_dcookie fanotify_mark open_by_handle_at mount_setattr "
      "io_pgetevents" },
    { TRACE_MEMORY,
      "mmap mmap2 brk munmap mprotect madvise mlock mlock2 munlock msync mincore mbind pkey_mprotect mremap shmat "
      "shmget shmctl shmdt mlockall munlockall remap_file_pages set_mempolicy get_mempolicy migrate_pages "
      "move_pages membarrier pkey_alloc pkey_free process_madvise process_mrelease process_vm_readv "
      "process_vm_writev set_mempolicy_home_node" },
    { TRACE_PROCESS,
      "execve execveat exit exit_group clone wait4 waitpid waitid prctl pidfd_open pidfd_getfd setns ptrace fork "
      "vfork clone3 getpid getppid gettid getpgid setpgid getpgrp getsid setsid getuid geteuid getgid getegid "
      "setuid setgid setreuid setregid setresuid getresuid setresgid getresgid setfsuid setfsgid getgroups "
      "setgroups getuid32 geteuid32 getgid32 getegid32 setuid32 setgid32 setreuid32 setregid32 setresuid32 "
      "getresuid32 setresgid32 getresgid32 setfsuid32 setfsgid32 getgroups32 setgroups32 capget capset arch_prctl "
      "prlimit64 getrlimit setrlimit ugetrlimit getrusage personality set_tid_address unshare set_robust_list "
      "get_robust_list set_thread_area get_thread_area seccomp kcmp rseq modify_ldt ioprio_get ioprio_set" },
    { TRACE_TIMER,
      "nanosleep clock_nanosleep clock_nanosleep_time64 timerfd_create timerfd timerfd_settime timerfd_gettime "
      "timerfd_settime64 timerfd_gettime64 alarm setitimer getitimer timer_settime timer_gettime timer_getoverrun "
      "timer_delete timer_settime64 timer_gettime64 timer_create clock_gettime clock_settime clock_getres "
      "clock_adjtime clock_gettime64 clock_settime64 clock_getres_time64 clock_adjtime64 gettimeofday "
      "settimeofday time stime times adjtimex" },
    { TRACE_SIGNAL,
      "kill tkill tgkill rt_sigaction rt_sigreturn sigreturn signalfd signalfd4 pidfd_send_signal rt_sigprocmask "
      "rt_sigpending rt_sigtimedwait rt_sigqueueinfo rt_tgsigqueueinfo rt_sigsuspend sigaltstack pause signal "
      "sigaction sigprocmask sigpending sigsuspend sgetmask ssetmask rt_sigtimedwait_time64" },
    { TRACE_SCHEDULER,
      "sched_yield sched_setscheduler sched_getscheduler sched_setparam sched_getparam sched_setattr "
      "sched_getattr sched_setaffinity sched_getaffinity sched_get_priority_max sched_get_priority_min "
      "sched_rr_get_interval sched_rr_get_interval_time64 getpriority setpriority nice getcpu" },
    { TRACE_IPC,
      "pipe pipe2 socketpair socket accept accept4 connect bind getsockname getpeername getsockopt setsockopt "
      "listen shutdown recvfrom recvmsg recv sendto sendmsg send recvmmsg sendmmsg recvmmsg_time64 eventfd "
      "eventfd2 epoll_create epoll_create1 epoll_ctl epoll_wait epoll_pwait epoll_pwait2 mq_open mq_unlink "
      "mq_timedsend mq_timedreceive mq_timedsend_time64 mq_timedreceive_time64 mq_notify mq_getsetattr msgsnd "
      "msgrcv msgctl semctl semop semtimedop msgget semget ipc socketcall poll ppoll select pselect6 _newselect "
      "ppoll_time64 pselect6_time64 semtimedop_time64" },
    { TRACE_SYSCALL, "getrandom" },
};

bool call_listed(const char *list, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = list; at; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (strncmp(at, name, length) == 0 && (at[length] == ' ' || at[length] == '\0'))
            return length > 0;
    }
    return false;
}

enum trace_category call_category(const char *name)
{
    for (size_t i = 0; i < sizeof categories / sizeof categories[0]; i++) {
        if (call_listed(categories[i].names, name))
            return categories[i].category;
    }
    return TRACE_SYSCALL;
}

void call_categories_index(struct call_index *index)
{
    for (size_t i = 0; i < sizeof categories / sizeof categories[0]; i++)
        call_index_add(index, categories[i].names, &categories[i].category);
}

enum trace_category call_category_find(const struct call_index *index, const char *name)
{
    const enum trace_category *found = call_index_find(index, name);
    return found ? *found : TRACE_SYSCALL;
}
