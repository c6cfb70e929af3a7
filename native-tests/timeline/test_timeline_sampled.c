/* An image's samples, as recorded by `ringscope record --sample`: flame charts in timelines, lines in folded stacks. */
#include <stdlib.h>

#include "reading.h"
#include "timeline/load.h"
#include "timeline/merge.h"

#define MS 1000000

static const struct trace_frame hot[] = { { "inner+0x1c", "/usr/bin/app", 0x101c },
                                          { "outer+0x8", "/usr/bin/app", 0x1108 },
                                          { "main+0x2", "/usr/bin/app", 0x1202 } };
static const struct trace_frame unnamed[] = { { NULL, "/usr/lib/libc.so.6", 0x44 },
                                              { NULL, NULL, 0x7f0000 },
                                              { "main+0x2", "/usr/bin/app", 0x1202 } };

static void sample(struct fixture *fixture, double at_ms, uint32_t track, const char *label, uint64_t stack)
{
    const struct trace_event event = { .name = "sample",
                                       .label = label,
                                       .category = TRACE_CUSTOM,
                                       .detail = "1 of 100 a second",
                                       .track = track,
                                       .stack = stack };
    fixture->now_ms = at_ms;
    assert_int_equal(tracer_event_ex(fixture->tracer, &event), TRACER_OK);
}

/* From one thread of process 7, four samples in a row and a single one; from another, one. */
static void record(struct fixture *fixture)
{
    uint32_t first = tracer_add_track(fixture->tracer, 7, 8, "worker"),
             other = tracer_add_track(fixture->tracer, 7, 9, "");
    uint64_t of_hot = tracer_add_stack(fixture->tracer, hot, 3),
             of_caller = tracer_add_stack(fixture->tracer, hot + 1, 2);
    uint64_t of_unnamed = tracer_add_stack(fixture->tracer, unnamed, 3);
    sample(fixture, 10, first, "SAMPLE", of_hot);
    sample(fixture, 20, first, "SAMPLE", of_hot);
    sample(fixture, 30, first, "SAMPLE", of_caller);
    sample(fixture, 40, first, "SAMPLE", of_unnamed);
    sample(fixture, 45, first, "MINE", of_hot);
    sample(fixture, 50, other, "SAMPLE", of_hot);
    sample(fixture, 900, first, "SAMPLE", of_hot);
}

static char *exported(struct fixture *fixture, const char *format)
{
    char *text = NULL;
    size_t size;
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    FILE *file = open_memstream(&text, &size);
    assert_int_equal(tracer_export_file(snapshot, format, file), TRACER_OK);
    fclose(file);
    tracer_snapshot_destroy(snapshot);
    return text;
}

static struct timeline *loaded(struct fixture *fixture)
{
    struct timeline *timeline;
    struct tracer_reader *reader = reading_attach(fixture);
    struct timeline_builder *builder = timeline_builder_create();
    assert_int_equal(timeline_load(builder, reader, NULL), TRACER_OK);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    tracer_reader_close(reader);
    return timeline;
}

static char *drawn(struct fixture *fixture)
{
    struct timeline *timeline = loaded(fixture);
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);
    for (uint32_t i = 0; i < timeline_events(timeline); i++) {
        struct timeline_event event;
        struct timeline_track track;
        assert_true(timeline_event(timeline, i, &event));
        assert_true(timeline_track(timeline, event.track, &track));
        fprintf(out, "%s: %d+%d %s %s\n", track.name, (int)(event.start_ns / MS), (int)(event.duration_ns / MS),
                timeline_category(timeline, event.category, NULL), event.name);
    }
    fclose(out);
    timeline_destroy(timeline);
    return text;
}

/* Frames that persist are one span, on a track beside the thread's; a gap during which
 * sampling continued does not count as one. */
static void samples_are_a_flame_chart_beside_their_thread(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    record(fixture);
    char *text = drawn(fixture);
    assert_string_equal(text, "worker: 35+0 MINE sample\n"
                              "worker, samples of 8: 0+40 app main\n"
                              "worker, samples of 8: 890+10 app main\n"
                              "worker, samples of 8: 0+30 app outer\n"
                              "worker, samples of 8: 30+10 (no file) 0x7f0000\n"
                              "worker, samples of 8: 890+10 app outer\n"
                              "worker, samples of 8: 0+20 app inner\n"
                              "worker, samples of 8: 30+10 libc.so.6 libc.so.6+0x44\n"
                              "worker, samples of 8: 890+10 app inner\n"
                              "samples of 9: 40+10 app main\n"
                              "samples of 9: 40+10 app outer\n"
                              "samples of 9: 40+10 app inner\n");
    free(text);
    fixture_end(fixture);
}

static void check_sampled(const struct timeline *timeline, uint32_t expected)
{
    struct timeline_track track;
    uint32_t sampled = 0, i = 0;
    for (; timeline_track(timeline, i, &track); i++) {
        assert_int_equal(track.sampled, strstr(track.name, "samples of ") != NULL);
        sampled += track.sampled;
    }
    assert_int_equal(sampled, expected);
    assert_true(i > sampled); /* the threads themselves */
}

