/* Views of random traces, and the events that pass them, found by checking each event by itself. */
#ifndef RINGSCOPE_TEST_RANDOM_VIEWS_H
#define RINGSCOPE_TEST_RANDOM_VIEWS_H

#include "random_trace.h"

struct random_view {
    struct random_trace *trace;
    struct timeline_view *view;
    struct timeline_event *events; /* all events of the trace, by index */
    uint32_t *passing; /* indices of the passing events, by start, then by index */
    uint32_t count; /* passing events */
};

static inline bool passes_filter(const struct timeline_event *event, const struct event_filter *filter)
{
    bool is_kept = event->kind == TIMELINE_SAMPLE && filter->keeps_samples;
    bool lasts = is_kept || event->duration_ns >= filter->min_duration_ns;
    return lasts && !(filter->hidden_categories >> event->category & 1);
}

/* Insertion sort: the traces are small, and this is not under test. */
static inline void insert_passing(struct random_view *random, uint32_t event)
{
    uint32_t at = random->count++;
    for (; at > 0 && random->events[random->passing[at - 1]].start_ns > random->events[event].start_ns; at--)
        random->passing[at] = random->passing[at - 1];
    random->passing[at] = event;
}

static inline void with_view(struct random_trace *trace, const struct event_filter *filter,
                             void (*test)(struct random_view *))
{
    struct random_view random = { .trace = trace, .view = trace_view(trace, filter) };
    random.events = calloc(trace->count + 1, sizeof *random.events);
    random.passing = calloc(trace->count + 1, sizeof *random.passing);
    assert_non_null(random.events);
    assert_non_null(random.passing);
    for (uint32_t i = 0; i < trace->count; i++)
        random.events[i] = trace_event_at(trace->timeline, i);
    for (uint32_t i = 0; i < trace->count; i++)
        if (passes_filter(&random.events[i], filter))
            insert_passing(&random, i);
    assert_int_equal(timeline_view_events(random.view), random.count);
    test(&random);
    timeline_view_destroy(random.view);
    free(random.events);
    free(random.passing);
}

/* Everything, most events, the long ones, and nothing at all. */
static inline void for_views(struct random_trace *trace, void (*test)(struct random_view *))
{
    const struct event_filter filters[] = {
        { 0 },
        { .hidden_categories = trace_below(trace, 32) },
        { .min_duration_ns = trace_length(trace, timeline_duration_ns(trace->timeline) / 8), .keeps_samples = true },
        { .hidden_categories = UINT64_MAX },
    };
    for (size_t i = 0; i < sizeof filters / sizeof filters[0]; i++)
        with_view(trace, &filters[i], test);
}

static inline int64_t event_end_ns(const struct timeline_event *event)
{
    return event->start_ns + event->duration_ns;
}

/* A random range, sometimes beyond the ends, empty, or everything. */
static inline void random_range(struct random_view *random, int64_t *from_ns, int64_t *to_ns)
{
    int64_t duration_ns = timeline_duration_ns(random->trace->timeline);
    *from_ns = (int64_t)trace_below(random->trace, (uint64_t)duration_ns + 3) - 1;
    *to_ns = *from_ns + trace_length(random->trace, duration_ns + 2);
    if (trace_below(random->trace, 4) == 0) {
        *from_ns = 0;
        *to_ns = duration_ns;
    }
}

#endif
