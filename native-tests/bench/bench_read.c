/* Reading in this process: snapshots, queries, exports. */
#include "bench.h"

#include <stdlib.h>
#include <unistd.h>

/* ------------------------------------------------------------ live snapshot */

#define LANES 4
#define EVENTS_EACH 1000000
#define CAPACITY 4000000

/* Lane by lane an event is later than the one before when both are complete. Times are rounded to ns
 * one by one, hence the tolerance. */
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

/* A round: as many samples of the time of one step as asked for, the first not counted. */
struct timed {
    struct bench_samples samples;
    double start_ns;
    double scale; /* ns to the row's unit */
};

static void timed_start(struct timed *timed)
{
    timed->start_ns = bench_now_ns();
}

static void timed_stop(struct timed *timed, int round)
{
    if (round > 0)
        bench_add(&timed->samples, (bench_now_ns() - timed->start_ns) * timed->scale);
}

static bool time_snapshots(struct tracer *tracer, struct bench_result *result)
{
    struct timed timed = { .scale = 1e-9 };
    bool ok = true;
    for (int round = 0; ok && round <= BENCH_ROUNDS_LONG; round++) {
        timed_start(&timed);
        struct tracer_snapshot *snapshot = tracer_events(tracer, NULL);
        timed_stop(&timed, round);
        ok = snapshot ? check_sorted(snapshot, (uint64_t)LANES * EVENTS_EACH, result)
                      : bench_fail(result, "no memory for a snapshot");
        tracer_snapshot_destroy(snapshot);
    }
    if (ok)
        bench_conclude(&timed.samples, result);
    return ok;
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

static bool count_bytes(void *argument, const char *bytes, size_t size)
{
    (void)bytes;
    *(uint64_t *)argument += size;
    return true;
}

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

/* Snapshot and export, an event. */
static bool measure_export(struct bench_result *result)
{
    const struct tracer_options options = { .capacity_events = EXPORT_EVENTS, .lanes = 1, .prefault = true };
    struct timed timed = { .scale = 1e-3 / EXPORT_EVENTS };
    struct tracer *tracer;
    struct tracer_message message;
    if (!bench_ok(result, tracer_create(&tracer, &options, &message), &message))
        return false;
    tracer_enable(tracer);
    bool ok = bench_record_mixed(tracer, 1, EXPORT_EVENTS, result);
    for (int round = 0; ok && round <= BENCH_ROUNDS_LONG; round++) {
        timed_start(&timed);
        ok = export_once(tracer, result);
        timed_stop(&timed, round);
    }
    tracer_destroy(tracer);
    if (ok)
        bench_conclude(&timed.samples, result);
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

/* Opens the file anew each time. */
static bool measure_name(const char *name, uint64_t expected, struct bench_result *result)
{
    struct timed timed = { .scale = 1e-9 };
    char path[BENCH_PATH_MAX];
    bench_path(path, BENCH_TMPFS);
    bool ok = bench_save_mixed(path, 1, BENCH_LARGE_EVENTS, result);
    for (int round = 0; ok && round <= BENCH_ROUNDS_LONG; round++) {
        timed_start(&timed);
        ok = query_once(path, name, expected, result);
        timed_stop(&timed, round);
    }
    unlink(path);
    if (ok)
        bench_conclude(&timed.samples, result);
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
    { "read.snapshot", "s", BOUND_VALUE, 0.15, NULL, measure_snapshot },
    { "read.name.common", "s", BOUND_VALUE, 0.5, NULL, measure_common_name },
    { "read.name.rare", "s", BOUND_VALUE, 0.5, NULL, measure_rare_name },
    { "export.chrome", "us", BOUND_VALUE, 1, NULL, measure_export },
};
const struct bench_group read_benches = BENCH_GROUP(reads);
