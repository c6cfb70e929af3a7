/* Queries and cursors: which events are returned, and none twice. */
#include <math.h>
#include <stdio.h>

#include "fixture.h"

/* Ten events at 10, 20, … 100 ms; every third a span of 5 ms, every second about pid 7, every fourth failed. */
static struct fixture *scenario(void)
{
    static const char *const names[] = { "open", "read", "close" };
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    for (int i = 1; i <= 10; i++) {
        char detail[32];
        snprintf(detail, sizeof detail, "file %d", i);
        struct trace_event event = { .timestamp = 10 * i,
                                     .name = names[i % 3],
                                     .detail = i == 5 ? NULL : detail,
                                     .duration = i % 3 == 0 ? 5 : 0,
                                     .pid = i % 2 ? 0 : 7,
                                     .has = i % 4 ? 0 : TRACE_FAILED,
                                     .category = i <= 5 ? TRACE_FILE : TRACE_IPC };
        assert_int_equal(tracer_event_ex(fixture->tracer, &event), TRACER_OK);
    }
    return fixture;
}

static void check(struct fixture *fixture, const struct tracer_query *query, const char *expected)
{
    char got[128] = "";
    size_t count = fixture_events(fixture, query);
    for (size_t i = 0; i < count; i++) {
        size_t used = strlen(got);
        snprintf(got + used, sizeof got - used, "%s%.0f", i ? " " : "", fixture_event(fixture, i).timestamp / 10);
    }
    assert_string_equal(got, expected);
}

static bool ends_in_zero(void *argument, const char *detail, size_t bytes)
{
    (*(unsigned *)argument)++;
    return bytes && detail[bytes - 1] == '0';
}

static void own_test_of_details_selects(void **state)
{
    struct fixture *fixture = scenario();
    unsigned calls = 0;
    (void)state;
    check(fixture, &(struct tracer_query){ .takes_detail = ends_in_zero, .takes_argument = &calls }, "10");
    assert_int_equal(calls, 9); /* one event has no detail */
    check(fixture,
          &(struct tracer_query){ .takes_detail = ends_in_zero, .takes_argument = &calls, .without_details = true },
          "10");
    check(fixture, &(struct tracer_query){ .takes_detail = ends_in_zero, .takes_argument = &calls, .name = "open" },
          "");
    check(fixture, &(struct tracer_query){ .takes_detail = ends_in_zero, .takes_argument = &calls, .text = "file" },
          "10");
    fixture_end(fixture);
}

static void each_field_selects(void **state)
{
    struct fixture *fixture = scenario();
    (void)state;
    check(fixture, NULL, "1 2 3 4 5 6 7 8 9 10");
    check(fixture, &(struct tracer_query){ 0 }, "1 2 3 4 5 6 7 8 9 10");
    check(fixture, &(struct tracer_query){ .categories = TRACE_MASK(TRACE_IPC) }, "6 7 8 9 10");
    check(fixture, &(struct tracer_query){ .categories = TRACE_MASK(TRACE_TIMER) }, "");
    check(fixture, &(struct tracer_query){ .has_pid = true, .pid = 7 }, "2 4 6 8 10");
    check(fixture, &(struct tracer_query){ .has_pid = true, .pid = 8 }, "");
    check(fixture, &(struct tracer_query){ .has_tid = true, .tid = 7 }, "2 4 6 8 10");
    check(fixture, &(struct tracer_query){ .name = "open" }, "3 6 9");
    check(fixture, &(struct tracer_query){ .name = "ope" }, "");
    check(fixture, &(struct tracer_query){ .name = "OPEN" }, "3 6 9");
    check(fixture, &(struct tracer_query){ .name = "*e" }, "2 5 8");
    check(fixture, &(struct tracer_query){ .name = "*" }, "1 2 3 4 5 6 7 8 9 10");
    check(fixture, &(struct tracer_query){ .text = "1" }, "1 10");
    check(fixture, &(struct tracer_query){ .text = "e" }, "1 2 3 4 5 6 7 8 9 10"); /* in names as well */
    check(fixture, &(struct tracer_query){ .text = "FILE 1" }, "1 10");
    check(fixture, &(struct tracer_query){ .failed = true }, "4 8");
    check(fixture, &(struct tracer_query){ .min_duration = 5 }, "3 6 9");
    check(fixture, &(struct tracer_query){ .min_duration = 5.001 }, "");
    check(fixture, &(struct tracer_query){ .min_duration = -1 }, "1 2 3 4 5 6 7 8 9 10");
    check(fixture, &(struct tracer_query){ .min_duration = NAN }, "");
    check(fixture, &(struct tracer_query){ .text = "" }, "1 2 3 4 5 6 7 8 9 10");
    check(fixture, &(struct tracer_query){ .last = 3 }, "8 9 10");
    check(fixture, &(struct tracer_query){ .last = 100 }, "1 2 3 4 5 6 7 8 9 10");
    fixture_end(fixture);
}

