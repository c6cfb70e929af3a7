/* Events whose times are far from all others: they are set apart, while silences are not. */
#include "imported.h"

#define IMPORTS(text, expected) assert_imports(text, sizeof(text) - 1, "chrome", expected)

static void what_is_far_from_all_others_does_not_stretch_the_trace(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":0,\"dur\":2,\"name\":\"zero\"},"
            "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":1700000000000000,\"dur\":1000,\"name\":\"a\"},"
            "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":1700000000005000,\"dur\":1000,\"name\":\"b\"}]",
            "1/1 0+1000000 a [(none)]\n1/1 5000000+1000000 b [(none)]\n-9007199250546688/1 0+2000 zero [(none)]\n"
            "process -9007199250546688 19675 days before the others\n"
            "note 1 event 0 byte -1: An event is days before the others: it is shown on a track of its own, from their "
            "beginning on\n");
}

#define INSTANT(ts, name) "{\"ph\":\"i\",\"ts\":" #ts ",\"name\":\"" name "\"}"

/* All times used to be counted from the first event's: times that did not fit were left out, which was all the rest. */
static void a_first_event_that_is_far_costs_no_other(void **state)
{
    (void)state;
    IMPORTS("[" INSTANT(9223372036854775807, "unset") "," INSTANT(1700000000000000, "a") "," INSTANT(1700000000000001,
                                                                                                     "b") "]",
            "0/0 0 a [(none)]\n0/0 1000 b [(none)]\n-9007199250546689/0 0 unset [(none)]\n"
            "process -9007199250546689 more than 7012 days after the others\n"
            "note 1 event 0 byte -1: An event is days after the others: it is shown on a track of its own, from their "
            "beginning on\n");
    IMPORTS("[" INSTANT(0, "unset") "," INSTANT(1700000000000000000, "a") "," INSTANT(1700000000000000001, "b") "]",
            "0/0 0 a [(none)]\n0/0 1000 b [(none)]\n-9007199250546688/0 0 unset [(none)]\n"
            "process -9007199250546688 more than 26687 days before the others\n"
            "note 1 event 0 byte -1: An event is days before the others: it is shown on a track of its own, from their "
            "beginning on\n");
    IMPORTS("[" INSTANT(5, "a") "," INSTANT(9223372036854775807, "unset") "," INSTANT(6, "b") "]",
            "0/0 0 a [(none)]\n0/0 1000 b [(none)]\n-9007199250546689/0 0 unset [(none)]\n"
            "process -9007199250546689 more than 26687 days after the others\n"
            "note 1 event 2 byte 30: An event that is more than 60 years from the others loses its time\n"
            "note 1 event 0 byte -1: An event is days after the others: it is shown on a track of its own, from their "
            "beginning on\n");
}

static void a_first_span_that_is_far_costs_no_other(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"B\",\"ts\":0,\"name\":\"unset\"},{\"ph\":\"E\",\"ts\":0}," INSTANT(
                1700000000000000000, "a") "," INSTANT(1700000000000000001, "b") "]",
            "0/0 0 a [(none)]\n0/0 1000 b [(none)]\n-9007199250546688/0 0+0 unset [(none)]\n"
            "process -9007199250546688 more than 26687 days before the others\n"
            "note 1 event 0 byte -1: An event is days before the others: it is shown on a track of its own, from their "
            "beginning on\n");
    IMPORTS("[{\"ph\":\"B\",\"ts\":0,\"name\":\"a\"},{\"ph\":\"E\",\"ts\":5}," INSTANT(1700000000000000000,
                                                                                       "unset") "," INSTANT(9, "b") "]",
            "0/0 0+5000 a [(none)]\n0/0 9000 b [(none)]\n-9007199250546689/0 0 unset [(none)]\n"
            "process -9007199250546689 more than 26687 days after the others\n"
            "note 1 event 3 byte 48: An event that is more than 60 years from the others loses its time\n"
            "note 1 event 0 byte -1: An event is days after the others: it is shown on a track of its own, from their "
            "beginning on\n");
}

