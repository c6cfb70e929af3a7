/* Events and operations as JSON: exact numbers, and arbitrary bytes as texts. */
#include <inttypes.h>

#include "parsed.h"

#define BAD "\xEF\xBF\xBD" /* U+FFFD */

static void check_event_text(const struct trace_event *event, const char *expected)
{
    char *text = tracer_event_json(event);
    cJSON *json = parsed(text);
    assert_string_equal(text, expected);
    cJSON_Delete(json);
    free(text);
}

static cJSON *parse_event(const struct trace_event *event)
{
    char *text = tracer_event_json(event);
    assert_non_null(text);
    assert_null(strchr(text, '\n'));
    return parsed_once(text);
}

/* A fixed sequence, so that a failure can be reproduced. */
static uint64_t next_random(uint64_t *random)
{
    *random = *random * 6364136223846793005ull + 1442695040888963407ull;
    uint64_t mixed = *random;
    mixed ^= mixed >> 29;
    return mixed * 0xbf58476d1ce4e5b9ull ^ mixed >> 32;
}

static void absent_fields_are_left_out_and_empty_details_kept(void **state)
{
    (void)state;
    check_event_text(&(struct trace_event){ .timestamp = 1.5, .name = "open", .category = TRACE_FILE },
                     "{\"timestamp\":1.500000,\"category\":\"FILE\",\"name\":\"open\"}");
    check_event_text(&(struct trace_event){ .name = "", .detail = "", .pid = 3, .duration = 0.25 },
                     "{\"timestamp\":0.000000,\"category\":\"SYSCALL\",\"name\":\"\",\"detail\":\"\",\"pid\":3,"
                     "\"duration\":0.250000}");
    check_event_text(&(struct trace_event){ .name = "free", .kind = TRACE_KIND_SAMPLE, .value = 0.1 },
                     "{\"timestamp\":0.000000,\"category\":\"SYSCALL\",\"name\":\"free\",\"value\":0.1}");
    check_event_text(
        &(struct trace_event){ .name = "x", .has = TRACE_HAS_PID | TRACE_HAS_DURATION | TRACE_DETAIL_LOST },
        "{\"timestamp\":0.000000,\"category\":\"SYSCALL\",\"name\":\"x\",\"pid\":0,\"duration\":0.000000,"
        "\"detail_lost\":true}");
}

/* ------------------------------------------------------------------ numbers */

static void times_are_ms_with_six_decimals_of_any_64_bits(void **state)
{
    static const uint64_t edges[] = { 0, 1, 999999, 1000000, (1ull << 53) + 1, UINT64_MAX - 1, UINT64_MAX };
    uint64_t random = 1;
    (void)state;
    for (size_t i = 0; i < 1000; i++) {
        uint64_t time_ns = i < 7 ? edges[i] : next_random(&random) >> random % 64;
        uint64_t duration_ns = i < 7 ? edges[6 - i] : next_random(&random) >> random % 64;
        struct trace_event event = { .name = "x",
                                     .kind = TRACE_KIND_SPAN,
                                     .has = TRACE_HAS_TIMESTAMP | TRACE_HAS_DURATION,
                                     .time_ns = time_ns,
                                     .duration_ns = duration_ns };
        char expected[200];
        snprintf(expected, sizeof expected,
                 "{\"timestamp\":%" PRIu64 ".%06" PRIu64 ",\"category\":\"SYSCALL\",\"name\":\"x\","
                 "\"duration\":%" PRIu64 ".%06" PRIu64 "}",
                 time_ns / 1000000, time_ns % 1000000, duration_ns / 1000000, duration_ns % 1000000);
        check_event_text(&event, expected);
    }
}

static void a_time_in_ms_is_rounded_to_ns_once(void **state)
{
    (void)state;
    check_event_text(&(struct trace_event){ .name = "x", .timestamp = 0.1 + 0.2, .duration = 1e-6 },
                     "{\"timestamp\":0.300000,\"category\":\"SYSCALL\",\"name\":\"x\",\"duration\":0.000001}");
    check_event_text(&(struct trace_event){ .name = "x", .timestamp = 1.0000006 },
                     "{\"timestamp\":1.000001,\"category\":\"SYSCALL\",\"name\":\"x\"}");
}

