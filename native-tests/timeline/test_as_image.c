/* A timeline that is laid out as an image and loaded again is the same, and everything that does not fit is counted. */
#include "random_trace.h"
#include "sealed_timeline.h"
#include "timeline/as_image.h"

/* The timeline loaded from the image that a timeline is turned into. */
static struct timeline *through_an_image(const struct timeline *timeline, struct as_image_left *left)
{
    struct tracer_snapshot *snapshot;
    assert_int_equal(timeline_as_snapshot(&snapshot, timeline, "a test", left), TRACER_OK);
    return sealed_timeline(snapshot);
}

/* The number that the event's detail begins with. */
static uint32_t number_of(const struct timeline *timeline, uint32_t event)
{
    if (event == TIMELINE_NONE)
        return TIMELINE_NONE;
    return (uint32_t)strtoul(trace_event_at(timeline, event).detail, NULL, 10);
}

static void check_same(const struct random_trace *trace, const struct timeline *loaded, uint32_t index)
{
    const struct timeline_event event = trace_event_at(loaded, index);
    const struct timeline_event was = trace_event_at(trace->timeline, trace->event_of[number_of(loaded, index)]);
    struct timeline_track track, track_was;
    assert_true(timeline_track(loaded, event.track, &track));
    assert_true(timeline_track(trace->timeline, was.track, &track_was));
    assert_int_equal(event.start_ns, was.start_ns);
    assert_int_equal(event.duration_ns, was.duration_ns);
    assert_int_equal(event.self_ns, was.self_ns);
    assert_int_equal(event.kind, was.kind);
    assert_int_equal(event.flags, was.flags);
    assert_true(event.value == was.value);
    assert_string_equal(event.name, was.name);
    assert_string_equal(timeline_category(loaded, event.category, NULL),
                        timeline_category(trace->timeline, was.category, NULL));
    assert_string_equal(event.detail, was.detail);
    assert_int_equal(number_of(loaded, event.parent), number_of(trace->timeline, was.parent));
    assert_int_equal(track.pid, track_was.pid);
    assert_int_equal(track.tid, track_was.tid);
}

static void the_same_again(struct random_trace *trace)
{
    struct as_image_left left;
    struct timeline *loaded = through_an_image(trace->timeline, &left);
    assert_int_equal(timeline_events(loaded), trace->count);
    assert_int_equal(timeline_duration_ns(loaded), timeline_duration_ns(trace->timeline));
    for (uint32_t i = 0; i < trace->count; i++)
        check_same(trace, loaded, i);
    assert_int_equal(left.tracks + left.renumbered + left.details_cut + left.open_details, 0);
    timeline_destroy(loaded);
}

static void every_event_comes_back_as_it_was(void **state)
{
    (void)state;
    for_random_traces(the_same_again);
}

static uint32_t add_span(struct timeline_builder *builder, int64_t tid, int64_t start_ns, const char *name)
{
    const struct timeline_item item = {
        .start_ns = start_ns,
        .duration_ns = 10,
        .kind = TIMELINE_SPAN,
        .track = timeline_builder_track(builder, 1, tid, TIMELINE_NONE),
        .name = timeline_builder_name(builder, name, strlen(name)),
        .category = (uint8_t)timeline_builder_category(builder, "c", 1),
        .detail = "d",
        .detail_bytes = 1,
        .arguments = "{\"a\":1}",
        .arguments_bytes = 7,
    };
    timeline_builder_add(builder, &item);
    return item.track;
}

static void arguments_come_back(void **state)
{
    (void)state;
    struct as_image_left left;
    struct timeline *timeline;
    struct timeline_builder *builder = timeline_builder_create();
    add_span(builder, 1, 0, "n");
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    struct timeline *loaded = through_an_image(timeline, &left);
    assert_string_equal(trace_event_at(loaded, 0).detail, "d");
    assert_string_equal(trace_event_at(loaded, 0).arguments, "{\"a\":1}");
    timeline_destroy(loaded);
    timeline_destroy(timeline);
}

