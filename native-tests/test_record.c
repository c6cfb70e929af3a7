/* Recording: names, details, pids, values; anything odd, too long or too much is kept and marked. */
#include <math.h>
#include <stdio.h>

#include <errno.h>

#include "fixture.h"

static void an_event_has_what_it_was_given(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    fixture->now_ms = 1.0000005; /* rounded to 1000001 ns */
    tracer_event(fixture->tracer, TRACE_FILE, "open", "/etc/passwd");
    tracer_event(fixture->tracer, TRACE_IPC, "nothing", NULL);
    tracer_event(fixture->tracer, TRACE_CUSTOM, "empty", "");
    assert_int_equal(fixture_events(fixture, NULL), 3);
    struct trace_event event = fixture_event(fixture, 0);
    assert_int_equal(event.time_ns, 1000001);
    assert_int_equal(event.category, TRACE_FILE);
    assert_int_equal(event.kind, TRACE_KIND_INSTANT);
    assert_string_equal(event.name, "open");
    assert_string_equal(event.detail, "/etc/passwd");
    assert_int_equal(event.detail_size, 11);
    assert_int_equal(event.has & (TRACE_HAS_PID | TRACE_HAS_DURATION | TRACE_DETAIL_LOST), 0);
    assert_null(fixture_event(fixture, 1).detail);
    assert_string_equal(fixture_event(fixture, 2).detail, "");
    fixture_end(fixture);
}

static void failure_is_a_mark_of_the_event(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_event_ex(fixture->tracer,
                    &(struct trace_event){ .category = TRACE_FILE, .name = "open", .has = TRACE_FAILED });
    tracer_event(fixture->tracer, TRACE_FILE, "open", "= -1 ENOENT");
    struct trace_span span = tracer_span_begin(fixture->tracer, TRACE_IPC, "call");
    trace_span_fail(&span);
    trace_span_fail(&span);
    trace_span_end_detail(&span, "timed out");
    trace_span_fail(&span); /* harmless: it has ended */
    trace_span_end(&span);
    assert_int_equal(fixture_events(fixture, NULL), 3);
    assert_true(fixture_event(fixture, 0).has & TRACE_FAILED);
    assert_false(fixture_event(fixture, 1).has & TRACE_FAILED);
    struct trace_event event = fixture_event(fixture, 2);
    assert_true(event.has & TRACE_FAILED);
    assert_int_equal(event.category, TRACE_IPC);
    assert_string_equal(event.name, "call");
    assert_string_equal(event.detail, "timed out");
    fixture_end(fixture);
}

static void a_flow_has_its_id_and_direction(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = 8 });
    (void)state;
    fixture->now_ms = 2;
    for (int i = 0; i < 2; i++) { /* the second time, the call sites already know their names */
        tracer_flow_out(fixture->tracer, TRACE_IPC, "send", UINT64_MAX);
        tracer_flow_in(fixture->tracer, TRACE_IPC, "receive", 0);
    }
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .kind = TRACE_KIND_FLOW,
                                                            .category = TRACE_IPC,
                                                            .name = "given",
                                                            .detail = "to the worker",
                                                            .flow_id = 7,
                                                            .has = TRACE_FLOW_IN });
    for (char name[] = "a"; name[0] < 'p'; name[0]++) /* beyond the table */
        tracer_flow_out(fixture->tracer, TRACE_IPC, name, (uint64_t)name[0]);
    fixture_events(fixture, NULL);
    for (size_t i = 0; i < 4; i++) {
        struct trace_event event = fixture_event(fixture, i);
        assert_int_equal(event.kind, TRACE_KIND_FLOW);
        assert_int_equal(event.time_ns, 2000000);
        assert_string_equal(event.name, i % 2 ? "receive" : "send");
        assert_true(event.flow_id == (i % 2 ? 0 : UINT64_MAX));
        assert_int_equal(event.has & TRACE_FLOW_IN, i % 2 ? TRACE_FLOW_IN : 0);
        assert_int_equal(event.has & (TRACE_HAS_DURATION | TRACE_FAILED), 0);
    }
    assert_int_equal(fixture_event(fixture, 4).flow_id, 7);
    assert_string_equal(fixture_event(fixture, 4).detail, "to the worker");
    assert_int_equal(fixture_event(fixture, 19).flow_id, 'o');
    assert_string_equal(fixture_event(fixture, 19).name, "o");
    fixture_end(fixture);
}

