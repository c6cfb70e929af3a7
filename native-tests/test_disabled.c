/* -DTRACE_DISABLED: nothing is left of the calls, their arguments are not evaluated. */
#define TRACE_DISABLED
#include "fixture.h"

static int evaluated;

static const char *evaluate(const char *text)
{
    evaluated++;
    return text;
}

static void nothing_is_evaluated_recorded_or_counted(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    int passes = 0;
    (void)state;
    assert_string_equal(evaluate("x"), "x");
    assert_int_equal(evaluated, 1);
    evaluated = 0;
    tracer_event(fixture->tracer, TRACE_FILE, evaluate("x"), evaluate("y"));
    trace_event(TRACE_FILE, evaluate("x"), NULL);
    tracer_counter(fixture->tracer, TRACE_FILE, evaluate("x"), 1);
    tracer_op(fixture->tracer, evaluate("x"), 1, true);
    TRACER_SPAN (fixture->tracer, TRACE_FILE, evaluate("x"))
        passes++;
    struct trace_span span = tracer_span_begin(fixture->tracer, TRACE_FILE, evaluate("x"));
    trace_span_end(&span);
    assert_int_equal(tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = evaluate("x") }), TRACER_OK);
    assert_int_equal(tracer_tick(fixture->tracer, 1, 1), TRACER_OK);
    tracer_io(fixture->tracer, 1, 1);
    tracer_process_spawned(fixture->tracer);
    assert_int_equal(evaluated, 0);
    assert_int_equal(passes, 1);
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(fixture_sum(summary.losses.attempted), 0);
    assert_int_equal(summary.syscall_count + summary.tick_count + summary.bytes_read + summary.processes_spawned, 0);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(nothing_is_evaluated_recorded_or_counted) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
