/*
 * Loaded into the command by LD_PRELOAD: runs its main() in a child once for each call that is to fail, until a child
 * has no such call left. The files in FAULTS_DIRECTORY, the output and the exit status are then checked against a run
 * in which nothing fails.
 *
 * Memory is refused by replacing the C library's functions, system calls by failing_calls.c.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "failing_calls.h"
#include "failing_files.h"

#define PUBLIC __attribute__((visibility("default")))
#define HUNG_SECONDS 120

struct kind {
    const char *name;
    int error;
    int calls[CALLS_MAX + 1]; /* as for calls_catch() */
};

enum { MEMORY, INTERRUPT, CALLS };
static const struct kind kinds[] = {
    [MEMORY] = { "allocation", ENOMEM, { 0 } },
    [INTERRUPT] = { "interrupt", 0, { 0 } }, /* Ctrl-C at an allocation: those are frequent, and in all stages */
    [CALLS] = { "read", EIO, { SYS_read } },
    { "pread", EIO, { SYS_pread64 } },
    { "open", EMFILE, { SYS_openat } },
    { "write", ENOSPC, { SYS_write, SYS_pwrite64, SYS_writev } },
    { "mmap", ENOMEM, { SYS_mmap, SYS_mremap } },
    { "fallocate", ENOSPC, { SYS_fallocate } },
    { "ftruncate", ENOSPC, { SYS_ftruncate } },
    { "link", EIO, { SYS_linkat } },
#ifdef SYS_rename
    { "rename", EIO, { SYS_rename, SYS_renameat, SYS_renameat2 } },
#else
    { "rename", EIO, { SYS_renameat, SYS_renameat2 } },
#endif
    { "stat", EIO, { SYS_newfstatat, SYS_fstat, SYS_statx } },
    { "getdents", EIO, { SYS_getdents64 } },
    { "pipe", EMFILE, { SYS_pipe2 } },
    { "epoll", ENOMEM, { SYS_epoll_create1, SYS_epoll_ctl } },
    { "poll", ENOMEM, { SYS_poll, SYS_ppoll, SYS_epoll_wait, SYS_epoll_pwait } },
    { "descriptor", EMFILE, { SYS_eventfd2, SYS_signalfd4, SYS_timerfd_create, SYS_dup3 } },
    { "fork", EAGAIN, { SYS_clone, SYS_clone3, SYS_fork, SYS_vfork } },
    { "peek", EFAULT, { SYS_process_vm_readv } }, /* as if the memory had just been unmapped */
    { "bpf", EPERM, { SYS_bpf, SYS_perf_event_open } },
    { "socket", EMFILE, { SYS_socket, SYS_bind, SYS_listen, SYS_accept4 } },
    { "transfer", ECONNRESET, { SYS_recvfrom, SYS_sendto, SYS_sendmsg, SYS_sendfile } },
    { "ptrace", 0, { SYS_ptrace } }, /* kills the traced process */
};
#define KINDS (sizeof kinds / sizeof kinds[0])

/* ------------------------------------------------------------ making one fail */

static struct {
    size_t kind;
    atomic_long left; /* calls until the one that fails; 0: none fails */
    atomic_bool armed;
} shim;
static int failed_at[2]; /* a pipe: a byte in it means that a call failed */

/* Only that one call fails, as if another program had taken the resource for a moment. */
static bool is_due(void)
{
    if (!atomic_load(&shim.armed) || atomic_fetch_sub(&shim.left, 1) != 1)
        return false;
    (void)!write(failed_at[1], "!", 1);
    return true;
}

static bool memory_fails(void)
{
    if (shim.kind >= CALLS || !is_due())
        return false;
    if (shim.kind == INTERRUPT) {
        raise(SIGINT);
        return false;
    }
    errno = ENOMEM;
    return true;
}

extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t count, size_t size);
extern void *__libc_realloc(void *block, size_t size);

