/* Starts commands that read the output, and the printer of live events; see pipe_output.h. */
#include "pipe_output.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "recorded.h"

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

static int print_events(const struct cli_call *call, const char *path, int to)
{
    const char *arguments[] = { call->program, "events", path, "--follow", "--verbose", NULL };
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        if (to == STDOUT_FILENO || dup2(to, STDOUT_FILENO) >= 0)
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
    return pid < 0 ? CLI_FAILURE : pipe_output_end(call, pid, print_events(call, path, STDOUT_FILENO), false);
}

/* What was at the path of the image before it, if anything. */
struct earlier {
    bool is_there;
    struct stat status;
};

static struct earlier look_at(const char *path)
{
    struct earlier earlier;
    earlier.is_there = stat(path, &earlier.status) == 0;
    return earlier;
}

/* When the image is sealed, its new file may have the number of the earlier one. */
static bool is_new(const char *path, const struct earlier *earlier)
{
    const struct earlier now = look_at(path);
    return now.is_there && (!earlier->is_there || now.status.st_ino != earlier->status.st_ino ||
                            now.status.st_dev != earlier->status.st_dev ||
                            now.status.st_ctim.tv_sec != earlier->status.st_ctim.tv_sec ||
                            now.status.st_ctim.tv_nsec != earlier->status.st_ctim.tv_nsec);
}

/* Its file is there before it says what its trace is of, which a reader reads once. */
static bool has_begun(const char *path)
{
    struct tracer_reader *reader;
    struct tracer_info info;
    struct tracer_message message;
    if (tracer_reader_open(&reader, path, &message) != TRACER_OK)
        return false;
    bool begun = tracer_reader_info(reader, &info) == TRACER_OK && recorded_is_outside(&info);
    tracer_reader_close(reader);
    return begun;
}

/* Where the events go. */
struct destination {
    const char *command; /* NULL: to a descriptor */
    int descriptor;
    pid_t group; /* of the command */
};

/* Runs in a process of its own, because a recorder may wait for all its children. Waits for the image, which appears at
 * its path when it is complete. Sends the exit code through the pipe. */
static void print_when_there(const struct cli_call *call, const char *path, const struct earlier *earlier,
                             const struct destination *destination, int to)
{
    const struct timespec interval = { 0, LOOK_INTERVAL_NS };
    pid_t recorder = getppid();
    setpgid(0, 0); /* Ctrl-C ends the recording, which is still to be printed */
    while (!is_new(path, earlier) || !has_begun(path)) {
        if (getppid() != recorder)
            _exit(EXIT_NOT_RUN); /* the recorder was killed */
        nanosleep(&interval, NULL);
    }
    if (!destination->command)
        signal(SIGTTOU, SIG_IGN); /* "stty tostop" would stop it */
    unsigned char code =
        (unsigned char)(destination->command ? print_to_command(call, path, destination->command, destination->group)
                                             : print_events(call, path, destination->descriptor));
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
    if (printer->path == printer->image.path)
        passing_image_end(&printer->image);
    return false;
}

bool printer_begin(const struct cli_call *call, const char *output, const char *kept, struct printer *printer)
{
    int ends[2];
    printer->path = kept ? kept : printer->image.path;
    if (!kept && !passing_image_begin(call, &printer->image))
        return false;
    const struct earlier earlier = look_at(printer->path);
    if (pipe2(ends, O_CLOEXEC) != 0)
        return cannot_print(call, printer, "pipe");
    const struct destination destination = {
        .command = !kept && pipe_output_is(output) ? output + 1 : NULL,
        .descriptor = kept ? STDERR_FILENO : STDOUT_FILENO,
        .group = front_group(), /* before the printer can have left it */
    };
    fflush(NULL);
    printer->pid = fork();
    if (printer->pid == 0) {
        close(ends[0]);
        print_when_there(call, printer->path, &earlier, &destination, ends[1]);
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
    if (!made || !has_begun(printer->path)) /* somebody has removed it */
        kill(-printer->pid, SIGTERM);
    do {
        got = read(printer->ended, &code, 1);
    } while (got < 0 && errno == EINTR);
    close(printer->ended);
    waitpid(printer->pid, NULL, 0); /* unless the recorder has waited for it */
    if (printer->path == printer->image.path)
        passing_image_end(&printer->image);
    return got == 1 ? code : CLI_FAILURE;
}