static void what_is_beyond_all_bounds_is_shown_too(void **state)
{
    (void)state;
    IMPORTS("[" INSTANT(5, "a") "," INSTANT(-9223372036854775000, "early") "," INSTANT(6, "b") "," INSTANT(
                7, "c") "," INSTANT(9000000000000000000, "late") "," INSTANT(9000000000000000001, "later") "]",
            "0/0 0 a [(none)]\n0/0 1000 b [(none)]\n0/0 2000 c [(none)]\n"
            "-9007199250546689/0 0 late [(none)]\n-9007199250546689/0 0 later [(none)]\n"
            "-9007199250546688/0 0 early [(none)]\n"
            "process -9007199250546689 more than 26687 days after the others\n"
            "process -9007199250546688 more than 26687 days before the others\n"
            "note 3 event 2 byte 30: An event that is more than 60 years from the others loses its time\n"
            "note 1 event 0 byte -1: An event is days before the others: it is shown on a track of its own, from their "
            "beginning on\n"
            "note 2 event 0 byte -1: An event is days after the others: it is shown on a track of its own, from their "
            "beginning on\n");
}

/* A span that ended then would hide all others; both of its ends may be as far. */
static void an_end_beyond_all_bounds_is_that_of_the_trace(void **state)
{
    (void)state;
    IMPORTS("[" INSTANT(5, "a") ",{\"ph\":\"B\",\"ts\":6,\"name\":\"b\"}," INSTANT(
                9, "c") ",{\"ph\":\"E\",\"ts\":9000000000000000000}]",
            "0/0 0 a [(none)]\n0/0 1000+3000 b [(none)] open\n0/0 4000 c <b [(none)]\n"
            "note 1 event 4 byte 88: An event that is more than 60 years from the others loses its time\n"
            "note 1 event 0 byte -1: A span lasts more than 52 days: it is drawn to the end of the trace\n");
    IMPORTS("[" INSTANT(5, "a") "," INSTANT(6, "b") ",{\"ph\":\"B\",\"ts\":9000000000000000000,\"name\":\"far\"}"
                                                    ",{\"ph\":\"E\",\"ts\":9000000000000000002}]",
            "0/0 0 a [(none)]\n0/0 1000 b [(none)]\n-9007199250546689/0 0+0 far [(none)]\n"
            "process -9007199250546689 more than 26687 days after the others\n"
            "note 2 event 3 byte 59: An event that is more than 60 years from the others loses its time\n"
            "note 1 event 0 byte -1: An event is days after the others: it is shown on a track of its own, from their "
            "beginning on\n");
}

/* The duration may be a time, by mistake. */
static void a_span_that_is_longer_than_a_trace_can_be_ends_with_it(void **state)
{
    (void)state;
    IMPORTS(
        "[" INSTANT(5, "a") ",{\"ph\":\"X\",\"ts\":6,\"dur\":1700000000000000,\"name\":\"long\"}," INSTANT(9, "b") "]",
        "0/0 0 a [(none)]\n0/0 1000+3000 long [(none)] open\n0/0 4000 b <long [(none)]\n"
        "note 1 event 0 byte -1: A span lasts more than 52 days: it is drawn to the end of the trace\n");
    IMPORTS("[{\"ph\":\"X\",\"ts\":6,\"dur\":1700000000000000,\"name\":\"long\"}]",
            "0/0 0+4503599627370496 long [(none)]\n"
            "note 1 event 0 byte -1: A span lasts more than 52 days: it is drawn to the end of the trace\n");
}

static void what_goes_on_for_longer_than_can_be_drawn_is_noted(void **state)
{
    (void)state;
    char text[4096] = "[";
    for (int i = 0; i < 60; i++)
        snprintf(text + strlen(text), sizeof text - strlen(text), "%s{\"ph\":\"i\",\"ts\":%d000000000,\"name\":\"n\"}",
                 i ? "," : "", i * 80);
    struct imported imported = import_text(text, strlen(text), strlen(text));
    char *got = imported_text(&imported);
    assert_non_null(strstr(got,
                           "note 3 event 0 byte -1: An event is more than 52 days after the first one: it is drawn "
                           "as if it were 52\n"));
    free(got);
    imported_free(&imported);
}

static void silences_are_part_of_a_trace(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"i\",\"ts\":0,\"name\":\"a\"},{\"ph\":\"i\",\"ts\":90000000000,\"name\":\"b\"},"
            "{\"ph\":\"i\",\"ts\":180000000000,\"name\":\"c\"}]",
            "0/0 0 a [(none)]\n0/0 90000000000000 b [(none)]\n0/0 180000000000000 c [(none)]\n");
}

