/*
 * Compares the contents of two timelines: ids and text offsets are in arrival order, which may differ.
 */
#ifndef RINGSCOPE_TEST_SAME_TIMELINE_H
#define RINGSCOPE_TEST_SAME_TIMELINE_H

#include "fixture.h"
#include "timeline/columns.h"

static inline void check_same_text(const char *a, const char *b)
{
    assert_string_equal(a ? a : "(none)", b ? b : "(none)");
}

#define SAME(column, count) assert_memory_equal(a->column, b->column, (count) * sizeof *a->column)

/* Their origins may differ: the times are the same then, too. */
static inline void check_same_columns(const struct timeline *a, const struct timeline *b)
{
    assert_int_equal(a->count, b->count);
    const int64_t apart_ns = b->origin_ns - a->origin_ns;
    assert_int_equal(a->duration_ns, b->duration_ns + apart_ns);
    assert_int_equal(a->resolution_ns, b->resolution_ns);
    assert_int_equal(a->row_count, b->row_count);
    SAME(row_first, a->row_count + 1);
    SAME(row_track, a->row_count);
    for (uint32_t i = 0; i < a->count; i++)
        assert_int_equal(a->starts[i], b->starts[i] + apart_ns);
    SAME(durations, a->count);
    SAME(parents, a->count);
    SAME(kinds, a->count);
    for (uint32_t i = 0; i < a->count; i++) {
        const struct event_texts of_a = event_texts(a, i), of_b = event_texts(b, i);
        check_same_text(of_a.detail, of_b.detail);
        check_same_text(of_a.arguments, of_b.arguments);
        assert_string_equal(timeline_name(a, a->names[i]), timeline_name(b, b->names[i]));
        assert_string_equal(timeline_category(a, a->categories[i], NULL), timeline_category(b, b->categories[i], NULL));
    }
}

#undef SAME

/* Tracks, processes and arrows. */
static inline void check_same_tables(const struct timeline *a, const struct timeline *b)
{
    struct timeline_track track_a, track_b;
    struct timeline_process of_a, of_b;
    struct timeline_flow flow_a, flow_b;
    assert_int_equal(a->track_count, b->track_count);
    for (uint32_t i = 0; timeline_track(a, i, &track_a); i++) {
        assert_true(timeline_track(b, i, &track_b));
        assert_int_equal(track_a.pid, track_b.pid);
        assert_int_equal(track_a.tid, track_b.tid);
        check_same_text(timeline_name(a, track_a.counter), timeline_name(b, track_b.counter));
        assert_int_equal(track_a.first_row, track_b.first_row);
        assert_int_equal(track_a.rows, track_b.rows);
        assert_int_equal(track_a.count, track_b.count);
    }
    assert_int_equal(a->process_count, b->process_count);
    for (uint32_t i = 0; timeline_process(a, i, &of_a); i++) {
        assert_true(timeline_process(b, i, &of_b));
        assert_int_equal(of_a.pid, of_b.pid);
        assert_int_equal(of_a.first_track, of_b.first_track);
        assert_int_equal(of_a.tracks, of_b.tracks);
    }
    assert_int_equal(a->flow_count, b->flow_count);
    for (uint32_t i = 0; timeline_flow(a, i, &flow_a); i++) {
        assert_true(timeline_flow(b, i, &flow_b));
        assert_int_equal(flow_a.from, flow_b.from);
        assert_int_equal(flow_a.to, flow_b.to);
        assert_int_equal(flow_a.from_ns + a->origin_ns, flow_b.from_ns + b->origin_ns);
        assert_int_equal(flow_a.to_ns + a->origin_ns, flow_b.to_ns + b->origin_ns);
    }
}

/* The names of tracks and processes in the trace's own tables; those of the whole image, not of its remaining
 * events. */
static inline void check_same_names(const struct timeline *a, const struct timeline *b)
{
    struct timeline_track track_a, track_b;
    struct timeline_process of_a, of_b;
    for (uint32_t i = 0; timeline_track(a, i, &track_a) && timeline_track(b, i, &track_b); i++)
        assert_string_equal(track_a.name, track_b.name);
    for (uint32_t i = 0; timeline_process(a, i, &of_a) && timeline_process(b, i, &of_b); i++)
        assert_string_equal(of_a.name, of_b.name);
}

#endif
