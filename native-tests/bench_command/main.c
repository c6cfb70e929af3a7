/*
 * The benchmark of what the command does with a trace of ten million events: exporting, comparing, SQL; in processes of their
 * own, of which the processor's time and the most memory count. bench_command [--json] [--only NAME].
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench.h"

#define ROUNDS 3
#define MIB (1024.0 * 1024.0)

static char command[BENCH_PATH_MAX + 16], image[BENCH_PATH_MAX];

/* ----------------------------------------------------------------- processes */

struct used {
    double cpu_s, peak_mib;
};

static double seconds(struct timeval time)
{
    return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

/* Runs a program to its end, without what it prints. */
static bool run(const char *const arguments[], struct used *used, struct bench_result *result)
{
    posix_spawn_file_actions_t actions;
    struct rusage usage;
    pid_t process;
    int status = 0;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    /* The type dates from before const; nothing is written. */
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

/* In a process of its own, since a child's memory counts that of the one which began it. */
static int make(const char *path)
{
    struct bench_result result = { .error = "" };
    if (bench_save_mixed(path, 1, BENCH_LARGE_EVENTS, &result))
        return 0;
    fprintf(stderr, "bench_command: %s\n", result.error);
    return 1;
}

/* Sealed, so that its size is that of its events. */
static bool make_image(struct bench_result *result)
{
    char rings[BENCH_PATH_MAX];
    struct used used = { 0 };
    if (image[0])
        return true;
    bench_path(rings, BENCH_TMPFS);
    const char *const making[] = { "/proc/self/exe", "--make", rings, NULL };
    bench_path(image, BENCH_TMPFS);
    strncat(image, ".sealed", sizeof image - strlen(image) - 1);
    const char *const sealing[] = { command, "convert", rings, "-o", image, NULL };
    bool ok = run(making, &used, result) && run(sealing, &used, result);
    unlink(rings);
    return ok;
}

/* ---------------------------------------------------------------------- rows */

/* Rounds of one command and then of another, which runs times times. */
static bool compare(const char *const subject[], const char *const base[], int times, struct bench_result *result)
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

static bool export_beside_chrome(const char *format, struct bench_result *result)
{
    const char *const subject[] = { command, "export", image, "--to", format, NULL };
    const char *const base[] = { command, "export", image, "--to", "chrome", NULL };
    return make_image(result) && compare(subject, base, 1, result);
}

static bool export_peak(const char *format, struct bench_result *result)
{
    struct stat status;
    struct used used = { 0 };
    const char *const arguments[] = { command, "export", image, "--to", format, NULL };
    if (!make_image(result) || !run(arguments, &used, result))
        return false;
    if (stat(image, &status) != 0)
        return bench_fail(result, "%s: %s", image, strerror(errno));
    result->value = used.peak_mib - (double)status.st_size / MIB;
    return true;
}

#define EXPORT_ROWS(X) X(perfetto) X(otlp) X(parquet)
#define MEASURE_EXPORT(name)                                      \
    static bool export_##name(struct bench_result *result)        \
    {                                                             \
        return export_beside_chrome(#name, result);               \
    }                                                             \
    static bool export_##name##_peak(struct bench_result *result) \
    {                                                             \
        return export_peak(#name, result);                        \
    }
EXPORT_ROWS(MEASURE_EXPORT)

static bool export_chrome_peak(struct bench_result *result)
{
    return export_peak("chrome", result);
}

/* Two times the statistics by name of one trace stand for those of both. */
static bool diff(struct bench_result *result)
{
    const char *const subject[] = { command, "diff", image, image, NULL };
    const char *const base[] = { command, "stats", image, "name:*", NULL };
    return make_image(result) && compare(subject, base, 2, result);
}

static bool query(struct bench_result *result)
{
    const char *const subject[] = { command, "query", image, "select name, count(*) from events group by name", NULL };
    const char *const base[] = { "sqlite3", ":memory:", "select count(*) from generate_series(1, 10000000)", NULL };
    struct used used = { 0 };
    if (!run(base, &used, result)) {
        result->skipped = true;
        return bench_fail(result, "sqlite3 with generate_series is not here");
    }
    return make_image(result) && compare(subject, base, 1, result);
}

static const struct bench rows[] = {
    { "command.export.perfetto", "s", BOUND_RATIO, 0.6, "export --to chrome", export_perfetto },
    { "command.export.otlp", "s", BOUND_RATIO, 1.5, "export --to chrome", export_otlp },
    { "command.export.parquet", "s", BOUND_RATIO, 1.0, "export --to chrome", export_parquet },
    { "command.export.perfetto.peak", "MiB", BOUND_SIZE, 64, NULL, export_perfetto_peak },
    { "command.export.otlp.peak", "MiB", BOUND_SIZE, 64, NULL, export_otlp_peak },
    { "command.export.parquet.peak", "MiB", BOUND_SIZE, 64, NULL, export_parquet_peak },
    { "command.export.chrome.peak", "MiB", BOUND_NONE, 0, NULL, export_chrome_peak },
    { "command.diff", "s", BOUND_RATIO, 1.5, "stats of both", diff },
    { "command.query.group", "s", BOUND_RATIO, 4, "sqlite3 counting as many", query },
};

int main(int count, char **arguments)
{
    static const struct bench_group group = BENCH_GROUP(rows), *const groups[] = { &group, NULL };
    struct bench_options options = { .only = "" };
    char directory[BENCH_PATH_MAX];
    if (count == 3 && strcmp(arguments[1], "--make") == 0)
        return make(arguments[2]);
    for (int i = 1; i < count; i++) {
        if (strcmp(arguments[i], "--json") == 0) {
            options.json = true;
        } else if (strcmp(arguments[i], "--only") == 0 && i + 1 < count) {
            options.only = arguments[++i];
        } else {
            fprintf(stderr, "usage: bench_command [--json] [--only NAME]\n");
            return 2;
        }
    }
    if (!bench_own_directory(directory))
        return 1;
    snprintf(command, sizeof command, "%s/ringscope", directory);
    bool ok = bench_run(groups, &options);
    if (image[0])
        unlink(image);
    return ok ? 0 : 1;
}
