/* Reading in this process: snapshots, queries, exports. */
#include "bench.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* ------------------------------------------------------------ live snapshot */

#define LANES 4
#define EVENTS_EACH 1000000
#define CAPACITY 4000000

/* Within a lane, an event is later than the one before it when both are complete. Times are rounded to ns one by one,
 * hence the tolerance. */
#define ROUNDING_NS 2

static bool check_sorted(const struct tracer_snapshot *snapshot, uint64_t expected, struct bench_result *result)
{
    struct trace_event event;
    uint64_t before_ns = 0;
    if (tracer_snapshot_count(snapshot) != expected)
        return bench_fail(result, "%zu events instead of %llu", tracer_snapshot_count(snapshot),
                          (unsigned long long)expected);
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++) {
        uint64_t end_ns = event.time_ns + event.duration_ns;
        if (end_ns + ROUNDING_NS < before_ns)
            return bench_fail(result, "event %zu comes after a later one", i);
        before_ns = end_ns;
    }
    return true;
}

static bool count_bytes(void *argument, const char *bytes, size_t size)
{
    (void)bytes;
    *(uint64_t *)argument += size;
    return true;
}

static uint64_t sealed_bytes(const struct tracer_snapshot *snapshot)
{
    uint64_t bytes = 0;
    const struct tracer_sink sink = { count_bytes, &bytes };
    return tracer_snapshot_save(snapshot, &sink) == TRACER_OK ? bytes : 0;
}

/* The bytes of a snapshot: 32 per event plus texts. A sealed image has 40 per event plus texts. */
static size_t snapshot_bytes(const struct tracer_snapshot *snapshot)
{
    return (size_t)sealed_bytes(snapshot) - 8 * tracer_snapshot_count(snapshot);
}

static bool time_snapshots(struct tracer *tracer, struct bench_result *result)
{
    struct bench_pairs pairs = { 0 };
    bool ok = true;
    for (int round = 0; ok && round <= BENCH_ROUNDS_LONG; round++) {
        double start_ns = bench_now_ns();
        struct tracer_snapshot *snapshot = tracer_events(tracer, NULL);
        double ns = bench_now_ns() - start_ns;
        ok = snapshot ? check_sorted(snapshot, (uint64_t)LANES * EVENTS_EACH, result)
                      : bench_fail(result, "no memory for a snapshot");
        if (ok && round > 0)
            bench_add_pair(&pairs, ns * 1e-9, bench_cold_copy_ns(snapshot_bytes(snapshot)) * 1e-9);
        tracer_snapshot_destroy(snapshot);
    }
    if (ok)
        bench_conclude_pairs(&pairs, result);
    return ok;
}

struct cold_sink {
    char *at;
    size_t left;
};

static bool put_cold(void *argument, const char *bytes, size_t size)
{
    struct cold_sink *sink = argument;
    if (size > sink->left)
        return false;
    memcpy(sink->at, bytes, size);
    sink->at += size;
    sink->left -= size;
    return true;
}

/* In ns; 0 if it failed. */
static double seal_ns(const struct tracer_snapshot *snapshot, size_t bytes)
{
    char *memory = bench_cold_memory(bytes);
    struct cold_sink cold = { memory, bytes };
    if (!memory)
        return 0;
    double start_ns = bench_now_ns();
    bool saved = tracer_snapshot_save(snapshot, &(struct tracer_sink){ put_cold, &cold }) == TRACER_OK;
    double ns = bench_now_ns() - start_ns;
    munmap(memory, bytes);
    return saved ? ns : 0;
}

