/* What every function does with NULL, as the beginning of ringscope.h describes: a missing object is empty, and a
 * missing place for a result is an error. */
#include <stdio.h>

#include "fixture.h"

static void objects_that_are_none_are_empty(void **state)
{
    struct trace_event event;
    struct trace_track track;
    struct trace_perf perf;
    struct trace_open_span span;
    struct trace_summary summary;
    struct tracer_info info;
    (void)state;
    tracer_destroy(NULL);
    tracer_reader_close(NULL);
    tracer_snapshot_destroy(NULL);
    tracer_cursor_destroy(NULL);
    tracer_cursor_select(NULL, NULL);
    assert_int_equal(tracer_snapshot_count(NULL), 0);
    assert_false(tracer_snapshot_get(NULL, 0, &event));
    assert_false(tracer_snapshot_track(NULL, 1, &track));
    assert_false(tracer_snapshot_op(NULL, 0, &perf));
    assert_false(tracer_snapshot_open_span(NULL, 0, &span));
    memset(&summary, 1, sizeof summary);
    tracer_snapshot_summary(NULL, &summary);
    assert_int_equal(summary.event_count + summary.capacity, 0);
    assert_int_equal(tracer_reader_info(NULL, &info), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_reader_summary(NULL, &summary), TRACER_ERROR_ARGUMENT);
    assert_null(tracer_event_json(NULL));
    assert_null(tracer_summary_json(NULL));
    assert_null(tracer_operations_json(NULL));
}

static void results_that_have_no_place_are_errors(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    struct tracer_cursor *cursor;
    (void)state;
    assert_int_equal(tracer_reader_attach(&reader, fixture->tracer), TRACER_OK);
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    assert_int_equal(tracer_cursor_create(&cursor, reader), TRACER_OK);
    assert_int_equal(tracer_image_size(NULL, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_create(NULL, NULL, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_reader_open(NULL, "x", NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_reader_open_memory(NULL, "x", 1, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_reader_attach(NULL, fixture->tracer), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_reader_info(reader, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_reader_summary(reader, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_summary(fixture->tracer, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_op_stats(fixture->tracer, "read", NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_snapshot_create(NULL, reader, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_cursor_create(NULL, reader), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_read_since(NULL, reader, cursor, NULL), TRACER_ERROR_ARGUMENT);
    assert_false(tracer_snapshot_get(snapshot, 0, NULL));
    assert_false(tracer_snapshot_track(snapshot, 1, NULL));
    assert_false(tracer_snapshot_op(snapshot, 0, NULL));
    assert_false(tracer_snapshot_open_span(snapshot, 0, NULL));
    assert_false(trace_category_parse("file", NULL));
    tracer_cursor_destroy(cursor);
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    fixture_end(fixture);
}

static void what_is_needed_and_is_not_there_is_an_error(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct tracer_reader *reader = NULL;
    struct tracer_snapshot *snapshot = NULL;
    struct tracer_cursor *cursor = NULL;
    struct trace_perf perf;
    struct trace_summary summary = { 0 };
    struct trace_event event = { .name = "x" };
    const struct tracer_sink sink = { NULL, NULL };
    (void)state;
    assert_int_equal(tracer_reader_open(&reader, NULL, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_reader_open_memory(&reader, NULL, 5, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_op_stats(fixture->tracer, NULL, &perf), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_event_ex(fixture->tracer, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_snapshot_create(&snapshot, NULL, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_cursor_create(&cursor, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_read_since(&snapshot, NULL, NULL, NULL), TRACER_ERROR_ARGUMENT);
    assert_true(!reader && !snapshot && !cursor);
    assert_int_equal(trace_summary_print(NULL, stdout), TRACER_ERROR_ARGUMENT);
    assert_int_equal(trace_summary_print(&summary, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(trace_event_print(NULL, stdout), TRACER_ERROR_ARGUMENT);
    assert_int_equal(trace_event_print(&event, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_export(NULL, "json", &sink), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_export_file(NULL, "json", stdout), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_snapshot_save(NULL, &sink), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_save(fixture->tracer, NULL, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_add_trigger(fixture->tracer, NULL, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_control_file(NULL, NULL, NULL), TRACER_ERROR_ARGUMENT);
    fixture_events(fixture, NULL);
    assert_int_equal(tracer_export(fixture->events, NULL, &sink), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_export(fixture->events, "json", NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_export_file(fixture->events, "json", NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_snapshot_save(fixture->events, NULL), TRACER_ERROR_ARGUMENT);
    assert_false(trace_category_parse(NULL, &event.category));
    tracer_thread_name(fixture->tracer, NULL);
    assert_int_not_equal(tracer_add_track(fixture->tracer, 1, 2, NULL), 0);
    /* Recording without a name is counted. */
    tracer_event(fixture->tracer, TRACE_FILE, NULL, "x");
    tracer_counter(fixture->tracer, TRACE_FILE, NULL, 1);
    tracer_op(fixture->tracer, NULL, 1, true);
    TRACER_SPAN (fixture->tracer, TRACE_FILE, NULL)
        ;
    TRACER_OP(fixture->tracer, TRACE_FILE, NULL);
    assert_int_equal(fixture_sum(fixture_summary(fixture).losses.lost[TRACE_LOSS_INVALID]), 5);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_that_are_none_are_empty),
        cmocka_unit_test(results_that_have_no_place_are_errors),
        cmocka_unit_test(what_is_needed_and_is_not_there_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
