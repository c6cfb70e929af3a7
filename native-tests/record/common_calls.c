/*
 * Makes the most common system calls, most of them once, for docs/CALLS.md and for the test that compares how record
 * and strace report them: in the directory given as its argument, always the same calls in the same order. Which of
 * them fail depends on the machine. With "done" as its argument it exits with status 7; it executes itself that way at
 * its end.
 */
#include "common_calls.h"

#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <linux/io_uring.h>
#include <linux/netlink.h>
#include <mqueue.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/inotify.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/personality.h>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/shm.h>
#include <sys/signalfd.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/times.h>
#include <sys/uio.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <time.h>
#include <unistd.h>

/* A file of 12 bytes, open for reading and writing, and a directory. */
struct opened {
    int file, directory;
};

static void contents(struct opened *opened)
{
    char bytes[256];
    struct iovec in[2] = { { bytes, 3 }, { bytes + 3, 4 } };
    char abc[] = "abc", defg[] = "defg";
    struct iovec out[2] = { { abc, 3 }, { defg, 4 } };
    opened->file = open("file", O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0640);
    opened->directory = open(".", O_RDONLY | O_DIRECTORY);
    int again = openat(opened->directory, "file", O_RDONLY | O_NOFOLLOW), copy = open("copy", O_RDWR | O_CREAT, 0600);
    made(write(opened->file, "hello\nworld\n", 12));
    made(pwrite(opened->file, "HELLO", 5, 0));
    made(read(again, bytes, 100));
    made(pread(again, bytes, 4, 6));
    made(lseek(again, 0, SEEK_SET));
    made(readv(again, in, 2));
    made(writev(opened->file, out, 2));
    made(lseek(opened->file, -4, SEEK_END));
    made(sendfile(copy, again, NULL, 10));
    made(copy_file_range(opened->file, NULL, copy, NULL, 10, 0));
    made(ftruncate(opened->file, 100));
    made(fallocate(opened->file, FALLOC_FL_KEEP_SIZE, 0, 4096));
    made(fsync(opened->file));
    made(fdatasync(opened->file));
    made(posix_fadvise(opened->file, 0, 0, POSIX_FADV_SEQUENTIAL));
    made(flock(opened->file, LOCK_EX | LOCK_NB));
    made(close(copy));
    made(close(again));
    made(close(999));
}

static void names(const struct opened *opened)
{
    char bytes[512];
    struct stat status;
    struct statx more;
    struct statfs system;
    const struct timespec times[2] = { { 1000000000, 5 }, { 0, UTIME_NOW } };
    uid_t user = getuid();
    gid_t group = getgid();
    made(fstatat(AT_FDCWD, "file", &status, AT_SYMLINK_NOFOLLOW));
    made(fstat(opened->file, &status));
    made(statx(AT_FDCWD, "file", 0, STATX_SIZE | STATX_MTIME, &more));
    made(access("file", R_OK | W_OK));
    made(faccessat(AT_FDCWD, "missing", X_OK, AT_EACCESS));
    made(symlink("target", "link"));
    made(readlink("link", bytes, sizeof bytes));
    made(link("file", "hard"));
    made(rename("hard", "hard2"));
    made(renameat2(AT_FDCWD, "hard2", opened->directory, "hard3", RENAME_NOREPLACE));
    made(unlink("link"));
    made(unlinkat(opened->directory, "hard3", 0));
    made(mkdir("below", 0700));
    made(mkdirat(opened->directory, "below2", 0750));
    made(syscall(SYS_getdents64, opened->directory, bytes, sizeof bytes));
    made(rmdir("below"));
    made(unlinkat(opened->directory, "below2", AT_REMOVEDIR));
    made(chmod("file", 0600));
    made(fchmod(opened->file, 0644));
    made(chown("file", user, group));
    made(fchownat(AT_FDCWD, "file", user, group, AT_SYMLINK_NOFOLLOW));
    made(utimensat(AT_FDCWD, "file", times, 0));
    made(umask(022));
    made(truncate("file", 50));
    made(setxattr("file", "user.a", "v", 1, 0));
    made(getxattr("file", "user.a", bytes, 10));
    made(getcwd(bytes, sizeof bytes) != NULL);
    made(statfs(".", &system));
    made(inotify_add_watch(inotify_init1(IN_CLOEXEC), ".", IN_CREATE | IN_DELETE));
}

