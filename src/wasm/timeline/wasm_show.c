/* Returns the contents of a window to JavaScript: rectangles and points as columns. */
#include <stddef.h>
#include <string.h>

#include "../../timeline/columns.h"
#include "filtering.h"
#include "scratch.h"

/* ------------------------------------------------------------------- windows */

static struct timeline_window window_of(const struct wasm_trace *trace, const struct exchange *exchange)
{
    return (struct timeline_window){
        .from_ns = (int64_t)exchange->numbers[0],
        .to_ns = (int64_t)exchange->numbers[1],
        .width_px = (uint32_t)exchange->numbers[2],
        .search = trace->search,
    };
}

/* The columns, which follow the rectangles in memory, wider types first so that all are aligned. */
struct geometry {
    double *start, *duration;
    uint32_t *event, *merged, *row, *name;
    float *busy;
    uint16_t *hits;
    uint8_t *category, *flags;
};

#define GEOMETRY_BYTES (2 * sizeof(double) + 4 * sizeof(uint32_t) + sizeof(float) + sizeof(uint16_t) + 2)

static struct geometry geometry_at(void *memory, uint32_t count)
{
    struct geometry to;
    to.start = memory;
    to.duration = to.start + count;
    to.event = (uint32_t *)(to.duration + count);
    to.merged = to.event + count;
    to.row = to.merged + count;
    to.name = to.row + count;
    to.busy = (float *)(to.name + count);
    to.hits = (uint16_t *)(to.busy + count);
    to.category = (uint8_t *)(to.hits + count);
    to.flags = to.category + count;
    return to;
}

static void spread(const struct timeline *timeline, const struct timeline_rect *rects, uint32_t count,
                   const struct geometry *to)
{
    for (uint32_t i = 0; i < count; i++) {
        to->start[i] = rects[i].start_ns;
        to->duration[i] = rects[i].duration_ns;
        to->event[i] = rects[i].event;
        to->merged[i] = rects[i].count;
        to->row[i] = rects[i].row;
        to->name[i] = timeline->names[rects[i].event];
        to->busy[i] = rects[i].busy_ns;
        to->hits[i] = rects[i].hits;
        to->category[i] = rects[i].category;
        to->flags[i] = rects[i].flags;
    }
}

/* Appends one row's rectangles to the scratch. False without memory. */
static bool collect_row(struct wasm_trace *trace, const struct timeline_making *preview,
                        const struct timeline_window *window, uint32_t *count)
{
    uint32_t room = timeline_window_max(window);
    struct timeline_rect *rects = scratch_reserve(trace, ((size_t)*count + room) * sizeof *rects);
    if (rects)
        *count += preview ? timeline_window_of(preview, window, rects + *count, room)
                          : timeline_window(trace->view, window, rects + *count, room);
    return rects != NULL;
}

/* Appends the rectangles of all ranges, row by row, because few rows need the room that a full one would. */
static bool collect(struct wasm_trace *trace, struct timeline_window *window, bool is_preview, const uint32_t *ranges,
                    uint32_t range_count, uint32_t *count)
{
    const struct timeline_making *preview = is_preview && trace->filtering ? trace->filtering->making : NULL;
    window->rows = 1;
    *count = 0;
    for (uint32_t i = 0; i < range_count; i++) {
        window->first_row = ranges[2 * i];
        for (uint32_t end = window->first_row + ranges[2 * i + 1]; window->first_row < end; window->first_row++)
            if (!collect_row(trace, preview, window, count))
                return false;
    }
    return true;
}

