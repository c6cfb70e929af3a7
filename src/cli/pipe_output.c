/* Starts commands that read what is printed, and what prints as it comes; see pipe_output.h. */
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

static pid_t start(const char *command, const int ends[2])
{
    fflush(NULL);
    pid_t pid = fork();
    if (pid == 0) {
        dup2(ends[0], STDIN_FILENO);
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(EXIT_NOT_RUN);
    }
    return pid;
}

pid_t pipe_output_begin(const struct cli_call *call, const char *command)
{
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) != 0) {
        cli_fail(call, "%s: %s", command, strerror(errno));
        return -1;
    }
    pid_t pid = start(command, ends);
    bool ready = pid > 0 && dup2(ends[1], STDOUT_FILENO) >= 0;
    if (!ready)
        cli_fail(call, "%s: %s", command, strerror(errno));
    close(ends[0]);
    close(ends[1]);
    if (ready)
        signal(SIGPIPE, on_broken_pipe);
    return ready ? pid : -1;
}

int pipe_output_end(const struct cli_call *call, pid_t pid, int code)
{
    int status = 0;
    fflush(stdout);
    close(STDOUT_FILENO);
    if (reader_is_gone)
        code = CLI_SUCCESS; /* it has read all that it wanted */
    if (wait_for(pid, &status) == pid && code == CLI_SUCCESS && status != 0)
        return cli_fail(call, "the command of -o ended with %s %d", WIFSIGNALED(status) ? "signal" : "status",
                        WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
    return code;
}

/* ------------------------------------------------------- events as they come */

static void run_events(const struct cli_call *call, const char *path, const char *output)
{
    const char *arguments[] = { call->program, "events", path, "--follow", NULL, NULL, NULL };
    if (output[0] == '|') {
        arguments[4] = "-o";
        arguments[5] = output;
    }
    execv("/proc/self/exe", (char **)(uintptr_t)arguments);
    _exit(EXIT_NOT_RUN);
}

/* In a process of its own, for a recorder that waits for what it traces may wait for all children. An image comes to its
 * place when it is whole. It tells the exit code by the pipe. */
static void print_when_there(const struct cli_call *call, const char *path, const char *output, int to)
{
    const struct timespec interval = { 0, LOOK_INTERVAL_NS };
    int status = 0;
    pid_t recorder = getppid();
    setpgid(0, 0); /* Ctrl-C ends the recording, and what it recorded is still to be printed */
    while (access(path, F_OK) != 0) {
        if (getppid() != recorder)
            _exit(EXIT_NOT_RUN); /* it was killed */
        nanosleep(&interval, NULL);
    }
    pid_t pid = fork();
    if (pid == 0)
        run_events(call, path, output);
    bool ended = pid > 0 && wait_for(pid, &status) == pid;
    unsigned char code = ended && WIFEXITED(status) ? (unsigned char)WEXITSTATUS(status) : CLI_FAILURE;
    _exit(write(to, &code, 1) == 1 ? 0 : EXIT_NOT_RUN);
}

static bool make_folder(struct printer *printer)
{
    snprintf(printer->folder, sizeof printer->folder, "/tmp/ringscope.XXXXXX");
    if (!mkdtemp(printer->folder))
        return false;
    snprintf(printer->path, sizeof printer->path, "%s/ringscope.ring", printer->folder);
    return true;
}

bool printer_begin(const struct cli_call *call, const char *output, struct printer *printer)
{
    int ends[2];
    if (!make_folder(printer) || pipe2(ends, O_CLOEXEC) != 0) {
        cli_fail(call, "%s: %s", printer->folder, strerror(errno));
        return false;
    }
    fflush(NULL);
    printer->pid = fork();
    if (printer->pid == 0) {
        close(ends[0]);
        print_when_there(call, printer->path, output, ends[1]);
    }
    close(ends[1]);
    printer->ended = ends[0];
    if (printer->pid > 0) {
        setpgid(printer->pid, printer->pid); /* whichever of the two is first */
        return true;
    }
    cli_fail(call, "fork: %s", strerror(errno));
    close(ends[0]);
    rmdir(printer->folder);
    return false;
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
    unlink(printer->path);
    rmdir(printer->folder);
    return got == 1 ? code : CLI_FAILURE;
}
