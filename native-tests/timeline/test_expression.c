/* The query language for events: the meaning of its terms, the errors for invalid texts, and timelines, which evaluate
 * once per name, compared with evaluating each event by itself. */
#include "expressions.h"
#include "random_trace.h"

static const struct asked_event opened = {
    .name = "openat",
    .detail = "fd 3 </usr/include>, stdio.h = -1 ENOENT",
    .category = "FILE",
    .process = "cc1: cc1 -quiet f.c",
    .thread = "worker 2",
    .pid = 4200,
    .tid = 4207,
    .duration_ns = 1500000,
    .self_ns = 1000,
    .is_span = true,
    .failed = true,
};

static const struct asked_event fetched = {
    .name = "fetch",
    .arguments =
        "{\"url\":\"http://x/a b\",\"size\":12,\"a.b\":true,\"request\":{\"headers\":[\"X\",\"Y\"]},\"none\":null}",
    .category = "net",
    .process = "",
    .thread = "",
};

static bool takes(const char *text, const struct asked_event *event)
{
    struct expression *expression = expression_of(text);
    bool is = expression_takes(expression, event);
    expression_destroy(expression);
    return is;
}

static const struct {
    const char *text;
    const struct asked_event *event;
    bool takes;
} terms[] = {
    { "", &opened, true },
    { "  ", &opened, true },
    { "open", &opened, true },
    { "OPENAT", &opened, true },
    { "STDIO", &opened, true },
    { "o*at", &opened, true },
    { "std*ENOENT", &opened, true },
    { "\"std*ENOENT\"", &opened, false },
    { "\"stdio.h = -1\"", &opened, true },
    { "stdio nothing", &opened, false },
    { "stdio openat", &opened, true },
    { "http://x", &fetched, true },
    { "/usr/include", &opened, true },
    { "/usr/", &opened, true },
    { "/no/such", &opened, false },
    { "name:openat", &opened, true },
    { "name:open", &opened, false },
    { "name:open*", &opened, true },
    { "NAME:Open*", &opened, true },
    { "name:\"open*\"", &opened, false },
    { "name:/^open(at)?$/", &opened, true },
    { "name:/^OPEN/", &opened, false },
    { "name:/^OPEN/i", &opened, true },
    { "/ENO[A-Z]+$/", &opened, true },
    { "/usr\\/include/", &opened, true },
    { "detail:*.h", &opened, true },
    { "detail:stdio", &opened, true },
    { "detail:*.c", &opened, false },
    { "detail:openat", &opened, false },
    { "detail:*", &fetched, false },
    { "category:file", &opened, true },
    { "category:fil", &opened, false },
    { "process:cc*", &opened, true },
    { "process:cc1", &opened, true },
    { "process:\"cc1: cc1 -quiet f.c\"", &opened, true },
    { "process:cc", &opened, false },
    { "process:*f.c", &opened, true },
    { "process:\"\"", &fetched, true },
    { "thread:\"worker 2\"", &opened, true },
    { "thread:worker*", &opened, true },
    { "pid:4200", &opened, true },
    { "pid:1,4200", &opened, true },
    { "pid:420", &opened, false },
    { "tid:4207 pid:4200", &opened, true },
    { "tid:4200", &opened, false },
    { "failed", &opened, true },
    { "failed", &fetched, false },
    { "\"failed\"", &opened, false },
    { "dur>1ms", &opened, true },
    { "dur>1.5ms", &opened, false },
    { "dur>=1.5ms", &opened, true },
    { "dur=1500us", &opened, true },
    { "dur<1.5ms", &opened, false },
    { "dur<=1500\xc2\xb5s", &opened, true },
    { "dur < 0.1min", &opened, true },
    { "dur > 1499999ns", &opened, true },
    { "dur>=0", &fetched, false },
    { "-dur>=0", &fetched, true },
    { "self>999.5ns", &opened, true },
    { "self>1us", &opened, false },
    { "-failed", &opened, false },
    { "-name:read", &opened, true },
    { "-open", &opened, false },
    { "-\"std io\"", &opened, true },
    { "-/^open/", &opened, false },
    { "arg.size:12", &fetched, true },
    { "arg.size:1", &fetched, false },
    { "arg.url:\"http://x/a b\"", &fetched, true },
    { "arg.url:http*", &fetched, true },
    { "arg.a.b:true", &fetched, true },
    { "arg.request.headers.1:y", &fetched, true },
    { "arg.request.headers.2:*", &fetched, false },
    { "arg.none:null", &fetched, true },
    { "arg.size:/^1/", &fetched, true },
    { "arg.size:12", &opened, false },
    { "std::vector", &opened, false },
    { "dur", &opened, false },
    { "x\xc3\xa4", &opened, false },
};

static void terms_mean_what_is_said_of_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof terms / sizeof terms[0]; i++)
        if (takes(terms[i].text, terms[i].event) != terms[i].takes)
            fail_msg("\"%s\" of %s should be %d", terms[i].text, terms[i].event->name, terms[i].takes);
}