/* A clock that counts from the machine's start, and a time that was never set. */
static void what_is_at_zero_is_far_from_what_is_hours_later(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":0,\"dur\":2,\"name\":\"zero\"},"
            "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":18000000000,\"dur\":1000,\"name\":\"a\"},"
            "{\"ph\":\"X\",\"pid\":1,\"tid\":1,\"ts\":18000005000,\"dur\":1000,\"name\":\"b\"}]",
            "1/1 0+1000000 a [(none)]\n1/1 5000000+1000000 b [(none)]\n-9007199250546688/1 0+2000 zero [(none)]\n"
            "process -9007199250546688 5 hours before the others\n"
            "note 1 event 0 byte -1: An event at time 0 is long before the others: it is shown on a track of its own, "
            "from their beginning on\n");
}

/* An event that began early and lasts, one that is not exactly at 0, one before a shorter silence. */
static void what_is_early_stays_where_it_is(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"B\",\"ts\":0,\"name\":\"main\"},{\"ph\":\"i\",\"ts\":18000000000,\"name\":\"a\"},"
            "{\"ph\":\"i\",\"ts\":18000005000,\"name\":\"b\"}]",
            "0/0 0+18000005000000 main [(none)] open\n0/0 18000000000000 a <main [(none)]\n"
            "0/0 18000005000000 b <main [(none)]\n"
            "note 1 event 1 byte 1: A span never ended: it is drawn to the end of the trace\n");
    IMPORTS("[{\"ph\":\"i\",\"ts\":1,\"name\":\"early\"},{\"ph\":\"i\",\"ts\":18000000001,\"name\":\"a\"},"
            "{\"ph\":\"i\",\"ts\":18000005001,\"name\":\"b\"}]",
            "0/0 0 early [(none)]\n0/0 18000000000000 a [(none)]\n0/0 18000005000000 b [(none)]\n");
    IMPORTS("[{\"ph\":\"i\",\"ts\":0,\"name\":\"early\"},{\"ph\":\"i\",\"ts\":18000000000,\"name\":\"a\"},"
            "{\"ph\":\"i\",\"ts\":18200000000,\"name\":\"b\"}]",
            "0/0 0 early [(none)]\n0/0 18000000000000 a [(none)]\n0/0 18200000000000 b [(none)]\n");
}

/* One that is longer than the others' whole time is drawn past the trace's end, so that a span that never ended, which
 * reaches only to that, does not contain it. */
static void what_never_ended_contains_nothing_past_the_end(void **state)
{
    (void)state;
    IMPORTS("[{\"ph\":\"B\",\"tid\":1,\"ts\":0,\"name\":\"open\"},"
            "{\"ph\":\"X\",\"tid\":1,\"ts\":1,\"dur\":1,\"name\":\"short\"},"
            "{\"ph\":\"X\",\"tid\":1,\"ts\":3,\"dur\":60000000,\"name\":\"long\"},"
            "{\"ph\":\"X\",\"tid\":2,\"ts\":1700000000000000,\"dur\":10,\"name\":\"a\"}," INSTANT(
                1700000000000001, "b") "," INSTANT(1700000000000002, "c") "," INSTANT(1700000000000003, "d") "]",
            "0/0 1000 b [(none)]\n0/0 2000 c [(none)]\n0/0 3000 d [(none)]\n0/2 0+10000 a [(none)]\n"
            "-9007199250546688/1 0+10000 open [(none)] open\n-9007199250546688/1 1000+1000 short <open [(none)]\n"
            "-9007199250546688/1 3000+60000000000 long [(none)]\n"
            "process -9007199250546688 19675 days before the others\n"
            "note 1 event 1 byte 1: A span never ended: it is drawn to the end of the trace\n"
            "note 3 event 0 byte -1: An event is days before the others: it is shown on a track of its own, from their "
            "beginning on\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_far_from_all_others_does_not_stretch_the_trace),
        cmocka_unit_test(a_first_event_that_is_far_costs_no_other),
        cmocka_unit_test(a_first_span_that_is_far_costs_no_other),
        cmocka_unit_test(what_is_beyond_all_bounds_is_shown_too),
        cmocka_unit_test(an_end_beyond_all_bounds_is_that_of_the_trace),
        cmocka_unit_test(a_span_that_is_longer_than_a_trace_can_be_ends_with_it),
        cmocka_unit_test(what_goes_on_for_longer_than_can_be_drawn_is_noted),
        cmocka_unit_test(silences_are_part_of_a_trace),
        cmocka_unit_test(what_is_at_zero_is_far_from_what_is_hours_later),
        cmocka_unit_test(what_is_early_stays_where_it_is),
        cmocka_unit_test(what_never_ended_contains_nothing_past_the_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
