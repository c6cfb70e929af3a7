/* Stacks of events, looked up in the image that a timeline was loaded from. */
#include "reading.h"
#include "timeline/load.h"
#include "timeline/stack.h"

static const struct trace_frame inner[] = { { "read+0x7", "/usr/lib/libc.so.6", 0x7007 },
                                            { "main+0x2", "/usr/bin/app", 0x1202 } };
static const struct trace_frame outer[] = { { NULL, "/usr/bin/app", 0x1300 } };

static void call(struct fixture *fixture, uint32_t track, const char *name, double at_ms, uint64_t stack)
{
    const struct trace_event event = { .name = name,
                                       .category = TRACE_FILE,
                                       .track = track,
                                       .timestamp = at_ms,
                                       .duration = 5,
                                       .has = TRACE_HAS_TIMESTAMP | TRACE_HAS_DURATION,
                                       .stack = stack };
    fixture->now_ms = 100;
    assert_int_equal(tracer_event_ex(fixture->tracer, &event), TRACER_OK);
}

/* Two threads that make the same call at the same time, and a call without a stack. */
static void record(struct fixture *fixture)
{
    const uint32_t first = tracer_add_track(fixture->tracer, 7, 8, "first"),
                   second = tracer_add_track(fixture->tracer, 7, 9, "second");
    call(fixture, first, "read", 10, tracer_add_stack(fixture->tracer, inner, 2));
    call(fixture, second, "read", 10, tracer_add_stack(fixture->tracer, outer, 1));
    call(fixture, first, "bare", 10, 0);
    call(fixture, first, "read", 40, tracer_add_stack(fixture->tracer, outer, 1));
}

static struct timeline *load(struct tracer_reader *reader)
{
    struct timeline *timeline;
    struct timeline_builder *builder = timeline_builder_create();
    assert_int_equal(timeline_load(builder, reader, NULL), TRACER_OK);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    return timeline;
}

/* "first 0 read: read+0x7 main+0x2" */
static void print_stack(const struct timeline *timeline, uint32_t index, struct tracer_reader *reader, FILE *out)
{
    uint64_t stack;
    struct timeline_event event;
    struct timeline_track track;
    struct tracer_snapshot *snapshot;
    struct trace_frame frames[4];
    assert_true(timeline_event(timeline, index, &event));
    assert_true(timeline_track(timeline, event.track, &track));
    assert_int_equal(timeline_stack(timeline, index, reader, &snapshot, &stack), TRACER_OK);
    fprintf(out, "%s %d %s:", track.name, (int)(event.start_ns / 1000000), event.name);
    assert_int_equal(stack != 0, snapshot != NULL);
    const size_t count = snapshot ? tracer_snapshot_stack(snapshot, stack, frames, 4) : 0;
    for (size_t i = 0; i < count; i++)
        fprintf(out, " %s@%x", frames[i].name, (unsigned)frames[i].address);
    fputs("\n", out);
    tracer_snapshot_destroy(snapshot);
}

static void an_event_has_the_stack_of_its_own_thread_and_time(void **state)
{
    char *text = NULL;
    size_t size;
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    record(fixture);
    struct tracer_reader *reader = reading_attach(fixture);
    struct timeline *timeline = load(reader);
    FILE *out = open_memstream(&text, &size);
    for (uint32_t i = 0; i < timeline_events(timeline); i++)
        print_stack(timeline, i, reader, out);
    fclose(out);
    assert_string_equal(text, "first 0 bare:\n"
                              "first 30 read: @1300\n"
                              "first 0 read: read+0x7@7007 main+0x2@1202\n"
                              "second 0 read: @1300\n");
    free(text);
    timeline_destroy(timeline);
    tracer_reader_close(reader);
    fixture_end(fixture);
}

/* Beyond the events, and where no stack was recorded, nothing is looked up. */
static void without_stacks_there_is_none(void **state)
{
    uint64_t stack = 1;
    struct tracer_snapshot *snapshot;
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    call(fixture, 0, "bare", 10, 0);
    struct tracer_reader *reader = reading_attach(fixture);
    struct timeline *timeline = load(reader);
    for (uint32_t event = 0; event < 2; event++) {
        assert_int_equal(timeline_stack(timeline, event, reader, &snapshot, &stack), TRACER_OK);
        assert_null(snapshot);
        assert_int_equal(stack, 0);
    }
    timeline_destroy(timeline);
    tracer_reader_close(reader);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_event_has_the_stack_of_its_own_thread_and_time),
        cmocka_unit_test(without_stacks_there_is_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
