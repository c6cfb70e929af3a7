/* Several timelines merged into one, on one clock. */
#include "imported.h"
#include "timeline/merge.h"

static struct timeline *timeline_of(const char *text)
{
    struct imported imported = import_text(text, strlen(text), 100);
    assert_int_equal(imported.error, TRACER_OK);
    return imported.timeline;
}

#define ONE(ts) "[{\"ph\":\"X\",\"pid\":5,\"tid\":6,\"ts\":" ts ",\"dur\":10,\"name\":\"a\",\"cat\":\"x\"}]"

struct expected {
    struct merge_clock first, second;
    int64_t shift_ns;
    const char *text;
};

static void check(const struct expected *expected)
{
    struct timeline *first = timeline_of(ONE("100")), *second = timeline_of(ONE("500"));
    struct imported merged = { 0 };
    struct timeline_merge *merge = timeline_merge_create();
    assert_int_equal(timeline_merge_add(merge, &(struct merge_input){ first, "one.json", expected->first, 0 }),
                     TRACER_OK);
    assert_int_equal(
        timeline_merge_add(merge, &(struct merge_input){ second, "two.json", expected->second, expected->shift_ns }),
        TRACER_OK);
    assert_int_equal(timeline_merge_build(&merged.timeline, merge, NULL), TRACER_OK);
    char *text = imported_text(&merged);
    assert_string_equal(text, expected->text);
    free(text);
    imported_free(&merged);
    timeline_merge_destroy(merge);
    timeline_destroy(first);
    timeline_destroy(second);
}

/* Everything that belongs to an event comes with it. */
static void arguments_and_arrows_are_merged(void **state)
{
    struct timeline_flow flow;
    struct timeline_event event;
    struct timeline *merged;
    struct timeline_merge *merge = timeline_merge_create();
    (void)state;
    struct timeline *one =
        timeline_of("[{\"ph\":\"X\",\"pid\":5,\"tid\":6,\"ts\":1,\"dur\":10,\"name\":\"a\",\"args\":{\"x\":[1]}},"
                    "{\"ph\":\"X\",\"pid\":5,\"tid\":7,\"ts\":20,\"dur\":10,\"name\":\"b\"},"
                    "{\"ph\":\"s\",\"pid\":5,\"tid\":6,\"ts\":2,\"id\":1,\"name\":\"f\",\"cat\":\"c\"},"
                    "{\"ph\":\"f\",\"pid\":5,\"tid\":7,\"ts\":21,\"id\":1,\"name\":\"f\",\"cat\":\"c\",\"bp\":\"e\"}]");
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(timeline_merge_add(merge, &(struct merge_input){ one, "one.json", { "", 0, 0 }, 0 }),
                         TRACER_OK);
    assert_int_equal(timeline_merge_build(&merged, merge, NULL), TRACER_OK);
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(timeline_flow(merged, i, &flow));
        assert_true(timeline_event(merged, flow.from, &event));
        assert_string_equal(event.name, "a");
        assert_string_equal(event.arguments, "{\"x\":[1]}");
        assert_true(timeline_event(merged, flow.to, &event));
        assert_string_equal(event.name, "b");
        assert_int_equal(flow.to_ns - flow.from_ns, 19000);
    }
    assert_false(timeline_flow(merged, 2, &flow));
    timeline_destroy(merged);
    timeline_merge_destroy(merge);
    timeline_destroy(one);
}

#define NAMES "process 5 one.json\nprocess 1073741824 two.json\n"
#define NUMBERED "note 1 event 0 byte -1: A process has another number, because an earlier file has one with the same\n"

static void traces_of_one_boot_are_on_the_monotonic_clock(void **state)
{
    (void)state;
    check(&(struct expected){ { "boot", 7000, 1 },
                              { "boot", 9000, 500 },
                              0,
                              "5/6 0+10000 a [x]\n1073741824/6 2000+10000 a [x]\n" NAMES NUMBERED });
}

