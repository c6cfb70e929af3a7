/* Switching: enabling, filter, uptime, reset and its two halves. */
#include <math.h>

#include "core/tracer_internal.h"
#include "fixture.h"

static void a_new_tracer_is_disabled(void **state)
{
    struct tracer *tracer;
    (void)state;
    assert_int_equal(tracer_create(&tracer, NULL, NULL), TRACER_OK);
    assert_false(tracer_enabled(tracer));
    tracer_event(tracer, TRACE_FILE, "open", NULL);
    struct tracer_snapshot *events = tracer_events(tracer, NULL);
    assert_int_equal(tracer_snapshot_count(events), 0);
    tracer_snapshot_destroy(events);
    tracer_destroy(tracer);
}

static void uptime_is_0_before_the_first_enable(void **state)
{
    struct fixture fixture = { .now_ms = 100 };
    struct tracer_options options = { .clock = fixture_clock, .clock_argument = &fixture };
    (void)state;
    assert_int_equal(tracer_create(&fixture.tracer, &options, NULL), TRACER_OK);
    assert_int_equal(fixture_summary(&fixture).uptime_ns, 0);
    fixture.now_ms = 200;
    assert_int_equal(fixture_summary(&fixture).uptime_ns, 0);
    tracer_destroy(fixture.tracer);
}

static void uptime_counts_from_enable_and_stops_at_disable(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    fixture->now_ms = 1500.25;
    assert_int_equal(fixture_summary(fixture).uptime_ns, 1500250000);
    tracer_enable(fixture->tracer); /* enabling twice changes nothing */
    assert_int_equal(fixture_summary(fixture).uptime_ns, 1500250000);
    tracer_disable(fixture->tracer);
    fixture->now_ms = 9000;
    tracer_disable(fixture->tracer);
    assert_int_equal(fixture_summary(fixture).uptime_ns, 1500250000);
    tracer_enable(fixture->tracer);
    fixture->now_ms = 9001;
    assert_int_equal(fixture_summary(fixture).uptime_ns, 1000000);
    fixture_end(fixture);
}

static void start_time_can_be_set_and_is_checked(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    fixture->now_ms = 1000;
    assert_int_equal(tracer_set_start_time(fixture->tracer, 400), TRACER_OK);
    assert_int_equal(fixture_summary(fixture).uptime_ns, 600000000);
    assert_int_equal(tracer_set_start_time(fixture->tracer, NAN), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_set_start_time(fixture->tracer, INFINITY), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_set_start_time(fixture->tracer, -1), TRACER_ERROR_ARGUMENT);
    assert_int_equal(fixture_summary(fixture).uptime_ns, 600000000);
    fixture_end(fixture);
}

/* Epochs are reused after 2^19 resets. Events that a thread recorded before it fell asleep or ended may carry a reused
 * epoch. */
static void set_events_epoch(struct tracer *tracer, uint32_t epoch)
{
    uint64_t *control = &tracer->header->control;
    *control = control_make(true, 0, epoch, control_stats_epoch(*control));
}

static void set_stats_epoch(struct tracer *tracer, uint32_t epoch)
{
    uint64_t *control = &tracer->header->control;
    *control = control_make(true, 0, control_events_epoch(*control), epoch);
}

static void what_was_reset_stays_so_when_epochs_are_used_again(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct tracer *tracer = fixture->tracer;
    (void)state;
    set_events_epoch(tracer, 7);
    set_stats_epoch(tracer, 9);
    tracer_event(tracer, TRACE_FILE, "ghost", NULL);
    tracer_event(tracer, TRACE_FILE, NULL, NULL); /* a loss, which is counted in its epoch */
    tracer_op(tracer, "ghost_op", 1, true);
    tracer_process_spawned(tracer);
    set_events_epoch(tracer, CONTROL_EPOCH_MASK); /* that many resets later */
    set_stats_epoch(tracer, CONTROL_EPOCH_MASK);
    for (unsigned i = 0; i < 20; i++) {
        tracer_reset(tracer);
        struct trace_summary summary = fixture_summary(fixture);
        assert_int_equal(fixture_events(fixture, NULL), 0);
        assert_int_equal(fixture_sum(summary.losses.attempted), 0);
        assert_int_equal(summary.syscall_count, 0);
        assert_int_equal(summary.peak_process_count, 0);
    }
    assert_true(control_events_epoch(tracer->header->control) > 7);
    fixture_end(fixture);
}

static void an_open_span_without_a_lane_stays_reset(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct tracer *tracer = fixture->tracer;
    struct trace_open_span open;
    (void)state;
    set_events_epoch(tracer, 7);
    struct trace_span span = tracer_span_begin_async(tracer, TRACE_FILE, "ghost");
    tracer_clear_events(tracer);
    tracer_event(tracer, TRACE_FILE, "newer", NULL);
    set_events_epoch(tracer, 6);
    tracer_clear_events(tracer);
    assert_int_equal(fixture_events(fixture, NULL), 0);
    assert_false(tracer_snapshot_open_span(fixture->events, 0, &open));
    trace_span_end(&span);
    fixture_end(fixture);
}

static void the_filter_takes_categories_and_what_it_leaves_out_is_no_attempt(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_set_filter(fixture->tracer, TRACE_MASK(TRACE_FILE) | TRACE_MASK(TRACE_IPC));
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
        tracer_event(fixture->tracer, (enum trace_category)c, "x", NULL);
    assert_int_equal(fixture_events(fixture, NULL), 2);
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.filter, TRACE_MASK(TRACE_FILE) | TRACE_MASK(TRACE_IPC));
    assert_int_equal(fixture_sum(summary.losses.attempted), 2);
    tracer_set_filter(fixture->tracer, 0);
    assert_int_equal(fixture_summary(fixture).filter, TRACE_MASK_ALL);
    tracer_set_filter(fixture->tracer, 1u << 31); /* bits beyond the categories are ignored */
    assert_int_equal(fixture_summary(fixture).filter, TRACE_MASK_ALL);
    fixture_end(fixture);
}

