/*
 * The program recorded by the tests of `ringscope record`: it does one odd thing, named by its first argument, and
 * exits with 0 if it went just as it does without a tracer.
 */
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
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

static char *self;

static int ended_with(pid_t child)
{
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

/* ------------------------------------------------------------------- calls */

/* Invalid pointers, paths that are too long, numbers that do not exist. */
static int bad_arguments(void)
{
    char *path = malloc(70000);
    if (!path)
        return 1;
    memset(path, 'a', 69999);
    path[69999] = '\0';
    int failures = open((const char *)1, O_RDONLY) != -1;
    failures += open((const char *)0xffffffffffff0000, O_RDONLY) != -1;
    failures += open(path, O_RDONLY) != -1;
    failures += rename(path, path) != -1;
    failures += syscall(SYS_pipe2, 1, 0) != -1;
    failures += syscall(999) != -1;
    failures += syscall(100000) != -1;
    failures += syscall(SYS_rename, "/no/such/file", 1) != -1;
    free(path);
    return failures;
}

/* A path that ends just before an unmapped page, and paths of 255 and 256 bytes. */
static int long_paths(void)
{
    char path[300];
    memset(path, 'b', sizeof path);
    path[0] = '/';
    path[256] = '\0';
    open(path, O_RDONLY);
    path[255] = '\0';
    open(path, O_RDONLY);
    return 0;
}

static int descriptors(void)
{
    int passwd = open("/etc/passwd", O_RDONLY), pair[2] = { -1, -1 }, sockets[2] = { -1, -1 };
    char byte;
    int copy = dup(passwd), high = fcntl(passwd, F_DUPFD, 100);
    int failures = read(passwd, &byte, 1) != 1 || read(copy, &byte, 1) != 1 || read(high, &byte, 1) != 1;
    failures += pipe(pair) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) != 0;
    failures += write(pair[1], "x", 1) != 1 || read(pair[0], &byte, 1) != 1;
    failures += write(sockets[1], "x", 1) != 1 || read(sockets[0], &byte, 1) != 1;
    close(passwd);
    failures += read(passwd, &byte, 1) != -1;
    return failures;
}

/* One descriptor that is closed by exec, and one that is not. */
static int exec_closes(void)
{
    int passwd = open("/etc/passwd", O_RDONLY);
    if (fcntl(passwd, F_DUPFD_CLOEXEC, 200) != 200 || fcntl(passwd, F_DUPFD, 201) != 201)
        return 1;
    execl(self, self, "exec_closed", (char *)NULL);
    return 1;
}

static int exec_closed(void)
{
    char byte;
    return read(200, &byte, 1) != -1 || read(201, &byte, 1) != 1;
}

#ifdef __x86_64__
static long call_32(long number, long argument)
{
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(number), "b"(argument) : "memory", "r8", "r9", "r10", "r11");
    return (int)result;
}
#endif

/* 20 is getpid() for 32-bit programs, and writev() for others; 6 is close(), or lstat(). */
static int compat(void)
{
#ifdef __x86_64__
    return call_32(20, 0) != getpid() || call_32(6, -1) != -EBADF;
#else
    return 0;
#endif
}

/* --------------------------------------------------------------- processes */

static int forks(void)
{
    int failures = 0;
    for (int i = 0; i < 1000; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit(i % 100);
        failures += child < 0 || WEXITSTATUS(ended_with(child)) != i % 100;
    }
    return failures;
}

static void *run_program(void *argument)
{
    (void)argument;
    execl(self, self, "exit", "9", (char *)NULL);
    return NULL;
}

/* The program goes on under the id of the first thread, which is waiting. */
static int thread_execs(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, run_program, NULL) != 0)
        return 1;
    pthread_join(thread, NULL);
    return 1;
}