static void pids_are_whole_and_absent_unless_given(void **state)
{
    struct trace_event event = { .name = "x" };
    (void)state;
    cJSON *json = parse_event(&event);
    assert_false(parsed_has(json, "pid") || parsed_has(json, "duration") || parsed_has(json, "detail"));
    cJSON_Delete(json);
    event.has = TRACE_HAS_PID;
    json = parse_event(&event);
    check_number(json, "pid", 0);
    cJSON_Delete(json);
    event.pid = UINT32_MAX;
    json = parse_event(&event);
    check_number(json, "pid", 4294967295.0);
    cJSON_Delete(json);
}

static void samples_are_the_same_double_when_read_back(void **state)
{
    uint64_t random = 2;
    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint64_t bits = next_random(&random);
        struct trace_event event = { .name = "x", .kind = TRACE_KIND_SAMPLE };
        memcpy(&event.value, &bits, sizeof bits);
        if (!isfinite(event.value))
            continue;
        char *text = tracer_event_json(&event);
        double back = strtod(strstr(text, "\"value\":") + strlen("\"value\":"), NULL);
        uint64_t bits_back;
        memcpy(&bits_back, &back, sizeof back);
        if (bits_back != bits) /* also the sign of 0 */
            fail_msg("%.17g came back as %.17g: %s", event.value, back, text);
        free(text);
    }
}

static void a_sample_that_is_no_number_is_null(void **state)
{
    static const double values[] = { NAN, INFINITY, -INFINITY };
    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct trace_event event = { .name = "x", .kind = TRACE_KIND_SAMPLE, .value = values[i] };
        cJSON *json = parse_event(&event);
        assert_true(cJSON_IsNull(parsed_field(json, "value")));
        cJSON_Delete(json);
    }
}

/* -------------------------------------------------------------------- texts */

static void texts_become_valid_utf8(void **state)
{
    static const char *const texts[][2] = {
        { "plain", "plain" },
        { "\"\\/\b\f\n\r\t\x01\x1f", "\\\"\\\\/\\b\\f\\n\\r\\t\\u0001\\u001f" },
        { "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80", "caf\xc3\xa9 \xe2\x82\xac \xf0\x9f\x98\x80" },
        { "\xff\xfe", BAD BAD },
        { "a\xc3", "a" BAD }, /* truncated */
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
        check_event_text(&(struct trace_event){ .name = texts[i][0], .detail = texts[i][0], .category = TRACE_FILE },
                         expected);
    }
    check_event_text(&(struct trace_event){ .name = "x", .detail = "a\0b", .detail_size = 3 },
                     "{\"timestamp\":0.000000,\"category\":\"SYSCALL\",\"name\":\"x\",\"detail\":\"a" BAD "b\"}");
}

/* The length of the character at text, straight from its definition: the code point is decoded first and then
 * judged. */
static size_t character_bytes(const unsigned char *text, size_t left)
{
    static const uint32_t least[5] = { 0, 1, 0x80, 0x800, 0x10000 };
    size_t bytes = text[0] < 0x80 ? 1 : text[0] >> 5 == 6 ? 2 : text[0] >> 4 == 14 ? 3 : text[0] >> 3 == 30 ? 4 : 0;
    if (bytes == 0 || bytes > left)
        return 0;
    uint32_t point = bytes == 1 ? text[0] : text[0] & (0x7Fu >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        if (text[i] >> 6 != 2)
            return 0;
        point = point << 6 | (text[i] & 0x3Fu);
    }
    bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point < least[bytes] || point > 0x10FFFF || surrogate ? 0 : bytes;
}

/* Each byte that is not part of a character becomes one U+FFFD. */
static void make_valid(const unsigned char *text, size_t size, char *to)
{
    for (size_t at = 0; at < size;) {
        size_t bytes = character_bytes(text + at, size - at);
        memcpy(to, bytes ? (const char *)text + at : BAD, bytes ? bytes : 3);
        to += bytes ? bytes : 3;
        at += bytes ? bytes : 1;
    }
    *to = '\0';
}

static void check_detail(const unsigned char *text, size_t size)
{
    struct trace_event event = { .name = "x", .detail = (const char *)text, .detail_size = size };
    char *expected = malloc(3 * size + 1);
    cJSON *json = parse_event(&event);
    assert_non_null(expected);
    make_valid(text, size, expected);
    assert_string_equal(parsed_text(json, "detail"), expected);
    free(expected);
    cJSON_Delete(json);
}

