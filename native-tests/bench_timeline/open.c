/* From an image or a builder to a timeline that can be queried: time and memory. */
#include <unistd.h>

#include "rows.h"
#include "timeline/load.h"
#include "traces.h"

#define ROUNDS 5

/* Opens the image, loads it, builds the timeline and makes the view of everything, as the page does before its first
 * frame. */
static bool open_once(const char *path, uint32_t events, struct bench_result *result)
{
    static const struct event_filter everything;
    struct tracer_reader *reader;
    struct tracer_message message;
    struct timeline *timeline = NULL;
    struct timeline_view *view = NULL;
    struct timeline_builder *builder = timeline_builder_create();
    if (!builder || !bench_ok(result, tracer_reader_open(&reader, path, &message), &message)) {
        timeline_builder_destroy(builder);
        return false;
    }
    enum tracer_error error = timeline_load(builder, reader, NULL);
    if (error == TRACER_OK)
        error = timeline_build(&timeline, builder, NULL);
    if (error == TRACER_OK)
        error = timeline_view_create(&view, timeline, &everything, NULL);
    bool ok = bench_ok(result, error, NULL);
    if (ok && timeline_view_events(view) != events)
        ok = bench_fail(result, "%u events instead of %u", timeline_view_events(view), events);
    timeline_view_destroy(view);
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
    tracer_reader_close(reader);
    return ok;
}

/* The minimum: a copy of the events as a saved image has them. */
static double copy_s(uint32_t events)
{
    return bench_cold_copy_ns((size_t)events * 40) * 1e-9;
}

static bool measure_open(unsigned threads, uint32_t events, struct bench_result *result)
{
    struct bench_pairs pairs = { 0 };
    char path[BENCH_PATH_MAX];
    bench_path(path, BENCH_TMPFS);
    bool ok = bench_save_mixed(path, threads, events / threads, result);
    for (int round = 0; ok && round <= ROUNDS; round++) {
        double start_ns = bench_now_ns();
        ok = open_once(path, events, result);
        double ns = bench_now_ns() - start_ns;
        if (ok && round > 0)
            bench_add_pair(&pairs, ns * 1e-9, copy_s(events));
    }
    unlink(path);
    if (ok)
        bench_conclude_pairs(&pairs, result);
    return ok;
}

static bool measure_open_million(struct bench_result *result)
{
    return measure_open(4, 1000000, result);
}

static bool measure_open_all(struct bench_result *result)
{
    return measure_open(4, BENCH_LARGE_EVENTS, result);
}

/* Sorting and laying out the contents of a builder. */
static bool measure_build(enum trace_shape shape, struct bench_result *result)
{
    const uint32_t events = 1000000;
    struct bench_pairs pairs = { 0 };
    for (int round = 0; round <= ROUNDS; round++) {
        struct timeline *timeline;
        double added_ns, built_ns;
        if (!trace_build(shape, events, &timeline, &added_ns, &built_ns))
            return bench_fail(result, "no memory");
        timeline_destroy(timeline);
        if (round > 0)
            bench_add_pair(&pairs, built_ns * 1e-9, copy_s(events));
    }
    bench_conclude_pairs(&pairs, result);
    return true;
}

static bool measure_build_nested(struct bench_result *result)
{
    return measure_build(SHAPE_NESTED, result);
}

static bool measure_build_bursts(struct bench_result *result)
{
    return measure_build(SHAPE_BURSTS, result);
}

/* The columns, and the view's groups. */
static bool measure_bytes(enum trace_shape shape, struct bench_result *result)
{
    const struct timeline *timeline;
    const struct timeline_view *view;
    if (!trace_of(shape, &timeline, &view, result))
        return false;
    result->value = (double)(timeline_bytes(timeline) + timeline_view_bytes(view)) / TRACE_EVENTS;
    return true;
}

static bool measure_bytes_nested(struct bench_result *result)
{
    return measure_bytes(SHAPE_NESTED, result);
}

static bool measure_bytes_bursts(struct bench_result *result)
{
    return measure_bytes(SHAPE_BURSTS, result);
}

static const struct bench rows[] = {
    { "timeline.open.million", "s", BOUND_RATIO, 8, "memcpy, cold", measure_open_million },
    { "timeline.open.large", "s", BOUND_RATIO, 12, "memcpy, cold", measure_open_all },
    { "timeline.build.nested", "s", BOUND_RATIO, 3, "memcpy, cold", measure_build_nested },
    { "timeline.build.bursts", "s", BOUND_RATIO, 3, "memcpy, cold", measure_build_bursts },
    { "timeline.bytes.nested", "B/event", BOUND_SIZE, 90, NULL, measure_bytes_nested },
    { "timeline.bytes.bursts", "B/event", BOUND_SIZE, 90, NULL, measure_bytes_bursts },
};
const struct bench_group opening_rows = BENCH_GROUP(rows);
