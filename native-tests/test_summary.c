/* Summaries: as printed text and as JSON; every way to get one gives the same. */
#include "example.h"
#include "parsed.h"
#include "reading.h"

static const char example[] = "=== Kernel Statistics ===\n"
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

static char *print_summary(const struct trace_summary *summary)
{
    struct printed printed;
    printed_begin(&printed);
    assert_int_equal(trace_summary_print(summary, printed.file), TRACER_OK);
    return printed_end(&printed);
}

static char *print_fixture(const struct fixture *fixture)
{
    struct trace_summary summary = fixture_summary(fixture);
    return print_summary(&summary);
}

/* Checks the sections after the example's part. */
static void check_sections_after_example(const struct trace_summary *summary, const char *expected)
{
    char *text = print_summary(summary);
    check_text_begins(text, example);
    assert_string_equal(text + strlen(example), expected);
    free(text);
}

static cJSON *parse_summary(const struct trace_summary *summary)
{
    char *text = tracer_summary_json(summary);
    assert_non_null(text);
    assert_null(strchr(text, '\n'));
    return parsed_once(text);
}

/* ------------------------------------------------------------------ printed */

static void the_printed_summary_is_that_of_the_specification(void **state)
{
    struct fixture *fixture = example_begin();
    char *text = print_fixture(fixture);
    (void)state;
    assert_string_equal(text, example);
    free(text);
    fixture_end(fixture);
}

static void an_unused_tracer_prints_zeroes_and_no_division_by_them(void **state)
{
    struct tracer *tracer;
    struct trace_summary summary;
    (void)state;
    assert_int_equal(tracer_create(&tracer, NULL, NULL), TRACER_OK);
    assert_int_equal(tracer_summary(tracer, &summary), TRACER_OK);
    char *text = print_summary(&summary);
    assert_string_equal(text, "=== Kernel Statistics ===\nUptime: 0.00s\nTracing: OFF\nEvents buffered: 0\n"
                              "\n--- Syscalls ---\nTotal: 0\nErrors: 0\n"
                              "\n--- Scheduler ---\nTicks: 0\nAvg tick: 0.000ms\nMax tick: 0.000ms\n"
                              "\n--- Processes ---\nSpawned: 0\nExited: 0\n"
                              "\n--- Events ---\nSignals: 0\nTimers: 0\n"
                              "\n--- I/O ---\nRead: 0 bytes\nWritten: 0 bytes\n");
    free(text);
    tracer_destroy(tracer);
}

static void a_filter_prints_a_section_with_its_categories(void **state)
{
    struct fixture *fixture = example_begin();
    (void)state;
    tracer_set_filter(fixture->tracer, TRACE_MASK(TRACE_FILE) | TRACE_MASK(TRACE_SCHEDULER));
    struct trace_summary summary = fixture_summary(fixture);
    check_sections_after_example(&summary, "\n--- Filter ---\nRecording only: SCHED FILE\n");
    tracer_set_filter(fixture->tracer, 0);
    summary = fixture_summary(fixture);
    check_sections_after_example(&summary, "");
    fixture_end(fixture);
}

static void evicted_events_print_a_section_with_their_categories(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 10 });
    (void)state;
    for (int i = 0; i < 10; i++)
        tracer_event(fixture->tracer, i < 6 ? TRACE_FILE : TRACE_IPC, "x", NULL);
    char *text = print_fixture(fixture);
    check_text_lacks(text, "Losses"); /* completely full, but nothing is lost */
    free(text);
    for (int i = 0; i < 7; i++)
        tracer_event(fixture->tracer, TRACE_TIMER, "x", NULL);
    text = print_fixture(fixture);
    check_text_has(text, "Events buffered: 10\n");
    check_text_has(text, "bytes\n\n--- Losses ---\nEvicted: 7 (FILE 6, IPC 1)\n");
    free(text);
    fixture_end(fixture);
}