static int vforks(void)
{
    pid_t child = vfork(); /* NOLINT(clang-analyzer-security.insecureAPI.vfork): vfork is under test */
    if (child == 0) {
        execl(self, self, "exit", "4", (char *)NULL);
        _exit(127);
    }
    return WEXITSTATUS(ended_with(child)) != 4;
}

static int killed_child(void)
{
    pid_t child = fork();
    if (child == 0) {
        for (;;)
            pause();
    }
    kill(child, SIGKILL);
    int status = ended_with(child);
    return !WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL;
}

static void *name_and_count(void *argument)
{
    prctl(PR_SET_NAME, "counting");
    for (int i = 0; i < 100; i++)
        syscall(SYS_getppid);
    return argument;
}

/* Waits, without ending its zombie, until a child's first thread has ended. */
static int first_thread_ended(pid_t child)
{
    char path[64], line[256], *state = NULL;
    snprintf(path, sizeof path, "/proc/%d/stat", (int)child);
    while (!state || state[2] != 'Z') {
        FILE *file = fopen(path, "r");
        if (!file)
            return 0;
        state = fgets(line, sizeof line, file) ? strrchr(line, ')') : NULL;
        fclose(file);
        sched_yield();
    }
    return 1;
}

static void *wait_for_ever(void *argument)
{
    while (!argument)
        pause();
    return NULL;
}

/* Signals to what has ended: a process of which one thread is left, and one that was not waited for yet. */
static int killed_late(void)
{
    pid_t headless = fork();
    if (headless == 0) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)
            _exit(1);
        pthread_exit(NULL);
    }
    if (!first_thread_ended(headless) || kill(headless, SIGKILL) != 0)
        return 1;
    int status = ended_with(headless);
    pid_t zombie = fork();
    if (zombie == 0)
        _exit(0);
    if (!first_thread_ended(zombie) || kill(zombie, SIGKILL) != 0)
        return 2;
    return !WIFSIGNALED(status) || ended_with(zombie) != 0 ? 3 : 0;
}

static int threads(void)
{
    pthread_t all[10];
    int failures = 0;
    for (int i = 0; i < 10; i++)
        failures += pthread_create(&all[i], NULL, name_and_count, NULL) != 0;
    for (int i = 0; i < 10; i++)
        pthread_join(all[i], NULL);
    return failures;
}

static pid_t reader;

static void *read_forever(void *argument)
{
    char byte;
    __atomic_store_n(&reader, (pid_t)syscall(SYS_gettid), __ATOMIC_RELEASE);
    return read(*(int *)argument, &byte, 1) < 0 ? NULL : argument;
}

/* Whether the thread sleeps: the only call that the reader can sleep in is its read. */
static int sleeps(pid_t tid)
{
    char path[64], state[256];
    snprintf(path, sizeof path, "/proc/self/task/%d/stat", tid);
    int fd = open(path, O_RDONLY);
    ssize_t got = fd < 0 ? 0 : read(fd, state, sizeof state - 1);
    state[got > 0 ? got : 0] = '\0';
    close(fd);
    return strstr(state, ") S ") != NULL;
}

/* Ends while another thread is in a read that never returns. */
static int ends_in_flight(void)
{
    int pair[2];
    pthread_t thread;
    if (pipe(pair) != 0 || pthread_create(&thread, NULL, read_forever, &pair[0]) != 0)
        return 1;
    while (!__atomic_load_n(&reader, __ATOMIC_ACQUIRE) || !sleeps(reader))
        sched_yield();
    exit(0);
}

/* ----------------------------------------------------------- signals, timers */

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
        ended[i] = ended_with(child);
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
    int status = ended_with(child);
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
    status = ended_with(child);
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
    return ended_with(child) != 0;
}

/* -------------------------------------------------------------------- others */

static __attribute__((noreturn)) void *look_forever(void *argument)
{
    for (;;)
        (void)access(argument, F_OK);
}

