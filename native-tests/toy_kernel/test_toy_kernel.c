/* The toy kernel as a whole: everything that a run records, counts, prints and leaves behind. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "toy_internal.h"

#define TICKS_MAX 2000 /* a run that does not end by itself is a failure */

struct run {
    struct tracer *tracer;
    struct toy_kernel *kernel;
    struct tracer_snapshot *events;
    struct trace_summary summary;
    int ticks;
};

static struct run begin(uint64_t seed, uint64_t capacity_events)
{
    struct run run = { 0 };
    struct tracer_options options = { .capacity_events = capacity_events, .lanes = 1 };
    assert_int_equal(tracer_create(&run.tracer, &options, NULL), TRACER_OK);
    assert_int_equal(toy_kernel_create(&run.kernel, run.tracer, seed), TRACER_OK);
    assert_false(tracer_enabled(run.tracer));
    tracer_enable(run.tracer);
    return run;
}

static void run_to_end(struct run *run)
{
    while (toy_kernel_step(run->kernel) && run->ticks < TICKS_MAX)
        run->ticks++;
    run->ticks++;
    assert_in_range(run->ticks, 1, TICKS_MAX);
    run->events = tracer_events(run->tracer, NULL);
    assert_non_null(run->events);
    tracer_snapshot_summary(run->events, &run->summary);
}

static struct run whole_run(uint64_t seed)
{
    struct run run = begin(seed, 65536);
    run_to_end(&run);
    return run;
}

static void end(struct run *run)
{
    tracer_snapshot_destroy(run->events);
    tracer_destroy(run->tracer);
    toy_kernel_destroy(run->kernel);
}

static char *json_of(const struct run *run, size_t *size)
{
    char *text = NULL;
    FILE *file = open_memstream(&text, size);
    assert_non_null(file);
    assert_int_equal(tracer_export_file(run->events, "json", file), TRACER_OK);
    assert_int_equal(fclose(file), 0);
    return text;
}

/* ------------------------------------------------------------- determinism */

static void same_seed_records_the_same_bytes_and_another_does_not(void **state)
{
    (void)state;
    struct run runs[3] = { whole_run(7), whole_run(7), whole_run(8) };
    char *json[3];
    size_t sizes[3];
    for (int i = 0; i < 3; i++)
        json[i] = json_of(&runs[i], &sizes[i]);
    assert_true(sizes[0] > 100000);
    assert_int_equal(sizes[0], sizes[1]);
    assert_memory_equal(json[0], json[1], sizes[0]);
    assert_true(sizes[0] != sizes[2] || memcmp(json[0], json[2], sizes[0]) != 0);
    for (int i = 0; i < 3; i++) {
        free(json[i]);
        end(&runs[i]);
    }
}

static void tracing_does_not_change_what_the_kernel_does(void **state)
{
    (void)state;
    struct run traced = whole_run(3), silent = begin(3, 1000);
    tracer_disable(silent.tracer);
    run_to_end(&silent);
    assert_int_equal(silent.summary.event_count, 0);
    assert_string_equal(toy_kernel_console(traced.kernel), toy_kernel_console(silent.kernel));
    assert_int_equal(traced.kernel->now_ns, silent.kernel->now_ns);
    assert_int_equal(traced.summary.syscall_count, silent.summary.syscall_count);
    assert_int_equal(traced.summary.total_tick_ns, silent.summary.total_tick_ns);
    end(&traced);
    end(&silent);
}

/* ------------------------------------------------------------ step by step */

static void step_is_one_tick_that_begins_with_a_frame(void **state)
{
    (void)state;
    struct run run = begin(1, 65536);
    struct trace_summary summary;
    for (int ticks = 1; ticks <= 100; ticks++) {
        double before = toy_kernel_now_ms(run.kernel);
        assert_true(toy_kernel_step(run.kernel));
        assert_true(toy_kernel_now_ms(run.kernel) > before);
        assert_int_equal(run.kernel->now_ns % FRAME_NS, 0);
        assert_int_equal(tracer_summary(run.tracer, &summary), TRACER_OK);
        assert_int_equal(summary.tick_count, ticks);
    }
    assert_true(tracer_now(run.tracer) == toy_kernel_now_ms(run.kernel));
    end(&run);
}

static void console_only_grows(void **state)
{
    (void)state;
    struct run run = begin(1, 1000);
    char before[CONSOLE_BYTES] = "";
    while (toy_kernel_step(run.kernel)) {
        const char *now = toy_kernel_console(run.kernel);
        assert_memory_equal(before, now, strlen(before));
        memcpy(before, now, strlen(now) + 1);
    }
    assert_true(strlen(before) > 500);
    end(&run);
}

static void ended_kernel_stays_as_it_is(void **state)
{
    (void)state;
    struct run run = whole_run(1);
    uint64_t now_ns = run.kernel->now_ns;
    assert_false(toy_kernel_step(run.kernel));
    struct trace_summary summary;
    assert_int_equal(tracer_summary(run.tracer, &summary), TRACER_OK);
    assert_int_equal(summary.tick_count, run.summary.tick_count);
    assert_int_equal(run.kernel->now_ns, now_ns);
    end(&run);
}

