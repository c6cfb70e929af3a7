/* The exporters' output, read back with a real parser. */
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

/* Spans on two tracks that overlap, an instant, a sample, and a time that the program passed out of order. */
static struct fixture *scenario(void)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    uint32_t track = tracer_add_track(fixture->tracer, 0, 0, "kernel \"0\"");
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
    /* Ordered by start, in µs with three decimals, and each with its kind. */
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
        if (strcmp(tracer_export_format(i), "perfetto") == 0) {
            assert_int_equal(text[0], '\n'); /* the tag of a packet */
            free(text);
            continue;
        }
        assert_true(json || text[0] == '\0'); /* ndjson without events is empty */
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

/* ------------------------------------------------------- many, and in pieces */

/* Several times more text than is written at once. */
static struct fixture *many(void)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 5000 });
    for (int i = 0; i < 6000; i++) {
        char detail[80];
        snprintf(detail, sizeof detail, "line %d\nand \xff%.*s", i, i % 50,
                 "..................................................");
        struct trace_event event = { .timestamp = i, .name = i % 7 ? "x" : "", .detail = i % 5 ? detail : NULL };
        event.has = TRACE_HAS_TIMESTAMP | (i % 3 ? 0 : TRACE_HAS_DURATION) | (i % 4 ? 0 : TRACE_HAS_PID);
        assert_int_equal(tracer_event_ex(fixture->tracer, &event), TRACER_OK);
    }
    return fixture;
}

static void each_event_is_the_same_alone_and_in_every_export(void **state)
{
    struct fixture *fixture = many();
    char *json = export_text(fixture, "json"), *ndjson = export_text(fixture, "ndjson");
    const char *in_json = json, *in_ndjson = ndjson;
    (void)state;
    assert_int_equal(fixture_events(fixture, NULL), 5000);
    for (size_t i = 0; i < 5000; i++) {
        struct trace_event event = fixture_event(fixture, i);
        char *alone = tracer_event_json(&event);
        size_t length = strlen(alone);
        assert_memory_equal(in_json, i ? ",\n" : "[\n", 2);
        assert_memory_equal(in_json + 2, alone, length);
        assert_memory_equal(in_ndjson, alone, length);
        assert_int_equal(in_ndjson[length], '\n');
        in_json += 2 + length;
        in_ndjson += length + 1;
        free(alone);
    }
    assert_string_equal(in_json, "\n]\n");
    assert_string_equal(in_ndjson, "");
    free(json);
    free(ndjson);
    fixture_end(fixture);
}

struct pieces {
    char *text;
    size_t size;
    int calls, stop_at;
};

static bool take_piece(void *argument, const char *bytes, size_t size)
{
    struct pieces *pieces = argument;
    pieces->calls++;
    if (pieces->calls == pieces->stop_at)
        return false;
    pieces->text = realloc(pieces->text, pieces->size + size + 1);
    assert_non_null(pieces->text);
    memcpy(pieces->text + pieces->size, bytes, size);
    pieces->size += size;
    pieces->text[pieces->size] = '\0';
    return true;
}

static enum tracer_error export_pieces(const struct fixture *fixture, const char *format, int stop_at,
                                       struct pieces *pieces)
{
    struct tracer_sink sink = { take_piece, pieces };
    *pieces = (struct pieces){ .stop_at = stop_at };
    return tracer_export(fixture->events, format, &sink);
}

static void a_sink_that_stops_is_not_called_again(void **state)
{
    struct fixture *fixture = many();
    struct pieces pieces;
    const char *format;
    (void)state;
    for (size_t i = 0; (format = tracer_export_format(i)); i++) {
        if (strcmp(format, "folded") == 0) /* instants have no duration, so it has no lines for them */
            continue;
        char *text = export_text(fixture, format);
        assert_int_equal(export_pieces(fixture, format, 0, &pieces), TRACER_OK);
        assert_string_equal(pieces.text, text);
        free(pieces.text);
        int calls = pieces.calls;
        assert_true(calls > 3);
        for (int stop_at = 1; stop_at <= calls; stop_at++) {
            assert_int_equal(export_pieces(fixture, format, stop_at, &pieces), TRACER_ERROR_WRITE);
            assert_int_equal(pieces.calls, stop_at);
            assert_memory_equal(pieces.text ? pieces.text : "", text, pieces.size); /* the part before is complete */
            free(pieces.text);
        }
        free(text);
    }
    fixture_end(fixture);
}

static ssize_t take_nothing(void *argument, const char *bytes, size_t size)
{
    (void)argument, (void)bytes, (void)size;
    return -1;
}

/* This little is only written when the file's buffer is flushed. */
static void a_file_that_takes_nothing_is_an_error(void **state)
{
    struct fixture *fixture = scenario();
    (void)state;
    fixture_events(fixture, NULL);
    for (size_t i = 0; tracer_export_format(i); i++) {
        FILE *file = fopencookie(NULL, "w", (cookie_io_functions_t){ .write = take_nothing });
        assert_non_null(file);
        assert_int_equal(tracer_export_file(fixture->events, tracer_export_format(i), file), TRACER_ERROR_WRITE);
        fclose(file);
    }
    fixture_end(fixture);
}

static void the_formats_are_those_of_the_contract(void **state)
{
    (void)state;
    assert_string_equal(tracer_export_format(0), "json");
    assert_string_equal(tracer_export_format(1), "ndjson");
    assert_string_equal(tracer_export_format(2), "chrome");
    const char *const others[] = { "perfetto", "otlp", "folded" }; /* a module need not have them */
    size_t more = 0;
    for (; more < sizeof others / sizeof *others && tracer_export_format(3 + more); more++)
        assert_string_equal(tracer_export_format(3 + more), others[more]);
    assert_null(tracer_export_format(3 + more));
    assert_null(tracer_export_format(SIZE_MAX));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(json_and_ndjson_have_every_event),
        cmocka_unit_test(chrome_is_sorted_with_names_first),
        cmocka_unit_test(chrome_sorts_thousands_of_nested_spans),
        cmocka_unit_test(no_events_are_a_document_all_the_same),
        cmocka_unit_test(the_largest_details_pass_through),
        cmocka_unit_test(a_sink_can_stop_and_a_format_must_be_known),
        cmocka_unit_test(each_event_is_the_same_alone_and_in_every_export),
        cmocka_unit_test(a_sink_that_stops_is_not_called_again),
        cmocka_unit_test(a_file_that_takes_nothing_is_an_error),
        cmocka_unit_test(the_formats_are_those_of_the_contract),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