/* A snapshot into cold memory, compared with copying the same number of bytes there. */
static bool measure_seal(struct bench_result *result)
{
    const struct tracer_options options = {
        .capacity_events = EVENTS_EACH, .lanes = 2, .detail_bytes = 64ull << 20, .prefault = true
    };
    struct bench_pairs pairs = { 0 };
    struct tracer *tracer;
    struct tracer_message message;
    if (!bench_ok(result, tracer_create(&tracer, &options, &message), &message))
        return false;
    tracer_enable(tracer);
    bool ok = bench_record_mixed(tracer, 1, EVENTS_EACH, result);
    struct tracer_snapshot *snapshot = ok ? tracer_events(tracer, NULL) : NULL;
    size_t bytes = snapshot ? (size_t)sealed_bytes(snapshot) : 0;
    ok = ok && (bytes > EVENTS_EACH || bench_fail(result, "it has only %zu bytes", bytes));
    for (int round = 0; ok && round < BENCH_ROUNDS_LONG; round++) {
        double ns = seal_ns(snapshot, bytes), copy_ns = bench_cold_copy_ns(bytes);
        ok = (ns > 0 && copy_ns > 0) || bench_fail(result, "no memory");
        bench_add_pair(&pairs, ns * 1e-9, copy_ns * 1e-9);
    }
    if (ok)
        bench_conclude_pairs(&pairs, result);
    tracer_snapshot_destroy(snapshot);
    tracer_destroy(tracer);
    return ok;
}

/* The allowed size of a sealed image: 40 bytes per event, its texts, and 64 KiB for all tables. */
static double allowed_bytes(const struct tracer_snapshot *snapshot)
{
    struct trace_event event;
    double bytes = 64 * 1024;
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++)
        bytes += 40 + (double)event.detail_size;
    return bytes;
}

static bool measure_sealed_size(struct bench_result *result)
{
    const struct tracer_options options = { .capacity_events = EVENTS_EACH, .lanes = 2, .detail_bytes = 64ull << 20 };
    struct tracer *tracer;
    struct tracer_message message;
    if (!bench_ok(result, tracer_create(&tracer, &options, &message), &message))
        return false;
    tracer_enable(tracer);
    bool ok = bench_record_mixed(tracer, 1, EVENTS_EACH, result);
    struct tracer_snapshot *snapshot = ok ? tracer_events(tracer, NULL) : NULL;
    ok = snapshot && tracer_snapshot_count(snapshot) == EVENTS_EACH;
    if (ok) {
        result->value = (double)sealed_bytes(snapshot) / EVENTS_EACH;
        result->ratio = (double)sealed_bytes(snapshot) / allowed_bytes(snapshot);
    }
    tracer_snapshot_destroy(snapshot);
    tracer_destroy(tracer);
    return ok || bench_fail(result, "not all events are held");
}

static bool measure_snapshot(struct bench_result *result)
{
    const struct tracer_options options = {
        .capacity_events = CAPACITY, .lanes = LANES + 1, .detail_bytes = 32ull << 20, .prefault = true
    };
    struct tracer *tracer;
    struct tracer_message message;
    if (!bench_ok(result, tracer_create(&tracer, &options, &message), &message))
        return false;
    tracer_enable(tracer);
    bool ok = bench_record_mixed(tracer, LANES, EVENTS_EACH, result) && time_snapshots(tracer, result);
    tracer_destroy(tracer);
    return ok;
}

/* ------------------------------------------------------------------- export */

#define EXPORT_EVENTS 1000000

static bool export_once(struct tracer *tracer, struct bench_result *result)
{
    uint64_t written = 0;
    const struct tracer_sink sink = { count_bytes, &written };
    struct tracer_snapshot *snapshot = tracer_events(tracer, NULL);
    if (!snapshot)
        return bench_fail(result, "no memory for a snapshot");
    bool ok = bench_ok(result, tracer_export(snapshot, "chrome", &sink), NULL);
    tracer_snapshot_destroy(snapshot);
    return ok && (written > EXPORT_EVENTS || bench_fail(result, "only %llu bytes", (unsigned long long)written));
}

/* The obvious way to print the events: one line each, by snprintf(). */
static double print_ns(struct tracer *tracer)
{
    char line[512];
    struct trace_event event;
    uint64_t written = 0;
    double start_ns = bench_now_ns();
    struct tracer_snapshot *snapshot = tracer_events(tracer, NULL);
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++)
        written +=
            (uint64_t)snprintf(line, sizeof line,
                               "{\"ph\":\"X\",\"name\":\"%s\",\"cat\":\"%s\",\"ts\":%.3f,\"dur\":%.3f,\"pid\":%u,"
                               "\"tid\":%u,\"args\":{\"detail\":\"%s\"}},\n",
                               event.name, trace_category_name(event.category), event.timestamp * 1e3,
                               event.duration * 1e3, event.pid, event.track, event.detail ? event.detail : "");
    tracer_snapshot_destroy(snapshot);
    return written ? bench_now_ns() - start_ns : 0;
}