/* Two threads make calls until they are killed; creating a file reports that they have begun. */
static __attribute__((noreturn)) int loops(const char *begun)
{
    static char path[] = "/in/a/thread";
    pthread_t thread;
    if (pthread_create(&thread, NULL, look_forever, path) != 0)
        exit(1);
    int fd = open(begun, O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    for (;;) {
        if (fd >= 0)
            close(fd);
        fd = open("/etc/passwd", O_RDONLY | O_CLOEXEC);
    }
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

static int writes(const char *count)
{
    int fd = open("/dev/null", O_WRONLY);
    for (long i = strtol(count, NULL, 10); i > 0; i--) {
        if (write(fd, "x", 1) != 1)
            return 1;
    }
    return 0;
}

/* Execs by a path on a page that the program has not touched. */
static int far_path(void)
{
    static const char path[] = "/bin/true";
    char *arguments[] = { (char *)"true", NULL };
    int file = memfd_create("path", 0);
    if (file < 0 || write(file, path, sizeof path) != sizeof path)
        return 1;
    const char *far = mmap(NULL, sizeof path, PROT_READ, MAP_PRIVATE, file, 0);
    if (far == MAP_FAILED)
        return 1;
    execv(far, arguments);
    return 1;
}

/* What a program may give to an exec without ever having touched it: a page that only the kernel reads. */
static const char *far_texts(int file)
{
    return mmap(NULL, 64, PROT_READ, MAP_PRIVATE, file, 0);
}

static int far_arguments(void)
{
    static const char texts[64] = "/bin/true\0true\0an argument\0"; /* also an empty one behind them */
    int file = memfd_create("texts", MFD_CLOEXEC), program = open("/bin/true", O_RDONLY), failures = 0;
    if (file < 0 || write(file, texts, sizeof texts) != sizeof texts || program < 0)
        return 1;
    for (int way = 0; way < 3; way++) {
        const char *far = far_texts(file);
        char *arguments[] = { (char *)far + 10, (char *)far + 15, NULL }, *environment[] = { NULL };
        pid_t child = fork();
        int status = 1;
        if (child == 0 && way == 0)
            execve(far, arguments, environment);
        if (child == 0 && way == 1)
            syscall(SYS_execveat, AT_FDCWD, far, arguments, environment, 0);
        if (child == 0 && way == 2)
            syscall(SYS_execveat, program, far + 40, arguments, environment, AT_EMPTY_PATH);
        if (child == 0)
            _exit(9);
        failures += waitpid(child, &status, 0) != child || status != 0;
    }
    return failures;
}

static const struct {
    const char *name;
    int (*run)(void);
} subjects[] = {
    { "bad_arguments", bad_arguments },
    { "long_paths", long_paths },
    { "descriptors", descriptors },
    { "exec_closes", exec_closes },
    { "exec_closed", exec_closed },
    { "compat", compat },
    { "forks", forks },
    { "thread_execs", thread_execs },
    { "vforks", vforks },
    { "killed_child", killed_child },
    { "killed_late", killed_late },
    { "threads", threads },
    { "ends_in_flight", ends_in_flight },
    { "signals", signals },
    { "refused", refused },
    { "thread_refused", thread_refused },
    { "thread_names", thread_names },
    { "far_path", far_path },
    { "far_arguments", far_arguments },
    { "told", told },
    { "timers", timers },
    { "job", job },
    { "traces", traces },
    { "terminal", terminal },
};

int main(int count, char **arguments)
{
    const char *name = count > 1 ? arguments[1] : "";
    self = arguments[0];
    if (strcmp(name, "exit") == 0 && count > 2)
        return (int)strtol(arguments[2], NULL, 10);
    if (strcmp(name, "writes") == 0 && count > 2)
        return writes(arguments[2]);
    if (strcmp(name, "loops") == 0 && count > 2)
        return loops(arguments[2]);
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        if (strcmp(subjects[i].name, name) == 0)
            return subjects[i].run();
    }
    fprintf(stderr, "no subject %s\n", name);
    return 2;
}