static void creation_refuses_what_is_missing(void **state)
{
    (void)state;
    struct toy_kernel *kernel = NULL;
    struct tracer *tracer;
    assert_int_equal(tracer_create(&tracer, NULL, NULL), TRACER_OK);
    assert_int_equal(toy_kernel_create(&kernel, NULL, 1), TRACER_ERROR_ARGUMENT);
    assert_int_equal(toy_kernel_create(NULL, tracer, 1), TRACER_ERROR_ARGUMENT);
    assert_null(kernel);
    toy_kernel_destroy(NULL);
    tracer_destroy(tracer);
}

/* -------------------------------------------------------- what is recorded */

static void run_is_a_demonstration_of_ten_seconds(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 20; seed++) {
        struct run run = whole_run(seed);
        assert_in_range(run.ticks, 500, 1000);
        assert_in_range(run.kernel->now_ns / 1000000, 9000, 13000);
        assert_in_range(run.summary.event_count, 5000, 12000);
        assert_true(run.summary.avg_tick_time < 8);
        assert_true(run.summary.max_tick_time > 16);
        assert_non_null(strstr(toy_kernel_console(run.kernel), "init: all have ended\n"));
        end(&run);
    }
}

static void all_categories_occur(void **state)
{
    (void)state;
    struct run run = whole_run(1);
    for (int i = 0; i < TRACE_CATEGORY_COUNT; i++)
        assert_in_range(run.summary.losses.recorded[i], 10, 65536);
    end(&run);
}

/* The system calls of one name, as their spans show them. */
struct calls {
    uint64_t count, errors, total_ns;
};

static struct calls calls_in_trace(const struct run *run, const char *name)
{
    struct calls calls = { 0 };
    struct trace_event event;
    for (size_t i = 0; tracer_snapshot_get(run->events, i, &event); i++) {
        if (event.category != TRACE_SYSCALL || strcmp(event.name, name) != 0)
            continue;
        size_t length = strlen(event.detail);
        calls.count++;
        calls.total_ns += event.duration_ns;
        calls.errors += strstr(event.detail, " = ") == NULL && strcmp(event.detail + length - 7, " blocks") != 0;
    }
    return calls;
}

static void counters_agree_with_spans(void **state)
{
    (void)state;
    struct run run = whole_run(1);
    struct trace_perf perf;
    uint64_t count = 0, errors = 0;
    for (size_t i = 0; tracer_snapshot_op(run.events, i, &perf); i++) {
        struct calls calls = calls_in_trace(&run, perf.name);
        if (strcmp(perf.name, "(other)") != 0)
            assert_in_range(perf.count, 1, 65536);
        assert_int_equal(perf.count, calls.count);
        assert_int_equal(perf.errors, calls.errors);
        assert_int_equal(perf.total_ns, calls.total_ns);
        count += perf.count;
        errors += perf.errors;
    }
    assert_int_equal(run.summary.syscall_count, count);
    assert_int_equal(run.summary.syscall_errors, errors);
    assert_int_equal(run.summary.losses.recorded[TRACE_SYSCALL], count);
    end(&run);
}

static void known_operations_are_all_called(void **state)
{
    static const char *const names[] = { "open",    "close",     "read",      "write",    "dup",      "pipe",
                                         "seek",    "mkdir",     "readdir",   "remove",   "exists",   "chdir",
                                         "getcwd",  "getpid",    "mem_alloc", "mem_free", "mem_read", "mem_write",
                                         "shm_ops", "timer_ops", "signal_ops" };
    (void)state;
    struct run run = whole_run(1);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct trace_perf perf;
        assert_int_equal(tracer_op_stats(run.tracer, names[i], &perf), TRACER_OK);
        assert_in_range(perf.count, 1, 65536);
        assert_true(perf.min_time > 0);
    }
    end(&run);
}

static uint64_t errors_of(const struct run *run, const char *operation)
{
    struct trace_perf perf;
    assert_int_equal(tracer_op_stats(run->tracer, operation, &perf), TRACER_OK);
    return perf.errors;
}

static void errors_of_the_script_are_counted(void **state)
{
    (void)state;
    struct run run = whole_run(1);
    assert_int_equal(errors_of(&run, "open"), 2); /* ENOENT, EISDIR */
    assert_int_equal(errors_of(&run, "write"), 1); /* EPIPE */
    assert_int_equal(errors_of(&run, "remove"), 1); /* ENOTEMPTY */
    assert_int_equal(errors_of(&run, "mem_alloc"), 1); /* ENOMEM */
    assert_int_equal(errors_of(&run, "spawn"), 1); /* ENOENT */
    assert_int_equal(errors_of(&run, "wait"), 1); /* ECHILD */
    assert_int_equal(run.summary.syscall_errors, 7);
    end(&run);
}

