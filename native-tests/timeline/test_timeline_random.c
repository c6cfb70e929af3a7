/* Timelines of random traces: every added event comes out, in order, nested, in rows without overlaps. */
#include "random_trace.h"

static int64_t end_of(const struct timeline_event *event)
{
    return event->start_ns + event->duration_ns;
}

/* -------------------------------------------------------------------- events */

static void check_as_listed(const struct random_trace *trace, uint32_t index)
{
    const struct timeline_event event = trace_event_at(trace->timeline, index);
    const struct listed *listed = &trace->events[trace->number_of[index]];
    struct timeline_track track;
    assert_true(timeline_track(trace->timeline, event.track, &track));
    assert_int_equal(event.start_ns, listed->start_ns - trace->least_ns);
    assert_int_equal(event.duration_ns, listed->duration_ns);
    assert_int_equal(event.kind, listed->kind);
    assert_int_equal(event.flags & ~TIMELINE_OVERLAP, listed->flags);
    assert_true(event.value == listed->value);
    assert_string_equal(event.name, trace_name(listed->name));
    assert_string_equal(timeline_name(trace->timeline, event.name_id), event.name);
    assert_string_equal(timeline_category(trace->timeline, event.category, NULL), trace_sort(listed->category));
    assert_int_equal(track.pid, listed->pid);
    assert_int_equal(track.tid, listed->tid);
    if (listed->counter == TIMELINE_NONE)
        assert_int_equal(track.counter, TIMELINE_NONE);
    else
        assert_string_equal(timeline_name(trace->timeline, track.counter), trace_name(listed->counter));
}

static void what_was_added(struct random_trace *trace)
{
    uint32_t counts[TRACE_SORTS] = { 0 };
    for (uint32_t i = 0; i < trace->count; i++) {
        check_as_listed(trace, i);
        counts[trace->events[i].category]++;
    }
    const char *category;
    uint32_t found = 0, count;
    for (uint32_t i = 0; (category = timeline_category(trace->timeline, i, &count)); i++)
        for (uint32_t sort = 0; sort < TRACE_SORTS; sort++)
            if (strcmp(category, trace_sort(sort)) == 0) {
                assert_int_equal(count, counts[sort]);
                found += count;
            }
    assert_int_equal(found, trace->count);
    assert_int_equal(timeline_origin_ns(trace->timeline), trace->count ? trace->least_ns : 0);
}

static void every_event_comes_out_as_it_was_added(void **state)
{
    (void)state;
    for_random_traces(what_was_added);
}

/* Events are numbered row by row, and those of a row are consecutive. */
static void rows_in_order(struct random_trace *trace)
{
    int64_t last_end_ns = 0;
    uint32_t row = TIMELINE_NONE;
    for (uint32_t i = 0; i < trace->count; i++) {
        const struct timeline_event event = trace_event_at(trace->timeline, i);
        if (event.row != row) {
            assert_true(event.row >= row + 1); /* the tick row of a row without ticks may be empty */
            last_end_ns = 0;
        }
        row = event.row;
        assert_true(event.start_ns >= last_end_ns);
        last_end_ns = end_of(&event);
    }
    assert_int_equal(timeline_rows(trace->timeline), row + 1);
}

static void nothing_overlaps_in_a_row(void **state)
{
    (void)state;
    for_random_traces(rows_in_order);
}

static void tracks_follow_each_other(struct random_trace *trace)
{
    struct timeline_track track, before = { 0 };
    uint32_t row = 0, events = 0, index = 0;
    for (; timeline_track(trace->timeline, index, &track); index++, before = track) {
        assert_int_equal(track.first_row, row);
        row += track.rows;
        events += track.count;
        assert_true(track.count > 0 && track.rows > 0);
        if (index == 0)
            continue;
        bool counters = track.counter != TIMELINE_NONE, counters_before = before.counter != TIMELINE_NONE;
        assert_true(before.pid <= track.pid);
        assert_int_equal(before.pid == track.pid, before.process == track.process);
        if (before.pid == track.pid)
            assert_true(counters_before < counters || (counters_before == counters && before.tid <= track.tid));
    }
    assert_int_equal(row, timeline_rows(trace->timeline));
    assert_int_equal(events, trace->count);
    struct timeline_process process;
    for (uint32_t i = 0, first = 0; timeline_process(trace->timeline, i, &process); first += process.tracks, i++)
        assert_int_equal(process.first_track, first);
}