/* Images of system calls have arguments and a result side by side. */
static void arguments_beside_a_result_are_found(void **state)
{
    const struct asked_event event = { .name = "x",
                                       .arguments = "{\"arguments\":{\"fd\":3},\"result\":{\"code\":-1}}" };
    const struct asked_event list = { .name = "x", .arguments = "[\"a\",7]" };
    (void)state;
    assert_true(takes("arg.fd:3", &event));
    assert_true(takes("arg.result.code:-1", &event));
    assert_false(takes("arg.fd:4", &event));
    assert_true(takes("arg.1:7", &list));
}

static void what_is_wrong_is_said_with_its_place(void **state)
{
    static const struct {
        const char *text, *says;
        size_t at, bytes;
    } cases[] = {
        { "open nmae:x", "there is no field nmae:", 5, 5 },
        { "name:", "a text must follow", 5, 0 },
        { "name: x", "a text must follow", 5, 0 },
        { "\"open", "the \" has no second one", 0, 5 },
        { "a \"b\"c", "a space must follow", 5, 1 },
        { "pid:4x", "4x is not a number", 4, 2 },
        { "pid:", " is not a number", 4, 0 },
        { "tid:1,", "1, is not a number", 4, 2 },
        { "pid:99999999999999999999", "is not a number", 4, 20 },
        { "dur>1", "1 has no unit that is known", 4, 1 },
        { "dur>", "a time must follow", 4, 0 },
        { "self>1parsec", "1parsec has no unit", 5, 7 },
        { "dur>fast", "a time must follow", 4, 4 },
        { "a - b", "nothing follows the -", 2, 1 },
        { "x /a(/", "the ( has no )", 4, 1 },
        { "/a(b", "has no end", 0, 4 },
        { "name:/[z-a]/", "ends before it begins", 7, 4 },
        { "arg.fd", "arg. must be followed", 0, 6 },
        { "arg.:3", "arg. must be followed", 0, 6 },
    };
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct expression *expression;
        struct expression_error error;
        assert_int_equal(expression_create(&expression, cases[i].text, &error), TRACER_ERROR_ARGUMENT);
        assert_null(expression);
        if (!strstr(error.text, cases[i].says) || error.at != cases[i].at || error.bytes != cases[i].bytes)
            fail_msg("\"%s\": \"%s\" at %zu + %zu", cases[i].text, error.text, error.at, error.bytes);
    }
}

static void too_many_terms_are_refused(void **state)
{
    char text[300] = "";
    struct expression *expression;
    struct expression_error error;
    (void)state;
    for (int i = 0; i < 65; i++)
        memcpy(text + 2 * (size_t)i, "a ", 3);
    assert_int_equal(expression_create(&expression, text, &error), TRACER_ERROR_ARGUMENT);
    assert_non_null(strstr(error.text, "more than 64 terms"));
    assert_int_equal(error.at, 128);
}

/* ------------------------------------------------------------------ timelines */

static const char *const asked[] = {
    "open",
    "needle",
    "-needle",
    "\"1 is\"",
    "name:read",
    "name:r* -name:x",
    "-name:open -category:file",
    "category:m*",
    "category:/^(net|ipc)$/",
    "pid:100",
    "pid:99,98 tid:3,4,5",
    "-tid:0",
    "process:\"\"",
    "thread:nobody",
    "failed",
    "-failed dur>=0",
    "dur>20ns",
    "-dur>20ns",
    "self<5ns",
    "self>3ns -open",
    "-self>3ns",
    "/^(open|wait)$/",
    "/[13579] is it, N/",
    "detail:*7*needle",
    "-/e/ -detail:x",
    "arg.x:1",
    "-arg.x:1 failed",
};
#define ASKED (sizeof asked / sizeof asked[0])

static struct asked_event asked_of(const struct random_trace *trace, uint32_t index)
{
    struct timeline_track track;
    struct timeline_process process;
    const struct timeline_event event = trace_event_at(trace->timeline, index);
    assert_true(timeline_track(trace->timeline, event.track, &track));
    assert_true(timeline_process(trace->timeline, track.process, &process));
    return (struct asked_event){
        .name = event.name,
        .detail = event.detail,
        .arguments = event.arguments,
        .category = timeline_category(trace->timeline, event.category, NULL),
        .process = process.name,
        .thread = track.name,
        .pid = track.pid,
        .tid = track.tid,
        .duration_ns = (uint64_t)event.duration_ns,
        .self_ns = (uint64_t)event.self_ns,
        .is_span = event.kind == TIMELINE_SPAN,
        .failed = (event.flags & TIMELINE_ERROR) != 0,
    };
}

