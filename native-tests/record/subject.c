/*
 * The program recorded by the tests of `ringscope record`: it does one odd thing, named by its first argument, and
 * exits with 0 if it went just as it does without a tracer. subject_*.c has the things.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "subject.h"

char *subject_self;

int subject_ended_with(pid_t child)
{
    int status = -1;
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    return status;
}

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

static int writes(const char *count)
{
    int fd = open("/dev/null", O_WRONLY);
    for (long i = strtol(count, NULL, 10); i > 0; i--) {
        if (write(fd, "x", 1) != 1)
            return 1;
    }
    return 0;
}

/* Executes the command with memory as descriptor 9. */
static int with_memory(char **command)
{
    if (dup2(memfd_create("ringscope", MFD_CLOEXEC), 9) != 9)
        return 1;
    execvp(command[0], command);
    return 1;
}

static const struct subject *named(const char *name)
{
    const struct subject *const all[] = { subject_calls, subject_processes, subject_signals };
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        for (const struct subject *subject = all[i]; subject->name; subject++) {
            if (strcmp(subject->name, name) == 0)
                return subject;
        }
    }
    return NULL;
}

int main(int count, char **arguments)
{
    const char *name = count > 1 ? arguments[1] : "";
    subject_self = arguments[0];
    if (strcmp(name, "exit") == 0 && count > 2)
        return (int)strtol(arguments[2], NULL, 10);
    if (strcmp(name, "writes") == 0 && count > 2)
        return writes(arguments[2]);
    if (strcmp(name, "loops") == 0 && count > 2)
        return loops(arguments[2]);
    if (strcmp(name, "with_memory") == 0 && count > 2)
        return with_memory(arguments + 2);
    const struct subject *subject = named(name);
    if (subject)
        return subject->run();
    fprintf(stderr, "no subject %s\n", name);
    return 2;
}