static void tracks_and_processes_are_in_order(void **state)
{
    (void)state;
    for_random_traces(tracks_follow_each_other);
}

/* ------------------------------------------------------------------- nesting */

/* Whether a span is open when an event of its track begins, having come before it. */
static bool is_open_at(const struct timeline_event *span, uint32_t span_index, const struct timeline_event *event,
                       uint32_t event_index)
{
    if (span_index == event_index || span->track != event->track || span->kind != TIMELINE_SPAN)
        return false;
    if (((span->flags ^ event->flags) & TIMELINE_ASYNC) || end_of(span) <= event->start_ns)
        return false;
    return span->start_ns < event->start_ns ||
           (span->start_ns == event->start_ns && (span->duration_ns > event->duration_ns || span->row < event->row));
}

static uint32_t row_of_ticks(const struct timeline *timeline, uint32_t index, uint32_t row)
{
    struct timeline_track track;
    assert_true(timeline_track(timeline, index, &track));
    assert_true(row - track.first_row < track.ticks);
    return row + track.rows - track.ticks;
}

/* Compared with all other spans: the parent is the lowest span that contains the event; a flagged event crosses another
 * span. */
static void check_nesting(const struct random_trace *trace, uint32_t index)
{
    const struct timeline_event event = trace_event_at(trace->timeline, index);
    uint32_t holder = TIMELINE_NONE, lowest_row = 0, lowest = TIMELINE_NONE;
    for (uint32_t i = 0; i < trace->count && !(event.flags & TIMELINE_ASYNC); i++) {
        const struct timeline_event other = trace_event_at(trace->timeline, i);
        if (!is_open_at(&other, i, &event, index))
            continue;
        if (lowest == TIMELINE_NONE || other.row > lowest_row) {
            lowest = i;
            lowest_row = other.row;
        }
        if (end_of(&other) >= end_of(&event) &&
            (holder == TIMELINE_NONE || other.row > trace_event_at(trace->timeline, holder).row))
            holder = i;
    }
    assert_int_equal(event.parent, holder);
    if (event.duration_ns > 0)
        assert_int_equal((event.flags & TIMELINE_OVERLAP) != 0, lowest != holder);
    if (holder == TIMELINE_NONE)
        return;
    const uint32_t row = trace_event_at(trace->timeline, holder).row;
    assert_true(event.row > row);
    if (event.kind == TIMELINE_INSTANT)
        assert_int_equal(event.row, row_of_ticks(trace->timeline, event.track, row));
    else if (lowest == holder)
        assert_int_equal(event.row, lowest_row + 1);
}

static void parents_hold(struct random_trace *trace)
{
    for (uint32_t i = 0; i < trace->count; i++)
        check_nesting(trace, i);
}

static void parents_are_the_innermost_spans_that_hold(void **state)
{
    (void)state;
    for_random_traces(parents_hold);
}

static void selves_add_up(struct random_trace *trace)
{
    for (uint32_t i = 0; i < trace->count; i++) {
        const struct timeline_event event = trace_event_at(trace->timeline, i);
        int64_t self_ns = event.duration_ns;
        for (uint32_t child = 0; child < trace->count; child++) {
            const struct timeline_event other = trace_event_at(trace->timeline, child);
            if (other.parent == i && !(other.flags & TIMELINE_OVERLAP))
                self_ns -= other.duration_ns;
        }
        assert_int_equal(event.self_ns, self_ns);
        assert_true(event.self_ns >= 0);
    }
}

static void self_time_is_what_children_leave(void **state)
{
    (void)state;
    for_random_traces(selves_add_up);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_comes_out_as_it_was_added),
        cmocka_unit_test(nothing_overlaps_in_a_row),
        cmocka_unit_test(tracks_and_processes_are_in_order),
        cmocka_unit_test(parents_are_the_innermost_spans_that_hold),
        cmocka_unit_test(self_time_is_what_children_leave),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
