/* Searching, counting and listing, for JavaScript. */
#include <stdlib.h>
#include <string.h>

#include "../../timeline/stack.h"
#include "../../timeline/view.h"
#include "filtering.h"
#include "scratch.h"
#include "table.h"

#define ONE(name) +1

/* ----------------------------------------------------------------- searching */

enum tracer_error timeline_wasm_search(struct wasm_trace *trace, struct exchange *exchange)
{
    struct expression *expression;
    timeline_wasm_tree_stop(trace);
    timeline_wasm_count_stop(trace); /* it may be counting the old hits */
    timeline_search_destroy(trace->search);
    trace->search = NULL;
    enum tracer_error error = wasm_expression(&expression, exchange->texts[0], exchange);
    if (error != TRACER_OK || !expression)
        return error;
    return exchange_fail(exchange, timeline_search_create(&trace->search, trace->view, expression));
}

bool timeline_wasm_search_step(struct wasm_trace *trace, uint32_t events)
{
    return trace->search && timeline_search_step(trace->search, events);
}

uint32_t timeline_wasm_search_hits(const struct wasm_trace *trace)
{
    return trace->search ? timeline_search_hits(trace->search) : 0;
}

void timeline_wasm_search_next(const struct wasm_trace *trace, uint32_t event, double time_ns, int direction,
                               struct exchange *exchange)
{
    uint32_t rank = 0, found = TIMELINE_NONE;
    if (trace->search)
        found = timeline_search_next(trace->search, event, (int64_t)time_ns, direction, &rank);
    exchange->numbers[0] = found;
    exchange->numbers[1] = rank;
}

/* ----------------------------------------------------------------- histogram */

enum tracer_error timeline_wasm_histogram(struct wasm_trace *trace, uint32_t name, uint32_t bins,
                                          struct exchange *exchange)
{
    size_t bounds_bytes = ((size_t)bins + 1) * sizeof(double);
    double *bounds = scratch_reserve(trace, bounds_bytes + (size_t)bins * sizeof(uint32_t));
    if (!bounds)
        return exchange_fail(exchange, TRACER_ERROR_MEMORY);
    uint32_t *counts = (uint32_t *)(bounds + bins + 1);
    enum tracer_error error = timeline_histogram(trace->view, name, bins, counts, bounds);
    return error == TRACER_OK ? scratch_give(trace, exchange) : exchange_fail(exchange, error);
}

/* ------------------------------------------------------------------- listing */

void timeline_wasm_order_stop(struct wasm_trace *trace)
{
    timeline_order_destroy(trace->ordering);
    trace->ordering = NULL;
}

enum tracer_error timeline_wasm_order_begin(struct wasm_trace *trace, uint32_t key, bool descending,
                                            struct exchange *exchange)
{
    timeline_wasm_order_stop(trace);
    return exchange_fail(exchange,
                         timeline_order_begin(&trace->ordering, trace->view, (enum timeline_key)key, descending));
}

enum tracer_error timeline_wasm_order_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange)
{
    bool more = false;
    if (!trace->ordering)
        return exchange_fail(exchange, TRACER_ERROR_ARGUMENT);
    enum tracer_error error = timeline_order_step(trace->ordering, events, &more);
    exchange->numbers[0] = error == TRACER_OK && !more;
    exchange->numbers[1] = timeline_order_share(trace->ordering);
    if (error == TRACER_OK && !more) {
        timeline_order_destroy(trace->order);
        trace->order = trace->ordering;
        trace->ordering = NULL;
    }
    return exchange_fail(exchange, error);
}

uint32_t timeline_wasm_position(const struct wasm_trace *trace, uint32_t event)
{
    return trace->order ? timeline_order_position(trace->order, event) : TIMELINE_NONE;
}

static double index_or_none(uint32_t index)
{
    return index == TIMELINE_NONE ? -1.0 : index;
}

static void add_event(struct table *table, const struct timeline *timeline, uint32_t index)
{
    struct timeline_event event;
    if (!timeline_event(timeline, index, &event))
        return;
    const double row[] = {
        index,
        event.kind,
        event.name_id,
        event.category,
        event.track,
        event.row,
        (double)event.start_ns,
        (double)event.duration_ns,
        (double)event.self_ns,
        event.value,
        index_or_none(event.parent),
        event.flags,
    };
    table_add(table, row);
    table_add_text(table, event.detail ? event.detail : "", event.detail ? strlen(event.detail) : 0);
    table_add_text(table, event.arguments ? event.arguments : "", event.arguments ? strlen(event.arguments) : 0);
}

enum tracer_error timeline_wasm_rows(struct wasm_trace *trace, uint32_t first, uint32_t count,
                                     struct exchange *exchange)
{
    struct table table = table_create(0 EVENT_COLUMNS(ONE), count);
    for (uint32_t i = 0; i < count && trace->order; i++) {
        uint32_t event = timeline_order_event(trace->order, first + i);
        if (event == TIMELINE_NONE)
            break;
        add_event(&table, trace->timeline, event);
    }
    return table_give(&table, exchange);
}

