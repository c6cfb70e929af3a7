/* The "chrome" exporter: the Trace Event Format, in the order and units that viewers expect. */
#include <inttypes.h>

#include "parsed.h"
#include "reading.h"

static char *export_chrome(struct fixture *fixture, const struct tracer_query *query)
{
    struct printed printed;
    fixture_events(fixture, query);
    printed_begin(&printed);
    assert_int_equal(tracer_export_file(fixture->events, "chrome", printed.file), TRACER_OK);
    return printed_end(&printed);
}

static void record_span(struct fixture *fixture, const char *name, double start, double duration, uint32_t track)
{
    struct trace_event event = { .name = name,
                                 .category = TRACE_FILE,
                                 .timestamp = start,
                                 .duration = duration,
                                 .track = track,
                                 .has = TRACE_HAS_TIMESTAMP | TRACE_HAS_DURATION };
    assert_int_equal(tracer_event_ex(fixture->tracer, &event), TRACER_OK);
}

static bool is_metadata(const cJSON *event)
{
    return strcmp(parsed_text(event, "ph"), "M") == 0;
}

/* The event at an index, not counting metadata. */
static const cJSON *event_at(const cJSON *json, int index)
{
    const cJSON *event;
    cJSON_ArrayForEach(event, parsed_field(json, "traceEvents"))
    {
        if (!is_metadata(event) && index-- == 0)
            return event;
    }
    fail_msg("there are too few events");
    return NULL;
}

static void check_names(const cJSON *json, const char *const names[], int count)
{
    for (int i = 0; i < count; i++)
        assert_string_equal(parsed_text(event_at(json, i), "name"), names[i]);
}

/* Checks the members that every event must have, of whatever kind. Returns the number of events without metadata. */
static int check_document(const cJSON *json)
{
    const cJSON *event;
    double before = 0;
    int count = 0;
    cJSON_ArrayForEach(event, parsed_field(json, "traceEvents"))
    {
        assert_true(parsed_number(event, "pid") >= 1 && parsed_number(event, "tid") >= 1);
        if (is_metadata(event)) {
            assert_int_equal(count, 0);
            continue;
        }
        assert_true(parsed_number(event, "ts") >= before);
        before = parsed_number(event, "ts");
        assert_int_equal(parsed_has(event, "dur"), strcmp(parsed_text(event, "ph"), "X") == 0);
        count++;
    }
    return count;
}

/* -------------------------------------------------------------------- order */

static void spans_that_overlap_are_sorted_by_their_start(void **state)
{
    static const char *const names[] = { "first", "second", "third", "fourth" };
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    record_span(fixture, "second", 2, 5, 0); /* partly inside the first */
    record_span(fixture, "fourth", 4.5, 0, 0);
    record_span(fixture, "first", 1, 3, 0);
    record_span(fixture, "third", 2.000001, 100, 0);
    cJSON *json = parsed_once(export_chrome(fixture, NULL));
    assert_int_equal(check_document(json), 4);
    check_names(json, names, 4);
    cJSON_Delete(json);
    fixture_end(fixture);
}

/* A viewer nests later events into earlier ones. */
static void of_spans_that_start_together_the_longest_comes_first(void **state)
{
    static const char *const names[] = { "outer", "middle", "inner" };
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    record_span(fixture, "inner", 1, 1, 0);
    record_span(fixture, "middle", 1, 2, 0);
    record_span(fixture, "outer", 1, 3, 0);
    cJSON *json = parsed_once(export_chrome(fixture, NULL));
    assert_int_equal(check_document(json), 3);
    check_names(json, names, 3);
    cJSON_Delete(json);
    fixture_end(fixture);
}

/* ------------------------------------------------------------------- numbers */

static void times_are_microseconds_with_three_exact_decimals(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    char expected[100];
    (void)state;
    record_span(fixture, "x", 0.000001, 0.000999, 0);
    fixture->now_ms = 1e10 + 0.5; /* 116 days: beyond 2^53 ns */
    tracer_event(fixture->tracer, TRACE_FILE, "late", NULL);
    char *text = export_chrome(fixture, NULL);
    check_text_has(text, "\"ts\":0.001,\"dur\":0.999,");
    uint64_t time_ns = fixture_event(fixture, 1).time_ns;
    assert_true(time_ns > 1ull << 53);
    snprintf(expected, sizeof expected, "\"ts\":%" PRIu64 ".%03" PRIu64 ",", time_ns / 1000, time_ns % 1000);
    check_text_has(text, expected);
    free(text);
    fixture_end(fixture);
}

static void what_was_evicted_and_lost_is_told(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 3 });
    (void)state;
    for (int i = 0; i < 10; i++)
        tracer_event(fixture->tracer, i % 2 ? TRACE_FILE : TRACE_IPC, "x", NULL);
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "x", .duration = -1 });
    cJSON *json = parsed_once(export_chrome(fixture, NULL));
    const cJSON *other = parsed_field(json, "otherData");
    check_number(other, "events_evicted", 7);
    check_number(other, "events_lost", 1);
    assert_int_equal(check_document(json), 3);
    cJSON_Delete(json);
    fixture_end(fixture);
}