static void losses_balance_in_a_small_ring(void **state)
{
    (void)state;
    struct run run = begin(1, 1000);
    tracer_set_filter(run.tracer, TRACE_MASK_ALL & ~TRACE_MASK(TRACE_FILE));
    run_to_end(&run);
    const struct trace_losses *losses = &run.summary.losses;
    uint64_t held = 0;
    for (int i = 0; i < TRACE_CATEGORY_COUNT; i++) {
        uint64_t lost = 0;
        for (int reason = 0; reason < TRACE_LOSS_COUNT; reason++)
            lost += losses->lost[reason][i];
        assert_int_equal(lost, 0);
        assert_int_equal(losses->attempted[i], losses->recorded[i]);
        assert_int_equal(losses->recorded[i], losses->held[i] + losses->evicted[i]);
        held += losses->held[i];
    }
    assert_int_equal(losses->attempted[TRACE_FILE], 0);
    assert_true(losses->evicted[TRACE_SYSCALL] > 0);
    assert_int_equal(held, 1000);
    assert_int_equal(tracer_snapshot_count(run.events), 1000);
    end(&run);
}

/* --------------------------------------------------------------- processes */

static void processes_balance(void **state)
{
    (void)state;
    struct run run = whole_run(1);
    const struct trace_summary *summary = &run.summary;
    assert_in_range(summary->processes_spawned, 30, 100);
    assert_int_equal(summary->processes_spawned, summary->processes_exited);
    assert_int_equal(summary->processes_spawned, run.kernel->last_pid);
    assert_int_equal(summary->tasks_spawned, summary->tasks_completed);
    assert_int_equal(summary->current_process_count, 0);
    assert_in_range(summary->peak_process_count, 6, PROCESSES);
    /* The first one existed before tracing was enabled. */
    assert_int_equal(summary->losses.recorded[TRACE_PROCESS], 2 * summary->processes_spawned - 1);
    end(&run);
}

static void statistics_agree_with_events(void **state)
{
    (void)state;
    struct run run = whole_run(1);
    uint64_t delivered = 0, fired = 0, ticks = 0, polls = 0;
    struct trace_event event;
    for (size_t i = 0; tracer_snapshot_get(run.events, i, &event); i++) {
        delivered += event.category == TRACE_SIGNAL && strcmp(event.name, "deliver") == 0;
        fired += event.category == TRACE_TIMER && strcmp(event.name, "fire") == 0;
        ticks += event.category == TRACE_SCHEDULER && strcmp(event.name, "tick") == 0;
        polls += event.category == TRACE_SCHEDULER && strcmp(event.name, "run") == 0;
    }
    assert_int_equal(run.summary.signals_delivered, delivered);
    assert_int_equal(run.summary.timers_fired, fired);
    assert_int_equal(run.summary.tick_count, ticks);
    assert_int_equal(run.summary.tick_count, run.ticks);
    assert_int_equal(run.summary.tasks_polled, polls);
    assert_true(delivered > 0 && fired > 0 && polls > 0);
    end(&run);
}

static void processes_leave_nothing_behind(void **state)
{
    (void)state;
    struct run run = whole_run(1);
    const struct toy_kernel *kernel = run.kernel;
    int used = 0;
    for (int i = 0; i < NODES; i++)
        for (int page = 0; page < NODE_PAGES; page++)
            used += kernel->nodes[i].pages[page] != 0;
    assert_int_equal(kernel->free_pages, PAGES - used);
    for (int i = 0; i < STREAMS; i++)
        assert_int_equal(kernel->streams[i].kind, TOY_STREAM_FREE);
    for (int i = 0; i < PIPES; i++)
        assert_int_equal(kernel->pipes[i].readers + kernel->pipes[i].writers, 0);
    for (int i = 0; i < SEGMENTS; i++)
        assert_int_equal(kernel->segments[i].size, 0);
    for (int i = 0; i < TIMERS; i++)
        assert_int_equal(kernel->timers[i].pid, 0);
    for (int i = 0; i < WINDOWS; i++)
        assert_int_equal(kernel->windows[i].pid, 0);
    end(&run);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(same_seed_records_the_same_bytes_and_another_does_not),
        cmocka_unit_test(tracing_does_not_change_what_the_kernel_does),
        cmocka_unit_test(step_is_one_tick_that_begins_with_a_frame),
        cmocka_unit_test(console_only_grows),
        cmocka_unit_test(ended_kernel_stays_as_it_is),
        cmocka_unit_test(creation_refuses_what_is_missing),
        cmocka_unit_test(run_is_a_demonstration_of_ten_seconds),
        cmocka_unit_test(all_categories_occur),
        cmocka_unit_test(counters_agree_with_spans),
        cmocka_unit_test(known_operations_are_all_called),
        cmocka_unit_test(errors_of_the_script_are_counted),
        cmocka_unit_test(losses_balance_in_a_small_ring),
        cmocka_unit_test(processes_balance),
        cmocka_unit_test(statistics_agree_with_events),
        cmocka_unit_test(processes_leave_nothing_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
