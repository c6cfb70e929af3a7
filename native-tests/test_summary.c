/* The summary: exactly SPEC.md's text, and its keys as JSON. */
#include <cjson/cJSON.h>
#include <stdio.h>

#include "fixture.h"

static char *print(const struct trace_summary *summary)
{
    char *text = NULL;
    size_t size;
    FILE *file = open_memstream(&text, &size);
    assert_non_null(file);
    assert_int_equal(trace_summary_print(summary, file), TRACER_OK);
    fclose(file);
    return text;
}

/* The state of SPEC.md's example. */
static struct fixture *example(void)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    for (int i = 0; i < 42; i++)
        tracer_event(fixture->tracer, TRACE_FILE, "open", NULL);
    for (int i = 0; i < 156; i++)
        tracer_op(fixture->tracer, "read", 0.25, i >= 2);
    for (int i = 0; i < 1000; i++)
        tracer_tick(fixture->tracer, 1, i == 0 ? 2.1 : 0.4984);
    for (int i = 0; i < 5; i++)
        tracer_process_spawned(fixture->tracer);
    for (int i = 0; i < 2; i++)
        tracer_process_exited(fixture->tracer);
    for (int i = 0; i < 3; i++)
        tracer_signal_delivered(fixture->tracer);
    for (int i = 0; i < 12; i++)
        tracer_timer_fired(fixture->tracer);
    tracer_io(fixture->tracer, 4096, 1024);
    fixture->now_ms = 1500;
    return fixture;
}

static const char *const text_of_example = "=== Kernel Statistics ===\n"
                                           "Uptime: 1.50s\n"
                                           "Tracing: ON\n"
                                           "Events buffered: 42\n"
                                           "\n"
                                           "--- Syscalls ---\n"
                                           "Total: 156\n"
                                           "Errors: 2\n"
                                           "\n"
                                           "--- Scheduler ---\n"
                                           "Ticks: 1000\n"
                                           "Avg tick: 0.500ms\n"
                                           "Max tick: 2.100ms\n"
                                           "\n"
                                           "--- Processes ---\n"
                                           "Spawned: 5\n"
                                           "Exited: 2\n"
                                           "\n"
                                           "--- Events ---\n"
                                           "Signals: 3\n"
                                           "Timers: 12\n"
                                           "\n"
                                           "--- I/O ---\n"
                                           "Read: 4096 bytes\n"
                                           "Written: 1024 bytes\n";

static void the_text_is_that_of_the_contract(void **state)
{
    struct fixture *fixture = example();
    struct trace_summary summary = fixture_summary(fixture);
    char *text = print(&summary);
    (void)state;
    assert_string_equal(text, text_of_example);
    free(text);
    fixture_end(fixture);
}

static void losses_and_a_filter_are_told_after_it(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 2 });
    (void)state;
    for (int i = 0; i < 5; i++)
        tracer_event(fixture->tracer, i < 3 ? TRACE_FILE : TRACE_IPC, "x", NULL);
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .name = "x", .duration = -1, .category = TRACE_TIMER });
    tracer_set_filter(fixture->tracer, TRACE_MASK(TRACE_FILE) | TRACE_MASK(TRACE_SCHEDULER));
    struct trace_summary summary = fixture_summary(fixture);
    char *text = print(&summary);
    const char *after = strstr(text, "Written: 0 bytes\n");
    assert_non_null(after);
    assert_string_equal(after + strlen("Written: 0 bytes\n"), "\n--- Filter ---\n"
                                                              "Recording only: SCHED FILE\n"
                                                              "\n--- Losses ---\n"
                                                              "Evicted: 3 (FILE 3)\n"
                                                              "Lost as invalid: 1 (TIMER 1)\n");
    free(text);
    fixture_end(fixture);
}

static double number(const cJSON *json, const char *key)
{
    const cJSON *item = cJSON_GetObjectItemCaseSensitive(json, key);
    if (!cJSON_IsNumber(item))
        fail_msg("%s is no number", key);
    return item->valuedouble;
}