static void check_fields(const struct trace_event *event, const struct trace_event *given, const char *detail)
{
    assert_true(event->async_id == given->async_id && event->parent == given->parent && event->stack == given->stack);
    assert_string_equal(event->name, given->name);
    assert_string_equal(event->arguments, given->arguments);
    assert_string_equal(event->result, given->result);
    if (detail)
        assert_string_equal(event->detail, detail);
    else
        assert_null(event->detail);
    assert_int_equal(event->has & (TRACE_HAS_ASYNC_ID | TRACE_HAS_PARENT | TRACE_HAS_STACK),
                     TRACE_HAS_ASYNC_ID | TRACE_HAS_PARENT | TRACE_HAS_STACK);
}

static void fields_come_back_beside_the_detail(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = 8, .capacity_events = 100 });
    struct trace_event given = { .category = TRACE_IPC,
                                 .name = "call",
                                 .async_id = UINT64_MAX,
                                 .parent = 7,
                                 .stack = 1u << 31,
                                 .arguments = "[1,\"two\"]",
                                 .result = "{}",
                                 .detail = "text" };
    (void)state;
    tracer_event_ex(fixture->tracer, &given);
    given.detail = NULL;
    tracer_event_ex(fixture->tracer, &given);
    for (char name[] = "a"; name[0] < 'p'; name[0]++) /* beyond the table */
        tracer_event(fixture->tracer, TRACE_IPC, name, NULL);
    given.name = "has no place in the table";
    given.detail = "";
    tracer_event_ex(fixture->tracer, &given);
    assert_int_equal(fixture_events(fixture, NULL), 18);
    struct trace_event event = fixture_event(fixture, 17);
    check_fields(&event, &given, "");
    given.name = "call";
    event = fixture_event(fixture, 0);
    check_fields(&event, &given, "text");
    event = fixture_event(fixture, 1);
    check_fields(&event, &given, NULL);
    assert_int_equal(fixture_events(fixture, &(struct tracer_query){ .text = "two" }), 0); /* only the text counts */
    assert_int_equal(fixture_events(fixture, &(struct tracer_query){ .text = "ext" }), 1);
    fixture_end(fixture);
}

static void fields_that_are_too_long_are_left_out_and_said(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .detail_bytes = 1u << 20 });
    char text[5001];
    (void)state;
    memset(text, 'x', sizeof text - 1);
    text[5000] = '\0';
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "x", .arguments = text, .result = "1" });
    text[4095] = '\0';
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "x", .arguments = text, .async_id = 3 });
    assert_int_equal(fixture_events(fixture, NULL), 2);
    assert_null(fixture_event(fixture, 0).arguments);
    assert_string_equal(fixture_event(fixture, 0).result, "1");
    assert_true(fixture_event(fixture, 0).has & TRACE_DETAIL_TRUNCATED);
    assert_string_equal(fixture_event(fixture, 1).arguments, text);
    assert_int_equal(fixture_event(fixture, 1).async_id, 3);
    fixture_end(fixture);
}

/* Each pid takes a track, and there are few of those. */
static void a_pid_beyond_the_table_of_tracks_is_kept(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .tracks = 4 });
    (void)state;
    for (uint32_t pid = 0; pid < 50; pid++)
        tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "x", .pid = pid, .has = TRACE_HAS_PID });
    assert_int_equal(fixture_events(fixture, NULL), 50);
    for (uint32_t pid = 0; pid < 50; pid++) {
        assert_true(fixture_event(fixture, pid).has & TRACE_HAS_PID);
        assert_int_equal(fixture_event(fixture, pid).pid, pid);
    }
    assert_int_equal(fixture_events(fixture, &(struct tracer_query){ .has_pid = true, .pid = 49 }), 1);
    assert_int_equal(fixture_event(fixture, 0).pid, 49);
    fixture_end(fixture);
}

static void details_of_every_length_come_back(void **state)
{
    struct fixture *fixture =
        fixture_begin((struct tracer_options){ .capacity_events = 400, .detail_bytes = 1u << 20 });
    char text[301];
    (void)state;
    for (unsigned length = 0; length <= 300; length++) {
        for (unsigned i = 0; i < length; i++)
            text[i] = (char)(1 + (i * 7 + length) % 255);
        text[length] = '\0';
        tracer_event(fixture->tracer, TRACE_FILE, "x", text);
    }
    assert_int_equal(fixture_events(fixture, NULL), 301);
    for (unsigned length = 0; length <= 300; length++) {
        struct trace_event event = fixture_event(fixture, length);
        assert_int_equal(event.detail_size, length);
        for (unsigned i = 0; i < length; i++)
            assert_int_equal((unsigned char)event.detail[i], 1 + (i * 7 + length) % 255);
    }
    fixture_end(fixture);
}