static void descriptors(const struct opened *opened)
{
    char bytes[64];
    int pair[2] = { -1, -1 }, waiting = 0;
    struct winsize size;
    struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = 10, .l_len = 20 };
    off_t offset = 0;
    made(fcntl(opened->file, F_GETFL));
    made(fcntl(opened->file, F_SETFL, O_APPEND | O_NONBLOCK));
    made(fcntl(opened->file, F_SETLK, &lock));
    int copy = fcntl(opened->file, F_DUPFD_CLOEXEC, 40);
    made(dup2(copy, 41));
    made(dup3(copy, 42, O_CLOEXEC));
    made(dup(opened->directory));
    made(close(copy));
    made((long)syscall(SYS_close_range, 40, 50, 0));
    made(ioctl(opened->file, TIOCGWINSZ, &size));
    made(ioctl(opened->file, FIONREAD, &waiting));
    made(pipe2(pair, O_CLOEXEC | O_NONBLOCK));
    made(splice(opened->file, &offset, pair[1], NULL, 5, SPLICE_F_MOVE));
    made(read(pair[0], bytes, sizeof bytes));
    made(read(pair[0], bytes, 10));
    made(close(pair[0]));
    made(close(pair[1]));
}

static void memory(const struct opened *opened)
{
    char locked[100], bytes[5], hello[] = "hello";
    const struct iovec to = { bytes, 5 }, from = { hello, 5 };
    void *mapped = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, opened->file, 0);
    made(msync(mapped, 4096, MS_SYNC));
    made(munmap(mapped, 8192));
    mapped = mmap(NULL, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    made(mprotect(mapped, 4096, PROT_READ | PROT_EXEC));
    made(madvise(mapped, 1 << 20, MADV_DONTNEED));
    mapped = mremap(mapped, 1 << 20, 1 << 21, MREMAP_MAYMOVE);
    made(munmap(mapped, 1 << 21));
    made(brk(sbrk(0)));
    made(mlock(locked, sizeof locked));
    made(munlock(locked, sizeof locked));
    made(process_vm_readv(getpid(), &to, 1, &from, 1, 0));
    int shared = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    mapped = shmat(shared, NULL, 0);
    made(shmdt(mapped));
    made(shmctl(shared, IPC_RMID, NULL));
    made(memfd_create("memory", MFD_CLOEXEC));
    made(syscall(SYS_membarrier, 0, 0, 0));
}

static void waiting(void)
{
    static uint32_t word;
    uint64_t count;
    int pair[2] = { -1, -1 };
    fd_set set;
    const struct timespec time = { 0, 1000000 }, longer = { 0, 1500000 };
    struct timeval short_time = { 0, 1000 };
    made(pipe(pair));
    struct pollfd polled[2] = { { .fd = pair[0], .events = POLLIN }, { .fd = pair[1], .events = POLLOUT } };
    made(poll(polled, 2, 10));
    made(ppoll(polled, 1, &time, NULL));
    FD_ZERO(&set);
    FD_SET(pair[0], &set);
    made(select(pair[0] + 1, &set, NULL, NULL, &short_time));
    struct epoll_event event = { .events = EPOLLIN | EPOLLET, .data.fd = pair[0] };
    int epoll = epoll_create1(EPOLL_CLOEXEC);
    made(epoll_ctl(epoll, EPOLL_CTL_ADD, pair[0], &event));
    made(write(pair[1], "x", 1));
    made(epoll_wait(epoll, &event, 1, 100));
    int counter = eventfd(3, EFD_NONBLOCK);
    made(read(counter, &count, sizeof count));
    const struct itimerspec soon = { .it_value = time };
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    made(timerfd_settime(timer, 0, &soon, NULL));
    made(read(timer, &count, sizeof count));
    made(syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0));
    made(syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &time, NULL, 0));
    made(syscall(SYS_futex, &word, FUTEX_WAIT, 7, NULL, NULL, 0));
    made(syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_CLOCK_REALTIME, 7, NULL, NULL, FUTEX_BITSET_MATCH_ANY));
    made(syscall(SYS_nanosleep, &longer, NULL));
    made(clock_nanosleep(CLOCK_MONOTONIC, 0, &longer, NULL));
}

