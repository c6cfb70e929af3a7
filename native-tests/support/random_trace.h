/*
 * Random traces for the tests of the timeline, and the plain list of their events, to compare with.
 *
 * Each event's detail begins with its number in the list, so that it can be identified wherever it goes.
 */
#ifndef RINGSCOPE_TEST_RANDOM_TRACE_H
#define RINGSCOPE_TEST_RANDOM_TRACE_H

#include <inttypes.h>
#include <stdio.h>

#include "fixture.h"
#include "timeline/timeline.h"
#include "timeline/view.h"

#define TRACE_NAMES 9u
#define TRACE_SORTS 5u /* categories */
#define TRACK_EVENTS 150u /* at most, if spans nest */

struct listed {
    int64_t start_ns, duration_ns;
    double value;
    int64_t pid, tid;
    uint32_t name, category, counter; /* numbers local to the trace; counter: a name, or TIMELINE_NONE */
    uint8_t kind, flags;
};

struct random_trace {
    uint64_t random;
    uint32_t count, room;
    struct listed *events;
    int64_t least_ns;
    struct timeline *timeline;
    uint32_t *event_of; /* the timeline's index, by number */
    uint32_t *number_of; /* the reverse */
};

/* How a trace is spread. */
struct trace_shape {
    uint32_t events;
    uint32_t tracks;
    int64_t span_ns; /* all starts are within it */
    int64_t longest_ns;
    bool nested; /* the spans of a thread nest; otherwise they overlap at random */
    bool async, counters;
};

static inline uint64_t trace_random(struct random_trace *trace)
{
    uint64_t z = (trace->random += 0x9e3779b97f4a7c15u);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9u;
    z = (z ^ z >> 27) * 0x94d049bb133111ebu;
    return z ^ z >> 31;
}

static inline uint64_t trace_below(struct random_trace *trace, uint64_t limit)
{
    return limit ? trace_random(trace) % limit : 0;
}

/* 1, 10 and 1000 are equally likely; always below the limit. */
static inline int64_t trace_length(struct random_trace *trace, int64_t limit_ns)
{
    int64_t length_ns = limit_ns >> trace_below(trace, 24);
    return (int64_t)trace_below(trace, (uint64_t)length_ns + 1);
}

static inline const char *trace_name(uint32_t name)
{
    static const char *const names[TRACE_NAMES] = { "open",  "read",     "write", "Close", "wait",
                                                    "fault", "schedule", "x",     "" };
    return names[name];
}

static inline const char *trace_sort(uint32_t category)
{
    static const char *const categories[TRACE_SORTS] = { "file", "memory", "net", "ipc", "other" };
    return categories[category];
}

static inline struct listed *trace_push(struct random_trace *trace)
{
    if (trace->count == trace->room) {
        trace->room = trace->room ? trace->room * 2 : 64;
        trace->events = realloc(trace->events, trace->room * sizeof *trace->events);
        assert_non_null(trace->events);
    }
    struct listed *event = &trace->events[trace->count++];
    *event = (struct listed){ .counter = TIMELINE_NONE };
    return event;
}

/* One random event, on a thread; three threads per process. */
static inline void trace_push_random(struct random_trace *trace, const struct trace_shape *shape)
{
    struct listed *event = trace_push(trace);
    uint64_t track = trace_below(trace, shape->tracks), sort = trace_below(trace, 16);
    event->start_ns = 1000 + (int64_t)trace_below(trace, (uint64_t)shape->span_ns);
    event->pid = (int64_t)(100 - track / 3);
    event->tid = (int64_t)track;
    event->name = (uint32_t)trace_below(trace, TRACE_NAMES);
    event->category = (uint32_t)trace_below(trace, TRACE_SORTS);
    event->kind = sort < 3 ? TIMELINE_INSTANT : TIMELINE_SPAN;
    if (shape->counters && sort == 3) {
        event->kind = TIMELINE_SAMPLE;
        event->counter = event->name % 2;
        event->name = event->counter;
        event->tid = 0;
        event->value = (double)trace_below(trace, 1000) - 500;
    }
    if (event->kind == TIMELINE_SPAN)
        event->duration_ns = trace_length(trace, shape->longest_ns);
    if (trace_below(trace, 10) == 0)
        event->flags |= TIMELINE_ERROR;
    if (trace_below(trace, 4) == 0)
        event->flags |= TIMELINE_WAITS;
    if (shape->async && event->kind == TIMELINE_SPAN && trace_below(trace, 4) == 0)
        event->flags |= TIMELINE_ASYNC;
}

/* Spans inside [from, end), and spans inside those. */
static inline void trace_nest(struct random_trace *trace, uint64_t track, int64_t from_ns, int64_t end_ns,
                              unsigned depth)
{
    const uint64_t most = (track + 1) * TRACK_EVENTS;
    for (int64_t at_ns = from_ns; at_ns < end_ns && depth < 7 && trace->count < most;) {
        int64_t gap_ns = trace_length(trace, (end_ns - from_ns) / 4), left_ns = end_ns - at_ns - gap_ns;
        if (left_ns <= 0)
            return;
        struct listed *event = trace_push(trace);
        event->start_ns = at_ns + gap_ns;
        event->duration_ns = trace_length(trace, left_ns);
        event->pid = (int64_t)(100 - track / 3);
        event->tid = (int64_t)track;
        event->name = (uint32_t)trace_below(trace, TRACE_NAMES);
        event->category = depth % TRACE_SORTS;
        event->kind = trace_below(trace, 8) ? TIMELINE_SPAN : TIMELINE_INSTANT;
        if (event->kind == TIMELINE_INSTANT)
            event->duration_ns = 0;
        int64_t inner_ns = event->start_ns, inner_end_ns = inner_ns + event->duration_ns;
        at_ns = inner_end_ns + 1;
        if (trace_below(trace, 3))
            trace_nest(trace, track, inner_ns, inner_end_ns, depth + 1);
    }
}