static void odd_texts_are_kept_as_they_are(void **state)
{
    static const char *const odd[] = {
        "", "\"quoted\\\"", "\x01\x1b[31m\n\t", "\xff\xfe\xc0\x80", "\xed\xa0\x80", "caf\xc3\xa9"
    };
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++)
        tracer_event(fixture->tracer, TRACE_FILE, odd[i], odd[i]);
    fixture_events(fixture, NULL);
    for (size_t i = 0; i < sizeof odd / sizeof odd[0]; i++) {
        assert_string_equal(fixture_event(fixture, i).name, odd[i]);
        assert_string_equal(fixture_event(fixture, i).detail, odd[i]);
    }
    fixture_end(fixture);
}

static void names_are_cut_to_255_bytes(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    char *name = malloc(65537);
    (void)state;
    assert_non_null(name);
    for (size_t length = 254; length <= 65536; length = length < 257 ? length + 1 : 65536) {
        memset(name, 'n', length);
        name[length] = '\0';
        tracer_event(fixture->tracer, TRACE_FILE, name, NULL);
        if (length == 65536)
            break;
    }
    assert_int_equal(fixture_events(fixture, NULL), 5);
    assert_int_equal(strlen(fixture_event(fixture, 0).name), 254);
    for (size_t i = 1; i < 5; i++)
        assert_int_equal(strlen(fixture_event(fixture, i).name), 255);
    free(name);
    fixture_end(fixture);
}

static void a_long_detail_is_cut_marked_and_counted(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .detail_bytes = 1u << 20 });
    char *text = calloc(1, 65538);
    (void)state;
    assert_non_null(text);
    memset(text, 'd', 65536);
    tracer_event(fixture->tracer, TRACE_FILE, "whole", text);
    text[65536] = 'd';
    tracer_event(fixture->tracer, TRACE_FILE, "cut", text);
    fixture_events(fixture, NULL);
    assert_int_equal(fixture_event(fixture, 0).detail_size, 65536);
    assert_int_equal(fixture_event(fixture, 0).has & TRACE_DETAIL_TRUNCATED, 0);
    assert_int_equal(fixture_event(fixture, 1).detail_size, 65536);
    assert_int_equal(fixture_event(fixture, 1).has & TRACE_DETAIL_TRUNCATED, TRACE_DETAIL_TRUNCATED);
    assert_int_equal(fixture_summary(fixture).losses.details_truncated, 1);
    free(text);
    fixture_end(fixture);
}

static void an_overwritten_detail_is_marked_and_its_event_kept(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 100, .detail_bytes = 4096 });
    char text[200];
    (void)state;
    memset(text, 'x', sizeof text);
    text[199] = '\0';
    for (int i = 0; i < 100; i++)
        tracer_event(fixture->tracer, TRACE_FILE, "x", text);
    assert_int_equal(fixture_events(fixture, NULL), 100);
    assert_int_equal(fixture_event(fixture, 0).has & TRACE_DETAIL_LOST, TRACE_DETAIL_LOST);
    assert_null(fixture_event(fixture, 0).detail);
    assert_string_equal(fixture_event(fixture, 99).detail, text);
    fixture_end(fixture);
}

static void without_details_none_is_kept(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .without_details = true, .names = 3 });
    (void)state;
    tracer_event(fixture->tracer, TRACE_FILE, "a", "secret");
    tracer_event(fixture->tracer, TRACE_FILE, "b", "");
    TRACER_SPAN (fixture->tracer, TRACE_FILE, "c") {
    }
    tracer_event(fixture->tracer, TRACE_FILE, "beyond the table", "secret");
    assert_int_equal(fixture_events(fixture, NULL), 4);
    for (size_t i = 0; i < 4; i++)
        assert_null(fixture_event(fixture, i).detail);
    assert_string_equal(fixture_event(fixture, 3).name, "beyond the table");
    fixture_end(fixture);
}

