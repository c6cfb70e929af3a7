/*
 * The benchmark of the command on a trace of ten million events: exporting, comparing, SQL. Each runs in a process of
 * its own, whose processor time and peak memory count. bench_command [--json] [--only NAME].
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "processes.h"
#include "recorded.h"

#define LOADED_EVENTS 1000000u /* trace_processor takes a minute and gigabytes for ten million */
#define GIGABYTE_EVENTS 9200000u
#define MIB (1024.0 * 1024.0)

static char command[BENCH_PATH_MAX + 16], image[BENCH_PATH_MAX];

/* In a process of its own, because a child's memory includes that of its parent when it started. */
static int make(const char *path)
{
    struct bench_result result = { .error = "" };
    if (bench_save_mixed(path, 1, BENCH_LARGE_EVENTS, &result))
        return 0;
    fprintf(stderr, "bench_command: %s\n", result.error);
    return 1;
}

/* Sealed, so that its size is the size of its events. */
static bool make_image(struct bench_result *result)
{
    char rings[BENCH_PATH_MAX];
    struct used used = { 0 };
    if (image[0])
        return true;
    own_path(rings, ".rings");
    const char *const making[] = { "/proc/self/exe", "--make", rings, NULL };
    own_path(image, ".sealed");
    const char *const sealing[] = { command, "convert", rings, "-o", image, NULL };
    bool ok = run(making, &used, result) && run(sealing, &used, result);
    unlink(rings);
    return ok;
}

/* ---------------------------------------------------------------------- rows */

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

/* Twice the statistics by name of one trace stand in for those of two traces. */
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

static bool perfetto_size(struct bench_result *result)
{
    return recorded_event_bytes(command, "perfetto", result);
}

static bool parquet_size(struct bench_result *result)
{
    return recorded_event_bytes(command, "parquet", result);
}

/* Perfetto's own loader, with an empty query. */
static bool load_both(const char *processor, const char *ring, struct bench_result *result)
{
    char protobuf[BENCH_PATH_MAX], json[BENCH_PATH_MAX], sql[BENCH_PATH_MAX];
    struct used used = { 0 };
    own_path(protobuf, ".pftrace"), own_path(json, ".json"), own_path(sql, ".sql");
    FILE *file = fopen(sql, "w");
    bool ok = file && fputs("select 1;\n", file) >= 0 && fclose(file) == 0;
    const char *const to_protobuf[] = { command, "export", ring, "--to", "perfetto", "-o", protobuf, NULL };
    const char *const to_json[] = { command, "export", ring, "--to", "chrome", "-o", json, NULL };
    const char *const subject[] = { WITHOUT_ERRORS, processor, "-q", sql, protobuf, NULL };
    const char *const base[] = { WITHOUT_ERRORS, processor, "-q", sql, json, NULL };
    ok = ok && run(to_protobuf, &used, result) && run(to_json, &used, result) && compare(subject, base, 1, result);
    unlink(protobuf), unlink(json), unlink(sql);
    return ok;
}

static bool load(struct bench_result *result)
{
    char ring[BENCH_PATH_MAX];
    const char *processor = getenv("RINGSCOPE_TRACE_PROCESSOR");
    if (!processor) {
        result->skipped = true;
        return bench_fail(result, "RINGSCOPE_TRACE_PROCESSOR names no trace_processor");
    }
    own_path(ring, ".loaded");
    bool ok = bench_save_mixed(ring, 1, LOADED_EVENTS, result) && load_both(processor, ring, result);
    unlink(ring);
    return ok;
}

/* As many spans as make a gigabyte of Trace Event JSON: frames of five, on four threads. */
static bool write_gigabyte(const char *path, struct bench_result *result)
{
    static const char *const names[] = { "frame", "input", "update", "draw", "triangle" };
    static const unsigned starts[] = { 0, 1, 22, 54, 56 }, durations[] = { 98, 20, 30, 40, 30 };
    FILE *file = fopen(path, "w");
    bool ok = file && fputs("{\"traceEvents\":[\n", file) >= 0;
    for (unsigned i = 0; ok && i < GIGABYTE_EVENTS; i++) {
        const unsigned frame = i / 5, at = i % 5;
        ok = fprintf(file,
                     "{\"ph\":\"X\",\"cat\":\"bench\",\"name\":\"%s %u\",\"pid\":1,\"tid\":%u,\"ts\":%u,\"dur\":%u,"
                     "\"args\":{\"detail\":\"frame %u\"}}%s\n",
                     names[at], frame % 40, 100 + frame % 4, frame / 4 * 100 + starts[at], durations[at], frame,
                     i + 1 < GIGABYTE_EVENTS ? "," : "]}") > 0;
    }
    if (file && fclose(file) != 0)
        ok = false;
    return ok || bench_fail(result, "%s: %s", path, strerror(errno));
}

/* Of a command that needs statistics, so that the trace is imported and then loaded. */
static bool import_peak(struct bench_result *result)
{
    char path[BENCH_PATH_MAX];
    struct used used = { 0 };
    own_path(path, ".json");
    const char *const arguments[] = { command, "summary", path, NULL };
    bool ok = write_gigabyte(path, result) && run(arguments, &used, result);
    unlink(path);
    result->value = used.peak_mib;
    return ok;
}

static const struct bench rows[] = {
    { "command.import.json.1G.peak", "MiB", BOUND_SIZE, 1024, NULL, import_peak },
    { "command.export.perfetto", "s", BOUND_RATIO, 0.6, "export --to chrome", export_perfetto },
    { "command.export.otlp", "s", BOUND_RATIO, 1.5, "export --to chrome", export_otlp },
    { "command.export.parquet", "s", BOUND_RATIO, 1.0, "export --to chrome", export_parquet },
    { "command.export.perfetto.peak", "MiB", BOUND_SIZE, 64, NULL, export_perfetto_peak },
    { "command.export.otlp.peak", "MiB", BOUND_SIZE, 64, NULL, export_otlp_peak },
    { "command.export.parquet.peak", "MiB", BOUND_SIZE, 64, NULL, export_parquet_peak },
    { "command.export.chrome.peak", "MiB", BOUND_NONE, 0, NULL, export_chrome_peak },
    { "command.export.perfetto.event", "bytes", BOUND_SIZE, 24, NULL, perfetto_size },
    { "command.export.parquet.event", "bytes", BOUND_SIZE, 16, NULL, parquet_size },
    { "command.load.perfetto", "s", BOUND_RATIO, 0.25, "trace_processor with JSON", load },
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
    recorded_end();
    return ok ? 0 : 1;
}