static void every_kind_of_loss_is_printed_with_its_count(void **state)
{
    struct fixture *fixture = example_begin();
    struct trace_summary summary = fixture_summary(fixture);
    struct trace_losses *losses = &summary.losses;
    (void)state;
    losses->evicted[TRACE_SYSCALL] = 101;
    losses->lost[TRACE_LOSS_CONTENTION][TRACE_MEMORY] = 102;
    losses->lost[TRACE_LOSS_INVALID][TRACE_CUSTOM] = 103;
    losses->lost[TRACE_LOSS_ORPHANED][TRACE_COMPOSITOR] = 104;
    losses->lost[TRACE_LOSS_OVERRUN][TRACE_PROCESS] = 105;
    losses->lost[TRACE_LOSS_OVERRUN][TRACE_SIGNAL] = UINT64_MAX / 4;
    losses->without_category = 106;
    losses->missed = 107;
    losses->names_overflowed = 108;
    losses->tracks_overflowed = 109;
    losses->details_truncated = 110;
    losses->operations_overflowed = 111;
    losses->histograms_missing = 112;
    losses->counts_lost = 113;
    losses->open_spans_overflowed = 114;
    check_sections_after_example(&summary, "\n--- Losses ---\nEvicted: 101 (SYSCALL 101)\n"
                                           "Lost to contention: 102 (MEMORY 102)\n"
                                           "Lost as invalid: 103 (CUSTOM 103)\n"
                                           "Spans ended too late: 104 (COMP 104)\n"
                                           "Lost in the kernel: 4611686018427388008 (PROCESS 105, "
                                           "SIGNAL 4611686018427387903)\n"
                                           "Lost without a category: 106\n"
                                           "In flight, not read: 107\n"
                                           "Names beyond the table: 108\n"
                                           "Tracks beyond the table: 109\n"
                                           "Details cut: 110\n"
                                           "Calls counted as (other): 111\n"
                                           "Calls without percentiles: 112\n"
                                           "Counts lost: 113\n"
                                           "Open spans beyond the table: 114\n");
    fixture_end(fixture);
}

static void any_loss_alone_is_enough_for_the_section(void **state)
{
    struct trace_losses losses;
    uint64_t *const counts[] = { &losses.names_overflowed,     &losses.tracks_overflowed,
                                 &losses.details_truncated,    &losses.operations_overflowed,
                                 &losses.histograms_missing,   &losses.counts_lost,
                                 &losses.without_category,     &losses.missed,
                                 &losses.evicted[0],           &losses.lost[0][9],
                                 &losses.lost[1][8],           &losses.lost[2][7],
                                 &losses.lost[3][6],           &losses.open_spans_overflowed,
                                 &losses.processes_overflowed, &losses.stacks_overflowed };
    (void)state;
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
        struct trace_summary summary = { 0 };
        memset(&losses, 0, sizeof losses);
        *counts[i] = 7;
        summary.losses = losses;
        char *text = print_summary(&summary);
        check_text_has(text, "\n--- Losses ---\n");
        check_text_has(strstr(text, "Losses"), ": 7");
        check_text_lacks(text, "Filter"); /* 0 means everything */
        free(text);
    }
}

static void a_file_that_takes_nothing_is_an_error(void **state)
{
    struct trace_summary summary = { 0 };
    char nothing[16] = "";
    FILE *file = fmemopen(nothing, sizeof nothing, "r");
    (void)state;
    assert_non_null(file);
    assert_int_equal(trace_summary_print(&summary, file), TRACER_ERROR_WRITE);
    fclose(file);
}

/* --------------------------------------------------------------------- JSON */