/* Whoever adds up times can leave them out, in merged traces too. */
static void tracks_of_samples_are_known_as_such(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct timeline *merged;
    struct timeline_merge *merge = timeline_merge_create();
    (void)state;
    record(fixture);
    struct timeline *timeline = loaded(fixture);
    check_sampled(timeline, 2);
    for (unsigned i = 0; i < 2; i++)
        assert_int_equal(timeline_merge_add(merge, &(struct merge_input){ timeline, "a.ring", { "", 0, 0 }, 0 }),
                         TRACER_OK);
    assert_int_equal(timeline_merge_build(&merged, merge, NULL), TRACER_OK);
    check_sampled(merged, 4);
    timeline_merge_destroy(merge);
    timeline_destroy(merged);
    timeline_destroy(timeline);
    fixture_end(fixture);
}

static uint32_t counted(const struct timeline *timeline, enum timeline_only only)
{
    const struct timeline_scope scope = { .from_ns = 0, .to_ns = timeline_duration_ns(timeline), .only = only };
    struct timeline_view *view;
    struct timeline_groups *groups;
    struct timeline_statistic *statistics;
    uint32_t names, events = 0;
    assert_int_equal(timeline_view_create(&view, timeline, NULL, NULL), TRACER_OK);
    assert_int_equal(timeline_groups_create(&groups, timeline, TIMELINE_GROUP_NAME), TRACER_OK);
    assert_int_equal(timeline_statistics_of(view, groups, &scope, &statistics, &names), TRACER_OK);
    for (uint32_t i = 0; i < names; i++)
        events += statistics[i].count;
    free(statistics);
    timeline_groups_destroy(groups);
    timeline_view_destroy(view);
    return events;
}

/* Even if a function has the name of a call. */
static void statistics_are_of_calls_or_of_samples(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    record(fixture);
    struct timeline *timeline = loaded(fixture);
    assert_int_equal(counted(timeline, TIMELINE_CALLS), 1);
    assert_int_equal(counted(timeline, TIMELINE_SAMPLES), timeline_events(timeline) - 1);
    assert_int_equal(counted(timeline, TIMELINE_ALL), timeline_events(timeline));
    timeline_destroy(timeline);
    fixture_end(fixture);
}

/* A thread that shares its processor is not drawn as if it had run all the time. */
static void a_sample_lasts_no_longer_than_it_stands_for(void **state)
{
    static const double at_ms[] = { 10, 20, 55, 90, 125 };
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    uint32_t track = tracer_add_track(fixture->tracer, 7, 8, "worker");
    uint64_t stack = tracer_add_stack(fixture->tracer, hot + 2, 1);
    for (size_t i = 0; i < sizeof at_ms / sizeof at_ms[0]; i++)
        sample(fixture, at_ms[i], track, "SAMPLE", stack);
    char *text = drawn(fixture);
    assert_string_equal(text, "worker, samples of 8: 0+20 app main\n"
                              "worker, samples of 8: 45+10 app main\n"
                              "worker, samples of 8: 80+10 app main\n"
                              "worker, samples of 8: 115+10 app main\n");
    free(text);
    fixture_end(fixture);
}

/* A sample whose stack did not fit in the table, or comes from another program. */
static void a_sample_without_its_stack_is_an_event_as_others(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    sample(fixture, 10, tracer_add_track(fixture->tracer, 7, 8, "worker"), "SAMPLE", 4711);
    char *text = drawn(fixture);
    assert_string_equal(text, "worker: 0+0 SAMPLE sample\n");
    free(text);
    fixture_end(fixture);
}

static void samples_are_lines_of_folded_stacks(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    record(fixture);
    char *text = exported(fixture, "folded");
    const char *const lines[] = { ";worker, samples;main;outer;inner 30000000\n",
                                  ";worker, samples;main;outer 10000000\n",
                                  ";worker, samples;main;0x7f0000;libc.so.6+0x44 10000000\n",
                                  ";thread 9, samples;main;outer;inner 10000000\n" };
    for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++) {
        if (!strstr(text, lines[i]))
            fail_msg("no line %s in %s", lines[i], text);
    }
    size_t count = 0;
    for (const char *at = text; (at = strchr(at, '\n')) != NULL; at++)
        count++;
    assert_int_equal(count, 4);
    free(text);
    fixture_end(fixture);
}

static void stacks_of_other_tools_have_functions(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    record(fixture);
    char *text = exported(fixture, "chrome");
    assert_non_null(strstr(text, "{\"name\":\"outer\",\"category\":\"/usr/bin/app\""));
    assert_null(strstr(text, "+0x"));
    free(text);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(samples_are_a_flame_chart_beside_their_thread),
        cmocka_unit_test(tracks_of_samples_are_known_as_such),
        cmocka_unit_test(statistics_are_of_calls_or_of_samples),
        cmocka_unit_test(a_sample_lasts_no_longer_than_it_stands_for),
        cmocka_unit_test(a_sample_without_its_stack_is_an_event_as_others),
        cmocka_unit_test(samples_are_lines_of_folded_stacks),
        cmocka_unit_test(stacks_of_other_tools_have_functions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