static void traces_of_two_boots_are_on_the_real_clock(void **state)
{
    (void)state;
    check(&(struct expected){ { "boot", 7000, 50000 },
                              { "other", 9000, 20000 },
                              0,
                              "5/6 30000+10000 a [x]\n1073741824/6 0+10000 a [x]\n" NAMES NUMBERED });
}

static void without_a_clock_they_begin_together_and_shifts_are_added(void **state)
{
    (void)state;
    check(&(struct expected){ { "", 0, 50000 },
                              { "", 0, 0 },
                              3000,
                              "5/6 0+10000 a [x]\n1073741824/6 3000+10000 a [x]\n" NAMES
                              "note 1 event 0 byte -1: No clock is common to two.json and the files before it: it "
                              "begins with the first\n" NUMBERED });
}

/* The first begins at time 0; the others are as far apart as their clocks say. */
static void traces_after_one_without_a_clock_are_aligned_with_each_other(void **state)
{
    (void)state;
    struct timeline *one = timeline_of(ONE("100")), *merged;
    struct timeline_event event;
    struct timeline_merge *merge = timeline_merge_create();
    const uint64_t realtime_ns[] = { 0, 50000, 57000 };
    for (unsigned i = 0; i < 3; i++)
        assert_int_equal(timeline_merge_add(merge, &(struct merge_input){ one, "one", { "", 0, realtime_ns[i] }, 0 }),
                         TRACER_OK);
    assert_int_equal(timeline_merge_build(&merged, merge, NULL), TRACER_OK);
    for (uint32_t i = 0; i < 3; i++) {
        assert_true(timeline_event(merged, i, &event));
        assert_int_equal(event.start_ns, i == 2 ? 7000 : 0);
    }
    assert_int_equal(timeline_merge_clock(merge).realtime_ns, 50000);
    timeline_destroy(merged);
    timeline_merge_destroy(merge);
    timeline_destroy(one);
}

static void spans_that_nest_nest_still(void **state)
{
    (void)state;
    struct timeline *of = timeline_of("[{\"ph\":\"X\",\"pid\":5,\"tid\":6,\"ts\":1,\"dur\":10,\"name\":\"outer\"},"
                                      "{\"ph\":\"X\",\"pid\":5,\"tid\":6,\"ts\":1,\"dur\":10,\"name\":\"inner\"},"
                                      "{\"ph\":\"B\",\"pid\":5,\"tid\":7,\"ts\":3,\"name\":\"long\"},"
                                      "{\"ph\":\"B\",\"pid\":5,\"tid\":7,\"ts\":4,\"name\":\"short\"},"
                                      "{\"ph\":\"E\",\"pid\":5,\"tid\":7,\"ts\":4},"
                                      "{\"ph\":\"E\",\"pid\":5,\"tid\":7,\"ts\":4},"
                                      "{\"ph\":\"C\",\"pid\":5,\"ts\":2,\"name\":\"n\",\"args\":{\"v\":3}}]");
    struct imported merged = { 0 };
    struct timeline_merge *merge = timeline_merge_create();
    assert_int_equal(timeline_merge_add(merge, &(struct merge_input){ of, "f", { "", 0, 0 }, 0 }), TRACER_OK);
    assert_int_equal(timeline_merge_build(&merged.timeline, merge, NULL), TRACER_OK);
    char *text = imported_text(&merged);
    assert_non_null(strstr(text, "5/6 0+10000 outer [(none)]\n5/6 0+10000 inner <outer [(none)]\n"));
    assert_non_null(strstr(text, "1000 n"));
    assert_non_null(strstr(text, "5/7 3000+0 short <long [(none)]\n"));
    free(text);
    imported_free(&merged);
    timeline_merge_destroy(merge);
    timeline_destroy(of);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arguments_and_arrows_are_merged),
        cmocka_unit_test(traces_of_one_boot_are_on_the_monotonic_clock),
        cmocka_unit_test(traces_of_two_boots_are_on_the_real_clock),
        cmocka_unit_test(without_a_clock_they_begin_together_and_shifts_are_added),
        cmocka_unit_test(traces_after_one_without_a_clock_are_aligned_with_each_other),
        cmocka_unit_test(spans_that_nest_nest_still),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
