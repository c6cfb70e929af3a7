/* The page's queries on ten million events: mostly windows. */
#include <stdlib.h>

#include "rows.h"
#include "timeline/query/expression.h"
#include "traces.h"

#define WINDOWS 200u
#define WIDTH_PX 2000u
#define SCREEN_ROWS 50u /* as many as fit on a page */
#define TURNS 5 /* of each window and query: the fastest counts, because other load can only add to a time */

/* ------------------------------------------------------------------- windows */

/* From the whole trace to a ten-millionth of it, anywhere. */
static struct timeline_window window_at(const struct timeline *timeline, uint32_t index, uint32_t rows,
                                        uint64_t *random)
{
    int64_t duration_ns = timeline_duration_ns(timeline), span_ns = duration_ns >> index % 25;
    if (index % 2)
        span_ns -= span_ns / 3;
    uint64_t room_ns = (uint64_t)(duration_ns - span_ns) + 1;
    int64_t from_ns = (int64_t)(bench_random(random) % room_ns);
    return (struct timeline_window){
        .from_ns = from_ns,
        .to_ns = from_ns + span_ns,
        .width_px = WIDTH_PX,
        .first_row = timeline_rows(timeline) > rows ? index % (timeline_rows(timeline) - rows) : 0,
        .rows = rows,
    };
}

/* Room for all rects of that many rows. */
struct room {
    struct timeline_rect *rects;
    uint32_t capacity, rows;
};

static bool slowest_window(const struct timeline *timeline, const struct timeline_view *view, const struct room *room,
                           struct bench_result *result)
{
    uint64_t random = 7;
    for (uint32_t i = 0; i < WINDOWS; i++) {
        const struct timeline_window window = window_at(timeline, i, room->rows, &random);
        double best_ns = 1e18;
        for (int turn = 0; turn < TURNS; turn++) {
            double start_ns = bench_now_ns();
            uint32_t count = timeline_window(view, &window, room->rects, room->capacity);
            double took_ns = bench_now_ns() - start_ns;
            if (count == room->capacity)
                return bench_fail(result, "window %u has more rects than there may be", i);
            best_ns = took_ns < best_ns ? took_ns : best_ns;
        }
        if (best_ns * 1e-6 > result->value)
            result->value = best_ns * 1e-6;
    }
    return true;
}

/* The work without an index: look at the start and the duration of every event. */
static double look_at_all_s(void)
{
    double best_ns = 1e18;
    for (int turn = 0; turn < TURNS; turn++) {
        double ns = bench_warm_copy_ns((size_t)TRACE_EVENTS * 2 * sizeof(int64_t));
        best_ns = ns < best_ns ? ns : best_ns;
    }
    return best_ns * 1e-9;
}

/* The slowest window of the sweep. */
static bool measure_windows(enum trace_shape shape, uint32_t rows, struct bench_result *result)
{
    const struct timeline *timeline;
    const struct timeline_view *view;
    if (!trace_of(shape, &timeline, &view, result))
        return false;
    const struct timeline_window largest = { .width_px = WIDTH_PX, .rows = rows };
    struct room room = { .capacity = timeline_window_max(&largest) + 1, .rows = rows };
    room.rects = malloc(room.capacity * sizeof *room.rects);
    bool ok = room.rects ? slowest_window(timeline, view, &room, result) : bench_fail(result, "no memory");
    result->ratio = result->value * 1e-3 / look_at_all_s();
    free(room.rects);
    return ok;
}

static bool measure_nested(struct bench_result *result)
{
    return measure_windows(SHAPE_NESTED, SCREEN_ROWS, result);
}

static bool measure_bursts(struct bench_result *result)
{
    return measure_windows(SHAPE_BURSTS, SCREEN_ROWS, result);
}

/* All three rows of all 50 tracks. */
static bool measure_all_rows(struct bench_result *result)
{
    return measure_windows(SHAPE_NESTED, 3 * TRACE_TRACKS, result);
}

/* ------------------------------------------------------------------- queries */

struct asked {
    const struct timeline *timeline;
    const struct timeline_view *view;
};

