/* Signals, timers, and who else sends them: seccomp, a shell's job, a tracer. */
#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "subject.h"

static volatile sig_atomic_t caught;

static void on_signal(int signal)
{
    caught += signal != 0;
}

/* Blocked signals stay pending; ignored ones do not arrive. */
static int signals(void)
{
    sigset_t set, pending;
    struct sigaction action = { .sa_handler = on_signal };
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGUSR2, &action, NULL);
    signal(SIGHUP, SIG_IGN);
    sigemptyset(&set);
    sigaddset(&set, SIGUSR1);
    sigprocmask(SIG_BLOCK, &set, NULL);
    raise(SIGUSR1);
    raise(SIGHUP);
    int failures = caught != 0 || sigpending(&pending) != 0 || !sigismember(&pending, SIGUSR1);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    raise(SIGUSR2);
    return failures + (caught != 2);
}

/* A call that seccomp answers, one that it turns into a signal, and one that makes it kill a child. */
static void refuse(unsigned action)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_getpgid, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, action),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    const struct sock_fprog program = { sizeof code / sizeof code[0], code };
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 || prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) != 0)
        _exit(9);
}

static int refused(void)
{
    static const unsigned actions[] = { SECCOMP_RET_ERRNO | EXDEV, SECCOMP_RET_TRAP, SECCOMP_RET_KILL_PROCESS };
    int ended[3];
    for (unsigned i = 0; i < 3; i++) {
        pid_t child = fork();
        if (child == 0) {
            signal(SIGSYS, actions[i] == SECCOMP_RET_TRAP ? on_signal : SIG_DFL);
            refuse(actions[i]);
            long group = syscall(SYS_getpgid, 0);
            _exit(group == -1 && errno == EXDEV ? 3 : caught ? 4 : 5);
        }
        ended[i] = subject_ended_with(child);
    }
    return WEXITSTATUS(ended[0]) != 3 || WEXITSTATUS(ended[1]) != 4 || !WIFSIGNALED(ended[2]);
}

static void *call_refused(void *argument)
{
    refuse(SECCOMP_RET_KILL_THREAD);
    syscall(SYS_getpgid, 0);
    *(bool *)argument = true;
    return NULL;
}

/* Seccomp ends a thread, which no join notices; /proc/self/task does. */
static int thread_refused(void)
{
    pthread_t thread;
    bool lived = false;
    struct stat status;
    if (pthread_create(&thread, NULL, call_refused, &lived) != 0)
        return 1;
    do {
        sched_yield();
    } while (stat("/proc/self/task", &status) == 0 && status.st_nlink > 3);
    return lived;
}

static void *take_name(void *argument)
{
    char name[16];
    snprintf(name, sizeof name, "n%u", (unsigned)(uintptr_t)argument);
    pthread_setname_np(pthread_self(), name);
    return NULL;
}

/* More names of threads than a table holds, and then a call that was not made before. */
static int thread_names(void)
{
    for (unsigned i = 0; i < 17000; i++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, take_name, (void *)(uintptr_t)i) != 0)
            return 1;
        pthread_join(thread, NULL);
    }
    return getpgid(0) < 0;
}

/* The data that come with signals: a fault's address, a child's status, a sender's value. */
static int told(void)
{
    union sigval value = { .sival_int = 42 };
    signal(SIGCHLD, on_signal);
    pid_t child = fork();
    if (child == 0) {
        volatile int *nowhere = (volatile int *)(uintptr_t)0x1230;
        _exit(*nowhere);
    }
    signal(SIGUSR1, on_signal);
    int status = subject_ended_with(child);
    kill(getpid(), SIGUSR1);
    return !WIFSIGNALED(status) || sigqueue(getpid(), SIGUSR1, value) != 0;
}

/* One of each kind of timer. */
static int timers(void)
{
    const struct itimerval soon = { { 0, 0 }, { 0, 1000 } };
    const struct itimerspec also_soon = { { 0, 0 }, { 0, 1000000 } };
    struct sigaction action = { .sa_handler = on_signal };
    struct sigevent event = { .sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1 };
    timer_t timer;
    sigset_t set, before;
    uint64_t times;
    sigaction(SIGALRM, &action, NULL);
    sigaction(SIGUSR1, &action, NULL);
    sigfillset(&set);
    sigprocmask(SIG_BLOCK, &set, &before);
    setitimer(ITIMER_REAL, &soon, NULL);
    sigsuspend(&before);
    timer_create(CLOCK_MONOTONIC, &event, &timer);
    timer_settime(timer, 0, &also_soon, NULL);
    sigsuspend(&before);
    int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    timerfd_settime(fd, 0, &also_soon, NULL);
    int failures = read(fd, &times, sizeof times) != sizeof times;
    usleep(1000);
    return failures + (caught != 2);
}

/* A child that is stopped and continued like a shell's job: its parent sees both. */
static int job(void)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        for (;;)
            pause();
    }
    if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status) || WSTOPSIG(status) != SIGSTOP)
        return 1;
    kill(child, SIGCONT);
    if (waitpid(child, &status, WCONTINUED) != child || !WIFCONTINUED(status))
        return 2;
    kill(child, SIGTERM);
    status = subject_ended_with(child);
    return !WIFSIGNALED(status) || WTERMSIG(status) != SIGTERM;
}

/* Exits with 3 if it may not trace, because it is itself traced. */
static int traces(void)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        if (ptrace(PTRACE_TRACEME, 0, NULL, NULL) != 0)
            _exit(3);
        raise(SIGSTOP);
        _exit(0);
    }
    waitpid(child, &status, 0);
    if (WIFEXITED(status))
        return WEXITSTATUS(status);
    ptrace(PTRACE_CONT, child, NULL, NULL);
    return subject_ended_with(child) != 0;
}

/* Reports when Ctrl-C has arrived. */
static int terminal(void)
{
    struct sigaction action = { .sa_handler = on_signal };
    sigset_t set, before;
    sigfillset(&set);
    sigprocmask(SIG_BLOCK, &set, &before);
    sigaction(SIGINT, &action, NULL);
    if (!isatty(0) || !isatty(1))
        return 1;
    if (write(1, "ready\n", 6) != 6)
        return 1;
    sigsuspend(&before);
    return caught == 1 ? 42 : 1;
}

const struct subject subject_signals[] = {
    { "signals", signals },
    { "refused", refused },
    { "thread_refused", thread_refused },
    { "thread_names", thread_names },
    { "told", told },
    { "timers", timers },
    { "job", job },
    { "traces", traces },
    { "terminal", terminal },
    { NULL, NULL },
};
