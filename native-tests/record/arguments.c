/*
 * The program recorded by the tests of arguments: one call for each kind of argument, in the directory given as the
 * first argument; after "polls", only those. Exits with 0 if everything went as expected.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/capability.h>
#include <linux/futex.h>
#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/select.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysinfo.h>
#include <sys/uio.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int files(const char *directory)
{
    char bytes[8];
    struct stat status;
    struct iovec vectors[2] = { { bytes, 3 }, { bytes + 3, 3 } };
    mkdir(directory, 0700);
    int failures = chdir(directory) != 0, at = open(".", O_RDONLY | O_DIRECTORY);
    umask(022);
    int file = open("a", O_RDWR | O_CREAT | O_CLOEXEC, 0640);
    failures += write(file, "one\n\0two", 8) != 8 || at < 0;
    int again = openat(at, "a", O_RDONLY);
    failures += readv(again, vectors, 2) != 6 || stat("a", &status) != 0 || lseek(again, -4, SEEK_END) != 4;
    failures += fcntl(file, F_GETFL) < 0;
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    return failures + (memory == MAP_FAILED) + (unlinkat(at, "a", 0) != 0);
}

static int sockets(void)
{
    struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) }, from;
    struct sockaddr_un local = { .sun_family = AF_UNIX };
    socklen_t size = sizeof address;
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), client = socket(AF_INET, SOCK_STREAM, 0);
    int failures = bind(listener, (struct sockaddr *)&address, sizeof address) != 0 || listen(listener, 1) != 0;
    failures += getsockname(listener, (struct sockaddr *)&address, &size) != 0;
    failures += getpeername(listener, (struct sockaddr *)&from, &size) == 0 || errno != ENOTCONN;
    failures += connect(client, (struct sockaddr *)&address, sizeof address) != 0;
    size = sizeof from;
    failures += accept4(listener, (struct sockaddr *)&from, &size, SOCK_CLOEXEC) < 0;
    failures += send(client, "x", 1, MSG_NOSIGNAL) != 1;
    int length = snprintf(local.sun_path + 1, sizeof local.sun_path - 1, "ringscope-test-%d", getpid());
    int named = socket(AF_UNIX, SOCK_STREAM, 0);
    size = (socklen_t)(sizeof local.sun_family + 1 + (size_t)length);
    return failures + (bind(named, (struct sockaddr *)&local, size) != 0);
}

static int waiting(void)
{
    static uint32_t word;
    int pair[2];
    sigset_t set;
    struct timespec time = { 0, 1000000 };
    int failures = pipe(pair) != 0;
    struct pollfd polled = { .fd = pair[1], .events = POLLOUT };
    failures += poll(&polled, 1, 100) != 1;
    failures += syscall(SYS_futex, &word, FUTEX_WAIT_PRIVATE, 0, &time, NULL, 0) != -1 || errno != ETIMEDOUT;
    time.tv_nsec = 1500000;
    failures += nanosleep(&time, NULL) != 0;
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigaddset(&set, SIGUSR2);
    return failures + (sigprocmask(SIG_BLOCK, &set, NULL) != 0);
}

/* Polls and selects a pipe as descriptor 90; then the same 20 times, more than is kept of a call. */
static int many_polls(void)
{
    struct pollfd asked[20];
    int pair[2];
    fd_set set;
    struct timeval now = { 0, 0 };
    if (pipe(pair) != 0 || dup2(pair[0], 90) != 90)
        return 1;
    for (int i = 0; i < 20; i++)
        asked[i] = (struct pollfd){ .fd = 90, .events = POLLIN };
    FD_ZERO(&set);
    FD_SET(90, &set);
    return poll(asked, 1, 0) != 0 || select(91, &set, NULL, NULL, &now) != 0 || poll(asked, 20, 0) != 0;
}

static int processes(void)
{
    const struct rlimit none = { 0, 0 };
    char program[] = "program", second[] = "an argument", variable[] = "A=1";
    char *arguments[] = { program, second, NULL }, *environment[] = { variable, NULL };
    int status = 0, failures = setrlimit(RLIMIT_CORE, &none) != 0;
    pid_t child = fork();
    if (child == 0)
        _exit(3);
    failures += waitpid(child, &status, 0) != child || WEXITSTATUS(status) != 3;
    return failures + (execve("/no/such/program", arguments, environment) != -1);
}

/* Calls that concern the machine and privileges; whether bpf() is permitted does not matter. */
static int machine(void)
{
    struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
    struct __user_cap_data_struct sets[2];
    struct sysinfo info;
    struct statfs system;
    union bpf_attr attr;
    memset(&attr, 0, sizeof attr);
    attr.map_type = BPF_MAP_TYPE_ARRAY;
    attr.key_size = 4;
    attr.value_size = 8;
    attr.max_entries = 1;
    syscall(SYS_bpf, BPF_MAP_CREATE, &attr, sizeof attr);
    int failures = syscall(SYS_capget, &header, sets) != 0;
    failures += sysinfo(&info) != 0 || statfs("/", &system) != 0;
    return failures + (sigqueue(getpid(), SIGUSR1, (union sigval){ .sival_int = 42 }) != 0); /* blocked by waiting() */
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "polls") == 0)
        return many_polls();
    return argc < 2 ? 2 : files(argv[1]) + sockets() + waiting() + machine() + processes();
}
