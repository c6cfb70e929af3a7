/* Processes and threads that begin and end in odd ways. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "subject.h"

static int forks(void)
{
    int failures = 0;
    for (int i = 0; i < 1000; i++) {
        pid_t child = fork();
        if (child == 0)
            _exit(i % 100);
        failures += child < 0 || WEXITSTATUS(subject_ended_with(child)) != i % 100;
    }
    return failures;
}

static void *run_program(void *argument)
{
    (void)argument;
    execl(subject_self, subject_self, "exit", "9", (char *)NULL);
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
        execl(subject_self, subject_self, "exit", "4", (char *)NULL);
        _exit(127);
    }
    return WEXITSTATUS(subject_ended_with(child)) != 4;
}

static int killed_child(void)
{
    pid_t child = fork();
    if (child == 0) {
        for (;;)
            pause();
    }
    kill(child, SIGKILL);
    int status = subject_ended_with(child);
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
    int status = subject_ended_with(headless);
    pid_t zombie = fork();
    if (zombie == 0)
        _exit(0);
    if (!first_thread_ended(zombie) || kill(zombie, SIGKILL) != 0)
        return 2;
    return !WIFSIGNALED(status) || subject_ended_with(zombie) != 0 ? 3 : 0;
}

static void *spin_for_ever(void *argument)
{
    for (const volatile int *at = argument; *at == 0;)
        continue;
    return NULL;
}

/* Processes of which several threads end at the same time, on several processors: about one in a hundred. */
static int end_together(void)
{
    static int go_on;
    int failures = 0;
    for (int i = 0; i < 200; i++) {
        pid_t child = fork();
        if (child == 0) {
            pthread_t thread;
            for (int j = 0; j < 3; j++) {
                pthread_create(&thread, NULL, spin_for_ever, &go_on);
                pthread_create(&thread, NULL, wait_for_ever, NULL);
            }
            usleep(300);
            _exit(3);
        }
        failures += child < 0 || WEXITSTATUS(subject_ended_with(child)) != 3;
    }
    return failures;
}

static int waiting_threads(void)
{
    pthread_t thread;
    if (pthread_create(&thread, NULL, wait_for_ever, NULL) != 0)
        return 1;
    wait_for_ever(NULL);
    return 0;
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

const struct subject subject_processes[] = {
    { "forks", forks },
    { "thread_execs", thread_execs },
    { "vforks", vforks },
    { "killed_child", killed_child },
    { "killed_late", killed_late },
    { "threads", threads },
    { "waiting_threads", waiting_threads },
    { "ends_in_flight", ends_in_flight },
    { "end_together", end_together },
    { NULL, NULL },
};