static void add_frames(struct table *table, const struct tracer_snapshot *snapshot, uint64_t stack)
{
    const size_t count = snapshot ? tracer_snapshot_stack(snapshot, stack, NULL, 0) : 0;
    struct trace_frame *frames = calloc(count + 1, sizeof *frames);
    table->failed |= !frames;
    if (frames && count)
        tracer_snapshot_stack(snapshot, stack, frames, count);
    for (size_t i = 0; frames && i < count; i++) {
        const double address = (double)frames[i].address;
        table_add(table, &address);
        table_add_text(table, frames[i].name, strlen(frames[i].name));
        table_add_text(table, frames[i].module, strlen(frames[i].module));
    }
    free(frames);
}

enum tracer_error timeline_wasm_stack(struct wasm_trace *trace, uint32_t event, struct exchange *exchange)
{
    uint64_t stack = 0;
    struct tracer_snapshot *snapshot = NULL;
    struct table table = table_create(0 FRAME_COLUMNS(ONE), 0);
    enum tracer_error error = TRACER_OK;
    if (trace->reader && !trace->live)
        error = timeline_stack(trace->timeline, event, trace->reader, &snapshot, &stack);
    add_frames(&table, snapshot, stack);
    tracer_snapshot_destroy(snapshot);
    const enum tracer_error given = table_give(&table, exchange);
    return error == TRACER_OK ? given : exchange_fail(exchange, error);
}

#define ARROWS_MOST 500u /* more would hide what is under them */

/* Whether an arrow reaches into the range in exchange->numbers. */
static bool is_in_range(const struct timeline_view *view, const struct timeline_flow *flow,
                        const struct exchange *exchange)
{
    int64_t first_ns = flow->from_ns < flow->to_ns ? flow->from_ns : flow->to_ns;
    int64_t last_ns = flow->from_ns < flow->to_ns ? flow->to_ns : flow->from_ns;
    return (double)first_ns <= exchange->numbers[1] && (double)last_ns >= exchange->numbers[0] &&
           view_position(view, flow->from) != TIMELINE_NONE && view_position(view, flow->to) != TIMELINE_NONE;
}

enum tracer_error timeline_wasm_flows(struct wasm_trace *trace, uint32_t event, struct exchange *exchange)
{
    struct table table = table_create(0 FLOW_COLUMNS(ONE), 0);
    struct timeline_flow flow;
    uint32_t found = 0;
    for (uint32_t i = 0; timeline_flow(trace->timeline, i, &flow) && (event != TIMELINE_NONE || found < ARROWS_MOST);
         i++) {
        const double row[] = { flow.from, flow.to, (double)flow.from_ns, (double)flow.to_ns };
        if (event == TIMELINE_NONE ? !is_in_range(trace->view, &flow, exchange)
                                   : flow.from != event && flow.to != event)
            continue;
        table_add(&table, row);
        found++;
    }
    return table_give(&table, exchange);
}

enum tracer_error timeline_wasm_event(struct wasm_trace *trace, uint32_t event, struct exchange *exchange)
{
    struct table table = table_create(0 EVENT_COLUMNS(ONE), 1);
    add_event(&table, trace->timeline, event);
    return table_give(&table, exchange);
}

/* ------------------------------------------------------------------- series */

/* Events of a name by start: the time has one part per point, and each part keeps its greatest value. */
struct series {
    double *starts, *values;
    uint32_t points;
    double per_ns;
};

static double value_of(const struct timeline *timeline, uint32_t event)
{
    if (event_kind(timeline, event) == TIMELINE_SAMPLE)
        return event_value(timeline, event);
    return (double)event_duration(timeline, event);
}

static void take_point(struct series *series, int64_t start_ns, double value)
{
    uint32_t at = (uint32_t)((double)start_ns * series->per_ns);
    if (at >= series->points)
        at = series->points - 1;
    if (series->starts[at] >= 0 && series->values[at] >= value)
        return;
    series->starts[at] = (double)start_ns;
    series->values[at] = value;
}

/* Removes the empty ones, and puts the values right after the starts. Returns how many are left. */
static uint32_t close_up(struct series *series)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < series->points; i++) {
        if (series->starts[i] < 0)
            continue;
        series->starts[kept] = series->starts[i];
        series->values[kept++] = series->values[i];
    }
    memmove(series->starts + kept, series->values, kept * sizeof *series->values);
    return kept;
}

enum tracer_error timeline_wasm_series(struct wasm_trace *trace, uint32_t name, uint32_t points,
                                       struct exchange *exchange)
{
    const struct timeline *timeline = trace->timeline;
    double *memory = points ? scratch_reserve(trace, (size_t)points * 2 * sizeof *memory) : NULL;
    if (!memory)
        return exchange_fail(exchange, TRACER_ERROR_MEMORY);
    struct series series = { memory, memory + points, points, points / ((double)timeline->duration_ns + 1) };
    for (uint32_t i = 0; i < points; i++)
        series.starts[i] = -1;
    for (uint32_t i = 0; i < trace->view->count; i++) {
        uint32_t event = view_event(trace->view, i);
        if (timeline->names[event] == name)
            take_point(&series, timeline->starts[event], value_of(timeline, event));
    }
    exchange->numbers[0] = close_up(&series);
    return scratch_give(trace, exchange);
}