/* Seconds of the fastest run. */
static bool measure_question(bool (*ask)(const struct asked *asked), struct bench_result *result)
{
    struct asked asked;
    if (!trace_of(SHAPE_NESTED, &asked.timeline, &asked.view, result))
        return false;
    result->value = 1e18;
    for (int turn = 0; turn < TURNS; turn++) {
        double start_ns = bench_now_ns();
        if (!ask(&asked))
            return bench_fail(result, "no memory, or a wrong answer");
        double took_s = (bench_now_ns() - start_ns) * 1e-9;
        result->value = took_s < result->value ? took_s : result->value;
    }
    result->ratio = result->value / look_at_all_s();
    return true;
}

static bool search_names(const struct asked *asked)
{
    struct timeline_search *search;
    struct expression *expression;
    struct expression_error error;
    if (expression_create(&expression, "name:\"operation 42\"", &error) != TRACER_OK ||
        timeline_search_create(&search, asked->view, expression) != TRACER_OK)
        return false;
    while (timeline_search_step(search, 1000000)) {
    }
    uint32_t hits = timeline_search_hits(search);
    timeline_search_destroy(search);
    return hits > TRACE_EVENTS / 100 && hits < TRACE_EVENTS / 40;
}

static bool count_statistics(const struct asked *asked)
{
    struct timeline_statistic *statistics;
    uint32_t count;
    int64_t to_ns = timeline_duration_ns(asked->timeline);
    if (timeline_statistics(asked->view, 0, to_ns, false, &statistics, &count) != TRACER_OK)
        return false;
    free(statistics);
    return count == 64;
}

static bool find_density(const struct asked *asked)
{
    static uint32_t counts[1000 * TIMELINE_CATEGORIES];
    const struct timeline_dense dense = { .to_ns = timeline_duration_ns(asked->timeline),
                                          .buckets = 1000,
                                          .end = TRACE_EVENTS };
    timeline_density(asked->view, &dense, counts);
    return counts[0] > 0;
}

static bool sort_by_duration(const struct asked *asked)
{
    struct timeline_order *order;
    if (timeline_order_create(&order, asked->view, TIMELINE_BY_DURATION, true) != TRACER_OK)
        return false;
    bool whole = timeline_order_event(order, TRACE_EVENTS - 1) != TIMELINE_NONE;
    timeline_order_destroy(order);
    return whole;
}

static bool filter_categories(const struct asked *asked)
{
    const struct event_filter filter = { .hidden_categories = 5, .min_duration_ns = 300 };
    struct timeline_view *view;
    if (timeline_view_create(&view, asked->timeline, &filter, NULL) != TRACER_OK)
        return false;
    uint32_t count = timeline_view_events(view);
    timeline_view_destroy(view);
    return count > 0 && count < TRACE_EVENTS;
}

static bool measure_search(struct bench_result *result)
{
    return measure_question(search_names, result);
}

static bool measure_statistics(struct bench_result *result)
{
    return measure_question(count_statistics, result);
}

static bool measure_density(struct bench_result *result)
{
    return measure_question(find_density, result);
}

static bool measure_order(struct bench_result *result)
{
    return measure_question(sort_by_duration, result);
}

static bool measure_filter(struct bench_result *result)
{
    return measure_question(filter_categories, result);
}

#define LOOK "a look at all"
static const struct bench rows[] = {
    { "timeline.window.nested", "ms", BOUND_RATIO, 0.25, LOOK, measure_nested },
    { "timeline.window.bursts", "ms", BOUND_RATIO, 0.25, LOOK, measure_bursts },
    { "timeline.window.all_rows", "ms", BOUND_NONE, 0, LOOK, measure_all_rows },
    { "timeline.search", "s", BOUND_RATIO, 3, LOOK, measure_search },
    { "timeline.filter", "s", BOUND_NONE, 0, LOOK, measure_filter },
    { "timeline.statistics", "s", BOUND_NONE, 0, LOOK, measure_statistics },
    { "timeline.density", "s", BOUND_NONE, 0, LOOK, measure_density },
    { "timeline.order", "s", BOUND_NONE, 0, LOOK, measure_order },
};
const struct bench_group asking_rows = BENCH_GROUP(rows);