PUBLIC void *malloc(size_t size)
{
    return memory_fails() ? NULL : __libc_malloc(size);
}
PUBLIC void *calloc(size_t nmemb, size_t size)
{
    return memory_fails() ? NULL : __libc_calloc(nmemb, size);
}
PUBLIC void *realloc(void *ptr, size_t size)
{
    return memory_fails() ? NULL : __libc_realloc(ptr, size);
}

/* ------------------------------------------------------------------ one run */

typedef int main_function(int count, char **arguments, char **environment);
static main_function *real_main;
static bool varies; /* the output varies with the time and processes of a run; it is right if it can be read */
static bool serves; /* the command runs until it is ended, after it has printed its address */

static void redirect(int number, const char *path, int flags)
{
    int file = open(path, flags, 0600);
    if (file < 0 || dup2(file, number) != number)
        _exit(EXIT_SKIPPED);
    close(file);
}

/* The part that need not be repeated for each run: loading. n 0: nothing fails. */
static pid_t begin_run(size_t kind, long n, int count, char **arguments)
{
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    redirect(STDIN_FILENO, files_beside("input"), O_RDONLY);
    redirect(STDOUT_FILENO, files_beside("out"), O_WRONLY | O_CREAT | O_TRUNC);
    redirect(STDERR_FILENO, files_beside("err"), O_WRONLY | O_CREAT | O_TRUNC);
    alarm(HUNG_SECONDS);
    shim.kind = kind;
    atomic_store(&shim.left, n);
    signal(SIGINT, SIG_DFL); /* the process that runs the tests may ignore it */
    if (n > 0 && kind >= CALLS && !calls_catch(kinds[kind].calls, kinds[kind].error, is_due))
        _exit(EXIT_SKIPPED);
    atomic_store(&shim.armed, n > 0);
    exit(real_main(count, arguments, environ));
}

static bool has_address(void)
{
    char text[256] = "";
    int file = open(files_beside("out"), O_RDONLY);
    bool is = file >= 0 && read(file, text, sizeof text - 1) > 0 && strchr(text, '\n');
    if (file >= 0)
        close(file);
    return is;
}

/* Returns the status, as waitpid() reports it. */
static int run(size_t kind, long n, int count, char **arguments)
{
    const struct timespec pause = { 0, 1000000 };
    pid_t pid = begin_run(kind, n, count, arguments);
    bool asked = false;
    int status = 0;
    while (waitpid(pid, &status, serves ? WNOHANG : 0) == 0) {
        asked = asked || (has_address() && kill(pid, SIGTERM) == 0);
        nanosleep(&pause, NULL);
    }
    return status;
}

/* ----------------------------------------------------------------- judgement */

static struct outcome before, right;

/* Whether the command itself can read the file it has written. */
static bool can_be_read(void)
{
    static char program[] = "ringscope", command[] = "info";
    char *arguments[] = { program, command, files_written(), NULL };
    bool served = serves;
    serves = false;
    int status = run(MEMORY, 0, 3, arguments);
    serves = served;
    return status == 0;
}

/* What is wrong with the way it ended, or NULL. */
static const char *objection(size_t kind, int status)
{
    const struct outcome now = files_now();
    const char *tells = getenv("FAULTS_TELLS"); /* the text of an answer that reports the failure */
    bool goes_on = serves || getenv("FAULTS_GOES_ON"); /* runs until it is ended, and ends well */
    bool interrupted = kind == INTERRUPT && (status == SIGINT || (status == 0 && goes_on));
    bool killed = kinds[kind].calls[0] == SYS_ptrace && status == SIGKILL; /* it ends as what it traced */
    if (WIFSIGNALED(status) && !interrupted && !killed)
        return "it crashed";
    if (!files_have_no_other(&now, &before, &right, false))
        return "it left another file";
    if (interrupted)
        return files_are_whole(&now, &before, &right) ? NULL : "it left half a file";
    if (killed || WEXITSTATUS(status) == EXIT_SUCCESS) {
        if (now.printed != right.printed && !serves && !(tells && files_have_text("out", tells)))
            return "it printed something else";
        if (!files_are_the_same(&now, &right))
            return "it wrote something else";
        return varies && !can_be_read() ? "it wrote what cannot be read" : NULL;
    }
    const char *also = getenv("FAULTS_EXITS"); /* a command that starts others has an exit code for not doing so */
    if (WEXITSTATUS(status) != EXIT_FAILURE && !(also && WEXITSTATUS(status) == atoi(also)))
        return "it ended otherwise";
    if (!files_have_text("err", "ringscope"))
        return "it failed without a message";
    return files_are_whole(&now, &before, &right) ? NULL : "the older file is gone";
}

