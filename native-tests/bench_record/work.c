/* The programs that are recorded; see work.h. */
#define _GNU_SOURCE
#include "work.h"

#include <fcntl.h>
#include <linux/futex.h>
#include <spawn.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "measure.h"
#include "memory.h"

#define CALLS 200000
#define FORKS 200

/* Processor time of each of many calls, whoever else works on its processor meanwhile. */
static double ns_a_call(void (*call)(int descriptor), int descriptor)
{
    struct timespec began, ended;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &began);
    for (int i = 0; i < CALLS; i++)
        call(descriptor);
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &ended);
    return ((double)(ended.tv_sec - began.tv_sec) * 1e9 + (double)(ended.tv_nsec - began.tv_nsec)) / CALLS;
}

/* The same of dd's calls, two per block. */
static double dd_ns(void)
{
    int status;
    struct rusage usage;
    pid_t child = fork();
    if (child == 0) {
        execlp("dd", "dd", "if=/dev/zero", "of=/dev/null", "bs=1", "count=200000", "status=none", (char *)NULL);
        _exit(127);
    }
    if (wait4(child, &status, 0, &usage) != child || status != 0)
        return 0;
    return ((double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) * 1e9 +
            (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) * 1e3) /
           400000;
}

/* It fails: the kernel only looks the path up. */
static void call_openat(int descriptor)
{
    (void)descriptor;
    open("/no/such/file/at/all", O_RDONLY);
}

static void call_connect(int descriptor)
{
    static const struct sockaddr_un nobody = { AF_UNIX, "/no/such/socket" };
    (void)connect(descriptor, (const struct sockaddr *)&nobody, sizeof nobody);
}

/* Nobody waits. */
static void call_futex(int descriptor)
{
    static unsigned word;
    (void)descriptor;
    syscall(SYS_futex, &word, FUTEX_WAKE_PRIVATE, 1, NULL, NULL, 0);
}

/* There is always one event. */
static void call_epoll_wait(int descriptor)
{
    struct epoll_event events[4];
    epoll_wait(descriptor, events, 4, 0);
}

static int ready_epoll(void)
{
    int set = epoll_create1(EPOLL_CLOEXEC), ready = eventfd(1, EFD_CLOEXEC);
    struct epoll_event event = { .events = EPOLLIN };
    epoll_ctl(set, EPOLL_CTL_ADD, ready, &event);
    return set;
}

static double openat_ns(void)
{
    return ns_a_call(call_openat, -1);
}

static double connect_ns(void)
{
    return ns_a_call(call_connect, socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
}

static double futex_ns(void)
{
    return ns_a_call(call_futex, -1);
}

static double epoll_wait_ns(void)
{
    return ns_a_call(call_epoll_wait, ready_epoll());
}

/* ns of a program's beginning and end, one after another. */
static double forks_ns(void)
{
    double began_ns = bench_now_ns();
    for (int i = 0; i < FORKS; i++) {
        pid_t child = fork();
        if (child == 0) {
            execlp("true", "true", (char *)NULL);
            _exit(127);
        }
        waitpid(child, NULL, 0);
    }
    return (bench_now_ns() - began_ns) / FORKS;
}

/* KiB of this program's parent, after some 200,000 events. */
static double parent_kib(void)
{
    openat_ns();
    return memory_kib(getppid());
}

int work(const char *name)
{
    static const struct {
        const char *name;
        double (*do_it)(void);
    } all[] = {
        { "openat", openat_ns },         { "connect", connect_ns }, { "futex", futex_ns },
        { "epoll_wait", epoll_wait_ns }, { "dd", dd_ns },           { "forks", forks_ns },
        { "parent_kib", parent_kib },
    };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        if (strcmp(all[i].name, name) == 0) {
            fprintf(stderr, "%s: %.1f\n", name, all[i].do_it());
            return 0;
        }
    }
    fprintf(stderr, "no work %s\n", name);
    return 2;
}