/* -------------------------------------------------------------------- tracks */

/* The args.name of the metadata of this kind for a process or thread; NULL if there is none. */
static const char *metadata_name(const cJSON *json, const char *kind, int pid, int tid)
{
    const cJSON *event;
    cJSON_ArrayForEach(event, parsed_field(json, "traceEvents"))
    {
        if (is_metadata(event) && strcmp(parsed_text(event, "name"), kind) == 0 && parsed_number(event, "pid") == pid &&
            parsed_number(event, "tid") == tid)
            return parsed_text(parsed_field(event, "args"), "name");
    }
    return NULL;
}

static void check_place(const cJSON *json, int index, int pid, int tid)
{
    check_number(event_at(json, index), "pid", pid);
    check_number(event_at(json, index), "tid", tid);
}

static void every_track_is_a_thread_and_none_is_0(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    uint32_t both = tracer_add_track(fixture->tracer, 70001, 70002, "thread \xff");
    uint32_t main_thread = tracer_add_track(fixture->tracer, 70001, 70001, "program");
    uint32_t no_tid = tracer_add_track(fixture->tracer, 70003, 0, NULL);
    uint32_t no_pid = tracer_add_track(fixture->tracer, 0, 70004, NULL);
    uint32_t neither = tracer_add_track(fixture->tracer, 0, 0, "kernel");
    (void)state;
    record_span(fixture, "a", 1, 1, both);
    record_span(fixture, "b", 2, 1, main_thread);
    record_span(fixture, "c", 3, 1, no_tid);
    record_span(fixture, "d", 4, 1, no_pid);
    record_span(fixture, "e", 5, 1, neither);
    cJSON *json = parsed_once(export_chrome(fixture, NULL));
    assert_int_equal(check_document(json), 5);
    check_place(json, 0, 70001, 70002);
    check_place(json, 1, 70001, 70001);
    check_place(json, 2, 70003, 70003);
    check_place(json, 3, 1, 70004);
    check_place(json, 4, 1, 1);
    assert_string_equal(metadata_name(json, "thread_name", 70001, 70002), "thread \xEF\xBF\xBD");
    assert_string_equal(metadata_name(json, "thread_name", 70001, 70001), "program");
    assert_string_equal(metadata_name(json, "process_name", 70001, 70001), "program");
    assert_null(metadata_name(json, "process_name", 70001, 70002));
    assert_string_equal(metadata_name(json, "thread_name", 1, 1), "kernel");
    assert_null(metadata_name(json, "thread_name", 70003, 70003));
    cJSON_Delete(json);
    fixture_end(fixture);
}

/* Also where another process has the same id but for its upper bits. */
static void a_thread_0_has_the_id_of_its_process(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    uint32_t thread_0 = tracer_add_track(fixture->tracer, 70003, 0, NULL);
    (void)state;
    for (uint32_t bit = 1; bit; bit <<= 1)
        tracer_add_track(fixture->tracer, 70003 ^ bit, 70003 ^ bit, NULL);
    record_span(fixture, "a", 1, 1, thread_0);
    cJSON *json = parsed_once(export_chrome(fixture, NULL));
    check_place(json, 0, 70003, 70003);
    cJSON_Delete(json);
    fixture_end(fixture);
}

static void a_thread_0_beside_the_main_thread_has_an_id_of_its_own(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    uint32_t thread_0 = tracer_add_track(fixture->tracer, 70003, 0, NULL);
    uint32_t main_thread = tracer_add_track(fixture->tracer, 70003, 70003, NULL);
    (void)state;
    record_span(fixture, "a", 1, 1, thread_0);
    record_span(fixture, "b", 2, 1, main_thread);
    cJSON *json = parsed_once(export_chrome(fixture, NULL));
    check_place(json, 0, 70003, INT32_MAX);
    check_place(json, 1, 70003, 70003);
    cJSON_Delete(json);
    fixture_end(fixture);
}

static void a_pid_that_was_given_is_the_process(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "x", .pid = 70005 });
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "y", .has = TRACE_HAS_PID });
    cJSON *json = parsed_once(export_chrome(fixture, NULL));
    assert_int_equal(check_document(json), 2);
    check_number(event_at(json, 0), "pid", 70005);
    check_number(event_at(json, 1), "pid", 1);
    cJSON_Delete(json);
    fixture_end(fixture);
}

/* ------------------------------------------------------------------- contents */

