/*
 * Reading in a process of its own: its total time and its peak memory.
 *
 * The command is measured if it has been built; otherwise this program, started again with a task, does the same
 * through the library that it is linked with.
 */
#define _GNU_SOURCE
#include "bench.h"

#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

/* ------------------------------------------------------- in the new process */

static int child_error(enum tracer_error error, const struct tracer_message *message)
{
    fprintf(stderr, "%s\n", message && message->text[0] ? message->text : tracer_error_text(error));
    return 1;
}

static int summarize(const char *path)
{
    struct tracer_reader *reader;
    struct trace_summary summary;
    struct tracer_message message;
    enum tracer_error error = tracer_reader_open(&reader, path, &message);
    if (error != TRACER_OK)
        return child_error(error, &message);
    error = tracer_reader_summary(reader, &summary);
    if (error == TRACER_OK)
        error = trace_summary_print(&summary, stdout);
    tracer_reader_close(reader);
    return error == TRACER_OK ? 0 : child_error(error, NULL);
}

/* The peak resident memory of this process; ru_maxrss would include its parent's. */
static long peak_kib(void)
{
    char line[256];
    long kib = -1;
    FILE *status = fopen("/proc/self/status", "r");
    while (status && kib < 0 && fgets(line, sizeof line, status)) {
        if (sscanf(line, "VmHWM: %ld", &kib) != 1)
            kib = -1;
    }
    if (status)
        fclose(status);
    return kib;
}

/* The image without the slots that hold none of its events; its text fills all the room for text. */
static uint64_t used_bytes(const struct tracer_info *info, uint64_t events)
{
    return info->size_bytes - (info->slots_per_lane * info->lanes - events) * 32;
}

static bool drop_bytes(void *argument, const char *bytes, size_t size)
{
    (void)argument, (void)bytes, (void)size;
    return true;
}

static enum tracer_error export_and_tell(struct tracer_reader *reader)
{
    const struct tracer_sink sink = { drop_bytes, NULL };
    struct tracer_snapshot *snapshot;
    struct tracer_info info;
    enum tracer_error error = tracer_reader_info(reader, &info);
    if (error == TRACER_OK)
        error = tracer_snapshot_create(&snapshot, reader, NULL);
    if (error != TRACER_OK)
        return error;
    uint64_t events = tracer_snapshot_count(snapshot);
    error = tracer_export(snapshot, "chrome", &sink);
    tracer_snapshot_destroy(snapshot);
    if (events != BENCH_LARGE_EVENTS)
        return TRACER_ERROR_DAMAGED;
    printf("%.0f\n", (double)peak_kib() * 1024 - (double)used_bytes(&info, events));
    return error;
}

static int export_chrome(const char *path)
{
    struct tracer_reader *reader;
    struct tracer_message message;
    enum tracer_error error = tracer_reader_open(&reader, path, &message);
    if (error != TRACER_OK)
        return child_error(error, &message);
    error = export_and_tell(reader);
    tracer_reader_close(reader);
    return error == TRACER_OK ? 0 : child_error(error, NULL);
}

int bench_child(const char *task, const char *path)
{
    if (strcmp(task, "summary") == 0)
        return summarize(path);
    if (strcmp(task, "export") == 0)
        return export_chrome(path);
    fprintf(stderr, "no task %s\n", task);
    return 2;
}

/* -------------------------------------------------------- in this process */

/* Runs a program to its end, with its standard output sent to the file descriptor. */
static bool run(const char *const arguments[], int output, struct bench_result *result)
{
    posix_spawn_file_actions_t actions;
    pid_t process;
    int status = 0;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    /* The type predates const; nothing is written. */
    int error = posix_spawn(&process, arguments[0], &actions, NULL, (char *const *)arguments, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0)
        return bench_fail(result, "%s: %s", arguments[0], strerror(error));
    while (waitpid(process, &status, 0) < 0 && errno == EINTR)
        ;
    return status == 0 || bench_fail(result, "%s %s: status %d", arguments[0], arguments[1], status);
}

/* The command is linked with the static library, so it says nothing about the shared one. */
static bool has_command(char path[BENCH_PATH_MAX + 16])
{
    char directory[BENCH_PATH_MAX];
    if (strcmp(BENCH_LINKAGE, "static") != 0 || !bench_own_directory(directory))
        return false;
    snprintf(path, BENCH_PATH_MAX + 16, "%s/ringscope", directory);
    return access(path, X_OK) == 0;
}

static bool time_summaries(const char *path, struct bench_result *result)
{
    char command[BENCH_PATH_MAX + 16];
    const char *with_command[] = { command, "summary", path, NULL };
    const char *with_myself[] = { "/proc/self/exe", "--child", "summary", path, NULL };
    const char *const *arguments = has_command(command) ? with_command : with_myself;
    struct bench_pairs pairs = { 0 };
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    for (int round = 0; round <= BENCH_ROUNDS_LONG; round++) {
        double start_ns = bench_now_ns();
        if (!run(arguments, nowhere, result))
            break;
        double ns = bench_now_ns() - start_ns;
        if (round > 0)
            bench_add_pair(&pairs, ns / 1e9, bench_read_file_ns(path) / 1e9);
    }
    close(nowhere);
    if (pairs.values.count < BENCH_ROUNDS_LONG)
        return false;
    bench_conclude_pairs(&pairs, result);
    return true;
}

static bool measure_summary_of(unsigned threads, uint64_t events_each, struct bench_result *result)
{
    char path[BENCH_PATH_MAX];
    bench_path(path, BENCH_TMPFS);
    bench_unpin();
    bool ok = bench_save_mixed(path, threads, events_each, result) && time_summaries(path, result);
    unlink(path);
    bench_pin(0);
    return ok;
}

static bool measure_summary(struct bench_result *result)
{
    return measure_summary_of(1, BENCH_LARGE_EVENTS, result);
}

/* Two lanes that have both evicted events: the newest 10 million must be found among 15 million. */
static bool measure_summary_evicted(struct bench_result *result)
{
    return measure_summary_of(2, (uint64_t)BENCH_LARGE_EVENTS / 4 * 3, result);
}

static bool read_peak(const char *path, struct bench_result *result)
{
    const char *arguments[] = { "/proc/self/exe", "--child", "export", path, NULL };
    char text[64] = "";
    FILE *output = tmpfile();
    if (!output)
        return bench_fail(result, "no temporary file");
    bool ok = run(arguments, fileno(output), result);
    rewind(output);
    if (ok && (!fgets(text, sizeof text, output) || sscanf(text, "%lf", &result->value) != 1))
        ok = bench_fail(result, "no number came back");
    fclose(output);
    result->value /= 1 << 20;
    return ok;
}

static bool measure_peak(struct bench_result *result)
{
    char path[BENCH_PATH_MAX];
    bench_path(path, BENCH_TMPFS);
    bool ok = bench_save_mixed(path, 1, BENCH_LARGE_EVENTS, result) && read_peak(path, result);
    unlink(path);
    return ok;
}

#define PEAK_LIMIT_MIB (4.0 * BENCH_LARGE_EVENTS / (1 << 20) + 16)

static const struct bench processes[] = {
    { "summary.saved", "s", BOUND_RATIO, 0.2, "the file, read once", measure_summary },
    { "summary.saved.evicted", "s", BOUND_RATIO, 1.5, "the file, read once", measure_summary_evicted },
    { "export.chrome.peak", "MiB", BOUND_SIZE, PEAK_LIMIT_MIB, NULL, measure_peak },
};
const struct bench_group process_benches = BENCH_GROUP(processes);