static void the_json_has_every_field_of_the_specification_by_its_name(void **state)
{
    static const struct {
        const char *key;
        double value;
    } fields[] = { { "uptime", 1500 },
                   { "event_count", 42 },
                   { "syscall_count", 156 },
                   { "syscall_errors", 2 },
                   { "tick_count", 1000 },
                   { "avg_tick_time", 0.5 },
                   { "max_tick_time", 2.1 },
                   { "processes_spawned", 5 },
                   { "processes_exited", 2 },
                   { "signals_delivered", 3 },
                   { "timers_fired", 12 },
                   { "bytes_read", 4096 },
                   { "bytes_written", 1024 },
                   { "tasks_polled", 3000 },
                   { "tasks_spawned", 2 },
                   { "tasks_completed", 1 },
                   { "total_tick_time", 500 },
                   { "avg_tasks_per_tick", 3 },
                   { "current_process_count", 3 },
                   { "peak_process_count", 5 },
                   { "capacity", 1000 } };
    struct fixture *fixture = example_begin();
    struct trace_summary summary = fixture_summary(fixture);
    cJSON *json = parse_summary(&summary);
    (void)state;
    for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
        check_number(json, fields[i].key, fields[i].value);
    assert_true(cJSON_IsTrue(parsed_field(json, "enabled")));
    cJSON_Delete(json);
    tracer_disable(fixture->tracer);
    summary = fixture_summary(fixture);
    json = parse_summary(&summary);
    assert_true(cJSON_IsFalse(parsed_field(json, "enabled")));
    cJSON_Delete(json);
    fixture_end(fixture);
}

static void the_json_has_what_was_lost_by_the_names_of_the_fields(void **state)
{
    static const char *const by_category[] = { "attempted",       "recorded",     "held",          "evicted",
                                               "lost_contention", "lost_invalid", "lost_orphaned", "lost_overrun" };
    static const char *const counts[] = {
        "names_overflowed",      "tracks_overflowed",    "details_truncated", "operations_overflowed",
        "histograms_missing",    "counts_lost",          "without_category",  "missed",
        "open_spans_overflowed", "processes_overflowed", "stacks_overflowed"
    };
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 4 });
    (void)state;
    for (int i = 0; i < 6; i++)
        tracer_event(fixture->tracer, TRACE_FILE, "x", NULL);
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .category = TRACE_IPC, .name = "x", .duration = -1 });
    struct trace_summary summary = fixture_summary(fixture);
    cJSON *json = parse_summary(&summary);
    const cJSON *losses = parsed_field(json, "losses");
    assert_true(cJSON_IsObject(losses));
    for (size_t i = 0; i < sizeof by_category / sizeof by_category[0]; i++)
        assert_true(cJSON_IsObject(parsed_field(losses, by_category[i])));
    for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++)
        check_number(losses, counts[i], 0);
    check_number(parsed_field(losses, "attempted"), "FILE", 6);
    check_number(parsed_field(losses, "attempted"), "IPC", 1);
    check_number(parsed_field(losses, "recorded"), "FILE", 6);
    check_number(parsed_field(losses, "held"), "FILE", 4);
    check_number(parsed_field(losses, "evicted"), "FILE", 2);
    check_number(parsed_field(losses, "lost_invalid"), "IPC", 1);
    cJSON_Delete(json);
    fixture_end(fixture);
}

static void the_json_lists_the_categories_that_are_recorded(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_set_filter(fixture->tracer, TRACE_MASK(TRACE_COMPOSITOR) | TRACE_MASK(TRACE_SYSCALL));
    struct trace_summary summary = fixture_summary(fixture);
    cJSON *json = parse_summary(&summary);
    const cJSON *filter = parsed_field(json, "filter");
    assert_int_equal(cJSON_GetArraySize(filter), 2);
    assert_string_equal(cJSON_GetArrayItem(filter, 0)->valuestring, "SYSCALL");
    assert_string_equal(cJSON_GetArrayItem(filter, 1)->valuestring, "COMP");
    cJSON_Delete(json);
    fixture_end(fixture);
}