/* An arrow whose end is before its span begins moves to the beginning of the span. */
static void arrows_come_back(void **state)
{
    (void)state;
    char name[70000];
    struct as_image_left left;
    struct timeline *timeline;
    struct timeline_flow flow;
    struct timeline_builder *builder = timeline_builder_create();
    memset(name, 'n', sizeof name);
    name[sizeof name - 1] = '\0';
    uint32_t from = add_span(builder, 1, 0, "from"), to = add_span(builder, 2, 100, name);
    timeline_builder_add_flow(
        builder, &(struct timeline_flow_end){ .id = 9, .time_ns = 4, .track = from, .name = TIMELINE_NONE });
    timeline_builder_add_flow(
        builder,
        &(struct timeline_flow_end){
            .id = 9, .time_ns = 50, .track = to, .name = TIMELINE_NONE, .way = TIMELINE_FLOW_IN, .next = true });
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    assert_true(timeline_flow(timeline, 0, &flow));
    struct timeline *loaded = through_an_image(timeline, &left);
    assert_true(timeline_flow(loaded, 0, &flow));
    assert_int_equal(flow.from_ns, 4);
    assert_int_equal(flow.to_ns, 100);
    assert_string_equal(trace_event_at(loaded, flow.from).name, "from");
    assert_int_equal(trace_event_at(loaded, flow.to).start_ns, 100);
    assert_int_equal(timeline_events(loaded), 2); /* no arrow counts as an event of its span's name */
    assert_false(timeline_flow(loaded, 1, &flow));
    timeline_destroy(loaded);
    timeline_destroy(timeline);
}

/* Such as time slices: where a thread is in none of the nested spans, an arrow attaches to one of the spans beside
 * them. */
static void arrows_lead_to_spans_that_need_not_nest(void **state)
{
    (void)state;
    struct timeline *timeline;
    struct timeline_flow flow;
    struct timeline_builder *builder = timeline_builder_create();
    uint32_t from = add_span(builder, 1, 0, "ended"), to = add_span(builder, 2, 200, "nested");
    struct timeline_item item = { .start_ns = 10,
                                  .duration_ns = 300,
                                  .name = timeline_builder_name(builder, "running", 7),
                                  .track = from,
                                  .kind = TIMELINE_SPAN,
                                  .flags = TIMELINE_ASYNC };
    timeline_builder_add(builder, &item);
    item.track = to;
    timeline_builder_add(builder, &item);
    struct timeline_flow_end end = { .id = 9, .time_ns = 202, .track = from, .name = TIMELINE_NONE };
    timeline_builder_add_flow(builder, &end);
    end.track = to;
    end.way = TIMELINE_FLOW_IN;
    timeline_builder_add_flow(builder, &end);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    assert_true(timeline_flow(timeline, 0, &flow));
    assert_string_equal(trace_event_at(timeline, flow.from).name, "running");
    assert_string_equal(trace_event_at(timeline, flow.to).name, "nested");
    timeline_destroy(timeline);
}

/* ------------------------------------------------------------ what does not fit */

static struct timeline *timeline_of(const struct timeline_item *item, const char *name, int64_t pid, int64_t tid)
{
    struct timeline *timeline;
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline_item of = *item;
    of.name = timeline_builder_name(builder, name, strlen(name));
    of.category = (uint8_t)timeline_builder_category(builder, "memory", 6);
    of.track = timeline_builder_track(builder, pid, tid, TIMELINE_NONE);
    timeline_builder_add(builder, &of);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    return timeline;
}

static void ids_beyond_32_bits_are_names_then(void **state)
{
    (void)state;
    struct as_image_left left;
    struct timeline_track track;
    const struct timeline_item item = { .start_ns = 5, .kind = TIMELINE_INSTANT };
    struct timeline *timeline = timeline_of(&item, "n", 7, INT64_C(9007199254740993));
    struct timeline *loaded = through_an_image(timeline, &left);
    assert_true(timeline_track(loaded, 0, &track));
    assert_int_equal(track.pid, 7);
    assert_int_equal(track.tid, UINT32_MAX);
    assert_string_equal(track.name, "9007199254740993");
    assert_int_equal(left.renumbered, 1);
    timeline_destroy(loaded);
    timeline_destroy(timeline);
}

