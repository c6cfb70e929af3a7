/* Building a timeline from a few events: their rows, names, labels and losses. */
#include "random_trace.h"

static int64_t end_of(const struct timeline_event *event)
{
    return event->start_ns + event->duration_ns;
}

/* --------------------------------------------------------------- one by one */

struct plain {
    int64_t start_ns, duration_ns;
    uint8_t flags;
};

static struct timeline *build_spans(const struct plain *spans, uint32_t count)
{
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    assert_non_null(builder);
    for (uint32_t i = 0; i < count; i++) {
        const struct timeline_item item = {
            .start_ns = spans[i].start_ns,
            .duration_ns = spans[i].duration_ns,
            .track = timeline_builder_track(builder, 1, 2, TIMELINE_NONE),
            .name = timeline_builder_name(builder, "span", 4),
            .category = (uint8_t)timeline_builder_category(builder, "file", 4),
            .kind = TIMELINE_SPAN,
            .flags = spans[i].flags,
        };
        timeline_builder_add(builder, &item);
    }
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    return timeline;
}

static void check_span(const struct timeline *timeline, uint32_t index, int64_t start_ns, uint32_t row, uint32_t parent)
{
    const struct timeline_event event = trace_event_at(timeline, index);
    assert_int_equal(event.start_ns, start_ns);
    assert_int_equal(event.row, row);
    assert_int_equal(event.parent, parent);
}

static void the_longer_of_two_that_begin_together_is_outside(void **state)
{
    (void)state;
    const struct plain spans[] = { { 5, 2, 0 }, { 5, 10, 0 }, { 5, 5, 0 } };
    struct timeline *timeline = build_spans(spans, 3);
    check_span(timeline, 0, 0, 0, TIMELINE_NONE);
    check_span(timeline, 1, 0, 1, 0);
    check_span(timeline, 2, 0, 2, 1);
    assert_int_equal(trace_event_at(timeline, 1).duration_ns, 5);
    assert_int_equal(trace_event_at(timeline, 0).self_ns, 5);
    timeline_destroy(timeline);
}

static void crossing_spans_take_a_further_row_and_say_so(void **state)
{
    (void)state;
    const struct plain spans[] = { { 0, 10, 0 }, { 5, 10, 0 }, { 10, 3, 0 } };
    struct timeline *timeline = build_spans(spans, 3);
    check_span(timeline, 0, 0, 0, TIMELINE_NONE);
    assert_int_equal(trace_event_at(timeline, 0).flags, 0);
    check_span(timeline, 1, 5, 1, TIMELINE_NONE);
    assert_int_equal(trace_event_at(timeline, 1).flags, TIMELINE_OVERLAP);
    check_span(timeline, 2, 10, 2, 1);
    timeline_destroy(timeline);
}

static void a_span_that_begins_where_another_ends_is_in_its_row(void **state)
{
    (void)state;
    const struct plain spans[] = { { 0, 10, 0 }, { 10, 5, 0 }, { 15, 0, 0 } };
    struct timeline *timeline = build_spans(spans, 3);
    assert_int_equal(timeline_rows(timeline), 1);
    for (uint32_t i = 0; i < 3; i++)
        assert_int_equal(trace_event_at(timeline, i).flags, 0);
    timeline_destroy(timeline);
}

static void async_spans_have_rows_of_their_own(void **state)
{
    (void)state;
    const struct plain spans[] = { { 0, 10, TIMELINE_ASYNC }, { 2, 3, 0 }, { 4, 10, TIMELINE_ASYNC } };
    struct timeline *timeline = build_spans(spans, 3);
    check_span(timeline, 0, 2, 0, TIMELINE_NONE);
    check_span(timeline, 1, 0, 1, TIMELINE_NONE);
    check_span(timeline, 2, 4, 2, TIMELINE_NONE);
    assert_int_equal(trace_event_at(timeline, 2).flags, TIMELINE_ASYNC);
    timeline_destroy(timeline);
}

static void open_spans_last_to_the_end(void **state)
{
    (void)state;
    const struct plain spans[] = { { 3, 0, TIMELINE_OPEN }, { 5, 20, 0 } };
    struct timeline *timeline = build_spans(spans, 2);
    assert_int_equal(trace_event_at(timeline, 0).duration_ns, 22);
    assert_int_equal(timeline_duration_ns(timeline), 22);
    assert_int_equal(trace_event_at(timeline, 1).parent, 0);
    timeline_destroy(timeline);
}

/* More crossing spans than are searched for a free row. */
static void hundreds_of_crossing_spans_do_not_overlap(void **state)
{
    (void)state;
    struct plain spans[400];
    for (uint32_t i = 0; i < 400; i++)
        spans[i] = (struct plain){ i, i % 7 == 0 ? 3 : 500, i % 2 ? TIMELINE_ASYNC : 0 };
    struct timeline *timeline = build_spans(spans, 400);
    for (uint32_t i = 1; i < 400; i++) {
        const struct timeline_event before = trace_event_at(timeline, i - 1), event = trace_event_at(timeline, i);
        assert_true(before.row < event.row || end_of(&before) <= event.start_ns);
        assert_true(event.self_ns >= 0);
    }
    timeline_destroy(timeline);
}