static void times_are_inclusive_and_a_part_of_a_span_is_enough(void **state)
{
    struct fixture *fixture = scenario();
    (void)state;
    check(fixture, &(struct tracer_query){ .has_since = true, .since = 90 }, "9 10");
    check(fixture, &(struct tracer_query){ .has_since = true, .since = 95 }, "9 10"); /* 9 lasts until 95 */
    check(fixture, &(struct tracer_query){ .has_since = true, .since = 95.1 }, "10");
    check(fixture, &(struct tracer_query){ .has_until = true, .until = 20 }, "1 2");
    check(fixture, &(struct tracer_query){ .has_until = true, .until = 0 }, "");
    check(fixture, &(struct tracer_query){ .has_since = true, .since = 33, .has_until = true, .until = 50 }, "3 4 5");
    check(fixture, &(struct tracer_query){ .has_since = true, .since = NAN }, "");
    check(fixture, &(struct tracer_query){ .has_since = true, .since = -5 }, "1 2 3 4 5 6 7 8 9 10");
    check(fixture, &(struct tracer_query){ .has_until = true, .until = INFINITY }, "1 2 3 4 5 6 7 8 9 10");
    fixture_end(fixture);
}

static void fields_combine(void **state)
{
    struct fixture *fixture = scenario();
    (void)state;
    check(fixture, &(struct tracer_query){ .name = "open", .categories = TRACE_MASK(TRACE_IPC) }, "6 9");
    check(fixture, &(struct tracer_query){ .name = "read", .text = "file", .last = 2 }, "7 10");
    check(fixture, &(struct tracer_query){ .has_pid = true, .pid = 7, .has_until = true, .until = 60, .last = 1 }, "6");
    fixture_end(fixture);
}

static void short_forms_are_the_same(void **state)
{
    struct fixture *fixture = scenario();
    (void)state;
    struct tracer_snapshot *events = tracer_events_by_category(fixture->tracer, TRACE_FILE);
    assert_int_equal(tracer_snapshot_count(events), 5);
    tracer_snapshot_destroy(events);
    events = tracer_events_by_pid(fixture->tracer, 7);
    assert_int_equal(tracer_snapshot_count(events), 5);
    tracer_snapshot_destroy(events);
    events = tracer_events_by_category(fixture->tracer, (enum trace_category)99);
    assert_int_equal(tracer_snapshot_count(events), 0);
    tracer_snapshot_destroy(events);
    fixture_end(fixture);
}

/* The program's own pid belongs to its tracks: no event was given it. */
static void a_pid_that_was_not_given_is_asked_for_by_queries_alone(void **state)
{
    struct fixture *fixture = scenario();
    struct tracer_reader *reader;
    struct tracer_info info;
    (void)state;
    assert_int_equal(tracer_reader_attach(&reader, fixture->tracer), TRACER_OK);
    assert_int_equal(tracer_reader_info(reader, &info), TRACER_OK);
    struct tracer_query query = { .pid = info.pid, .has_pid = true };
    assert_int_equal(fixture_events(fixture, &query), 5);
    query.pid_given = true;
    assert_int_equal(fixture_events(fixture, &query), 0);
    struct tracer_snapshot *events = tracer_events_by_pid(fixture->tracer, info.pid);
    assert_int_equal(tracer_snapshot_count(events), 0);
    tracer_snapshot_destroy(events);
    tracer_reader_close(reader);
    fixture_end(fixture);
}

static void names_beyond_the_table_are_found(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = 2 });
    char name[301];
    (void)state;
    tracer_event(fixture->tracer, TRACE_FILE, "fills", NULL);
    for (int i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "name %d", i);
        tracer_event(fixture->tracer, TRACE_FILE, name, "detail");
    }
    memset(name, 'n', 300);
    name[300] = '\0';
    tracer_event(fixture->tracer, TRACE_FILE, name, NULL);
    assert_int_equal(fixture_events(fixture, &(struct tracer_query){ .name = "name 3" }), 1);
    assert_int_equal(fixture_events(fixture, &(struct tracer_query){ .name = name }), 1);
    assert_int_equal(fixture_events(fixture, &(struct tracer_query){ .text = "ame 4" }), 1);
    assert_int_equal(fixture_events(fixture, &(struct tracer_query){ .name = "name 3", .text = "tail" }), 1);
    fixture_end(fixture);
}