/* Steps of any size give the same view. */
static struct timeline_view *made_in_steps(struct random_trace *trace, const struct expression *expression)
{
    struct timeline_making *making;
    bool more = true;
    double share = 0;
    assert_int_equal(timeline_making_begin(&making, trace->timeline, NULL, expression), TRACER_OK);
    while (more) {
        assert_int_equal(timeline_making_step(making, 1 + (uint32_t)trace_below(trace, 50), &more), TRACER_OK);
        assert_true(timeline_making_share(making) >= share && timeline_making_share(making) <= 1);
        share = timeline_making_share(making);
    }
    return timeline_making_take(making);
}

static void check_view(struct random_trace *trace, struct expression *expression, const char *text,
                       const struct timeline_view *view)
{
    uint32_t passing = 0;
    for (uint32_t i = 0; i < trace->count; i++) {
        const struct asked_event event = asked_of(trace, i);
        bool passes = view_position(view, i) != TIMELINE_NONE;
        if (expression_takes(expression, &event) != passes)
            fail_msg("\"%s\": event %" PRIu32 ", %s, %s", text, i, event.name, event.detail);
        passing += passes;
    }
    assert_int_equal(timeline_view_events(view), passing);
}

static void ask_timeline(struct random_trace *trace)
{
    for (size_t i = 0; i < ASKED; i++) {
        struct expression *expression = expression_of(asked[i]);
        struct timeline_view *whole, *stepped = made_in_steps(trace, expression);
        assert_int_equal(timeline_view_create_asked(&whole, trace->timeline, NULL, expression, NULL), TRACER_OK);
        check_view(trace, expression, asked[i], whole);
        check_view(trace, expression, asked[i], stepped);
        assert_int_equal(whole->group_count, stepped->group_count);
        for (uint32_t group = 0; group < whole->group_count; group++) {
            assert_int_equal(whole->groups[group].start_ns, stepped->groups[group].start_ns);
            assert_int_equal(whole->groups[group].end_ns, stepped->groups[group].end_ns);
        }
        timeline_view_destroy(whole);
        timeline_view_destroy(stepped);
        expression_destroy(expression);
    }
}

static void a_timeline_takes_what_its_events_do(void **state)
{
    (void)state;
    for_random_traces(ask_timeline);
}

/* In each of the rows, more events than are filtered at once. */
static void many_events_are_sifted_as_each_is(void **state)
{
    static const struct trace_shape shape = {
        .events = 9000, .tracks = 2, .span_ns = INT64_C(1) << 40, .longest_ns = 5000
    };
    struct random_trace *trace = trace_make(7, &shape);
    (void)state;
    ask_timeline(trace);
    trace_free(trace);
}

/* As in images of ringscope record: threads have names, and processes are known by their first thread's name. */
static void a_process_without_a_name_goes_by_its_first_thread(void **state)
{
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    (void)state;
    for (int64_t tid = 7; tid < 9; tid++) {
        const struct timeline_item item = {
            .track = timeline_builder_track(builder, 7, tid, TIMELINE_NONE),
            .name = timeline_builder_name(builder, "x", 1),
            .category = (uint8_t)timeline_builder_category(builder, "c", 1),
        };
        timeline_builder_add(builder, &item);
    }
    timeline_builder_name_thread(builder, 7, 7, "grep: grep -r", 13);
    timeline_builder_name_thread(builder, 7, 8, "worker", 6);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    struct expression *of_process = expression_of("process:grep"), *of_thread = expression_of("thread:grep");
    struct timeline_view *view;
    assert_int_equal(timeline_view_create_asked(&view, timeline, NULL, of_process, NULL), TRACER_OK);
    assert_int_equal(timeline_view_events(view), 2);
    timeline_view_destroy(view);
    assert_int_equal(timeline_view_create_asked(&view, timeline, NULL, of_thread, NULL), TRACER_OK);
    assert_int_equal(timeline_view_events(view), 1);
    timeline_view_destroy(view);
    expression_destroy(of_process);
    expression_destroy(of_thread);
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
}

static void a_view_that_is_no_longer_wanted_is_stopped(void **state)
{
    (void)state;
    const struct trace_shape shape = { .events = 1000, .tracks = 3, .span_ns = 100000, .longest_ns = 50 };
    struct random_trace *trace = trace_make(5, &shape);
    struct expression *expression = expression_of("e");
    struct timeline_making *making;
    bool more;
    assert_int_equal(timeline_making_begin(&making, trace->timeline, NULL, expression), TRACER_OK);
    assert_int_equal(timeline_making_step(making, 100, &more), TRACER_OK);
    assert_true(more);
    timeline_making_destroy(making);
    expression_destroy(expression);
    trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(terms_mean_what_is_said_of_them),
        cmocka_unit_test(arguments_beside_a_result_are_found),
        cmocka_unit_test(what_is_wrong_is_said_with_its_place),
        cmocka_unit_test(too_many_terms_are_refused),
        cmocka_unit_test(a_timeline_takes_what_its_events_do),
        cmocka_unit_test(many_events_are_sifted_as_each_is),
        cmocka_unit_test(a_process_without_a_name_goes_by_its_first_thread),
        cmocka_unit_test(a_view_that_is_no_longer_wanted_is_stopped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