static void the_json_has_the_keys_of_the_contract(void **state)
{
    struct fixture *fixture = example();
    struct trace_summary summary = fixture_summary(fixture);
    char *text = tracer_summary_json(&summary);
    cJSON *json = cJSON_Parse(text);
    (void)state;
    assert_non_null(json);
    assert_true(number(json, "uptime") == 1500);
    assert_true(cJSON_IsTrue(cJSON_GetObjectItemCaseSensitive(json, "enabled")));
    assert_true(number(json, "event_count") == 42);
    assert_true(number(json, "syscall_count") == 156);
    assert_true(number(json, "syscall_errors") == 2);
    assert_true(number(json, "tick_count") == 1000);
    assert_true(number(json, "max_tick_time") == 2.1);
    assert_true(number(json, "processes_spawned") == 5);
    assert_true(number(json, "processes_exited") == 2);
    assert_true(number(json, "signals_delivered") == 3);
    assert_true(number(json, "timers_fired") == 12);
    assert_true(number(json, "bytes_read") == 4096);
    assert_true(number(json, "bytes_written") == 1024);
    assert_non_null(strstr(text, "\"uptime\":1500.000000,"));
    assert_non_null(strstr(text, "\"max_tick_time\":2.100000,"));
    assert_non_null(strstr(text, "\"losses\":{\"attempted\":{\"FILE\":42}"));
    cJSON_Delete(json);
    free(text);
    fixture_end(fixture);
}

static void integers_keep_all_their_digits(void **state)
{
    struct trace_summary summary = { .bytes_read = 9007199254740993ull, .uptime_ns = 9007199254740993ull };
    char *text = tracer_summary_json(&summary);
    (void)state;
    assert_non_null(strstr(text, "\"bytes_read\":9007199254740993,"));
    assert_non_null(strstr(text, "\"uptime\":9007199254.740993,"));
    free(text);
}

static void operations_are_an_array_with_percentiles(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_op(fixture->tracer, "quoted \"name\"", 1.5, false);
    tracer_op(fixture->tracer, "read", 0.25, true);
    fixture_events(fixture, NULL);
    char *text = tracer_operations_json(fixture->events);
    cJSON *json = cJSON_Parse(text);
    assert_int_equal(cJSON_GetArraySize(json), 2);
    assert_string_equal(text,
                        "[{\"name\":\"read\",\"count\":1,\"errors\":0,\"total_time\":0.250000,\"min_time\":0.250000,"
                        "\"avg_time\":0.250000,\"max_time\":0.250000,\"p50\":0.250000,\"p90\":0.250000,"
                        "\"p99\":0.250000,\"p999\":0.250000,\"success_rate\":1.000000},"
                        "{\"name\":\"quoted \\\"name\\\"\",\"count\":1,\"errors\":1,\"total_time\":1.500000,"
                        "\"min_time\":1.500000,\"avg_time\":1.500000,\"max_time\":1.500000,\"p50\":1.500000,"
                        "\"p90\":1.500000,\"p99\":1.500000,\"p999\":1.500000,\"success_rate\":0.000000}]");
    cJSON_Delete(json);
    free(text);
    fixture_end(fixture);
}

static void output_that_cannot_be_written_is_an_error(void **state)
{
    struct trace_summary summary = { 0 };
    FILE *full = fopen("/dev/full", "w");
    (void)state;
    assert_non_null(full);
    setvbuf(full, NULL, _IONBF, 0);
    assert_int_equal(trace_summary_print(&summary, full), TRACER_ERROR_WRITE);
    fclose(full);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_that_of_the_contract),
        cmocka_unit_test(losses_and_a_filter_are_told_after_it),
        cmocka_unit_test(the_json_has_the_keys_of_the_contract),
        cmocka_unit_test(integers_keep_all_their_digits),
        cmocka_unit_test(operations_are_an_array_with_percentiles),
        cmocka_unit_test(output_that_cannot_be_written_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
