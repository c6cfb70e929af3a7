/* Statistics: operations with percentiles, scheduler, processes, bytes. Always on. */
#include <math.h>
#include <stdio.h>

#include "core/tracer_tables.h"
#include "fixture.h"
#include "image/control_word.h"

static struct trace_perf perf_of(const struct fixture *fixture, const char *name)
{
    struct trace_perf perf;
    assert_int_equal(tracer_op_stats(fixture->tracer, name, &perf), TRACER_OK);
    return perf;
}

static void the_known_operations_are_there_from_the_start(void **state)
{
    static const char *const known[] = { "open",    "close",     "read",      "write",    "dup",      "pipe",
                                         "seek",    "mkdir",     "readdir",   "remove",   "exists",   "chdir",
                                         "getcwd",  "getpid",    "mem_alloc", "mem_free", "mem_read", "mem_write",
                                         "shm_ops", "timer_ops", "signal_ops" };
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct trace_perf perf;
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        perf = perf_of(fixture, known[i]);
        assert_int_equal(perf.count, 0);
        assert_true(perf_avg_time(&perf) == 0);
        assert_true(perf_success_rate(&perf) == 1);
        assert_false(perf.has_percentiles);
    }
    assert_int_equal(tracer_op_stats(fixture->tracer, "unheard of", &perf), TRACER_ERROR_UNKNOWN);
    fixture_end(fixture);
}

static void calls_errors_and_times_are_counted_also_while_off(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_disable(fixture->tracer);
    tracer_op(fixture->tracer, "read", 0.5, true);
    tracer_op(fixture->tracer, "read", 0.25, false);
    tracer_op(fixture->tracer, "read", 1.25, true);
    tracer_op(fixture->tracer, "read", 0, true);
    struct trace_perf perf = perf_of(fixture, "read");
    assert_int_equal(perf.count, 4);
    assert_int_equal(perf.errors, 1);
    assert_int_equal(perf.total_ns, 2000000);
    assert_int_equal(perf.min_ns, 0);
    assert_int_equal(perf.max_ns, 1250000);
    assert_true(perf_avg_time(&perf) == 0.5);
    assert_true(perf_success_rate(&perf) == 0.75);
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.syscall_count, 4);
    assert_int_equal(summary.syscall_errors, 1);
    fixture_end(fixture);
}

static void min_is_that_of_the_first_call_until_a_shorter_one_comes(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_op(fixture->tracer, "read", 3, true);
    assert_int_equal(perf_of(fixture, "read").min_ns, 3000000);
    tracer_op(fixture->tracer, "read", 4, true);
    assert_int_equal(perf_of(fixture, "read").min_ns, 3000000);
    tracer_op(fixture->tracer, "read", 2, true);
    assert_int_equal(perf_of(fixture, "read").min_ns, 2000000);
    fixture_end(fixture);
}

static void check_near(double measured_ms, double exact_ms)
{
    if (fabs(measured_ms - exact_ms) > exact_ms / 16 + 1e-9)
        fail_msg("%.9f ms is not within 1/16 of %.9f ms", measured_ms, exact_ms);
}

static void percentiles_are_within_a_sixteenth_from_ns_to_an_hour(void **state)
{
    (void)state;
    static const double units_ms[] = { 1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1, 10, 100, 1000 };
    for (size_t u = 0; u < sizeof units_ms / sizeof units_ms[0]; u++) {
        double unit_ms = units_ms[u];
        struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
        for (int i = 1; i <= 1000; i++)
            tracer_op(fixture->tracer, "read", unit_ms * i, true);
        struct trace_perf perf = perf_of(fixture, "read");
        assert_true(perf.has_percentiles);
        check_near(perf.p50, 500 * unit_ms);
        check_near(perf.p90, 900 * unit_ms);
        check_near(perf.p99, 990 * unit_ms);
        check_near(perf.p999, 999 * unit_ms);
        fixture_end(fixture);
    }
}