static void record_and_count(struct fixture *fixture)
{
    tracer_event(fixture->tracer, TRACE_FILE, "open", "x");
    tracer_op(fixture->tracer, "own operation", 1, false);
    tracer_tick(fixture->tracer, 2, 1);
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "x", .duration = -1 });
}

static void reset_clears_events_statistics_and_losses_and_keeps_the_rest(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct trace_perf perf;
    (void)state;
    fixture->now_ms = 10;
    tracer_set_filter(fixture->tracer, TRACE_MASK_ALL & ~TRACE_MASK(TRACE_IPC));
    record_and_count(fixture);
    tracer_reset(fixture->tracer);
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.event_count, 0);
    assert_int_equal(summary.syscall_count, 0);
    assert_int_equal(summary.tick_count, 0);
    assert_int_equal(fixture_sum(summary.losses.attempted), 0);
    assert_true(summary.enabled);
    assert_int_equal(summary.filter, TRACE_MASK_ALL & ~TRACE_MASK(TRACE_IPC));
    assert_int_equal(summary.uptime_ns, 10000000);
    assert_int_equal(tracer_op_stats(fixture->tracer, "own operation", &perf), TRACER_OK);
    assert_int_equal(perf.count, 0);
    record_and_count(fixture);
    summary = fixture_summary(fixture);
    assert_int_equal(summary.event_count, 1);
    assert_int_equal(summary.syscall_errors, 1);
    assert_int_equal(fixture_sum(summary.losses.lost[TRACE_LOSS_INVALID]), 1);
    fixture_end(fixture);
}

static void each_half_of_reset_leaves_the_other(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    record_and_count(fixture);
    tracer_clear_events(fixture->tracer);
    assert_int_equal(fixture_summary(fixture).event_count, 0);
    assert_int_equal(fixture_summary(fixture).syscall_count, 1);
    record_and_count(fixture);
    tracer_reset_stats(fixture->tracer);
    assert_int_equal(fixture_summary(fixture).event_count, 1);
    assert_int_equal(fixture_summary(fixture).syscall_count, 0);
    fixture_end(fixture);
}

static void hundreds_of_thousands_of_resets_do_not_confuse_epochs(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    for (unsigned i = 0; i < (1u << 19); i++) /* once around all epochs */
        tracer_clear_events(fixture->tracer);
    for (unsigned i = 0; i < 1000; i++) {
        tracer_event(fixture->tracer, TRACE_FILE, "x", NULL);
        tracer_clear_events(fixture->tracer);
    }
    tracer_event(fixture->tracer, TRACE_FILE, "x", NULL);
    assert_int_equal(fixture_summary(fixture).event_count, 1);
    fixture_end(fixture);
}

static void setting_the_clock_clears_the_events(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    record_and_count(fixture);
    fixture->now_ms = 7;
    tracer_set_clock(fixture->tracer, fixture_clock, fixture);
    assert_int_equal(fixture_events(fixture, NULL), 0);
    tracer_event(fixture->tracer, TRACE_FILE, "x", NULL);
    assert_int_equal(fixture_events(fixture, NULL), 1);
    assert_int_equal(fixture_event(fixture, 0).time_ns, 7000000);
    tracer_set_clock(fixture->tracer, NULL, NULL); /* the machine's clock */
    double before_ms = tracer_now(fixture->tracer);
    tracer_event(fixture->tracer, TRACE_FILE, "x", NULL);
    double after_ms = tracer_now(fixture->tracer);
    assert_int_equal(fixture_events(fixture, NULL), 1);
    double timestamp = fixture_event(fixture, 0).timestamp;
    assert_true(timestamp >= before_ms - 0.001 && timestamp <= after_ms + 0.001);
    fixture_end(fixture);
}

static void the_default_tracer_is_made_at_its_first_use(void **state)
{
    struct trace_summary summary;
    (void)state;
    trace_event(TRACE_FILE, "before", NULL);
    assert_false(trace_enabled());
    assert_int_equal(trace_enable(), TRACER_OK);
    assert_true(trace_enabled());
    assert_int_equal(trace_open(NULL, NULL), TRACER_ERROR_LIVE);
    trace_event(TRACE_FILE, "after", NULL);
    (trace_event)(TRACE_FILE, "by its function", "x");
    assert_int_equal(trace_summary(&summary), TRACER_OK);
    assert_int_equal(summary.event_count, 2);
    trace_close();
    trace_close();
    assert_false(trace_enabled());
    trace_event(TRACE_FILE, "after the end", NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_tracer_is_disabled),
        cmocka_unit_test(uptime_is_0_before_the_first_enable),
        cmocka_unit_test(uptime_counts_from_enable_and_stops_at_disable),
        cmocka_unit_test(start_time_can_be_set_and_is_checked),
        cmocka_unit_test(the_filter_takes_categories_and_what_it_leaves_out_is_no_attempt),
        cmocka_unit_test(reset_clears_events_statistics_and_losses_and_keeps_the_rest),
        cmocka_unit_test(each_half_of_reset_leaves_the_other),
        cmocka_unit_test(hundreds_of_thousands_of_resets_do_not_confuse_epochs),
        cmocka_unit_test(what_was_reset_stays_so_when_epochs_are_used_again),
        cmocka_unit_test(an_open_span_without_a_lane_stays_reset),
        cmocka_unit_test(setting_the_clock_clears_the_events),
        cmocka_unit_test(the_default_tracer_is_made_at_its_first_use),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