static void the_summary_of_a_snapshot_is_of_the_whole_image(void **state)
{
    struct fixture *fixture = scenario();
    struct trace_summary summary;
    (void)state;
    fixture_events(fixture, &(struct tracer_query){ .last = 1 });
    tracer_snapshot_summary(fixture->events, &summary);
    assert_int_equal(summary.event_count, 10);
    assert_int_equal(summary.losses.held[TRACE_FILE], 5);
    assert_int_equal(fixture_events(fixture, &(struct tracer_query){ .without_events = true, .last = 3 }), 0);
    tracer_snapshot_summary(fixture->events, &summary);
    assert_int_equal(summary.event_count, 10);
    assert_int_equal(summary.losses.held[TRACE_FILE], 5);
    fixture_end(fixture);
}

/* ------------------------------------------------------------------ cursors */

static void record_numbers(struct fixture *fixture, int from, int to)
{
    for (int i = from; i < to; i++) {
        char text[16];
        snprintf(text, sizeof text, "%d", i);
        tracer_event(fixture->tracer, i % 2 ? TRACE_FILE : TRACE_IPC, "n", text);
    }
}

/* The new events must be the numbers [from, to) in steps. */
static void check_new(struct tracer_reader *reader, struct tracer_cursor *cursor, int from, int to, int step,
                      uint64_t expected_missed)
{
    struct tracer_snapshot *snapshot;
    struct trace_event event;
    uint64_t missed = 99;
    assert_int_equal(tracer_read_since(&snapshot, reader, cursor, &missed), TRACER_OK);
    assert_int_equal(tracer_snapshot_count(snapshot), (to - from + step - 1) / step);
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++)
        assert_int_equal(atoi(event.detail), from + (int)i * step);
    assert_int_equal(missed, expected_missed);
    tracer_snapshot_destroy(snapshot);
}

static void a_cursor_yields_each_event_once(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 7, .lanes = 1 }); /* 8 slots */
    struct tracer_reader *reader;
    struct tracer_cursor *cursor;
    (void)state;
    record_numbers(fixture, 0, 20);
    assert_int_equal(tracer_reader_attach(&reader, fixture->tracer), TRACER_OK);
    assert_int_equal(tracer_cursor_create(&cursor, reader), TRACER_OK);
    check_new(reader, cursor, 13, 20, 1, 0); /* from the oldest event held */
    check_new(reader, cursor, 20, 20, 1, 0);
    record_numbers(fixture, 20, 25);
    check_new(reader, cursor, 20, 25, 1, 0);
    record_numbers(fixture, 25, 45);
    check_new(reader, cursor, 37, 45, 1, 12);
    tracer_clear_events(fixture->tracer); /* cleared events do not count as missed */
    record_numbers(fixture, 45, 48);
    check_new(reader, cursor, 45, 48, 1, 0);
    tracer_cursor_destroy(cursor);
    tracer_reader_close(reader);
    fixture_end(fixture);
}

static void a_cursor_may_select(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 100 });
    struct tracer_query query = { .categories = TRACE_MASK(TRACE_IPC), .last = 2 };
    struct tracer_reader *reader;
    struct tracer_cursor *cursor;
    (void)state;
    record_numbers(fixture, 0, 20);
    assert_int_equal(tracer_reader_attach(&reader, fixture->tracer), TRACER_OK);
    assert_int_equal(tracer_cursor_create(&cursor, reader), TRACER_OK);
    tracer_cursor_select(cursor, &query);
    check_new(reader, cursor, 16, 20, 2, 0); /* .last applies to the first read only */
    record_numbers(fixture, 20, 40);
    check_new(reader, cursor, 20, 40, 2, 0);
    tracer_cursor_destroy(cursor);
    tracer_reader_close(reader);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(own_test_of_details_selects),
        cmocka_unit_test(each_field_selects),
        cmocka_unit_test(times_are_inclusive_and_a_part_of_a_span_is_enough),
        cmocka_unit_test(fields_combine),
        cmocka_unit_test(short_forms_are_the_same),
        cmocka_unit_test(a_pid_that_was_not_given_is_asked_for_by_queries_alone),
        cmocka_unit_test(names_beyond_the_table_are_found),
        cmocka_unit_test(the_summary_of_a_snapshot_is_of_the_whole_image),
        cmocka_unit_test(a_cursor_yields_each_event_once),
        cmocka_unit_test(a_cursor_may_select),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