static inline void trace_shuffle(struct random_trace *trace)
{
    for (uint32_t i = trace->count; i > 1; i--) {
        uint32_t other = (uint32_t)trace_below(trace, i);
        struct listed event = trace->events[i - 1];
        trace->events[i - 1] = trace->events[other];
        trace->events[other] = event;
    }
}

static inline void trace_add_to(const struct random_trace *trace, struct timeline_builder *builder, uint32_t number)
{
    const struct listed *event = &trace->events[number];
    const char *name = trace_name(event->name), *category = trace_sort(event->category);
    char detail[40];
    int length = snprintf(detail, sizeof detail, "%" PRIu32 " is it, %s", number, number % 3 ? "x" : "Needle");
    uint32_t counter = TIMELINE_NONE;
    if (event->counter != TIMELINE_NONE)
        counter = timeline_builder_name(builder, trace_name(event->counter), strlen(trace_name(event->counter)));
    const struct timeline_item item = {
        .start_ns = event->start_ns,
        .duration_ns = event->duration_ns,
        .value = event->value,
        .detail = detail,
        .detail_bytes = (size_t)length,
        .track = timeline_builder_track(builder, event->pid, event->tid, counter),
        .name = timeline_builder_name(builder, name, strlen(name)),
        .category = (uint8_t)timeline_builder_category(builder, category, strlen(category)),
        .kind = event->kind,
        .flags = event->flags,
    };
    timeline_builder_add(builder, &item);
}

static inline void trace_build(struct random_trace *trace)
{
    struct timeline_builder *builder = timeline_builder_create();
    assert_non_null(builder);
    trace->least_ns = INT64_MAX;
    for (uint32_t i = 0; i < trace->count; i++) {
        trace_add_to(trace, builder, i);
        if (trace->events[i].start_ns < trace->least_ns)
            trace->least_ns = trace->events[i].start_ns;
    }
    assert_int_equal(timeline_build(&trace->timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    assert_int_equal(timeline_events(trace->timeline), trace->count);
    trace->event_of = malloc((trace->count + 1) * sizeof *trace->event_of);
    trace->number_of = malloc((trace->count + 1) * sizeof *trace->number_of);
    assert_non_null(trace->event_of);
    assert_non_null(trace->number_of);
    memset(trace->event_of, 0xff, (trace->count + 1) * sizeof *trace->event_of);
    for (uint32_t event = 0; event < trace->count; event++) {
        struct timeline_event whole;
        assert_true(timeline_event(trace->timeline, event, &whole));
        unsigned long number = strtoul(whole.detail, NULL, 10);
        assert_true(number < trace->count && trace->event_of[number] == TIMELINE_NONE);
        trace->event_of[number] = event;
        trace->number_of[event] = (uint32_t)number;
    }
}

static inline struct random_trace *trace_make(uint64_t seed, const struct trace_shape *shape)
{
    struct random_trace *trace = calloc(1, sizeof *trace);
    assert_non_null(trace);
    trace->random = seed * 0x9e3779b97f4a7c15u;
    for (uint64_t track = 0; shape->nested && track < shape->tracks; track++)
        trace_nest(trace, track, 1000, 1000 + shape->span_ns, 0);
    while (!shape->nested && trace->count < shape->events)
        trace_push_random(trace, shape);
    trace_shuffle(trace);
    trace_build(trace);
    return trace;
}

static inline void trace_free(struct random_trace *trace)
{
    timeline_destroy(trace->timeline);
    free(trace->events);
    free(trace->event_of);
    free(trace->number_of);
    free(trace);
}

static inline struct timeline_event trace_event_at(const struct timeline *timeline, uint32_t index)
{
    struct timeline_event event;
    if (!timeline_event(timeline, index, &event))
        fail_msg("there is no event %" PRIu32, index);
    return event;
}

static inline struct timeline_view *trace_view(const struct random_trace *trace, const struct event_filter *filter)
{
    static const struct event_filter everything;
    struct timeline_view *view;
    assert_int_equal(timeline_view_create(&view, trace->timeline, filter ? filter : &everything, NULL), TRACER_OK);
    return view;
}

/* Runs a test of one trace on traces of many shapes. */
static inline void for_random_traces(void (*test)(struct random_trace *trace))
{
    static const struct trace_shape shapes[] = {
        { .events = 0, .tracks = 1, .span_ns = 1, .longest_ns = 1 },
        { .events = 1, .tracks = 1, .span_ns = 10, .longest_ns = 10 },
        { .events = 60, .tracks = 2, .span_ns = 20, .longest_ns = 12, .async = true, .counters = true },
        { .events = 300, .tracks = 4, .span_ns = 2000, .longest_ns = 900, .async = true },
        { .events = 400, .tracks = 7, .span_ns = 1000000, .longest_ns = 60000, .counters = true },
        { .events = 300, .tracks = 1, .span_ns = 1, .longest_ns = 8 },
        { .tracks = 3, .span_ns = 3000, .nested = true },
        { .tracks = 5, .span_ns = INT64_C(1) << 45, .nested = true },
    };
    for (uint64_t seed = 1; seed <= 6; seed++) {
        for (size_t i = 0; i < sizeof shapes / sizeof shapes[0]; i++) {
            struct random_trace *trace = trace_make(seed, &shapes[i]);
            test(trace);
            trace_free(trace);
        }
    }
}

#endif
