/* Runs programs and measures their times; see measure.h. */
#define _GNU_SOURCE
#include "measure.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "counter.h"

void command_add(struct command *command, const char *const *arguments)
{
    for (; *arguments && command->count + 1 < COMMAND_MAX; arguments++)
        command->arguments[command->count++] = *arguments;
    command->arguments[command->count] = NULL;
}

const char *image_path(void)
{
    static char path[BENCH_PATH_MAX];
    char directory[BENCH_PATH_MAX];
    if (!path[0] && bench_own_directory(directory))
        bench_path(path, directory);
    return path;
}

struct command traced(enum tracing by, const char *const *arguments)
{
    /* getpgid is as good as any other call that nothing here makes. */
    static const char *const rare[] = { "-e", "getpgid", NULL };
    const char *const bpf[] = { RINGSCOPE_COMMAND, "record", "-o", image_path(), "--backend", "bpf", NULL };
    const char *const ptrace[] = { RINGSCOPE_COMMAND, "record", "-o", image_path(), "--backend", "ptrace", NULL };
    static const char *const strace[] = { "strace", "-f", "-o", "/dev/null", NULL };
    static const char *const perf[] = { "perf", "trace", "-o", "/dev/null", NULL };
    struct command command = { { NULL }, 0 };
    if (by == BPF || by == BPF_RARE)
        command_add(&command, bpf);
    if (by == PTRACE || by == PTRACE_RARE)
        command_add(&command, ptrace);
    if (by == BPF_RARE || by == PTRACE_RARE)
        command_add(&command, rare);
    if (by == STRACE)
        command_add(&command, strace);
    if (by == PERF_TRACE)
        command_add(&command, perf);
    command_add(&command, arguments);
    return command;
}

/* ----------------------------------------------------------------- running */

static void become(const struct command *command, const struct run *run, int said)
{
    int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
    setenv("LC_ALL", "C", 1);
    dup2(nothing, STDOUT_FILENO);
    dup2(said, STDERR_FILENO);
    if ((run->pinned && !bench_pin(0)) || (run->directory && chdir(run->directory) != 0))
        _exit(127);
    execvp(command->arguments[0], (char **)(uintptr_t)command->arguments);
    _exit(127);
}

static void read_all(int from, char *text, size_t size)
{
    size_t length = 0;
    char rest[512];
    ssize_t got;
    while ((got = read(from, length + 1 < size ? text + length : rest, length + 1 < size ? size - length - 1 : 512)) >
           0)
        length += length + 1 < size ? (size_t)got : 0;
    text[length] = '\0';
}

static double seconds_of(const struct timeval *time)
{
    return (double)time->tv_sec + (double)time->tv_usec / 1e6;
}

bool command_run(const struct command *command, struct run *run, struct bench_result *result)
{
    int said[2], status;
    struct rusage usage;
    if (pipe2(said, O_CLOEXEC) != 0)
        return bench_fail(result, "pipe: %s", strerror(errno));
    double began_ns = bench_now_ns();
    pid_t child = fork();
    if (child == 0)
        become(command, run, said[1]);
    close(said[1]);
    if (child > 0)
        read_all(said[0], run->said, sizeof run->said);
    close(said[0]);
    if (child < 0 || wait4(child, &status, 0, &usage) != child)
        return bench_fail(result, "fork: %s", strerror(errno));
    run->wall_s = (bench_now_ns() - began_ns) / 1e9;
    run->cpu_s = seconds_of(&usage.ru_utime) + seconds_of(&usage.ru_stime);
    if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
        return true;
    return bench_fail(result, "%s failed: %.200s", command->arguments[0], run->said);
}

bool traced_run(enum tracing by, const char *const *arguments, struct run *run, struct bench_result *result)
{
    struct command command = traced(by, arguments);
    if (by != COUNTED)
        return command_run(&command, run, result);
    if (!counter_begin(result))
        return false;
    bool ran = command_run(&command, run, result);
    return (counter_end() > 0 || bench_fail(result, "the programs in the kernel counted nothing")) && ran;
}

bool number_after(const char *text, const struct run *run, double *number, struct bench_result *result)
{
    const char *found = strstr(run->said, text);
    if (!found)
        return bench_fail(result, "\"%s\" is not in what the program says", text);
    *number = strtod(found + strlen(text), NULL);
    return true;
}

bool dd_seconds(enum tracing by, unsigned blocks, bool pinned, double *seconds, struct bench_result *result)
{
    char count[32];
    const char *const dd[] = { "dd", "if=/dev/zero", "of=/dev/null", "bs=1", count, NULL };
    snprintf(count, sizeof count, "count=%u", blocks);
    struct run run = { .pinned = pinned };
    return traced_run(by, dd, &run, result) && number_after("copied, ", &run, seconds, result);
}

bool work_result(enum tracing by, const char *name, double *number, struct bench_result *result)
{
    const char *const work[] = { BENCH_RECORD_PROGRAM, "--work", name, NULL };
    struct run run = { .pinned = false };
    return traced_run(by, work, &run, result) && number_after(": ", &run, number, result);
}

/* -------------------------------------------------------------------- busy */

static pid_t spinners[1024];
static size_t spinner_count;

bool busy_begin(struct bench_result *result)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const size_t most = sizeof spinners / sizeof spinners[0];
    for (spinner_count = 0; spinner_count < (size_t)processors && spinner_count < most; spinner_count++) {
        pid_t child = fork();
        if (child == 0) {
            prctl(PR_SET_PDEATHSIG, SIGKILL);
            for (;;)
                bench_barrier();
        }
        if (child < 0) {
            busy_end();
            return bench_fail(result, "fork: %s", strerror(errno));
        }
        spinners[spinner_count] = child;
    }
    return true;
}

void busy_end(void)
{
    while (spinner_count) {
        kill(spinners[--spinner_count], SIGKILL);
        waitpid(spinners[spinner_count], NULL, 0);
    }
}