static void every_kind_has_its_phase_and_arguments(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_event(fixture->tracer, TRACE_SCHEDULER, "instant", NULL);
    tracer_event(fixture->tracer, TRACE_IPC, "", "");
    tracer_counter(fixture->tracer, TRACE_MEMORY, "counter", 0.1);
    fixture->now_ms = 1;
    struct trace_event span = { .name = "span", .duration = 0.5, .detail = "a\0\"", .detail_size = 3 };
    tracer_event_ex(fixture->tracer, &span);
    cJSON *json = parsed_once(export_chrome(fixture, NULL));
    assert_int_equal(check_document(json), 4);
    assert_string_equal(parsed_text(event_at(json, 0), "ph"), "i");
    assert_string_equal(parsed_text(event_at(json, 0), "s"), "t");
    assert_string_equal(parsed_text(event_at(json, 0), "cat"), "SCHED");
    assert_false(parsed_has(event_at(json, 0), "args"));
    assert_string_equal(parsed_text(event_at(json, 1), "name"), "");
    assert_string_equal(parsed_text(parsed_field(event_at(json, 1), "args"), "detail"), "");
    assert_string_equal(parsed_text(event_at(json, 2), "ph"), "C");
    check_number(parsed_field(event_at(json, 2), "args"), "value", 0.1);
    assert_string_equal(parsed_text(event_at(json, 3), "ph"), "X");
    assert_string_equal(parsed_text(parsed_field(event_at(json, 3), "args"), "detail"), "a\xEF\xBF\xBD\"");
    cJSON_Delete(json);
    fixture_end(fixture);
}

static void async_spans_are_a_beginning_and_an_end_that_share_an_id(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    struct trace_span first = tracer_span_begin_async(fixture->tracer, TRACE_IPC, "first");
    fixture->now_ms = 1;
    struct trace_span second = tracer_span_begin_async(fixture->tracer, TRACE_IPC, "second");
    fixture->now_ms = 2;
    trace_span_end_detail(&first, "done");
    fixture->now_ms = 4;
    trace_span_end(&second);
    tracer_span_begin_async(fixture->tracer, TRACE_IPC, "open");
    cJSON *json = parsed_once(export_chrome(fixture, NULL));
    static const char *const phases[] = { "b", "e", "b", "e", "b" };
    static const double times[] = { 0, 2000, 1000, 4000, 4000 };
    const char *ids[5];
    for (int i = 0; i < 5; i++) {
        const cJSON *event = event_at(json, i);
        assert_string_equal(parsed_text(event, "ph"), phases[i]);
        assert_true(parsed_number(event, "ts") == times[i]);
        ids[i] = parsed_text(parsed_field(event, "id2"), "local");
    }
    assert_string_equal(ids[0], ids[1]);
    assert_string_equal(ids[2], ids[3]);
    assert_string_not_equal(ids[0], ids[2]);
    assert_true(strcmp(ids[4], ids[0]) != 0 && strcmp(ids[4], ids[2]) != 0);
    assert_string_equal(parsed_text(parsed_field(event_at(json, 0), "args"), "detail"), "done");
    cJSON_Delete(json);
    fixture_end(fixture);
}

static void only_what_the_query_took_is_exported(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    for (int i = 0; i < 100; i++)
        tracer_event(fixture->tracer, i % 10 ? TRACE_FILE : TRACE_IPC, "x", NULL);
    cJSON *json = parsed_once(export_chrome(fixture, &(struct tracer_query){ .categories = TRACE_MASK(TRACE_IPC) }));
    assert_int_equal(check_document(json), 10);
    cJSON_Delete(json);
    json = parsed_once(export_chrome(fixture, &(struct tracer_query){ .categories = TRACE_MASK(TRACE_TIMER) }));
    assert_int_equal(check_document(json), 0);
    cJSON_Delete(json);
    fixture_end(fixture);
}

/* Viewers draw no arrow to anything after an f. */
static void a_flow_that_arrives_twice_has_a_step(void **state)
{
    static const char *const expected[] = { "s", "s", "t", "f", "f" };
    static const uint64_t ids[] = { 7, 8, 7, 8, 7 };
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    for (int i = 0; i < 5; i++) {
        fixture->now_ms += 1;
        if (i < 2)
            tracer_flow_out(fixture->tracer, TRACE_IPC, "send", ids[i]);
        else
            tracer_flow_in(fixture->tracer, TRACE_IPC, "receive", ids[i]);
    }
    cJSON *json = parsed_once(export_chrome(fixture, NULL));
    assert_int_equal(check_document(json), 5);
    for (int i = 0; i < 5; i++)
        assert_string_equal(parsed_text(event_at(json, i), "ph"), expected[i]);
    cJSON_Delete(json);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(spans_that_overlap_are_sorted_by_their_start),
        cmocka_unit_test(of_spans_that_start_together_the_longest_comes_first),
        cmocka_unit_test(times_are_microseconds_with_three_exact_decimals),
        cmocka_unit_test(what_was_evicted_and_lost_is_told),
        cmocka_unit_test(every_track_is_a_thread_and_none_is_0),
        cmocka_unit_test(a_thread_0_has_the_id_of_its_process),
        cmocka_unit_test(a_thread_0_beside_the_main_thread_has_an_id_of_its_own),
        cmocka_unit_test(a_pid_that_was_given_is_the_process),
        cmocka_unit_test(every_kind_has_its_phase_and_arguments),
        cmocka_unit_test(a_flow_that_arrives_twice_has_a_step),
        cmocka_unit_test(async_spans_are_a_beginning_and_an_end_that_share_an_id),
        cmocka_unit_test(only_what_the_query_took_is_exported),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