/* Snapshot and export, per event. */
static bool measure_export(struct bench_result *result)
{
    const struct tracer_options options = { .capacity_events = EXPORT_EVENTS, .lanes = 1, .prefault = true };
    struct bench_pairs pairs = { 0 };
    struct tracer *tracer;
    struct tracer_message message;
    if (!bench_ok(result, tracer_create(&tracer, &options, &message), &message))
        return false;
    tracer_enable(tracer);
    bool ok = bench_record_mixed(tracer, 1, EXPORT_EVENTS, result);
    for (int round = 0; ok && round <= BENCH_ROUNDS_LONG; round++) {
        double start_ns = bench_now_ns();
        ok = export_once(tracer, result);
        double ns = bench_now_ns() - start_ns;
        if (ok && round > 0)
            bench_add_pair(&pairs, ns * 1e-3 / EXPORT_EVENTS, print_ns(tracer) * 1e-3 / EXPORT_EVENTS);
    }
    tracer_destroy(tracer);
    if (ok)
        bench_conclude_pairs(&pairs, result);
    return ok;
}

/* ------------------------------------------------------------------ queries */

static bool query_once(const char *path, const char *name, uint64_t expected, struct bench_result *result)
{
    const struct tracer_query query = { .name = name };
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    struct tracer_message message;
    if (!bench_ok(result, tracer_reader_open(&reader, path, &message), &message))
        return false;
    bool ok = bench_ok(result, tracer_snapshot_create(&snapshot, reader, &query), NULL);
    if (ok && tracer_snapshot_count(snapshot) != expected)
        ok = bench_fail(result, "%zu events instead of %llu", tracer_snapshot_count(snapshot),
                        (unsigned long long)expected);
    if (ok)
        tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    return ok;
}

/* Opens the file again each time; compared with reading it once. */
static bool measure_name(const char *name, uint64_t expected, struct bench_result *result)
{
    struct bench_pairs pairs = { 0 };
    char path[BENCH_PATH_MAX];
    bench_path(path, BENCH_TMPFS);
    bool ok = bench_save_mixed(path, 1, BENCH_LARGE_EVENTS, result);
    for (int round = 0; ok && round <= BENCH_ROUNDS_LONG; round++) {
        double start_ns = bench_now_ns();
        ok = query_once(path, name, expected, result);
        double ns = bench_now_ns() - start_ns;
        if (ok && round > 0)
            bench_add_pair(&pairs, ns * 1e-9, bench_read_file_ns(path) * 1e-9);
    }
    unlink(path);
    if (ok)
        bench_conclude_pairs(&pairs, result);
    return ok;
}

static bool measure_common_name(struct bench_result *result)
{
    return measure_name(BENCH_COMMON_NAME, BENCH_LARGE_EVENTS / 4, result);
}

static bool measure_rare_name(struct bench_result *result)
{
    struct bench_names names;
    uint64_t expected = 0;
    bench_names_init(&names);
    for (uint64_t i = 0; i < BENCH_LARGE_EVENTS / 4; i++)
        expected += names.order[i % BENCH_ORDER] == 7;
    return measure_name(names.text[7], expected, result);
}

static const struct bench reads[] = {
    { "read.snapshot", "s", BOUND_RATIO, 4, "memcpy, cold", measure_snapshot },
    { "read.seal", "s", BOUND_RATIO, 3, "memcpy, cold", measure_seal },
    { "read.seal.size", "B/event", BOUND_RATIO, 1, "40 N + d + 64 KiB", measure_sealed_size },
    { "read.name.common", "s", BOUND_RATIO, 6, "the file, read once", measure_common_name },
    { "read.name.rare", "s", BOUND_RATIO, 6, "the file, read once", measure_rare_name },
    { "export.chrome", "us", BOUND_RATIO, 1.5, "snprintf", measure_export },
};
const struct bench_group read_benches = BENCH_GROUP(reads);
