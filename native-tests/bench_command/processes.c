/* Runs programs; see processes.h. */
#define _GNU_SOURCE
#include "processes.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#define ROUNDS 3

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

bool run(const char *const arguments[], struct used *used, struct bench_result *result)
{
    posix_spawn_file_actions_t actions;
    struct rusage usage;
    pid_t process;
    int status = 0;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    /* The type predates const; nothing is written. */
    int error = posix_spawnp(&process, arguments[0], &actions, NULL, (char *const *)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        return bench_fail(result, "%s: %s", arguments[0], strerror(error));
    while (wait4(process, &status, 0, &usage) < 0 && errno == EINTR)
        ;
    used->cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    used->peak_mib = (double)usage.ru_maxrss / 1024;
    return status == 0 || bench_fail(result, "%s %s: status %d", arguments[0], arguments[1], status);
}

void own_path(char path[BENCH_PATH_MAX], const char *suffix)
{
    bench_path(path, BENCH_TMPFS);
    strncat(path, suffix, BENCH_PATH_MAX - 1 - strlen(path));
}

bool compare(const char *const subject[], const char *const base[], int times, struct bench_result *result)
{
    struct bench_pairs pairs = { 0 };
    struct used used = { 0 }, base_used = { 0 };
    for (int round = 0; round < ROUNDS; round++) {
        if (!run(subject, &used, result) || !run(base, &base_used, result))
            return false;
        bench_add_pair(&pairs, used.cpu_s, base_used.cpu_s * times);
    }
    bench_conclude_pairs(&pairs, result);
    return true;
}
