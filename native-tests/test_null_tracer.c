/* NULL as a tracer is the default tracer, in every function that takes one except tracer_destroy(). */
#include "fixture.h"

/* A program that carries on after tracer_create() has failed. */
static void a_failed_create_gives_null_which_is_the_default(void **state)
{
    struct tracer *tracer = (struct tracer *)state;
    struct tracer_message message = { "" };
    struct tracer_options options = { .path = "/nonexistent/app.ring" };
    struct trace_summary summary;
    (void)state;
    assert_int_not_equal(tracer_create(&tracer, &options, &message), TRACER_OK);
    assert_string_not_equal(message.text, "");
    assert_null(tracer);
    tracer_op(tracer, "read", 1, true);
    tracer_event(tracer, TRACE_FILE, "not yet enabled", NULL);
    assert_int_equal(tracer_enable(tracer), TRACER_OK);
    tracer_event(tracer, TRACE_FILE, "x", NULL);
    assert_int_equal(trace_summary(&summary), TRACER_OK);
    assert_int_equal(summary.event_count, 1);
    assert_int_equal(summary.syscall_count, 1);
    trace_close();
}

static void off_and_cleared_needs_no_tracer(void **state)
{
    (void)state;
    tracer_disable(NULL);
    tracer_reset(NULL);
    tracer_clear_events(NULL);
    tracer_reset_stats(NULL);
    assert_false(tracer_enabled(NULL));
    assert_false(tracer_wants(NULL, TRACE_FILE));
    assert_int_equal(tracer_event_ex(NULL, &(struct trace_event){ .name = "x" }), TRACER_OK);
    struct trace_span span = tracer_span_begin_async(NULL, TRACE_FILE, "x");
    trace_span_end(&span);
    tracer_destroy(NULL);
    /* This would fail if a default tracer existed by now. */
    assert_int_equal(trace_open(NULL, NULL), TRACER_OK);
    trace_close();
}

static void record_everything(void)
{
    tracer_event(NULL, TRACE_FILE, "event", NULL);
    tracer_eventf(NULL, TRACE_FILE, "event", "%d", 1);
    tracer_counter(NULL, TRACE_FILE, "counter", 1);
    tracer_flow_out(NULL, TRACE_FILE, "flow", 1);
    assert_int_equal(tracer_event_ex(NULL, &(struct trace_event){ .category = TRACE_FILE, .name = "x" }), TRACER_OK);
    TRACER_SPAN (NULL, TRACE_FILE, "span") {
        TRACER_SCOPE(NULL, TRACE_FILE, "scope");
        TRACER_OP(NULL, TRACE_FILE, "read");
    }
    struct trace_span span = tracer_span_begin_async(NULL, TRACE_FILE, "async");
    trace_span_detail(&span, "detail");
    trace_span_end(&span);
}

static void count_everything(void)
{
    tracer_op(NULL, "read", 1, true);
    assert_int_equal(tracer_tick(NULL, 1, 1), TRACER_OK);
    tracer_task_spawned(NULL);
    tracer_task_completed(NULL);
    tracer_process_spawned(NULL);
    tracer_process_exited(NULL);
    tracer_signal_delivered(NULL);
    tracer_timer_fired(NULL);
    tracer_io(NULL, 1, 2);
}

static void everything_acts_on_the_default_tracer(void **state)
{
    struct trace_summary summary;
    struct trace_perf perf;
    struct tracer_reader *reader = NULL;
    (void)state;
    assert_int_equal(tracer_enable(NULL), TRACER_OK);
    tracer_set_clock(NULL, NULL, NULL);
    tracer_set_filter(NULL, TRACE_MASK(TRACE_FILE));
    assert_int_equal(tracer_set_start_time(NULL, 0), TRACER_OK);
    assert_true(tracer_now(NULL) >= 0);
    assert_int_not_equal(tracer_add_track(NULL, 1, 1, "track"), 0);
    tracer_thread_name(NULL, "thread");
    record_everything();
    count_everything();
    assert_true(tracer_enabled(NULL) && trace_enabled());
    assert_int_equal(tracer_summary(NULL, &summary), TRACER_OK);
    assert_int_equal(summary.event_count, 9);
    assert_int_equal(summary.tick_count + summary.tasks_spawned + summary.tasks_completed, 3);
    assert_int_equal(summary.processes_spawned + summary.processes_exited, 2);
    assert_int_equal(summary.signals_delivered + summary.timers_fired + summary.bytes_written, 4);
    assert_int_equal(tracer_op_stats(NULL, "read", &perf), TRACER_OK);
    assert_int_equal(perf.count, 2);
    struct tracer_snapshot *snapshots[] = { tracer_events(NULL, NULL), tracer_events_by_category(NULL, TRACE_FILE),
                                            tracer_events_by_pid(NULL, 1) };
    for (int i = 0; i < 3; i++) {
        assert_int_equal(tracer_snapshot_count(snapshots[i]), i == 2 ? 0 : 9);
        tracer_snapshot_destroy(snapshots[i]);
    }
    assert_int_equal(tracer_reader_attach(&reader, NULL), TRACER_OK);
    tracer_reader_close(reader);
    assert_int_equal(tracer_save(NULL, "/nonexistent/x.ring", NULL), trace_save("/nonexistent/x.ring", NULL));
    tracer_disable(NULL);
    assert_false(trace_enabled());
    trace_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failed_create_gives_null_which_is_the_default),
        cmocka_unit_test(off_and_cleared_needs_no_tracer),
        cmocka_unit_test(everything_acts_on_the_default_tracer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
