/* -DTRACE_DISABLED: the calls vanish, their arguments are not evaluated, and the library is not called. */
#define TRACE_DISABLED
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ringscope.h"

static int evaluated;

static const char *evaluate(const char *text)
{
    evaluated++;
    return text;
}

/* In parentheses, a function is the library's: creates a real tracer, and enables it. */
static struct tracer *begin(void)
{
    struct tracer *tracer = NULL;
    assert_string_equal(evaluate("x"), "x");
    assert_int_equal(evaluated, 1);
    evaluated = 0;
    assert_int_equal((tracer_create)(&tracer, NULL, NULL), TRACER_OK);
    (tracer_enable)(tracer);
    (void)(trace_enable)();
    return tracer;
}

static int record(struct tracer *tracer)
{
    int passes = 0;
    tracer_event(tracer, TRACE_FILE, evaluate("x"), evaluate("y"));
    trace_event(TRACE_FILE, evaluate("x"), NULL);
    trace_eventf(TRACE_FILE, evaluate("x"), "%d", ++passes);
    tracer_counter(tracer, TRACE_FILE, evaluate("x"), ++passes);
    tracer_op(tracer, evaluate("x"), 1, true);
    TRACER_SPAN (tracer, TRACE_FILE, evaluate("x"))
        passes++;
    TRACE_SCOPE(TRACE_FILE, evaluate("x"));
    TRACER_OP_AS(operation, tracer, TRACE_FILE, evaluate("x"));
    trace_span_detail(&operation, "detail");
    struct trace_span span = tracer_span_begin(tracer, TRACE_FILE, evaluate("x"));
    trace_span_end(&span);
    span = tracer_span_begin_async(tracer, TRACE_FILE, evaluate("x"));
    trace_span_end(&span);
    assert_int_equal(tracer_event_ex(tracer, &(struct trace_event){ .name = evaluate("x") }), TRACER_OK);
    assert_int_equal(tracer_tick(tracer, 1, 1), TRACER_OK);
    tracer_io(tracer, 1, 1);
    trace_process_spawned();
    tracer_process_spawned(tracer);
    return passes;
}

static void nothing_is_evaluated_recorded_or_counted(void **state)
{
    struct trace_summary summary;
    struct tracer *tracer = begin();
    (void)state;
    assert_int_equal(record(tracer), 1);
    assert_int_equal(evaluated, 0);
    for (int i = 0; i < 2; i++) {
        assert_int_equal((tracer_summary)(i ? tracer : (trace_default)(), &summary), TRACER_OK);
        assert_int_equal(summary.losses.attempted[TRACE_FILE], 0);
        assert_int_equal(summary.syscall_count + summary.tick_count + summary.bytes_read + summary.processes_spawned,
                         0);
    }
    (tracer_destroy)(tracer);
    (trace_close)();
}

static void what_asks_a_tracer_finds_none(void **state)
{
    struct tracer *tracer = (struct tracer *)state;
    struct trace_summary summary;
    struct trace_perf perf;
    uint64_t bytes = 1;
    memset(&summary, 1, sizeof summary);
    assert_int_equal(trace_open(NULL, NULL), TRACER_OK);
    assert_int_equal(trace_enable(), TRACER_OK);
    assert_false(trace_enabled() || trace_wants(TRACE_FILE));
    assert_int_equal(tracer_create(&tracer, NULL, NULL), TRACER_OK);
    assert_null(tracer);
    assert_int_equal(tracer_image_size(NULL, &bytes), TRACER_OK);
    assert_int_equal(bytes, 0);
    assert_int_equal(trace_summary(&summary), TRACER_OK);
    assert_int_equal(summary.event_count + summary.capacity, 0);
    assert_int_equal(trace_op_stats("read", &perf), TRACER_ERROR_UNKNOWN);
    assert_null(trace_events(NULL));
    assert_int_equal(trace_save("nowhere.ring", NULL), TRACER_ERROR_UNSUPPORTED);
    assert_int_equal(trace_add_trigger(&(struct tracer_trigger){ .directory = "nowhere", .failed = true }, NULL),
                     TRACER_OK);
    assert_string_equal(tracer_version(), TRACER_VERSION);
    trace_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_evaluated_recorded_or_counted),
        cmocka_unit_test(what_asks_a_tracer_finds_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
