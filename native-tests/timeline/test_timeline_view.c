/* Which events pass a filter, and which event comes next, compared with looking at every event. */
#include <strings.h>

#include "random_trace.h"

static bool contains(const char *text, const char *folded)
{
    size_t length = strlen(folded);
    for (; *text; text++)
        if (strncasecmp(text, folded, length) == 0)
            return true;
    return false;
}

static bool should_pass(const struct timeline_event *event, const struct event_filter *filter)
{
    if (filter->hidden_categories >> event->category & 1)
        return false;
    if (filter->hidden_tracks && filter->hidden_tracks[event->track])
        return false;
    if (filter->failed && !(event->flags & TIMELINE_ERROR))
        return false;
    if (filter->has_until && event->start_ns > (int64_t)filter->until_ns)
        return false;
    if (filter->has_since && event->start_ns + event->duration_ns < (int64_t)filter->since_ns)
        return false;
    bool is_kept = event->kind == TIMELINE_SAMPLE && filter->keeps_samples;
    if (!is_kept && event->duration_ns < filter->min_duration_ns)
        return false;
    return !filter->text || contains(event->name, filter->text) || contains(event->detail, filter->text);
}

static void check_filter(const struct random_trace *trace, const struct event_filter *filter)
{
    struct timeline_view *view = trace_view(trace, filter);
    uint32_t passed = 0;
    for (uint32_t i = 0; i < trace->count; i++) {
        const struct timeline_event event = trace_event_at(trace->timeline, i);
        uint32_t position = view_position(view, i);
        if (!should_pass(&event, filter)) {
            assert_int_equal(position, TIMELINE_NONE);
            continue;
        }
        assert_int_equal(position, passed++);
        assert_int_equal(view_event(view, position), i);
    }
    assert_int_equal(timeline_view_events(view), passed);
    timeline_view_destroy(view);
}

static void filters_of(struct random_trace *trace)
{
    static const char *const texts[] = { NULL, "rea", "needle", "no such text", "1" };
    uint8_t hidden[64];
    for (int i = 0; i < 20; i++) {
        const uint64_t length_ns = (uint64_t)timeline_duration_ns(trace->timeline) + 1;
        struct event_filter filter = { .text = texts[i % 5], .keeps_samples = i & 8, .failed = i % 7 == 6 };
        filter.has_since = i % 3 == 1;
        filter.has_until = i % 4 == 2;
        filter.since_ns = trace_below(trace, length_ns);
        filter.until_ns = trace_below(trace, length_ns);
        if (i & 1)
            filter.hidden_categories = trace_below(trace, 32);
        for (size_t track = 0; track < sizeof hidden; track++)
            hidden[track] = trace_below(trace, 2) == 0;
        if (i & 2)
            filter.hidden_tracks = hidden;
        if ((i & 4) && trace->count) { /* exactly as long as one of the events */
            uint32_t any = (uint32_t)trace_below(trace, trace->count);
            filter.min_duration_ns = trace_event_at(trace->timeline, any).duration_ns;
        }
        check_filter(trace, &filter);
    }
}

static void what_passes_a_filter_is_what_it_says(void **state)
{
    (void)state;
    for_random_traces(filters_of);
}

static void all_pass(struct random_trace *trace)
{
    const struct event_filter filter = { .has_since = true };
    struct timeline_view *view = trace_view(trace, &filter);
    assert_int_equal(timeline_view_events(view), trace->count);
    assert_null(view->events);
    timeline_view_destroy(view);
}

static void where_all_events_pass_there_is_no_list_of_them(void **state)
{
    (void)state;
    for_random_traces(all_pass);
}

/* ---------------------------------------------------------------- neighbours */

static bool is_before(const struct timeline_event *a, uint32_t a_index, const struct timeline_event *b,
                      uint32_t b_index)
{
    if (a->start_ns != b->start_ns)
        return a->start_ns < b->start_ns;
    return a_index < b_index;
}

static bool is_among(const struct timeline_event *event, const struct timeline_event *other,
                     enum timeline_neighbour among)
{
    if (among == TIMELINE_SAME_ROW)
        return event->row == other->row;
    return among == TIMELINE_SAME_TRACK ? event->track == other->track : event->name_id == other->name_id;
}

static uint32_t naive_neighbour(const struct random_trace *trace, const struct timeline_view *view, uint32_t index,
                                enum timeline_neighbour among, int direction)
{
    const struct timeline_event from = trace_event_at(trace->timeline, index);
    uint32_t best = TIMELINE_NONE;
    for (uint32_t i = 0; i < trace->count; i++) {
        const struct timeline_event other = trace_event_at(trace->timeline, i);
        if (i == index || view_position(view, i) == TIMELINE_NONE || !is_among(&from, &other, among) ||
            is_before(&other, i, &from, index) != (direction < 0))
            continue;
        if (best == TIMELINE_NONE) {
            best = i;
            continue;
        }
        const struct timeline_event nearest = trace_event_at(trace->timeline, best);
        if (is_before(&other, i, &nearest, best) != (direction < 0))
            best = i;
    }
    return best;
}

static void neighbours_of(struct random_trace *trace)
{
    for (int i = 0; i < 60 && trace->count; i++) {
        const struct event_filter filter = { .hidden_categories = i % 2 ? trace_below(trace, 32) : 0 };
        struct timeline_view *view = trace_view(trace, &filter);
        uint32_t index = (uint32_t)trace_below(trace, trace->count);
        for (int among = TIMELINE_SAME_ROW; among <= TIMELINE_SAME_NAME; among++)
            for (int direction = -1; direction <= 1; direction += 2)
                assert_int_equal(timeline_neighbour(view, index, (enum timeline_neighbour)among, direction),
                                 naive_neighbour(trace, view, index, (enum timeline_neighbour)among, direction));
        timeline_view_destroy(view);
    }
}

static void neighbours_are_the_nearest_by_start(void **state)
{
    (void)state;
    for_random_traces(neighbours_of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_passes_a_filter_is_what_it_says),
        cmocka_unit_test(where_all_events_pass_there_is_no_list_of_them),
        cmocka_unit_test(neighbours_are_the_nearest_by_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
