/* An image's events counted by name: as many of each as there are once it is loaded. */
#include "reading.h"
#include "sealed_timeline.h"
#include "timeline/load.h"
#include "timeline/name_counts.h"

static bool count(struct name_counts *counts, struct tracer_reader *reader)
{
    const struct tracer_query none = { .without_events = true };
    struct tracer_snapshot *rest;
    assert_int_equal(tracer_snapshot_create(&rest, reader, &none), TRACER_OK);
    const bool counted = name_counts_make(counts, reader, rest);
    tracer_snapshot_destroy(rest);
    return counted;
}

static uint32_t count_of(const struct name_counts *counts, const char *name)
{
    const uint32_t id = interned_find(&counts->names, name, strlen(name));
    return id == UINT32_MAX ? 0 : counts->counts[id];
}

static uint32_t loaded_of(const struct timeline *timeline, const char *name)
{
    struct timeline_event event;
    uint32_t same = 0;
    for (uint32_t i = 0; timeline_event(timeline, i, &event); i++)
        same += strcmp(event.name, name) == 0;
    return same;
}

/* The number of events counted. */
static uint32_t check_same(struct tracer_reader *reader)
{
    struct name_counts counts;
    struct timeline *timeline = loaded_timeline(reader);
    assert_true(count(&counts, reader));
    assert_int_equal(counts.total, timeline_events(timeline));
    for (uint32_t i = 0; i < counts.names.count; i++) {
        const char *name = interned_text(&counts.names, i);
        assert_int_equal(count_of(&counts, name), loaded_of(timeline, name));
    }
    const uint32_t total = counts.total;
    timeline_destroy(timeline);
    name_counts_free(&counts);
    return total;
}

/* Names of which only two fit into the table, a name with two labels, a flow, a counter, an open span. */
static void record(struct fixture *fixture)
{
    static const char *const names[] = { "read", "write", "open", "", "quote \" \x01 \xff" };
    for (int i = 0; i < 40; i++) {
        fixture->now_ms = i;
        tracer_event(fixture->tracer, TRACE_FILE, names[i % 5], i % 3 ? "some detail" : "");
        tracer_counter(fixture->tracer, TRACE_MEMORY, "bytes", i);
    }
    const struct trace_event labelled = { .name = "read", .label = "MINE", .category = TRACE_CUSTOM };
    assert_int_equal(tracer_event_ex(fixture->tracer, &labelled), TRACER_OK);
    tracer_flow_out(fixture->tracer, TRACE_IPC, "message", 5);
    (void)tracer_span_begin(fixture->tracer, TRACE_FILE, "unfinished");
}

static uint32_t check_ended(struct tracer_options options)
{
    struct image_bytes image;
    struct fixture *fixture = fixture_begin_in_memory(options, &image);
    record(fixture);
    fixture_end(fixture);
    struct tracer_reader *reader = reading_open(image.bytes, image.size);
    const uint32_t total = check_same(reader);
    tracer_reader_close(reader);
    free(image.bytes);
    return total;
}

static void each_name_has_as_many_as_loading_adds(void **state)
{
    (void)state;
    assert_int_equal(check_ended((struct tracer_options){ .capacity_events = 255 }), 83);
}

static void names_that_did_not_fit_into_the_table_are_counted(void **state)
{
    (void)state;
    assert_int_equal(check_ended((struct tracer_options){ .capacity_events = 255, .names = 2 }), 83);
}

static void evicted_events_are_not_counted(void **state)
{
    (void)state;
    assert_int_equal(check_ended((struct tracer_options){ .capacity_events = 16 }), 17); /* and the open span */
}

static void an_image_that_grows_is_left_to_loading(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct tracer_reader *reader = reading_attach(fixture);
    struct name_counts counts;
    (void)state;
    record(fixture);
    assert_false(count(&counts, reader));
    tracer_reader_close(reader);
    fixture_end(fixture);
}

/* Its samples would be drawn as spans with the names of their frames. */
static void an_image_with_stacks_is_left_to_loading(void **state)
{
    static const struct trace_frame frame = { "main+0x2", "/usr/bin/app", 0x1202 };
    struct image_bytes image;
    struct fixture *fixture = fixture_begin_in_memory((struct tracer_options){ 0 }, &image);
    struct name_counts counts;
    (void)state;
    record(fixture);
    tracer_add_stack(fixture->tracer, &frame, 1);
    fixture_end(fixture);
    struct tracer_reader *reader = reading_open(image.bytes, image.size);
    assert_false(count(&counts, reader));
    tracer_reader_close(reader);
    free(image.bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_name_has_as_many_as_loading_adds),
        cmocka_unit_test(names_that_did_not_fit_into_the_table_are_counted),
        cmocka_unit_test(evicted_events_are_not_counted),
        cmocka_unit_test(an_image_that_grows_is_left_to_loading),
        cmocka_unit_test(an_image_with_stacks_is_left_to_loading),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
