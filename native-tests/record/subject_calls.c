/* Odd calls: wrong arguments, descriptors that exec closes, 32-bit calls, texts that the program has never touched. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "subject.h"

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
    failures += syscall(999, 1, 2, 3, 4, 5, -1L) != -1;
    failures += syscall(100000, 1, 2, 3, 4, 5, 6L) != -1;
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
    execl(subject_self, subject_self, "exec_closed", (char *)NULL);
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

/* Whether a child that executes the program ends with that status; if it cannot be executed, it ends with 9. */
static bool child_ends(const char *program, char **arguments, char **environment, int expected)
{
    int status = 1;
    pid_t child = fork();
    if (child == 0) {
        execve(program, arguments, environment);
        _exit(9);
    }
    return waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == expected;
}

/* Lists of arguments and of variables on such a page, whose texts are elsewhere, and one of whose texts only some are
 * there; of a program, and of a file that the kernel cannot execute. */
static int far_lists(void)
{
    static char name[] = "true", argument[] = "an argument", variable[] = "A=1";
    char *lists[] = { name, argument, NULL, variable, NULL }, broken[64];
    int file = memfd_create("lists", MFD_CLOEXEC), texts = memfd_create("texts", MFD_CLOEXEC);
    int no_program = memfd_create("broken", 0);
    char **far = mmap(NULL, sizeof lists, PROT_READ, MAP_SHARED, file, 0);
    char *mixed[] = { name, (char *)(uintptr_t)far_texts(texts), NULL };
    if (write(file, lists, sizeof lists) != sizeof lists || write(texts, argument, sizeof argument) < 1 ||
        write(no_program, "no program", 10) != 10 || fchmod(no_program, 0700) != 0)
        return 1;
    snprintf(broken, sizeof broken, "/proc/self/fd/%d", no_program);
    int failures = !child_ends("/bin/true", far, far + 3, 0) + !child_ends("/bin/true", mixed, lists + 3, 0);
    return failures + !child_ends(broken, far, far + 3, 9) + !child_ends(broken, mixed, lists + 3, 9);
}

/* More text than is kept for a call. */
static int long_arguments(void)
{
    static char name[] = "true", text[101];
    char *arguments[14] = { name }, *environment[] = { name, NULL };
    memset(text, 'x', sizeof text - 1);
    for (int i = 1; i < 13; i++)
        arguments[i] = text;
    return !child_ends("/bin/true", arguments, environment, 0);
}

const struct subject subject_calls[] = {
    { "bad_arguments", bad_arguments },
    { "long_paths", long_paths },
    { "descriptors", descriptors },
    { "exec_closes", exec_closes },
    { "exec_closed", exec_closed },
    { "compat", compat },
    { "far_path", far_path },
    { "far_arguments", far_arguments },
    { "far_lists", far_lists },
    { "long_arguments", long_arguments },
    { NULL, NULL },
};