static void times_of_any_size_do_not_overflow(void **state)
{
    (void)state;
    const struct plain spans[] = { { INT64_MIN, INT64_MAX, 0 }, { INT64_MAX, INT64_MAX, 0 }, { 0, -5, TIMELINE_OPEN } };
    struct timeline *timeline = build_spans(spans, 3);
    for (uint32_t i = 0; i < 3; i++)
        assert_true(trace_event_at(timeline, i).start_ns >= 0 && trace_event_at(timeline, i).duration_ns >= 0);
    timeline_destroy(timeline);
}

static void nothing_makes_an_empty_timeline(void **state)
{
    (void)state;
    struct timeline *timeline = build_spans(NULL, 0);
    struct timeline_event event;
    struct timeline_track track;
    assert_int_equal(timeline_events(timeline), 0);
    assert_int_equal(timeline_rows(timeline), 0);
    assert_int_equal(timeline_duration_ns(timeline), 0);
    assert_false(timeline_event(timeline, 0, &event));
    assert_false(timeline_track(timeline, 0, &track));
    assert_null(timeline_category(timeline, 0, NULL));
    assert_null(timeline_name(timeline, 0));
    timeline_destroy(timeline);
}

static void add_instant(struct timeline_builder *builder, int64_t pid, int64_t tid, int64_t start_ns)
{
    const struct timeline_item item = {
        .start_ns = start_ns,
        .track = timeline_builder_track(builder, pid, tid, TIMELINE_NONE),
        .name = timeline_builder_name(builder, "here", 4),
        .category = (uint8_t)timeline_builder_category(builder, "file", 4),
        .kind = TIMELINE_INSTANT,
    };
    timeline_builder_add(builder, &item);
}

static void add_span(struct timeline_builder *builder, int64_t start_ns, int64_t duration_ns)
{
    const struct timeline_item item = {
        .start_ns = start_ns,
        .duration_ns = duration_ns,
        .track = timeline_builder_track(builder, 1, 1, TIMELINE_NONE),
        .name = timeline_builder_name(builder, "span", 4),
        .category = (uint8_t)timeline_builder_category(builder, "file", 4),
        .kind = TIMELINE_SPAN,
    };
    timeline_builder_add(builder, &item);
}

static void instants_within_spans_are_ticks_over_their_rows(void **state)
{
    (void)state;
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    struct timeline_track track;
    add_span(builder, 0, 100);
    add_span(builder, 10, 50);
    add_span(builder, 300, 50);
    const int64_t times_ns[] = { 20, 80, 200, 310 };
    for (int i = 0; i < 4; i++)
        add_instant(builder, 1, 1, times_ns[i]);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    assert_true(timeline_track(timeline, 0, &track));
    assert_int_equal(track.rows, 4);
    assert_int_equal(track.ticks, 2);
    const struct {
        int64_t start_ns;
        uint32_t row;
    } expected[] = { { 0, 0 }, { 200, 0 }, { 300, 0 }, { 10, 1 }, { 80, 2 }, { 310, 2 }, { 20, 3 } };
    for (uint32_t i = 0; i < 7; i++) {
        const struct timeline_event event = trace_event_at(timeline, i);
        assert_int_equal(event.start_ns, expected[i].start_ns);
        assert_int_equal(event.row, expected[i].row);
    }
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
}

/* ---------------------------------------------------------- labels and losses */

static void names_and_places_are_those_given(void **state)
{
    (void)state;
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    struct timeline_track track;
    struct timeline_process process;
    add_instant(builder, 7, 1, 5);
    add_instant(builder, 7, 2, 5);
    add_instant(builder, 8, 3, 5);
    timeline_builder_name_process(builder, 8, "shell and more", 5);
    timeline_builder_name_thread(builder, 7, 1, "main", 4);
    timeline_builder_name_thread(builder, 9, 1, "nothing happened here", 8);
    timeline_builder_sort_process(builder, 8, -1);
    timeline_builder_sort_thread(builder, 7, 1, 5);
    timeline_builder_resolution(builder, 1000);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    assert_true(timeline_process(timeline, 0, &process));
    assert_int_equal(process.pid, 8);
    assert_string_equal(process.name, "shell");
    assert_true(timeline_process(timeline, 1, &process));
    assert_string_equal(process.name, "");
    assert_int_equal(process.tracks, 2);
    assert_false(timeline_process(timeline, 2, &process));
    assert_true(timeline_track(timeline, 1, &track));
    assert_int_equal(track.tid, 2);
    assert_true(timeline_track(timeline, 2, &track));
    assert_string_equal(track.name, "main");
    assert_int_equal(timeline_resolution_ns(timeline), 1000);
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
}