static void report(const char *what, size_t kind, long n, int status, char **arguments)
{
    fprintf(stderr, "FAILED:");
    for (int i = 1; arguments[i]; i++)
        fprintf(stderr, " %s", arguments[i]);
    fprintf(stderr, ", %s %ld failing: %s (status %#x)\n", kinds[kind].name, n, what, (unsigned)status);
}

/* -------------------------------------------------------------- all of them */

static bool a_call_failed(void)
{
    char byte;
    bool any = false;
    while (read(failed_at[0], &byte, 1) == 1)
        any = true;
    return any;
}

/* All calls with FAULTS_ALL, else the first ones and a sample of the others. */
static long next_after(long n)
{
    return getenv("FAULTS_ALL") || n < 3 ? n + 1 : 2 * n;
}

static long every_fault(size_t kind, int count, char **arguments, int *failures)
{
    long made = 0;
    const char *only = getenv("FAULTS_NTH"); /* for inspecting the files it then leaves */
    for (long n = only ? atol(only) : 1;; n = next_after(n)) {
        files_put_back();
        int status = run(kind, n, count, arguments);
        if (!a_call_failed())
            return made; /* there was no nth call */
        const char *what = objection(kind, status);
        if (what) {
            report(what, kind, n, status, arguments);
            ++*failures;
        }
        made++;
        if (only)
            return made;
    }
}

static bool is_meant(size_t kind)
{
    const char *only = getenv("FAULTS_KIND");
    return !only || strcmp(only, kinds[kind].name) == 0;
}

static int all_faults(int count, char **arguments, char **environment)
{
    int failures = 0;
    long made = 0;
    (void)environment;
    unsetenv("LD_PRELOAD");
    const char *directory = getenv("FAULTS_DIRECTORY");
    serves = getenv("FAULTS_SERVES") != NULL;
    varies = getenv("FAULTS_VARIES") != NULL;
    files_begin(directory, varies);
    if (!directory || pipe2(failed_at, O_NONBLOCK | O_CLOEXEC) != 0)
        return EXIT_SKIPPED;
    files_put_back();
    before = files_now();
    int status = run(MEMORY, 0, count, arguments);
    right = files_now();
    if (status != 0) {
        report("it fails where no call does", MEMORY, 0, status, arguments);
        return EXIT_FAILURE;
    }
    for (size_t kind = 0; kind < KINDS; kind++)
        if (is_meant(kind))
            made += every_fault(kind, count, arguments, &failures);
    printf("%ld\n", made);
    return failures > 0;
}

typedef int start_function(main_function *, int, char **, void (*)(void), void (*)(void), void (*)(void), void *);
PUBLIC start_function __libc_start_main; /* calls main() */

int __libc_start_main(main_function *program, int count, char **arguments, void (*init)(void), void (*fini)(void),
                      void (*loader_fini)(void), void *stack_end)
{
    start_function *start;
    *(void **)&start = dlsym(RTLD_NEXT, "__libc_start_main");
    real_main = program;
    return start(all_faults, count, arguments, init, fini, loader_fini, stack_end);
}