/* cJSON reads doubles, so the digits are compared as text. */
static void numbers_in_the_json_are_exact_where_doubles_are_not(void **state)
{
    struct trace_summary summary = { .uptime_ns = 9007199254740993,
                                     .max_tick_ns = UINT64_MAX,
                                     .total_tick_ns = 1,
                                     .tick_count = 1,
                                     .bytes_read = UINT64_MAX,
                                     .bytes_written = 9007199254740993,
                                     .enabled = true };
    char *text = tracer_summary_json(&summary);
    (void)state;
    assert_non_null(text);
    check_text_has(text, "\"uptime\":9007199254.740993,");
    check_text_has(text, "\"max_tick_time\":18446744073709.551615,");
    check_text_has(text, "\"total_tick_time\":0.000001,");
    check_text_has(text, "\"bytes_read\":18446744073709551615,");
    check_text_has(text, "\"bytes_written\":9007199254740993,");
    free(text);
}

/* -------------------------------------------------------- ways to a summary */

static void check_same(const struct trace_summary *summary, const struct trace_summary *other)
{
    char *text = tracer_summary_json(summary), *other_text = tracer_summary_json(other);
    assert_non_null(text);
    assert_non_null(other_text);
    assert_string_equal(text, other_text);
    free(text);
    free(other_text);
}

static void a_reader_a_snapshot_and_the_tracer_say_the_same(void **state)
{
    struct fixture *fixture = example_begin();
    struct tracer_reader *reader = reading_attach(fixture);
    struct trace_summary summary = fixture_summary(fixture), read = reading_summary(reader), taken;
    (void)state;
    for (int i = 0; i < 2; i++) {
        check_same(&summary, &read);
        assert_int_equal(fixture_events(fixture, &(struct tracer_query){ .last = 1 }), 1);
        tracer_snapshot_summary(fixture->events, &taken);
        check_same(&summary, &taken);
        for (int j = 0; j < 2000; j++) /* causes evictions */
            tracer_event(fixture->tracer, j % 3 ? TRACE_FILE : TRACE_IPC, "x", "detail");
        summary = fixture_summary(fixture);
        read = reading_summary(reader);
        assert_int_equal(summary.event_count, 1000);
        fixture_check_losses(&summary.losses);
    }
    tracer_reader_close(reader);
    fixture_end(fixture);
}

static void times_in_ms_are_the_exact_ones(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    tracer_tick(fixture->tracer, 10, 1.000001);
    tracer_tick(fixture->tracer, 5, 2.5);
    fixture->now_ms = 3.25;
    struct trace_summary summary = fixture_summary(fixture);
    assert_int_equal(summary.total_tick_ns, 3500001);
    assert_int_equal(summary.max_tick_ns, 2500000);
    assert_int_equal(summary.uptime_ns, 3250000);
    assert_true(summary.total_tick_time == 3.500001 && summary.max_tick_time == 2.5 && summary.uptime == 3.25);
    assert_true(fabs(summary.avg_tick_time - 3.500001 / 2) < 1e-12 && summary.avg_tasks_per_tick == 7.5);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_printed_summary_is_that_of_the_specification),
        cmocka_unit_test(an_unused_tracer_prints_zeroes_and_no_division_by_them),
        cmocka_unit_test(a_filter_prints_a_section_with_its_categories),
        cmocka_unit_test(evicted_events_print_a_section_with_their_categories),
        cmocka_unit_test(every_kind_of_loss_is_printed_with_its_count),
        cmocka_unit_test(any_loss_alone_is_enough_for_the_section),
        cmocka_unit_test(a_file_that_takes_nothing_is_an_error),
        cmocka_unit_test(the_json_has_every_field_of_the_specification_by_its_name),
        cmocka_unit_test(the_json_has_what_was_lost_by_the_names_of_the_fields),
        cmocka_unit_test(the_json_lists_the_categories_that_are_recorded),
        cmocka_unit_test(numbers_in_the_json_are_exact_where_doubles_are_not),
        cmocka_unit_test(a_reader_a_snapshot_and_the_tracer_say_the_same),
        cmocka_unit_test(times_in_ms_are_the_exact_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
