/* Starts commands that read the output, and the printer of live events; see pipe_output.h. */
#include "pipe_output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#define EXIT_NOT_RUN 126
#define LOOK_INTERVAL_NS 10000000L

static volatile sig_atomic_t reader_is_gone;

static void on_broken_pipe(int number)
{
    (void)number;
    reader_is_gone = 1;
}

static pid_t wait_for(pid_t pid, int *status)
{
    pid_t got;
    do {
        got = waitpid(pid, status, 0);
    } while (got < 0 && errno == EINTR);
    return got;
}

/* ------------------------------------------------------------------ commands */

bool pipe_output_check(const struct cli_call *call, const char *output)
{
    if (!pipe_output_is(output) || output[1 + strspn(output + 1, " \t\n")])
        return true;
    cli_usage(call, "-o '|' is followed by no command");
    return false;
}

/* group: 0: the caller's. */
static pid_t start(const char *command, const int ends[2], pid_t group)
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        if (group && setpgid(0, group) == 0) {
            signal(SIGINT, SIG_IGN); /* Ctrl-C is for the recorder; the recording is still to be read */
            signal(SIGQUIT, SIG_IGN);
        }
        dup2(ends[0], STDIN_FILENO);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(EXIT_NOT_RUN);
    }
    return pid;
}

static pid_t begin(const struct cli_call *call, const char *command, pid_t group)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        cli_fail(call, "%s: %s", command, strerror(errno));
        return -1;
    }
    pid_t pid = start(command, ends, group);
    bool ready = pid > 0 && dup2(ends[1], STDOUT_FILENO) >= 0;
    if (!ready)
        cli_fail(call, "%s: %s", command, strerror(errno));
    close(ends[0]);
    close(ends[1]);
    if (ready)
        signal(SIGPIPE, on_broken_pipe);
    return ready ? pid : -1;
}

pid_t pipe_output_begin(const struct cli_call *call, const char *command)
{
    return begin(call, command, 0);
}

int pipe_output_end(const struct cli_call *call, pid_t pid, int code, bool interrupted)
{
    int status = 0;
    fflush(stdout);
    close(STDOUT_FILENO);
    if (reader_is_gone)
        code = CLI_SUCCESS; /* it has read all that it wanted */
    bool ended = wait_for(pid, &status) == pid;
    if (interrupted && WIFSIGNALED(status) && WTERMSIG(status) == SIGINT)
        return code;
    if (ended && code == CLI_SUCCESS && status != 0)
        return cli_fail(call, "the command of -o ended with %s %d", WIFSIGNALED(status) ? "signal" : "status",
                        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    return code;
}

/* ------------------------------------------------------------------ live events */

/* The caller's group if it is in the terminal's foreground, else 0. Another group would be stopped for using the
 * terminal. */
static pid_t front_group(void)
{
    int terminal = open("/dev/tty", O_RDONLY | O_NOCTTY | O_CLOEXEC);
    pid_t group = getpgrp();
    if (terminal < 0)
        return 0;
    bool in_front = tcgetpgrp(terminal) == group;
    close(terminal);
    return in_front ? group : 0;
}

static int print_events(const struct cli_call *call, const char *path)
{
    const char *arguments[] = { call->program, "events", path, "--follow", "--verbose", NULL };
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        execv("/proc/self/exe", (char **)(uintptr_t)arguments);
        _exit(EXIT_NOT_RUN);
    }
    if (pid < 0 || wait_for(pid, &status) != pid)
        return CLI_FAILURE;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGPIPE)
        return CLI_SUCCESS; /* the command has read all that it wanted */
    return WIFEXITED(status) ? WEXITSTATUS(status) : CLI_FAILURE;
}

static int print_to_command(const struct cli_call *call, const char *path, const char *command, pid_t group)
{
    pid_t pid = begin(call, command, group);
    return pid < 0 ? CLI_FAILURE : pipe_output_end(call, pid, print_events(call, path), false);
}

/* Runs in a process of its own, because a recorder may wait for all its children. Waits for the image, which appears at
 * its path when it is complete. Sends the exit code through the pipe. group: of the command. */
static void print_when_there(const struct cli_call *call, const char *path, const char *output, int to, pid_t group)
{
    const struct timespec interval = { 0, LOOK_INTERVAL_NS };
    pid_t recorder = getppid();
    setpgid(0, 0); /* Ctrl-C ends the recording, which is still to be printed */
    while (access(path, F_OK) != 0) {
        if (getppid() != recorder)
            _exit(EXIT_NOT_RUN); /* the recorder was killed */
        nanosleep(&interval, NULL);
    }
    if (output[0] != '|')
        signal(SIGTTOU, SIG_IGN); /* "stty tostop" would stop it */
    unsigned char code =
        (unsigned char)(output[0] == '|' ? print_to_command(call, path, output + 1, group) : print_events(call, path));
    _exit(write(to, &code, 1) == 1 ? 0 : EXIT_NOT_RUN);
}

bool passing_image_begin(const struct cli_call *call, struct passing_image *image)
{
    snprintf(image->folder, sizeof image->folder, "/tmp/ringscope.XXXXXX");
    if (!mkdtemp(image->folder)) {
        cli_fail(call, "%s: %s", image->folder, strerror(errno));
        return false;
    }
    snprintf(image->path, sizeof image->path, "%s/ringscope.ring", image->folder);
    return true;
}

void passing_image_end(const struct passing_image *image)
{
    unlink(image->path);
    rmdir(image->folder);
}

/* Without a pipe or a process. */
static bool cannot_print(const struct cli_call *call, const struct printer *printer, const char *what)
{
    cli_fail(call, "%s: %s", what, strerror(errno));
    passing_image_end(&printer->image);
    return false;
}

bool printer_begin(const struct cli_call *call, const char *output, struct printer *printer)
{
    int ends[2];
    if (!passing_image_begin(call, &printer->image))
        return false;
    if (pipe2(ends, O_CLOEXEC) != 0)
        return cannot_print(call, printer, "pipe");
    pid_t group = front_group(); /* before the printer can have left it */
    fflush(NULL);
    printer->pid = fork();
    if (printer->pid == 0) {
        close(ends[0]);
        print_when_there(call, printer->image.path, output, ends[1], group);
    }
    close(ends[1]);
    printer->ended = ends[0];
    if (printer->pid > 0) {
        setpgid(printer->pid, printer->pid); /* both do it, whichever comes first */
        return true;
    }
    int error = errno;
    close(ends[0]);
    errno = error;
    return cannot_print(call, printer, "fork");
}

int printer_end(struct printer *printer, bool made)
{
    unsigned char code = CLI_FAILURE;
    ssize_t got;
    if (!made)
        kill(-printer->pid, SIGTERM);
    do {
        got = read(printer->ended, &code, 1);
    } while (got < 0 && errno == EINTR);
    close(printer->ended);
    waitpid(printer->pid, NULL, 0); /* unless the recorder has waited for it */
    passing_image_end(&printer->image);
    return got == 1 ? code : CLI_FAILURE;
}
