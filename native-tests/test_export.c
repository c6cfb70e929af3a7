/* Events as JSON, alone and through the exporters, read back with a real parser. */
#include <cjson/cJSON.h>
#include <stdio.h>

#include "fixture.h"

static char *export_text(struct fixture *fixture, const char *format)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    fixture_events(fixture, NULL);
    assert_int_equal(tracer_export_file(fixture->events, format, file), TRACER_OK);
    fclose(file);
    return text;
}

static void check_json(const struct trace_event *event, const char *expected)
{
    char *text = tracer_event_json(event);
    cJSON *json = cJSON_Parse(text);
    assert_string_equal(text, expected);
    assert_non_null(json);
    cJSON_Delete(json);
    free(text);
}

static void absent_fields_are_left_out_and_empty_details_kept(void **state)
{
    (void)state;
    check_json(&(struct trace_event){ .timestamp = 1.5, .name = "open", .category = TRACE_FILE },
               "{\"timestamp\":1.500000,\"category\":\"FILE\",\"name\":\"open\"}");
    check_json(&(struct trace_event){ .name = "", .detail = "", .pid = 3, .duration = 0.25 },
               "{\"timestamp\":0.000000,\"category\":\"SYSCALL\",\"name\":\"\",\"detail\":\"\",\"pid\":3,"
               "\"duration\":0.250000}");
    check_json(&(struct trace_event){ .name = "free", .kind = TRACE_KIND_SAMPLE, .value = 0.1 },
               "{\"timestamp\":0.000000,\"category\":\"SYSCALL\",\"name\":\"free\",\"value\":0.1}");
    check_json(&(struct trace_event){ .name = "x", .has = TRACE_HAS_PID | TRACE_HAS_DURATION | TRACE_DETAIL_LOST },
               "{\"timestamp\":0.000000,\"category\":\"SYSCALL\",\"name\":\"x\",\"pid\":0,\"duration\":0.000000,"
               "\"detail_lost\":true}");
}

static void times_keep_all_their_digits(void **state)
{
    (void)state;
    check_json(&(struct trace_event){ .name = "x", .time_ns = 9007199254740993ull },
               "{\"timestamp\":9007199254.740993,\"category\":\"SYSCALL\",\"name\":\"x\"}");
}

#define BAD "\xEF\xBF\xBD"

static void text_becomes_valid_utf8(void **state)
{
    static const char *const texts[][2] = {
        { "plain", "plain" },
        { "\"\\/\b\f\n\r\t\x01\x1f", "\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f" },
        { "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
        { "\xff\xfe", BAD BAD },
        { "a\xc3", "a" BAD }, /* cut */
        { "\xc0\x80", BAD BAD }, /* overlong NUL */
        { "\xe0\x80\x80", BAD BAD BAD }, /* overlong */
        { "\xed\xa0\x80z", BAD BAD BAD "z" }, /* a surrogate */
        { "\xf4\x90\x80\x80", BAD BAD BAD BAD }, /* beyond U+10FFFF */
        { "\xe2\x82 12345678", BAD BAD " 12345678" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        char expected[256];
        snprintf(expected, sizeof expected,
                 "{\"timestamp\":0.000000,\"category\":\"FILE\",\"name\":\"%s\",\"detail\":\"%s\"}", texts[i][1],
                 texts[i][1]);
        check_json(&(struct trace_event){ .name = texts[i][0], .detail = texts[i][0], .category = TRACE_FILE },
                   expected);
    }
    check_json(&(struct trace_event){ .name = "x", .detail = "a\0b", .detail_size = 3 },
               "{\"timestamp\":0.000000,\"category\":\"SYSCALL\",\"name\":\"x\",\"detail\":\"a" BAD "b\"}");
}

static void a_line_of_text_is_that_of_the_contract(void **state)
{
    static const struct trace_event events[] = {
        { .timestamp = 1, .name = "open", .detail = "/etc/passwd", .category = TRACE_FILE },
        { .timestamp = 2.346, .name = "open", .category = TRACE_SCHEDULER },
        { .name = "free", .kind = TRACE_KIND_SAMPLE, .value = 42.5, .category = TRACE_MEMORY },
        { .name = "bad\x1b[31m", .detail = "a\nb\x7f", .category = TRACE_COMPOSITOR },
        { .name = "x", .has = TRACE_DETAIL_LOST },
    };
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    (void)state;
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
        assert_int_equal(trace_event_print(&events[i], file), TRACER_OK);
    fclose(file);
    assert_string_equal(text, "[1.00] FILE open: /etc/passwd\n"
                              "[2.35] SCHED open: \n"
                              "[0.00] MEMORY free: 42.5\n"
                              "[0.00] COMP bad\\x1b[31m: a\\x0ab\\x7f\n"
                              "[0.00] SYSCALL x: (overwritten)\n");
    free(text);
}

static void samples_read_back_as_they_were(void **state)
{
    static const double values[] = { 0.1, -1.0 / 3, 1e300, 5e-324, 123456789012345678.0, 0, 42 };
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        struct trace_event event = { .name = "x", .kind = TRACE_KIND_SAMPLE, .value = values[i] };
        char *text = tracer_event_json(&event);
        assert_true(strtod(strstr(text, "\"value\":") + 8, NULL) == values[i]);
        free(text);
    }
}

/* Spans of two tracks that overlap, an instant, a sample, and a time that the program gave out of order. */
static struct fixture *scenario(void)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    uint32_t track = tracer_track(fixture->tracer, 0, 0, "kernel \"0\"");
    fixture->now_ms = 1;
    TRACER_SPAN (fixture->tracer, TRACE_FILE, "outer") {
        fixture->now_ms = 1.25;
        TRACER_SPAN (fixture->tracer, TRACE_IPC, "inner\x02") {
            fixture->now_ms = 1.5004;
            tracer_event(fixture->tracer, TRACE_MEMORY, "instant", "detail \"quoted\"");
        }
        fixture->now_ms = 3;
    }
    tracer_counter(fixture->tracer, TRACE_MEMORY, "free", 7.25);
    struct trace_event late = { .name = "told late", .timestamp = 0.5, .duration = 0.25, .track = track };
    tracer_event_ex(fixture->tracer, &late);
    return fixture;
}