/* Every byte at which the rules for UTF-8 change, in every combination of four. */
static void every_class_of_bad_utf8_becomes_replacement_characters(void **state)
{
    static const unsigned char bytes[] = {
        0x00, 0x01, 0x22, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2,
        0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xFF
    };
    enum { COUNT = sizeof bytes };
    unsigned char *text = malloc((size_t)COUNT * COUNT * 5);
    (void)state;
    assert_non_null(text);
    for (int i = 0; i < COUNT * COUNT; i++) {
        unsigned char *to = text;
        for (int j = 0; j < COUNT * COUNT; j++) {
            const unsigned char four[5] = { bytes[i / COUNT], bytes[i % COUNT], bytes[j / COUNT], bytes[j % COUNT],
                                            'z' };
            memcpy(to, four, 5);
            to += 5;
        }
        check_detail(text, (size_t)(to - text) - i % 6); /* and an end inside a character */
    }
    free(text);
}

/* Where possible the scan takes eight bytes at once: the odd byte is tried at every place of such a word. */
static void one_odd_byte_is_found_wherever_it_stands(void **state)
{
    static const unsigned char odd[] = { 0x00, 0x80, 0xFF, 0x01, '"', '\\' };
    unsigned char text[40];
    (void)state;
    for (size_t size = 1; size <= sizeof text; size++) {
        for (size_t at = 0; at < size; at++) {
            memset(text, 'a', sizeof text);
            text[at] = odd[(at + size) % sizeof odd];
            check_detail(text, size);
        }
    }
}

static void names_are_made_valid_too(void **state)
{
    struct trace_event event = { .name = "\xed\xa0\xbd\"\x01", .detail = "" };
    (void)state;
    cJSON *json = parse_event(&event);
    assert_string_equal(parsed_text(json, "name"), BAD BAD BAD "\"\x01");
    assert_string_equal(parsed_text(json, "detail"), "");
    cJSON_Delete(json);
}

static void texts_of_64_kib_pass_whole(void **state)
{
    static const char fill[] = { 'a', '"', '\x01', '\xFF' };
    unsigned char *text = malloc(65536 + 1);
    (void)state;
    assert_non_null(text);
    text[65536] = '\0';
    for (size_t i = 0; i < sizeof fill; i++) {
        memset(text, fill[i], 65536);
        check_detail(text, 65536);
        cJSON *json = parse_event(&(struct trace_event){ .name = (const char *)text });
        assert_int_equal(strlen(parsed_text(json, "name")), fill[i] == '\xFF' ? 3 * 65536 : 65536);
        cJSON_Delete(json);
    }
    free(text);
}

static void a_recorded_nul_is_in_the_json(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct trace_event event = { .name = "x", .detail = "a\0b\0", .detail_size = 4 };
    (void)state;
    assert_int_equal(tracer_event_ex(fixture->tracer, &event), TRACER_OK);
    assert_int_equal(fixture_events(fixture, NULL), 1);
    event = fixture_event(fixture, 0);
    assert_int_equal(event.detail_size, 4);
    assert_memory_equal(event.detail, "a\0b\0", 5);
    cJSON *json = parse_event(&event);
    assert_string_equal(parsed_text(json, "detail"), "a" BAD "b" BAD);
    cJSON_Delete(json);
    fixture_end(fixture);
}

static void what_became_of_a_detail_is_said(void **state)
{
    struct trace_event event = { .name = "x", .has = TRACE_DETAIL_LOST };
    (void)state;
    cJSON *json = parse_event(&event);
    assert_true(cJSON_IsTrue(parsed_field(json, "detail_lost")));
    assert_false(parsed_has(json, "detail") || parsed_has(json, "detail_truncated"));
    cJSON_Delete(json);
    event = (struct trace_event){ .name = "x", .detail = "begin", .has = TRACE_DETAIL_TRUNCATED };
    json = parse_event(&event);
    assert_true(cJSON_IsTrue(parsed_field(json, "detail_truncated")));
    assert_string_equal(parsed_text(json, "detail"), "begin");
    cJSON_Delete(json);
}

static void every_category_has_its_printed_name(void **state)
{
    static const char *const names[] = { "SYSCALL", "PROCESS", "MEMORY", "TIMER", "SIGNAL",
                                         "SCHED",   "FILE",    "IPC",    "COMP",  "CUSTOM" };
    (void)state;
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        cJSON *json = parse_event(&(struct trace_event){ .name = "x", .category = (enum trace_category)c });
        assert_string_equal(parsed_text(json, "category"), names[c]);
        cJSON_Delete(json);
    }
}

