/* The macros that record, in C: the ways to leave their blocks, the arguments they evaluate, the events they record. */
#include "fixture.h"

static void break_and_continue_leave_the_span_and_the_loop_of_a_scope(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    int rounds = 0, rest = 0;
    (void)state;
    for (int i = 0; i < 5; i++) {
        rounds++;
        TRACER_SPAN (fixture->tracer, TRACE_CUSTOM, "round") {
            if (i == 1)
                continue;
            if (i == 2)
                break;
        }
        rest++;
    }
    assert_int_equal(rounds, 5);
    assert_int_equal(rest, 5);
    rounds = rest = 0;
    for (int i = 0; i < 5; i++) {
        rounds++;
        TRACER_SCOPE(fixture->tracer, TRACE_CUSTOM, "round");
        if (i == 1)
            continue;
        if (i == 2)
            break;
        rest++;
    }
    assert_int_equal(rounds, 3);
    assert_int_equal(rest, 1);
    assert_int_equal(fixture_events(fixture, NULL), 8);
    fixture_end(fixture);
}

static void scopes_end_inner_first_at_the_end_of_their_block(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    {
        TRACER_SCOPE(fixture->tracer, TRACE_FILE, "outer");
        fixture->now_ms = 1;
        TRACER_SCOPE_AS(inner, fixture->tracer, TRACE_FILE, "inner");
        fixture->now_ms = 3;
        char text[] = "a text that changes";
        trace_span_detail(&inner, "nothing");
        trace_span_detail(&inner, text);
        memset(text, 'x', sizeof text - 1);
    }
    assert_int_equal(fixture_events(fixture, NULL), 2);
    struct trace_event inner = fixture_event(fixture, 0), outer = fixture_event(fixture, 1);
    assert_string_equal(inner.name, "inner");
    assert_int_equal(inner.duration_ns, 2000000);
    assert_string_equal(inner.detail, "a text that changes");
    assert_string_equal(outer.name, "outer");
    assert_int_equal(outer.duration_ns, 3000000);
    assert_null(outer.detail);
    fixture_end(fixture);
}

static void run_operation(struct fixture *fixture, const char *name, bool fail)
{
    TRACER_OP_AS(operation, fixture->tracer, TRACE_SYSCALL, name);
    fixture->now_ms += 2;
    if (fail)
        trace_span_fail(&operation);
    trace_span_detail(&operation, "result");
}

static void an_operation_is_a_span_and_a_call_also_while_tracing_is_off(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct trace_perf perf;
    char name[] = "compile";
    (void)state;
    run_operation(fixture, name, true);
    run_operation(fixture, name, false);
    tracer_disable(fixture->tracer);
    run_operation(fixture, "compile", true);
    assert_int_equal(fixture_events(fixture, NULL), 2);
    assert_true(fixture_event(fixture, 0).has & TRACE_FAILED);
    assert_false(fixture_event(fixture, 1).has & TRACE_FAILED);
    assert_string_equal(fixture_event(fixture, 0).name, "compile");
    assert_string_equal(fixture_event(fixture, 0).detail, "result");
    assert_int_equal(fixture_event(fixture, 0).duration_ns, 2000000);
    assert_int_equal(tracer_op_stats(fixture->tracer, "compile", &perf), TRACER_OK);
    assert_int_equal(perf.count, 3);
    assert_int_equal(perf.total_ns, 6000000);
    assert_int_equal(perf.errors, 2);
    fixture_end(fixture);
}

static void a_detail_that_was_overwritten_before_the_end_is_said_to_be(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 8, .detail_bytes = 4096 });
    (void)state;
    struct trace_span span = tracer_span_begin(fixture->tracer, TRACE_IPC, "waits");
    trace_span_detail(&span, "early");
    for (int i = 0; i < 300; i++)
        tracer_event(fixture->tracer, TRACE_FILE, "open", "sixteen letters!");
    trace_span_end(&span);
    fixture_events(fixture, &(struct tracer_query){ .last = 1 });
    assert_null(fixture_event(fixture, 0).detail);
    assert_true(fixture_event(fixture, 0).has & TRACE_DETAIL_LOST);
    fixture_end(fixture);
}

static int evaluated[5];

static struct tracer *tracer_of(const struct fixture *fixture)
{
    evaluated[0]++;
    return fixture->tracer;
}

static enum trace_category category_of(enum trace_category category)
{
    evaluated[1]++;
    return category;
}

static const char *text_of(int which, const char *text)
{
    evaluated[which]++;
    return text;
}

static void check_evaluated(int tracer, int category, int name, int detail)
{
    const int expected[] = { tracer, category, name, detail };
    for (int i = 0; i < 4; i++)
        assert_int_equal(evaluated[i], expected[i]);
    memset(evaluated, 0, sizeof evaluated);
}