static void json_and_ndjson_have_every_event(void **state)
{
    struct fixture *fixture = scenario();
    char *json = export_text(fixture, "json"), *ndjson = export_text(fixture, "ndjson");
    cJSON *array = cJSON_Parse(json);
    (void)state;
    assert_int_equal(cJSON_GetArraySize(array), 5);
    char *line = strtok(ndjson, "\n");
    for (int i = 0; i < 5; i++, line = strtok(NULL, "\n")) {
        cJSON *event = cJSON_Parse(line);
        assert_true(cJSON_Compare(event, cJSON_GetArrayItem(array, i), true));
        cJSON_Delete(event);
    }
    assert_null(line);
    cJSON_Delete(array);
    free(json);
    free(ndjson);
    fixture_end(fixture);
}

static const char *phase(const cJSON *event)
{
    return cJSON_GetObjectItem(event, "ph")->valuestring;
}

static void chrome_is_sorted_with_names_first(void **state)
{
    struct fixture *fixture = scenario();
    char *text = export_text(fixture, "chrome");
    cJSON *json = cJSON_Parse(text), *event;
    double before = 0;
    bool begun = false;
    int count = 0;
    (void)state;
    assert_non_null(json);
    cJSON_ArrayForEach(event, cJSON_GetObjectItem(json, "traceEvents"))
    {
        assert_true(cJSON_GetObjectItem(event, "pid")->valuedouble >= 1);
        assert_true(cJSON_GetObjectItem(event, "tid")->valuedouble >= 1);
        if (strcmp(phase(event), "M") == 0) {
            assert_false(begun);
            continue;
        }
        begun = true;
        count++;
        assert_true(cJSON_GetObjectItem(event, "ts")->valuedouble >= before);
        before = cJSON_GetObjectItem(event, "ts")->valuedouble;
    }
    assert_int_equal(count, 5);
    /* The order of the starts, µs with three decimals, and what each kind is. */
    const char *at = strstr(
        text,
        "{\"name\":\"told late\",\"cat\":\"SYSCALL\",\"ph\":\"X\",\"ts\":500.000,\"dur\":250.000,\"pid\":1,\"tid\":1");
    assert_non_null(at);
    at = strstr(at, "{\"name\":\"outer\",\"cat\":\"FILE\",\"ph\":\"X\",\"ts\":1000.000,\"dur\":2000.000,");
    assert_non_null(at);
    at = strstr(at, "{\"name\":\"inner\\u0002\",\"cat\":\"IPC\",\"ph\":\"X\",\"ts\":1250.000,\"dur\":250.400,");
    assert_non_null(at);
    at = strstr(at, "{\"name\":\"instant\",\"cat\":\"MEMORY\",\"ph\":\"i\",\"ts\":1500.400,");
    assert_non_null(at);
    assert_non_null(strstr(at, "\"args\":{\"detail\":\"detail \\\"quoted\\\"\"}"));
    at = strstr(at, "{\"name\":\"free\",\"cat\":\"MEMORY\",\"ph\":\"C\",\"ts\":3000.000,");
    assert_non_null(at);
    assert_non_null(strstr(at, "\"args\":{\"value\":7.25}"));
    assert_non_null(strstr(
        text, "{\"name\":\"thread_name\",\"ph\":\"M\",\"pid\":1,\"tid\":1,\"args\":{\"name\":\"kernel \\\"0\\\"\"}}"));
    cJSON_Delete(json);
    free(text);
    fixture_end(fixture);
}