/* --------------------------------------------------------------- operations */

static void operations_are_an_array_with_percentiles(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_op(fixture->tracer, "quoted \"name\"", 1.5, false);
    tracer_op(fixture->tracer, "read", 0.25, true);
    fixture_events(fixture, NULL);
    char *text = tracer_operations_json(fixture->events);
    cJSON *json = parsed(text);
    assert_int_equal(cJSON_GetArraySize(json), 2);
    assert_string_equal(text,
                        "[{\"name\":\"read\",\"count\":1,\"errors\":0,\"total_time\":0.250000,\"min_time\":0.250000,"
                        "\"avg_time\":0.250000,\"max_time\":0.250000,\"p50\":0.250000,\"p90\":0.250000,"
                        "\"p99\":0.250000,\"p999\":0.250000,\"success_rate\":1.000000,"
                        "\"log2_buckets\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1]},"
                        "{\"name\":\"quoted \\\"name\\\"\",\"count\":1,\"errors\":1,\"total_time\":1.500000,"
                        "\"min_time\":1.500000,\"avg_time\":1.500000,\"max_time\":1.500000,\"p50\":1.500000,"
                        "\"p90\":1.500000,\"p99\":1.500000,\"p999\":1.500000,\"success_rate\":0.000000,"
                        "\"log2_buckets\":[0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,1]}]");
    cJSON_Delete(json);
    free(text);
    fixture_end(fixture);
}

static void operations_without_calls_are_left_out(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    fixture_events(fixture, NULL);
    char *text = tracer_operations_json(fixture->events);
    assert_string_equal(text, "[]");
    free(text);
    fixture_end(fixture);
}

static void an_operation_without_a_histogram_has_no_percentiles(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .histograms = 1 });
    (void)state;
    tracer_op(fixture->tracer, "open", 0.000001, true);
    tracer_op(fixture->tracer, "\xff", 9007199254.740993, true);
    tracer_op(fixture->tracer, "\xff", 0, false);
    fixture_events(fixture, NULL);
    cJSON *json = parsed_once(tracer_operations_json(fixture->events));
    assert_int_equal(cJSON_GetArraySize(json), 2);
    const cJSON *first = cJSON_GetArrayItem(json, 0), *second = cJSON_GetArrayItem(json, 1);
    assert_true(parsed_has(first, "p50") && parsed_has(first, "p999"));
    check_number(first, "p50", 0.000001);
    assert_true(parsed_has(first, "log2_buckets") && !parsed_has(second, "log2_buckets"));
    assert_string_equal(parsed_text(second, "name"), BAD);
    assert_false(parsed_has(second, "p50") || parsed_has(second, "p90") || parsed_has(second, "p99"));
    check_number(second, "min_time", 0);
    check_number(second, "count", 2);
    check_number(second, "errors", 1);
    check_number(second, "success_rate", 0.5);
    cJSON_Delete(json);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(absent_fields_are_left_out_and_empty_details_kept),
        cmocka_unit_test(times_are_ms_with_six_decimals_of_any_64_bits),
        cmocka_unit_test(a_time_in_ms_is_rounded_to_ns_once),
        cmocka_unit_test(pids_are_whole_and_absent_unless_given),
        cmocka_unit_test(samples_are_the_same_double_when_read_back),
        cmocka_unit_test(a_sample_that_is_no_number_is_null),
        cmocka_unit_test(texts_become_valid_utf8),
        cmocka_unit_test(every_class_of_bad_utf8_becomes_replacement_characters),
        cmocka_unit_test(one_odd_byte_is_found_wherever_it_stands),
        cmocka_unit_test(names_are_made_valid_too),
        cmocka_unit_test(texts_of_64_kib_pass_whole),
        cmocka_unit_test(a_recorded_nul_is_in_the_json),
        cmocka_unit_test(what_became_of_a_detail_is_said),
        cmocka_unit_test(every_category_has_its_printed_name),
        cmocka_unit_test(operations_are_an_array_with_percentiles),
        cmocka_unit_test(operations_without_calls_are_left_out),
        cmocka_unit_test(an_operation_without_a_histogram_has_no_percentiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