/* 1 and 1023 ns, 1024 ns, 2 hours, and no time at all. */
static void log2_buckets_count_every_call_once(void **state)
{
    static const double durations_ms[] = { 0.000001, 0.001023, 0.001024, 7.2e6, 0 };
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    for (size_t i = 0; i < sizeof durations_ms / sizeof durations_ms[0]; i++)
        tracer_op(fixture->tracer, "read", durations_ms[i], true);
    struct trace_perf perf = perf_of(fixture, "read");
    assert_int_equal(perf.log2_buckets[0], 2);
    assert_int_equal(perf.log2_buckets[9], 1);
    assert_int_equal(perf.log2_buckets[10], 1);
    assert_int_equal(perf.log2_buckets[TRACE_LOG2_BUCKETS - 1], 1);
    fixture_end(fixture);
}

static void durations_beyond_an_hour_saturate_in_percentiles_only(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    for (int i = 0; i < 10; i++)
        tracer_op(fixture->tracer, "read", 7.2e6, true); /* two hours */
    struct trace_perf perf = perf_of(fixture, "read");
    assert_int_equal(perf.max_ns, 7200000000000);
    assert_true(perf.p50 >= 3.6e6);
    fixture_end(fixture);
}

static void a_duration_that_is_none_counts_as_0_and_as_lost(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_op(fixture->tracer, "read", NAN, true);
    tracer_op(fixture->tracer, "read", -1, false);
    assert_int_equal(perf_of(fixture, "read").count, 2);
    assert_int_equal(perf_of(fixture, "read").total_ns, 0);
    assert_int_equal(fixture_sum(fixture_summary(fixture).losses.lost[TRACE_LOSS_INVALID]), 2);
    assert_int_equal(tracer_tick(fixture->tracer, 1, INFINITY), TRACER_ERROR_ARGUMENT);
    assert_int_equal(fixture_summary(fixture).tick_count, 0);
    fixture_end(fixture);
}

static void operations_beyond_the_table_count_as_other(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .operations = 32 });
    char name[32];
    uint64_t named = 0;
    (void)state;
    for (int i = 0; i < 50; i++) {
        struct trace_perf perf;
        snprintf(name, sizeof name, "operation %d", i);
        tracer_op(fixture->tracer, name, 1, true);
        named += tracer_op_stats(fixture->tracer, name, &perf) == TRACER_OK;
    }
    assert_in_range(named, 1, 11);
    assert_int_equal(perf_of(fixture, "(other)").count, 50 - named);
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.syscall_count, 50);
    assert_int_equal(summary.losses.operations_overflowed, 50 - named);
    fixture_end(fixture);
}

static void without_a_histogram_percentiles_are_missing_and_counted(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .histograms = 1 });
    (void)state;
    tracer_op(fixture->tracer, "read", 1, true);
    tracer_op(fixture->tracer, "write", 1, true);
    assert_true(perf_of(fixture, "read").has_percentiles);
    assert_false(perf_of(fixture, "write").has_percentiles);
    assert_int_equal(perf_of(fixture, "write").count, 1);
    assert_int_equal(perf_of(fixture, "write").without_histogram, 1);
    assert_int_equal(perf_of(fixture, "read").without_histogram, 0);
    assert_int_equal(fixture_summary(fixture).losses.histograms_missing, 1);
    fixture_end(fixture);
}

static void ticks_and_tasks_are_counted(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    assert_int_equal(tracer_tick(fixture->tracer, 3, 0.5), TRACER_OK);
    assert_int_equal(tracer_tick(fixture->tracer, 0, 2.1), TRACER_OK);
    tracer_task_spawned(fixture->tracer);
    tracer_task_spawned(fixture->tracer);
    tracer_task_completed(fixture->tracer);
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.tick_count, 2);
    assert_int_equal(summary.tasks_polled, 3);
    assert_int_equal(summary.tasks_spawned, 2);
    assert_int_equal(summary.tasks_completed, 1);
    assert_int_equal(summary.total_tick_ns, 2600000);
    assert_int_equal(summary.max_tick_ns, 2100000);
    assert_true(summary.avg_tick_time == 1.3);
    assert_true(summary.avg_tasks_per_tick == 1.5);
    fixture_end(fixture);
}