static void children(void)
{
    char program[] = "none", second[] = "an argument", variable[] = "A=1";
    char *arguments[] = { program, second, NULL }, *environment[] = { variable, NULL };
    int status;
    siginfo_t info;
    pid_t child = fork();
    if (child == 0)
        _exit(3);
    made(wait4(child, &status, 0, NULL));
    child = fork();
    if (child == 0) {
        pause();
        _exit(0);
    }
    made(kill(child, SIGTERM));
    made(waitpid(child, &status, 0));
    child = fork();
    if (child == 0)
        _exit(4);
    made(waitid(P_PID, (id_t)child, &info, WEXITED));
    made(waitpid(-1, &status, WNOHANG));
    made(execve("/no/such/program", arguments, environment));
}

static void handle(int signal)
{
    (void)signal;
}

static void signals(void)
{
    sigset_t set;
    struct sigaction action = { .sa_handler = handle, .sa_flags = SA_RESTART };
    const struct timespec time = { 0, 1000000 };
    const struct itimerval later = { .it_value = { 5, 0 } }, never = { .it_value = { 0, 0 } };
    sigemptyset(&action.sa_mask);
    made(sigaction(SIGUSR1, &action, NULL));
    sigemptyset(&set);
    sigaddset(&set, SIGUSR2);
    made(sigprocmask(SIG_BLOCK, &set, NULL));
    made(signalfd(-1, &set, SFD_CLOEXEC));
    pid_t pid = getpid();
    long tid = syscall(SYS_gettid);
    made(syscall(SYS_tgkill, pid, tid, SIGUSR1));
    made(sigqueue(pid, SIGUSR2, (union sigval){ .sival_int = 42 }));
    made(sigtimedwait(&set, NULL, &time));
    made(sigtimedwait(&set, NULL, &time));
    made(alarm(1000)); /* replaces the same timer */
    made(setitimer(ITIMER_REAL, &later, NULL));
    made(setitimer(ITIMER_REAL, &never, NULL));
}

static void machine(void)
{
    char bytes[256];
    struct sysinfo system;
    struct utsname names_of_it;
    struct rlimit limit;
    struct rusage usage;
    struct tms spent;
    struct timespec time;
    cpu_set_t processors;
    struct io_uring_params ring;
    union bpf_attr map;
    made(getrandom(bytes, 16, GRND_NONBLOCK));
    made(sysinfo(&system));
    made(uname(&names_of_it));
    made(getrlimit(RLIMIT_NOFILE, &limit));
    limit.rlim_cur = 256;
    made(setrlimit(RLIMIT_NOFILE, &limit));
    made(getrusage(RUSAGE_SELF, &usage));
    made(times(&spent));
    made(syscall(SYS_clock_gettime, CLOCK_BOOTTIME, &time));
    CPU_ZERO(&processors);
    CPU_SET(0, &processors);
    made(sched_setaffinity(0, sizeof processors, &processors));
    made(sched_getaffinity(0, sizeof processors, &processors));
    memset(&ring, 0, sizeof ring);
    long made_ring = syscall(SYS_io_uring_setup, 4, &ring);
    made(syscall(SYS_io_uring_enter, made_ring, 0, 0, IORING_ENTER_GETEVENTS, NULL, 0));
    memset(&map, 0, sizeof map);
    map.map_type = BPF_MAP_TYPE_ARRAY;
    map.key_size = 4;
    map.value_size = 8;
    map.max_entries = 1;
    made(syscall(SYS_bpf, BPF_MAP_CREATE, &map, sizeof map));
    made(mq_open("/common-calls", O_RDONLY));
    made(mount("none", "/no/where", "tmpfs", MS_NOSUID | MS_NODEV, "size=1m"));
    made(umount2("/no/where", MNT_DETACH));
    made(chroot("/no/where"));
    made(personality(0xffffffff));
}