static void a_process_beyond_32_bits_has_its_id_as_name(void **state)
{
    (void)state;
    struct as_image_left left;
    struct timeline_process process;
    struct timeline_track track;
    const struct timeline_item item = { .start_ns = 5, .kind = TIMELINE_INSTANT };
    struct timeline *timeline = timeline_of(&item, "n", -1, 7), *loaded = through_an_image(timeline, &left);
    assert_true(timeline_process(loaded, 0, &process));
    assert_int_equal(process.pid, UINT32_MAX);
    assert_string_equal(process.name, "-1");
    assert_true(timeline_track(loaded, 0, &track));
    assert_string_equal(track.name, "");
    timeline_destroy(loaded);
    timeline_destroy(timeline);
}

static void a_long_name_is_whole_and_a_long_detail_is_cut_and_counted(void **state)
{
    (void)state;
    struct as_image_left left;
    size_t name_bytes = 40000, detail_bytes = 200000;
    char *name = malloc(name_bytes + 1), *detail = malloc(detail_bytes);
    memset(name, 'n', name_bytes);
    name[name_bytes] = '\0';
    memset(detail, 'd', detail_bytes);
    const struct timeline_item item = {
        .start_ns = 5, .kind = TIMELINE_INSTANT, .detail = detail, .detail_bytes = detail_bytes
    };
    struct timeline *timeline = timeline_of(&item, name, 1, 1);
    struct timeline *loaded = through_an_image(timeline, &left);
    struct timeline_event event = trace_event_at(loaded, 0);
    assert_string_equal(event.name, name);
    assert_int_equal(strlen(event.detail), 131071 - name_bytes - 2);
    assert_int_equal(left.details_cut, 1);
    timeline_destroy(loaded);
    timeline_destroy(timeline);
    free(name);
    free(detail);
}

static void more_names_and_threads_than_an_image_has_are_kept_or_counted(void **state)
{
    (void)state;
    struct as_image_left left;
    struct timeline *timeline;
    struct timeline_builder *builder = timeline_builder_create();
    const uint32_t count = 70000;
    for (uint32_t i = 0; i < count; i++) {
        char name[24];
        int length = snprintf(name, sizeof name, "name %u", i);
        const struct timeline_item item = {
            .start_ns = i,
            .kind = TIMELINE_INSTANT,
            .name = timeline_builder_name(builder, name, (size_t)length),
            .track = timeline_builder_track(builder, 1, i, TIMELINE_NONE),
            .category = (uint8_t)timeline_builder_category(builder, "CUSTOM", 6),
        };
        timeline_builder_add(builder, &item);
    }
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    struct timeline *loaded = through_an_image(timeline, &left);
    assert_int_equal(timeline_events(loaded), count);
    assert_int_equal(left.tracks, count - 65535);
    assert_int_equal(left.categories, 0);
    uint8_t *seen = calloc(count, 1);
    for (uint32_t i = 0; i < count; i++) {
        uint32_t number = (uint32_t)strtoul(trace_event_at(loaded, i).name + 5, NULL, 10);
        assert_int_equal(seen[number]++, 0);
    }
    free(seen);
    timeline_destroy(loaded);
    timeline_destroy(timeline);
}

static void spans_that_never_ended_are_open_again(void **state)
{
    (void)state;
    struct as_image_left left;
    const struct timeline_item item = {
        .start_ns = 5, .kind = TIMELINE_SPAN, .flags = TIMELINE_OPEN, .detail = "d", .detail_bytes = 1
    };
    struct timeline *timeline = timeline_of(&item, "n", 1, 1), *loaded = through_an_image(timeline, &left);
    struct timeline_event event = trace_event_at(loaded, 0);
    assert_string_equal(event.name, "n");
    assert_int_equal(event.flags, TIMELINE_OPEN);
    assert_int_equal(left.open_details, 1);
    timeline_destroy(loaded);
    timeline_destroy(timeline);
}

/* ---------------------------------------------------------------------- notes */