enum tracer_error timeline_wasm_window(struct wasm_trace *trace, const uint32_t *ranges, uint32_t range_count,
                                       struct exchange *exchange)
{
    struct timeline_window window = window_of(trace, exchange);
    bool is_preview = exchange->numbers[3] == 1;
    uint32_t count;
    if (!collect(trace, &window, is_preview, ranges, range_count, &count))
        return exchange_fail(exchange, TRACER_ERROR_MEMORY);
    size_t rects_bytes = (size_t)count * sizeof(struct timeline_rect);
    char *scratch = scratch_reserve(trace, rects_bytes + (size_t)count * GEOMETRY_BYTES + 1);
    if (!scratch)
        return exchange_fail(exchange, TRACER_ERROR_MEMORY);
    struct geometry to = geometry_at(scratch + rects_bytes, count);
    spread(trace->timeline, (const struct timeline_rect *)(void *)scratch, count, &to);
    exchange->result = scratch + rects_bytes;
    exchange->numbers[0] = count;
    return TRACER_OK;
}

/* ------------------------------------------------------------------ counters */

enum tracer_error timeline_wasm_counter(struct wasm_trace *trace, uint32_t track, struct exchange *exchange)
{
    struct timeline_window window = window_of(trace, exchange);
    size_t room = window.width_px, points_bytes = room * sizeof(struct timeline_point);
    char *scratch = scratch_reserve(trace, points_bytes + room * (3 * sizeof(double) + sizeof(uint32_t)) + 1);
    double low = 0, high = 0;
    if (!scratch)
        return exchange_fail(exchange, TRACER_ERROR_MEMORY);
    struct timeline_point *points = (struct timeline_point *)(void *)scratch;
    uint32_t count = timeline_counter(trace->view, &window, track, points, &low, &high);
    double *min = (double *)(void *)(scratch + points_bytes), *max = min + count, *last = max + count;
    uint32_t *x = (uint32_t *)(last + count);
    for (uint32_t i = 0; i < count; i++) {
        min[i] = points[i].min;
        max[i] = points[i].max;
        last[i] = points[i].last;
        x[i] = points[i].x_px;
    }
    exchange->result = min;
    exchange->numbers[0] = count;
    exchange->numbers[1] = low;
    exchange->numbers[2] = high;
    return TRACER_OK;
}

enum tracer_error timeline_wasm_density(struct wasm_trace *trace, uint32_t buckets, struct exchange *exchange)
{
    size_t counts = (size_t)buckets * TIMELINE_CATEGORIES;
    uint32_t *scratch = scratch_reserve(trace, counts * sizeof *scratch + 1);
    if (!scratch)
        return exchange_fail(exchange, TRACER_ERROR_MEMORY);
    const struct timeline_dense asked = {
        .from_ns = (int64_t)exchange->numbers[0],
        .to_ns = (int64_t)exchange->numbers[1],
        .buckets = buckets,
        .hits = exchange->numbers[2] == 1 ? trace->search : NULL,
        .first = (uint32_t)exchange->numbers[3],
        .end = (uint32_t)exchange->numbers[4],
    };
    timeline_density(trace->view, &asked, scratch);
    exchange->numbers[0] = TIMELINE_CATEGORIES;
    return scratch_give(trace, exchange);
}

enum tracer_error timeline_wasm_occupied(struct wasm_trace *trace, struct exchange *exchange)
{
    uint8_t *scratch = scratch_reserve(trace, trace->timeline->track_count + 1u);
    if (!scratch)
        return exchange_fail(exchange, TRACER_ERROR_MEMORY);
    timeline_occupied(trace->view, exchange->numbers[2] == 1 ? trace->search : NULL, (int64_t)exchange->numbers[0],
                      (int64_t)exchange->numbers[1], scratch);
    exchange->numbers[0] = trace->timeline->track_count;
    return scratch_give(trace, exchange);
}

/* -------------------------------------------------------------------- events */

uint32_t timeline_wasm_hit(const struct wasm_trace *trace, uint32_t row, double time_ns, double tolerance_ns)
{
    return timeline_hit(trace->view, row, (int64_t)time_ns, (int64_t)tolerance_ns);
}

uint32_t timeline_wasm_neighbour(const struct wasm_trace *trace, uint32_t event, uint32_t among, int direction)
{
    return timeline_neighbour(trace->view, event, (enum timeline_neighbour)among, direction);
}