static void processes_have_a_current_number_and_a_peak(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_process_exited(fixture->tracer); /* one that began before the trace */
    for (int i = 0; i < 3; i++)
        tracer_process_spawned(fixture->tracer);
    tracer_process_exited(fixture->tracer);
    tracer_process_spawned(fixture->tracer);
    tracer_process_exited(fixture->tracer);
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.processes_spawned, 4);
    assert_int_equal(summary.processes_exited, 3);
    assert_int_equal(summary.current_process_count, 2);
    assert_int_equal(summary.peak_process_count, 3);
    fixture_end(fixture);
}

static void signals_timers_and_bytes_are_counted(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_signal_delivered(fixture->tracer);
    tracer_timer_fired(fixture->tracer);
    tracer_timer_fired(fixture->tracer);
    tracer_io(fixture->tracer, 4096, 1024);
    tracer_io(fixture->tracer, 1, 0);
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.signals_delivered, 1);
    assert_int_equal(summary.timers_fired, 2);
    assert_int_equal(summary.bytes_read, 4097);
    assert_int_equal(summary.bytes_written, 1024);
    fixture_end(fixture);
}

/* Amounts are the program's: no sum, and no average of one, shows a number that wrapped. */
static void sums_saturate(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    for (int i = 0; i < 5; i++) {
        tracer_op(fixture->tracer, "read", 8e12, true); /* 253 years: three are too many */
        assert_int_equal(tracer_tick(fixture->tracer, UINT64_MAX / 2, 8e12), TRACER_OK);
        tracer_io(fixture->tracer, UINT64_MAX / 4, UINT64_MAX);
    }
    struct trace_perf perf = perf_of(fixture, "read");
    assert_int_equal(perf.count, 5);
    assert_int_equal(perf.total_ns, UINT64_MAX);
    assert_true(perf_avg_time(&perf) > 3.6e12);
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.tick_count, 5);
    assert_int_equal(summary.tasks_polled, UINT64_MAX);
    assert_int_equal(summary.total_tick_ns, UINT64_MAX);
    assert_int_equal(summary.bytes_read, UINT64_MAX);
    assert_int_equal(summary.bytes_written, UINT64_MAX);
    fixture_end(fixture);
}

/* A loss counter shares its word with an epoch. */
static void losses_saturate(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    const uint32_t epoch = control_events_epoch(*fixture->tracer->control);
    uint64_t *lost = &fixture->tracer->header->lost[TRACE_LOSS_OVERRUN][TRACE_FILE];
    tagged_add(lost, epoch, TAGGED_COUNT_MAX);
    tagged_add(lost, epoch, UINT64_MAX); /* beyond a word */
    assert_int_equal(tagged_count(*lost, epoch), TAGGED_COUNT_MAX);
    tagged_add(lost, epoch, 5); /* beyond the count's bits */
    struct trace_losses losses = fixture_summary(fixture).losses;
    assert_int_equal(losses.lost[TRACE_LOSS_OVERRUN][TRACE_FILE], TAGGED_COUNT_MAX);
    assert_int_equal(losses.attempted[TRACE_FILE], TAGGED_COUNT_MAX);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_known_operations_are_there_from_the_start),
        cmocka_unit_test(calls_errors_and_times_are_counted_also_while_off),
        cmocka_unit_test(min_is_that_of_the_first_call_until_a_shorter_one_comes),
        cmocka_unit_test(percentiles_are_within_a_sixteenth_from_ns_to_an_hour),
        cmocka_unit_test(log2_buckets_count_every_call_once),
        cmocka_unit_test(durations_beyond_an_hour_saturate_in_percentiles_only),
        cmocka_unit_test(a_duration_that_is_none_counts_as_0_and_as_lost),
        cmocka_unit_test(operations_beyond_the_table_count_as_other),
        cmocka_unit_test(without_a_histogram_percentiles_are_missing_and_counted),
        cmocka_unit_test(ticks_and_tasks_are_counted),
        cmocka_unit_test(processes_have_a_current_number_and_a_peak),
        cmocka_unit_test(signals_timers_and_bytes_are_counted),
        cmocka_unit_test(sums_saturate),
        cmocka_unit_test(losses_saturate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