static void chrome_sorts_thousands_of_nested_spans(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 5000 });
    uint64_t seed = 1;
    (void)state;
    for (int i = 0; i < 5000; i++) {
        seed = seed * 6364136223846793005ull + 1442695040888963407ull;
        struct trace_event event = {
            .name = "x", .has = TRACE_HAS_TIMESTAMP, .timestamp = (double)(seed >> 40), .duration = 1 + i
        };
        tracer_event_ex(fixture->tracer, &event);
    }
    char *text = export_text(fixture, "chrome");
    cJSON *json = cJSON_Parse(text), *event;
    double before = 0;
    int count = 0;
    cJSON_ArrayForEach(event, cJSON_GetObjectItem(json, "traceEvents"))
    {
        if (strcmp(phase(event), "X") != 0)
            continue;
        count++;
        assert_true(cJSON_GetObjectItem(event, "ts")->valuedouble >= before);
        before = cJSON_GetObjectItem(event, "ts")->valuedouble;
    }
    assert_int_equal(count, 5000);
    cJSON_Delete(json);
    free(text);
    fixture_end(fixture);
}

static void no_events_are_a_document_all_the_same(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    for (size_t i = 0; tracer_export_format(i); i++) {
        char *text = export_text(fixture, tracer_export_format(i));
        cJSON *json = cJSON_Parse(text);
        assert_true(json || text[0] == '\0'); /* ndjson of nothing is nothing */
        cJSON_Delete(json);
        free(text);
    }
    fixture_end(fixture);
}

static void the_largest_details_pass_through(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .detail_bytes = 1u << 20 });
    char *detail = calloc(1, 65537);
    (void)state;
    memset(detail, 1, 65536); /* each byte becomes six */
    for (int i = 0; i < 5; i++)
        tracer_event(fixture->tracer, TRACE_FILE, "x", detail);
    char *text = export_text(fixture, "json");
    cJSON *json = cJSON_Parse(text);
    assert_int_equal(cJSON_GetArraySize(json), 5);
    assert_string_equal(cJSON_GetObjectItem(cJSON_GetArrayItem(json, 4), "detail")->valuestring, detail);
    cJSON_Delete(json);
    free(text);
    free(detail);
    fixture_end(fixture);
}

static bool stop_at_once(void *argument, const char *bytes, size_t size)
{
    (void)bytes, (void)size;
    ++*(int *)argument;
    return false;
}

static void a_sink_can_stop_and_a_format_must_be_known(void **state)
{
    struct fixture *fixture = scenario();
    int calls = 0;
    struct tracer_sink sink = { stop_at_once, &calls };
    (void)state;
    fixture_events(fixture, NULL);
    assert_int_equal(tracer_export(fixture->events, "json", &sink), TRACER_ERROR_WRITE);
    assert_int_equal(calls, 1);
    assert_int_equal(tracer_export(fixture->events, "xml", &sink), TRACER_ERROR_UNKNOWN);
    assert_int_equal(calls, 1);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_fields_are_left_out_and_empty_details_kept),
        cmocka_unit_test(times_keep_all_their_digits),
        cmocka_unit_test(text_becomes_valid_utf8),
        cmocka_unit_test(a_line_of_text_is_that_of_the_contract),
        cmocka_unit_test(samples_read_back_as_they_were),
        cmocka_unit_test(json_and_ndjson_have_every_event),
        cmocka_unit_test(chrome_is_sorted_with_names_first),
        cmocka_unit_test(chrome_sorts_thousands_of_nested_spans),
        cmocka_unit_test(no_events_are_a_document_all_the_same),
        cmocka_unit_test(the_largest_details_pass_through),
        cmocka_unit_test(a_sink_can_stop_and_a_format_must_be_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