static void losses_stand_within_the_trace(void **state)
{
    (void)state;
    struct timeline_builder *builder = timeline_builder_create();
    const struct timeline_loss losses[] = { { INT64_MIN, INT64_MIN, 3, "evicted" },
                                            { 150, 160, 2, "torn" },
                                            { INT64_MIN, INT64_MAX, 1, "contention" } };
    struct timeline *timeline;
    struct timeline_loss loss;
    add_instant(builder, 1, 1, 100);
    add_instant(builder, 1, 1, 200);
    for (int i = 0; i < 3; i++)
        timeline_builder_add_loss(builder, &losses[i]);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    assert_true(timeline_loss(timeline, 0, &loss));
    assert_true(loss.start_ns == 0 && loss.end_ns == 0 && loss.count == 3);
    assert_true(timeline_loss(timeline, 1, &loss));
    assert_true(loss.start_ns == 50 && loss.end_ns == 60);
    assert_string_equal(loss.reason, "torn");
    assert_true(timeline_loss(timeline, 2, &loss));
    assert_true(loss.start_ns == 0 && loss.end_ns == 100);
    assert_false(timeline_loss(timeline, 3, &loss));
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
}

static void categories_beyond_the_last_are_other(void **state)
{
    (void)state;
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    uint32_t count;
    for (int i = 0; i < 70; i++) {
        char text[8];
        int length = snprintf(text, sizeof text, "c%d", i);
        const struct timeline_item item = {
            .track = timeline_builder_track(builder, 1, 1, TIMELINE_NONE),
            .name = timeline_builder_name(builder, text, (size_t)length),
            .category = (uint8_t)timeline_builder_category(builder, text, (size_t)length),
        };
        assert_int_equal(item.category, i < 63 ? i : 63);
        timeline_builder_add(builder, &item);
    }
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    assert_string_equal(timeline_category(timeline, 63, &count), "(other)");
    assert_int_equal(count, 7);
    assert_null(timeline_category(timeline, 64, &count));
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
}

static bool refuse(void *context, double done, double total)
{
    (void)context;
    return !(done <= total);
}

static void building_can_be_cancelled_and_begun_anew(void **state)
{
    (void)state;
    const struct timeline_progress progress = { refuse, NULL };
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    add_instant(builder, 1, 1, 100);
    assert_int_equal(timeline_build(&timeline, builder, &progress), TRACER_ERROR_CANCELLED);
    assert_null(timeline);
    add_instant(builder, 1, 1, 100);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    assert_int_equal(timeline_events(timeline), 1);
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
}

struct heard {
    double done, total, longest;
    unsigned reports;
};

static bool hear(void *context, double done, double total)
{
    struct heard *heard = context;
    assert_true(done >= heard->done && done <= total);
    heard->longest = done - heard->done > heard->longest ? done - heard->done : heard->longest;
    heard->done = done;
    heard->total = total;
    heard->reports++;
    return true;
}

/* In all its stages, also on a single track, so that the page can say every 100 ms how far it is. Only the sort is one
 * step. */
static void a_build_reports_often_how_far_it_is(void **state)
{
    (void)state;
    const uint32_t events = 1000000;
    struct heard heard = { 0 };
    const struct timeline_progress progress = { hear, &heard };
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    for (uint32_t i = 0; i < events; i++)
        add_instant(builder, 1, 1, i);
    assert_int_equal(timeline_build(&timeline, builder, &progress), TRACER_OK);
    assert_true(heard.total == 4.0 * events);
    assert_true(heard.total - heard.done < 1e-3 * events);
    assert_in_range(heard.reports, 30, 4 * events / 65536); /* columns, order, rows, places */
    assert_true(heard.longest <= events + 65536);
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_longer_of_two_that_begin_together_is_outside),
        cmocka_unit_test(crossing_spans_take_a_further_row_and_say_so),
        cmocka_unit_test(a_span_that_begins_where_another_ends_is_in_its_row),
        cmocka_unit_test(async_spans_have_rows_of_their_own),
        cmocka_unit_test(open_spans_last_to_the_end),
        cmocka_unit_test(hundreds_of_crossing_spans_do_not_overlap),
        cmocka_unit_test(times_of_any_size_do_not_overflow),
        cmocka_unit_test(nothing_makes_an_empty_timeline),
        cmocka_unit_test(instants_within_spans_are_ticks_over_their_rows),
        cmocka_unit_test(names_and_places_are_those_given),
        cmocka_unit_test(losses_stand_within_the_trace),
        cmocka_unit_test(categories_beyond_the_last_are_other),
        cmocka_unit_test(building_can_be_cancelled_and_begun_anew),
        cmocka_unit_test(a_build_reports_often_how_far_it_is),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