static void names_beyond_the_table_are_kept_with_the_event(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = 8, .capacity_events = 100 });
    char name[32], detail[32];
    (void)state;
    for (int i = 0; i < 40; i++) {
        snprintf(name, sizeof name, "name %d", i);
        snprintf(detail, sizeof detail, "detail %d", i);
        tracer_event(fixture->tracer, TRACE_FILE, name, i % 3 ? detail : NULL);
    }
    assert_int_equal(fixture_events(fixture, NULL), 40);
    for (int i = 0; i < 40; i++) {
        struct trace_event event = fixture_event(fixture, (size_t)i);
        snprintf(name, sizeof name, "name %d", i);
        snprintf(detail, sizeof detail, "detail %d", i);
        assert_string_equal(event.name, name);
        if (i % 3)
            assert_string_equal(event.detail, detail);
        else
            assert_null(event.detail);
    }
    assert_in_range(fixture_summary(fixture).losses.names_overflowed, 32, 39);
    fixture_end(fixture);
}

static void a_call_site_may_have_many_names(void **state)
{
    static const char *const names[] = { "one", "two", "three" };
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    char changing[8] = "aaa";
    (void)state;
    for (int i = 0; i < 9; i++)
        tracer_event(fixture->tracer, TRACE_FILE, names[i % 3], NULL);
    for (int i = 0; i < 3; i++) {
        changing[1] = (char)('a' + i); /* the same address, another text */
        tracer_event(fixture->tracer, TRACE_FILE, changing, NULL);
    }
    assert_int_equal(fixture_events(fixture, NULL), 12);
    for (size_t i = 0; i < 9; i++)
        assert_string_equal(fixture_event(fixture, i).name, names[i % 3]);
    assert_string_equal(fixture_event(fixture, 10).name, "aba");
    fixture_end(fixture);
}

static int evaluated;

static const char *evaluate(const char *text)
{
    evaluated++;
    return text;
}

static void arguments_are_evaluated_once_and_only_if_wanted(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    evaluated = 0;
    tracer_event(fixture->tracer, TRACE_FILE, evaluate("name"), evaluate("detail"));
    assert_int_equal(evaluated, 2);
    tracer_set_filter(fixture->tracer, TRACE_MASK(TRACE_IPC));
    tracer_event(fixture->tracer, TRACE_FILE, evaluate("name"), evaluate("detail"));
    TRACER_SPAN (fixture->tracer, TRACE_FILE, evaluate("name")) {
    }
    assert_int_equal(evaluated, 2);
    fixture_end(fixture);
}

static void the_full_event_takes_every_field(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    fixture->now_ms = 50;
    uint32_t track = tracer_add_track(fixture->tracer, 7, 9, "worker");
    struct trace_event given = { .timestamp = 2.5,
                                 .name = "n",
                                 .detail = "de\0il",
                                 .detail_size = 5,
                                 .duration = 1.5,
                                 .track = track,
                                 .category = TRACE_TIMER };
    assert_int_equal(tracer_event_ex(fixture->tracer, &given), TRACER_OK);
    assert_int_equal(tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "now", .pid = 4 }), TRACER_OK);
    struct trace_event zero = { .name = "zero", .has = TRACE_HAS_PID | TRACE_HAS_TIMESTAMP | TRACE_HAS_DURATION };
    assert_int_equal(tracer_event_ex(fixture->tracer, &zero), TRACER_OK);
    struct trace_event sample = { .name = "sample", .kind = TRACE_KIND_SAMPLE, .value = -0.5 };
    assert_int_equal(tracer_event_ex(fixture->tracer, &sample), TRACER_OK);
    struct trace_event ended = { .name = "ended now", .duration = 20 };
    assert_int_equal(tracer_event_ex(fixture->tracer, &ended), TRACER_OK);
    assert_int_equal(fixture_events(fixture, NULL), 5);
    struct trace_event event = fixture_event(fixture, 0);
    assert_int_equal(event.time_ns, 2500000);
    assert_int_equal(event.duration_ns, 1500000);
    assert_int_equal(event.kind, TRACE_KIND_SPAN);
    assert_int_equal(event.track, track);
    assert_memory_equal(event.detail, "de\0il", 6);
    event = fixture_event(fixture, 1);
    assert_int_equal(event.time_ns, 50000000);
    assert_int_equal(event.pid, 4);
    event = fixture_event(fixture, 2);
    assert_int_equal(event.has & (TRACE_HAS_PID | TRACE_HAS_DURATION), TRACE_HAS_PID | TRACE_HAS_DURATION);
    assert_int_equal(event.time_ns, 0);
    assert_int_equal(event.pid, 0);
    assert_true(fixture_event(fixture, 3).value == -0.5);
    assert_int_equal(fixture_event(fixture, 4).time_ns, 30000000);
    fixture_end(fixture);
}

