/* The recorded command: found the way a shell would, and started once everything is being watched. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/printable.h"
#include "capture.h"
#include "ptrace/seccomp_filter.h"
#include "recording.h"

#define EXIT_NOT_FOUND 127
#define EXIT_NOT_RUN 126

/* ------------------------------------------------------------------ finding */

static int cannot(struct tracer_message *message, const char *name, int error)
{
    snprintf(message->text, sizeof message->text, "%.200s: %s", name,
             error == ENOENT ? "no such command" : strerror(error));
    return error == ENOENT || error == ENOTDIR ? EXIT_NOT_FOUND : EXIT_NOT_RUN;
}

/* 0, or the errno that says why the path is not an executable program. */
static int cannot_run(const char *path)
{
    struct stat status;
    if (stat(path, &status) != 0)
        return errno;
    if (S_ISDIR(status.st_mode))
        return EISDIR;
    return access(path, X_OK) == 0 ? 0 : errno;
}

/* Searches PATH. A file that exists but cannot be run is remembered, as in a shell. */
static int search(const char *name, char *found, size_t size)
{
    const char *path = getenv("PATH");
    int error = ENOENT;
    for (const char *at = path ? path : "/usr/bin:/bin"; at; at = strchr(at, ':')) {
        at += *at == ':';
        int length = (int)strcspn(at, ":");
        if (snprintf(found, size, "%.*s%s%s", length, at, length ? "/" : "./", name) >= (int)size)
            continue;
        int reason = cannot_run(found);
        if (reason == 0)
            return 0;
        if (reason != ENOENT && reason != ENOTDIR && reason != EISDIR)
            error = reason;
    }
    return error;
}

static int find(const char *name, char *found, size_t size)
{
    if (!strchr(name, '/'))
        return search(name, found, size);
    if (snprintf(found, size, "%s", name) >= (int)size)
        return ENAMETOOLONG;
    return cannot_run(name);
}

/* ----------------------------------------------------------------- starting */

/* A file without "#!" is a shell script. */
static void run_script(const char *path, char **command)
{
    size_t count = 0;
    while (command[count])
        count++;
    const char **arguments = calloc(count + 2, sizeof *arguments);
    if (!arguments)
        return;
    arguments[0] = "sh";
    arguments[1] = path;
    for (size_t i = 1; i < count; i++)
        arguments[i + 1] = command[i];
    execv("/bin/sh", (char **)(uintptr_t)arguments);
}

/* Applies the changes to ringscope's own environment. */
static bool change_environment(const char *const *changes)
{
    for (; changes && *changes; changes++) {
        int failed = strchr(*changes, '=') ? putenv((char *)(uintptr_t)*changes) : unsetenv(*changes);
        if (failed)
            return false;
    }
    return true;
}

static void give_up(const char *what)
{
    fprintf(stderr, "ringscope record: %s: %s\n", what, strerror(errno));
    _exit(EXIT_NOT_RUN);
}

/* In the child: waits until its parent watches it, or is gone. */
static void wait_and_run(const struct recording *recording, int go, const char *path)
{
    char **command = recording->command;
    char byte;
    ssize_t got;
    if (recording->output_is_taken && dup2(STDERR_FILENO, STDOUT_FILENO) < 0)
        give_up("standard error");
    if (!change_environment(recording->environment))
        give_up("-E");
    if (!recording->seccomp && !identity_take(&recording->identity))
        give_up("-u");
    sigprocmask(SIG_SETMASK, &recording->mask, NULL); /* now, because calls after the wait are recorded */
    do {
        got = read(go, &byte, 1);
    } while (got < 0 && errno == EINTR);
    if (got < 0)
        give_up("read");
    if (got == 0)
        _exit(EXIT_NOT_RUN);
    /* Not before there is a tracer: calls that the filter passes to a missing tracer fail, and read() may be one. */
    if (recording->seccomp && seccomp_filter_install(recording->seccomp) != 0)
        _exit(EXIT_NOT_RUN);
    /* Not earlier, because installing the filter takes privileges. */
    if (recording->seccomp && !identity_take(&recording->identity))
        give_up("-u");
    execv(path, command);
    if (errno == ENOEXEC)
        run_script(path, command);
    int code = errno == ENOENT ? EXIT_NOT_FOUND : EXIT_NOT_RUN;
    const char *reason = strerror(errno);
    fputs("ringscope record: ", stderr);
    printable_put(path, strlen(path), stderr);
    fprintf(stderr, ": %s\n", reason);
    _exit(code);
}

int capture_find_program(const char *name, char *path, size_t size)
{
    return find(name, path, size);
}

int command_prepare(struct recording *recording, struct tracer_message *message)
{
    char path[PATH_MAX];
    int go[2], error = find(recording->command[0], path, sizeof path);
    sigset_t all, own;
    if (error)
        return cannot(message, recording->command[0], error);
    if (pipe2(go, O_CLOEXEC) != 0)
        return cannot(message, "pipe", errno);
    /* Prevents ringscope's handlers from running in the child. */
    sigfillset(&all);
    sigprocmask(SIG_BLOCK, &all, &own);
    pid_t child = fork();
    if (child == 0) {
        close(go[1]);
        wait_and_run(recording, go[0], path);
    }
    sigprocmask(SIG_SETMASK, &own, NULL);
    if (child < 0) {
        error = errno;
        close(go[0]);
        close(go[1]);
        return cannot(message, "fork", error);
    }
    recording->child = child;
    recording->go = go[1];
    recording->go_read = go[0];
    return 0;
}

static void close_go(struct recording *recording)
{
    close(recording->go);
    close(recording->go_read);
    recording->go = -1;
}

void command_begin(struct recording *recording)
{
    if (recording->go < 0)
        return;
    while (write(recording->go, "g", 1) < 0 && errno == EINTR)
        ;
    close_go(recording);
}

void command_abandon(struct recording *recording)
{
    if (recording->go < 0)
        return;
    close_go(recording);
    waitpid(recording->child, &recording->status, 0);
    recording->child = 0;
}

void command_wait(struct recording *recording)
{
    struct pollfd signals = { .fd = recording->signals, .events = POLLIN };
    while (recording->child && !command_reap(recording)) {
        poll(&signals, 1, -1);
        recording_signals(recording);
    }
}

bool command_reap(struct recording *recording)
{
    if (!recording->child || recording->ended)
        return recording->ended;
    recording->ended = waitpid(recording->child, &recording->status, WNOHANG) == recording->child;
    return recording->ended;
}