static void append(void *context, const struct timeline_note *note)
{
    char *told = context;
    sprintf(told + strlen(told), "%d: %s\n", (int)note->count, note->text);
}

static void what_was_left_is_told_in_words(void **state)
{
    (void)state;
    char told[512] = "";
    const struct as_image_left left = { .tracks = 1, .details_cut = 2 };
    as_image_tell(&left, append, told);
    assert_string_equal(told, "1: An event has lost its thread: an image has 65,535\n"
                              "2: A detail was cut to the 131,071 bytes that an image has for one\n");
}

static void notes_and_names_of_processes_come_back(void **state)
{
    struct timeline_builder *builder = timeline_builder_create();
    struct as_image_left left;
    struct timeline *timeline;
    struct timeline_process process;
    struct timeline_note note;
    (void)state;
    const struct timeline_item item = {
        .track = timeline_builder_track(builder, 7, 8, TIMELINE_NONE),
        .name = timeline_builder_name(builder, "x", 1),
        .category = (uint8_t)timeline_builder_category(builder, "of their own", 12),
    };
    timeline_builder_add(builder, &item);
    timeline_builder_name_process(builder, 7, "compiler", 8);
    timeline_builder_add_note(builder, &(struct timeline_note){ "An end is left out", 12, 3, TIMELINE_NO_BYTE, NULL });
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    struct timeline *loaded = through_an_image(timeline, &left);
    assert_true(timeline_process(loaded, 0, &process));
    assert_int_equal(process.pid, 7);
    assert_string_equal(process.name, "compiler");
    assert_true(timeline_note(loaded, 0, &note));
    assert_string_equal(note.text, "An end is left out");
    assert_int_equal(note.count, 12);
    assert_int_equal(left.categories, 0);
    assert_false(timeline_note(loaded, 1, &note));
    const struct timeline_event event = trace_event_at(loaded, 0);
    assert_string_equal(timeline_category(loaded, event.category, NULL), "of their own");
    timeline_destroy(loaded);
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
}

/* The process of these events is one that we made up, so it has no number for its name to keep. */
static void what_is_far_from_all_others_is_called_by_how_far(void **state)
{
    struct timeline_builder *builder = timeline_builder_create();
    const int64_t days_ns[] = { 0, 400, 400 };
    struct timeline *timeline;
    struct timeline_process process;
    struct timeline_track track;
    struct as_image_left left;
    (void)state;
    for (int i = 0; i < 3; i++) {
        const struct timeline_item item = {
            .start_ns = days_ns[i] * 86400 * 1000000000 + i,
            .kind = TIMELINE_INSTANT,
            .track = timeline_builder_track(builder, 7, 8, TIMELINE_NONE),
            .name = timeline_builder_name(builder, "x", 1),
            .category = (uint8_t)timeline_builder_category(builder, "CUSTOM", 6),
        };
        timeline_builder_add(builder, &item);
    }
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    struct timeline *loaded = through_an_image(timeline, &left);
    assert_int_equal(left.renumbered, 0);
    assert_true(timeline_process(loaded, 1, &process));
    assert_string_equal(process.name, "400 days before the others");
    assert_true(timeline_track(loaded, process.first_track, &track));
    assert_string_equal(track.name, "");
    timeline_destroy(loaded);
    timeline_destroy(timeline);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_event_comes_back_as_it_was),
        cmocka_unit_test(arguments_come_back),
        cmocka_unit_test(arrows_come_back),
        cmocka_unit_test(arrows_lead_to_spans_that_need_not_nest),
        cmocka_unit_test(ids_beyond_32_bits_are_names_then),
        cmocka_unit_test(a_process_beyond_32_bits_has_its_id_as_name),
        cmocka_unit_test(a_long_name_is_whole_and_a_long_detail_is_cut_and_counted),
        cmocka_unit_test(more_names_and_threads_than_an_image_has_are_kept_or_counted),
        cmocka_unit_test(spans_that_never_ended_are_open_again),
        cmocka_unit_test(what_was_left_is_told_in_words),
        cmocka_unit_test(notes_and_names_of_processes_come_back),
        cmocka_unit_test(what_is_far_from_all_others_is_called_by_how_far),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