static void each_argument_is_evaluated_once_and_only_when_wanted(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    for (int wanted = 1; wanted >= 0; wanted--) {
        tracer_event(tracer_of(fixture), category_of(TRACE_FILE), text_of(2, "a"), text_of(3, "b"));
        check_evaluated(1, 1, wanted, wanted);
        tracer_eventf(tracer_of(fixture), category_of(TRACE_FILE), text_of(2, "a"), "%s", text_of(3, "b"));
        check_evaluated(1, 1, wanted, wanted);
        tracer_counter(tracer_of(fixture), category_of(TRACE_FILE), text_of(2, "a"), *text_of(3, "b"));
        check_evaluated(1, 1, wanted, wanted);
        TRACER_SPAN (tracer_of(fixture), category_of(TRACE_FILE), text_of(2, "a"))
            check_evaluated(1, 1, wanted, 0);
        TRACER_SCOPE(tracer_of(fixture), category_of(TRACE_FILE), text_of(2, "a"));
        check_evaluated(1, 1, wanted, 0);
        TRACER_OP(tracer_of(fixture), category_of(TRACE_FILE), text_of(2, "a"));
        check_evaluated(1, 1, 1, 0);
        tracer_disable(fixture->tracer);
    }
    fixture_end(fixture);
}

static void a_formatted_detail_is_cut_at_4095_bytes(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .detail_bytes = 65536 });
    (void)state;
    tracer_eventf(fixture->tracer, TRACE_FILE, "read", "%s, %d bytes", "/etc/passwd", 12);
    tracer_eventf(fixture->tracer, TRACE_FILE, "empty", "%s", "");
    tracer_eventf(fixture->tracer, TRACE_FILE, "long", "%5000d", 1);
    assert_int_equal(fixture_events(fixture, NULL), 3);
    assert_string_equal(fixture_event(fixture, 0).detail, "/etc/passwd, 12 bytes");
    assert_string_equal(fixture_event(fixture, 1).detail, "");
    assert_int_equal(fixture_event(fixture, 2).detail_size, 4095);
    assert_true(fixture_event(fixture, 2).has & TRACE_DETAIL_TRUNCATED);
    assert_int_equal(fixture_summary(fixture).losses.details_truncated, 1);
    fixture_end(fixture);
}

static void every_category_that_is_none_is_counted_while_enabled(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    for (unsigned filtered = 0; filtered < 2; filtered++) {
        for (unsigned category = TRACE_CATEGORY_COUNT; category < 70; category++)
            tracer_event(fixture->tracer, (enum trace_category)category, "x", NULL);
        tracer_event(fixture->tracer, (enum trace_category)UINT32_MAX, "x", NULL);
        TRACER_SCOPE(fixture->tracer, (enum trace_category)12, "x");
        tracer_set_filter(fixture->tracer, TRACE_MASK(TRACE_IPC));
    }
    assert_int_equal(fixture_summary(fixture).losses.without_category, 2 * (70 - TRACE_CATEGORY_COUNT + 2));
    tracer_disable(fixture->tracer);
    tracer_event(fixture->tracer, (enum trace_category)12, "x", NULL);
    assert_int_equal(fixture_summary(fixture).losses.without_category, 2 * (70 - TRACE_CATEGORY_COUNT + 2));
    assert_int_equal(fixture_events(fixture, NULL), 0);
    fixture_end(fixture);
}

static void names_that_find_no_room_are_kept_for_their_spans(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = 2 });
    char name[] = "number 00";
    struct trace_span spans[70];
    (void)state;
    tracer_event(fixture->tracer, TRACE_FILE, "fills the table", NULL);
    for (int i = 0; i < 70; i++) {
        name[7] = (char)('0' + i / 10);
        name[8] = (char)('0' + i % 10);
        fixture->now_ms = i;
        spans[i] = tracer_span_begin(fixture->tracer, TRACE_FILE, name);
    }
    memset(name, 'x', sizeof name - 1);
    for (int i = 69; i >= 0; i--) {
        trace_span_fail(&spans[i]);
        trace_span_end(&spans[i]);
    }
    assert_int_equal(fixture_events(fixture, NULL), 71);
    assert_string_equal(fixture_event(fixture, 1).name, "number 69");
    assert_string_equal(fixture_event(fixture, 64).name, "number 06");
    assert_string_equal(fixture_event(fixture, 70).name, "(unnamed)"); /* the newest 64 are kept */
    assert_int_equal(fixture_summary(fixture).losses.names_overflowed, 70);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(break_and_continue_leave_the_span_and_the_loop_of_a_scope),
        cmocka_unit_test(scopes_end_inner_first_at_the_end_of_their_block),
        cmocka_unit_test(an_operation_is_a_span_and_a_call_also_while_tracing_is_off),
        cmocka_unit_test(a_detail_that_was_overwritten_before_the_end_is_said_to_be),
        cmocka_unit_test(each_argument_is_evaluated_once_and_only_when_wanted),
        cmocka_unit_test(a_formatted_detail_is_cut_at_4095_bytes),
        cmocka_unit_test(every_category_that_is_none_is_counted_while_enabled),
        cmocka_unit_test(names_that_find_no_room_are_kept_for_their_spans),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