static void privileges(void)
{
    const struct sched_param parameters = { 0 };
    struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct sets[2];
    made(sched_setscheduler(0, SCHED_BATCH, &parameters));
    made(setpriority(PRIO_PROCESS, 0, 1));
    uid_t user = getuid();
    made(getppid());
    made(setresuid((uid_t)-1, user, (uid_t)-1));
    made(syscall(SYS_capget, &header, sets));
    made(setsid());
    made(setpgid(0, 0));
    made(prctl(PR_SET_NAME, "renamed"));
    made(prctl(PR_SET_PDEATHSIG, SIGTERM));
    int self = (int)syscall(SYS_pidfd_open, getpid(), 0);
    made(syscall(SYS_pidfd_send_signal, self, 0, NULL, 0));
    made(syscall(SYS_seccomp, 2, 0, NULL));
}

static void settings(const struct opened *opened)
{
    struct stat status;
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGALRM };
    static char bytes[16384];
    stack_t stack = { .ss_sp = bytes, .ss_size = sizeof bytes };
    struct sockaddr_nl address = { .nl_family = AF_NETLINK };
    unsigned user, effective, saved;
    int timer, policy, error, off = 0, on = 1;
    unsigned long nodes = 1;
    socklen_t room = sizeof error;
    made(syscall(SYS_newfstatat, AT_FDCWD, "/dev/null", &status, 0));
    made(ioctl(opened->file, FIONBIO, &off));
    made(syscall(SYS_ioprio_set, 1, 0, 3 << 13 | 7));
    made(syscall(SYS_set_mempolicy, 2, &nodes, 64));
    made(syscall(SYS_get_mempolicy, &policy, &nodes, 64, NULL, 0));
    made(syscall(SYS_set_mempolicy, 0, NULL, 0));
    made(syscall(SYS_getresuid, &user, &effective, &saved));
    made(sigaltstack(&stack, NULL));
    made(syscall(SYS_timer_create, CLOCK_MONOTONIC, &event, &timer));
    made(prctl(PR_CAPBSET_READ, CAP_KILL));
    made(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, CAP_CHOWN, 0, 0));
    int routes = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
    made(setsockopt(routes, SOL_NETLINK, NETLINK_EXT_ACK, &on, sizeof on));
    made(bind(routes, (struct sockaddr *)&address, sizeof address));
    int refused = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    struct sockaddr_in nowhere = { .sin_family = AF_INET,
                                   .sin_port = htons(1),
                                   .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    made(connect(refused, (struct sockaddr *)&nowhere, sizeof nowhere));
    made(getsockopt(refused, SOL_SOCKET, SO_ERROR, &error, &room));
}

int main(int argc, char **argv)
{
    struct opened opened;
    if (argc != 2)
        return 2;
    if (strcmp(argv[1], "done") == 0)
        return 7;
    made(syscall(SYS_close_range, 3, ~0u, 0)); /* the same descriptor numbers whichever program started this one */
    made(mkdir(argv[1], 0755));
    if (chdir(argv[1]) != 0)
        return 1;
    contents(&opened);
    names(&opened);
    descriptors(&opened);
    memory(&opened);
    waiting();
    common_connections();
    common_datagrams();
    common_local_sockets(opened.file);
    children();
    signals();
    machine();
    privileges();
    settings(&opened);
    char done[] = "done", *arguments[] = { argv[0], done, NULL };
    return execv(argv[0], arguments);
}