static void what_is_no_time_is_refused_and_counted(void **state)
{
    static const double bad[] = { -1, -0.001, NAN, INFINITY, -INFINITY, 1e300 };
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    uint64_t refused = 0;
    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct trace_event at = { .name = "x", .timestamp = bad[i], .category = TRACE_IPC };
        struct trace_event lasting = { .name = "x", .duration = bad[i], .category = TRACE_IPC };
        assert_int_equal(tracer_event_ex(fixture->tracer, &at), TRACER_ERROR_ARGUMENT);
        assert_int_equal(tracer_event_ex(fixture->tracer, &lasting), TRACER_ERROR_ARGUMENT);
        refused += 2;
    }
    tracer_counter(fixture->tracer, TRACE_IPC, "x", NAN);
    assert_int_equal(tracer_event_ex(fixture->tracer, &(struct trace_event){ .category = TRACE_IPC }),
                     TRACER_ERROR_ARGUMENT);
    refused += 2;
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.losses.lost[TRACE_LOSS_INVALID][TRACE_IPC], refused);
    assert_int_equal(summary.event_count, 0);
    fixture_check_losses(&summary.losses);
    fixture_end(fixture);
}

static void a_category_that_is_none_is_refused_and_counted(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    struct trace_event event = { .name = "x", .category = (enum trace_category)TRACE_CATEGORY_COUNT };
    assert_int_equal(tracer_event_ex(fixture->tracer, &event), TRACER_ERROR_ARGUMENT);
    assert_int_equal(fixture_summary(fixture).losses.without_category, 1);
    assert_int_equal(fixture_summary(fixture).event_count, 0);
    fixture_end(fixture);
}

static void a_clock_that_gives_no_time_loses_the_event(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    fixture->now_ms = NAN;
    tracer_event(fixture->tracer, TRACE_FILE, "x", NULL);
    tracer_event(fixture->tracer, TRACE_FILE, "x", "detail");
    TRACER_SPAN (fixture->tracer, TRACE_FILE, "x") {
    }
    fixture->now_ms = 1;
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.event_count, 0);
    assert_int_equal(summary.losses.lost[TRACE_LOSS_INVALID][TRACE_FILE], 3);
    fixture_end(fixture);
}

static void errno_is_as_it_was(void **state)
{
    (void)state;
    errno = ERANGE;
    trace_event(TRACE_FILE, "makes no tracer", NULL);
    trace_op("makes the default one", 1, true);
    assert_int_equal(errno, ERANGE);
    assert_int_equal(trace_enable(), TRACER_OK);
    errno = ERANGE;
    trace_event(TRACE_FILE, "claims a lane", "detail");
    trace_eventf(TRACE_FILE, "formats", "%d %m", 1);
    TRACE_SCOPE(TRACE_FILE, "scope");
    assert_int_equal(errno, ERANGE);
    trace_close();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(errno_is_as_it_was),
        cmocka_unit_test(an_event_has_what_it_was_given),
        cmocka_unit_test(failure_is_a_mark_of_the_event),
        cmocka_unit_test(a_flow_has_its_id_and_direction),
        cmocka_unit_test(fields_come_back_beside_the_detail),
        cmocka_unit_test(fields_that_are_too_long_are_left_out_and_said),
        cmocka_unit_test(a_pid_beyond_the_table_of_tracks_is_kept),
        cmocka_unit_test(details_of_every_length_come_back),
        cmocka_unit_test(odd_texts_are_kept_as_they_are),
        cmocka_unit_test(names_are_cut_to_255_bytes),
        cmocka_unit_test(a_long_detail_is_cut_marked_and_counted),
        cmocka_unit_test(an_overwritten_detail_is_marked_and_its_event_kept),
        cmocka_unit_test(without_details_none_is_kept),
        cmocka_unit_test(names_beyond_the_table_are_kept_with_the_event),
        cmocka_unit_test(a_call_site_may_have_many_names),
        cmocka_unit_test(arguments_are_evaluated_once_and_only_if_wanted),
        cmocka_unit_test(the_full_event_takes_every_field),
        cmocka_unit_test(what_is_no_time_is_refused_and_counted),
        cmocka_unit_test(a_category_that_is_none_is_refused_and_counted),
        cmocka_unit_test(a_clock_that_gives_no_time_loses_the_event),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
