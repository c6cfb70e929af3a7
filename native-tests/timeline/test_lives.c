/* Which process started which, and when: from an image, from one that grows, from several merged, and from a timeline
 * turned back into an image. */
#include "core/tracer_tables.h"
#include "followed.h"
#include "timeline/as_image.h"
#include "timeline/merge.h"

static void record_on(struct fixture *fixture, double at_ms, uint32_t pid)
{
    const struct trace_event event = { .name = "work",
                                       .track = tracer_add_track(fixture->tracer, pid, pid, NULL),
                                       .category = TRACE_FILE };
    fixture->now_ms = at_ms;
    tracer_event_ex(fixture->tracer, &event);
}

static struct timeline_process process_of(const struct timeline *timeline, int64_t pid)
{
    struct timeline_process process;
    for (uint32_t i = 0; timeline_process(timeline, i, &process); i++)
        if (process.pid == pid)
            return process;
    fail_msg("there is no process %d", (int)pid);
    return process;
}

static void check_life(const struct timeline *timeline, int64_t pid, int64_t parent_pid, int64_t start_ns,
                       int64_t end_ns)
{
    const struct timeline_process process = process_of(timeline, pid);
    struct timeline_process parent = { .pid = 0 };
    timeline_process(timeline, process.parent, &parent);
    assert_int_equal(parent.pid, parent_pid);
    assert_int_equal(process.start_ns, start_ns);
    assert_int_equal(process.end_ns, end_ns);
}

/* A shell that began before the trace, a child whose pid was used twice, and a child of a process without events. The
 * first event is at 2 ms. */
static struct timeline *family(void)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .tracks = 16 });
    table_process(fixture->tracer, 70000, 1, PROCESS_TIME_UNKNOWN, "shell");
    uint32_t first = table_process(fixture->tracer, 70001, 70000, 1000000, "sh");
    table_process_end(fixture->tracer, first, 3000000, PROCESS_EXITED);
    uint32_t second = table_process(fixture->tracer, 70001, 70000, 4000000, "cc");
    table_process_end(fixture->tracer, second, 9000000, PROCESS_EXITED);
    table_process(fixture->tracer, 70003, 70009, 5000000, "orphan");
    record_on(fixture, 2, 70000);
    record_on(fixture, 2.5, 70001);
    record_on(fixture, 6, 70003);
    fixture_events(fixture, NULL);
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    struct timeline *timeline = sealed_timeline(snapshot);
    fixture_end(fixture);
    return timeline;
}

static void a_process_has_its_parent_its_start_and_its_end(void **state)
{
    struct timeline *timeline = family();
    (void)state;
    check_life(timeline, 70000, 0, TIMELINE_UNKNOWN_NS, TIMELINE_UNKNOWN_NS);
    check_life(timeline, 70001, 70000, -1000000, 7000000);
    check_life(timeline, 70003, 0, 3000000, TIMELINE_UNKNOWN_NS);
    timeline_destroy(timeline);
}

/* An image that begins with its first event does not know what began before it. */
static void lives_come_back_from_an_image(void **state)
{
    struct timeline *timeline = family();
    struct tracer_snapshot *snapshot;
    struct as_image_left left;
    (void)state;
    assert_int_equal(timeline_as_snapshot(&snapshot, timeline, "ringscope", &left), TRACER_OK);
    struct timeline *again = sealed_timeline(snapshot);
    check_life(again, 70001, 70000, TIMELINE_UNKNOWN_NS, 7000000);
    check_life(again, 70003, 0, 3000000, TIMELINE_UNKNOWN_NS);
    timeline_destroy(again);
    timeline_destroy(timeline);
}

static void a_family_stays_one_among_others(void **state)
{
    struct timeline *one = family(), *merged;
    struct timeline_merge *merge = timeline_merge_create();
    struct timeline_process process;
    uint32_t children = 0;
    (void)state;
    for (int64_t shift_ns = 0; shift_ns <= 100; shift_ns += 100)
        assert_int_equal(timeline_merge_add(merge, &(struct merge_input){ one, "f", { "", 0, 0 }, shift_ns }),
                         TRACER_OK);
    assert_int_equal(timeline_merge_build(&merged, merge, NULL), TRACER_OK);
    for (uint32_t i = 0; timeline_process(merged, i, &process); i++) {
        struct timeline_process parent;
        if (process.parent == TIMELINE_NONE)
            continue;
        assert_true(timeline_process(merged, process.parent, &parent));
        assert_string_equal(parent.name, "f: shell");
        assert_int_equal(parent.pid == 70000, process.pid == 70001);
        children++;
    }
    assert_int_equal(children, 2);
    check_life(merged, 70001, 70000, -1000000, 7000000);
    timeline_destroy(merged);
    timeline_merge_destroy(merge);
    timeline_destroy(one);
}

static void an_end_is_known_when_a_later_segment_has_it(void **state)
{
    struct followed followed = { 0 };
    (void)state;
    follow(&followed, (struct tracer_options){ .tracks = 16 }, 1000);
    struct tracer *tracer = followed.fixture->tracer;
    table_process(tracer, 70000, 0, 0, "shell");
    uint32_t child = table_process(tracer, 70001, 70000, 1000000, "sh");
    record_on(followed.fixture, 0, 70000);
    record_on(followed.fixture, 2, 70001);
    feed(&followed);
    struct timeline *before = built(&followed);
    check_life(before, 70001, 70000, 1000000, TIMELINE_UNKNOWN_NS);
    timeline_destroy(before);
    table_process_end(tracer, child, 3000000, PROCESS_EXITED);
    record_on(followed.fixture, 4, 70000);
    feed(&followed);
    struct timeline *after = built(&followed);
    check_life(after, 70001, 70000, 1000000, 3000000);
    timeline_destroy(after);
    follow_end(&followed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_process_has_its_parent_its_start_and_its_end),
        cmocka_unit_test(lives_come_back_from_an_image),
        cmocka_unit_test(a_family_stays_one_among_others),
        cmocka_unit_test(an_end_is_known_when_a_later_segment_has_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
