/* Loading an image into a timeline: the events of a snapshot, open spans, names, losses. */
#include <inttypes.h>

#include "reading.h"
#include "sealed_timeline.h"
#include "timeline/load.h"

static struct timeline *load_fixture(const struct fixture *fixture)
{
    struct tracer_reader *reader = reading_attach(fixture);
    struct timeline *timeline = loaded_timeline(reader);
    tracer_reader_close(reader);
    return timeline;
}

static struct timeline_event event_at(const struct timeline *timeline, uint32_t index)
{
    struct timeline_event event;
    if (!timeline_event(timeline, index, &event))
        fail_msg("there is no event %" PRIu32, index);
    return event;
}

/* --------------------------------------------------------- same as a snapshot */

static bool is_the_same(const struct timeline *timeline, const struct timeline_event *event,
                        const struct trace_event *other, const struct trace_track *whose)
{
    struct timeline_track track;
    const char *category = timeline_category(timeline, event->category, NULL);
    assert_true(timeline_track(timeline, event->track, &track));
    if ((uint64_t)(event->start_ns + timeline_origin_ns(timeline)) != other->time_ns ||
        (uint64_t)event->duration_ns != other->duration_ns || strcmp(event->name, other->name) != 0 ||
        strcmp(category, trace_category_name(other->category)) != 0)
        return false;
    if ((event->detail != NULL) != (other->detail != NULL) ||
        (other->detail && strcmp(event->detail, other->detail) != 0))
        return false;
    return (!whose || (track.pid == whose->pid && track.tid == whose->tid)) &&
           (event->kind == TIMELINE_SAMPLE) == (other->kind == TRACE_KIND_SAMPLE) &&
           (event->kind == TIMELINE_SPAN) == (other->kind == TRACE_KIND_SPAN);
}

static void check_all_are_there(const struct timeline *timeline, const struct fixture *fixture, size_t count)
{
    assert_int_equal(timeline_events(timeline), count);
    for (size_t i = 0; i < count; i++) {
        const struct trace_event other = fixture_event(fixture, i);
        struct trace_track whose;
        bool found = false, known = tracer_snapshot_track(fixture->events, other.track, &whose);
        for (uint32_t at = 0; at < timeline_events(timeline) && !found; at++) {
            const struct timeline_event event = event_at(timeline, at);
            found = is_the_same(timeline, &event, &other, known ? &whose : NULL);
        }
        if (!found)
            fail_msg("event %zu, \"%s\", is missing", i, other.name);
    }
}

static void record_every_kind(struct fixture *fixture)
{
    for (int i = 0; i < 40; i++) {
        struct trace_event event = {
            .timestamp = i * 2.5,
            .category = (enum trace_category)(i % TRACE_CATEGORY_COUNT),
            .name = i % 3 ? "wait" : "read",
            .detail = i % 4 ? NULL : "some detail",
            .duration = i % 5,
            .has = TRACE_HAS_TIMESTAMP | (i % 5 ? TRACE_HAS_DURATION : 0),
        };
        if (i % 7 == 0)
            event.track = tracer_add_track(fixture->tracer, 7, (uint32_t)i, "worker");
        fixture->now_ms = i;
        tracer_event_ex(fixture->tracer, &event);
        tracer_counter(fixture->tracer, TRACE_MEMORY, "bytes", i * 0.5);
    }
    tracer_event(fixture->tracer, TRACE_FILE, "quote \" \x01 \xff", "");
}

static void a_timeline_has_the_events_of_a_snapshot(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 255 });
    record_every_kind(fixture);
    size_t count = fixture_events(fixture, NULL);
    assert_int_equal(count, 81);
    struct timeline *timeline = load_fixture(fixture);
    check_all_are_there(timeline, fixture, count);
    timeline_destroy(timeline);
    fixture_end(fixture);
}

static void an_image_that_was_saved_gives_the_same(void **state)
{
    (void)state;
    struct image_bytes image;
    struct fixture *fixture = fixture_begin_in_memory((struct tracer_options){ .capacity_events = 63 }, &image);
    record_every_kind(fixture);
    size_t count = fixture_events(fixture, NULL);
    struct tracer_reader *reader = reading_open(image.bytes, image.size);
    struct timeline *timeline = loaded_timeline(reader);
    check_all_are_there(timeline, fixture, count);
    timeline_destroy(timeline);
    tracer_reader_close(reader);
    fixture_end(fixture);
    free(image.bytes);
}

static void samples_have_their_values_and_tracks_of_their_own(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct timeline_track track;
    for (int i = 0; i < 3; i++) {
        fixture->now_ms = i;
        tracer_counter(fixture->tracer, TRACE_MEMORY, "bytes", -0.25 * i);
        tracer_counter(fixture->tracer, TRACE_MEMORY, "pages", i);
    }
    struct timeline *timeline = load_fixture(fixture);
    for (uint32_t i = 0; i < 2; i++) {
        assert_true(timeline_track(timeline, i, &track));
        assert_int_equal(track.count, 3);
        double sign = strcmp(timeline_name(timeline, track.counter), "bytes") == 0 ? -0.25 : 1;
        for (uint32_t at = 0; at < 3; at++)
            assert_true(event_at(timeline, i * 3 + at).value == sign * at);
    }
    timeline_destroy(timeline);
    fixture_end(fixture);
}

/* A coarse clock gives many events the same time. */
static void events_of_one_moment_keep_their_order(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    char name[16];
    for (int i = 0; i < 10; i++) {
        snprintf(name, sizeof name, "%d", i);
        tracer_event(fixture->tracer, TRACE_FILE, name, NULL);
    }
    struct trace_span outer = tracer_span_begin(fixture->tracer, TRACE_FILE, "outer");
    struct trace_span inner = tracer_span_begin(fixture->tracer, TRACE_FILE, "inner");
    fixture->now_ms = 1;
    trace_span_end(&inner);
    trace_span_end(&outer);
    struct timeline *timeline = load_fixture(fixture);
    assert_string_equal(event_at(timeline, 0).name, "outer");
    assert_string_equal(event_at(timeline, 1).name, "inner");
    assert_int_equal(event_at(timeline, 1).parent, 0);
    for (uint32_t i = 0; i < 10; i++)
        assert_int_equal(strtol(event_at(timeline, i + 2).name, NULL, 10), i);
    timeline_destroy(timeline);
    fixture_end(fixture);
}

/* ------------------------------------------------------ open spans and names */

static void flows_lead_from_span_to_span(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct trace_span asks = tracer_span_begin(fixture->tracer, TRACE_FILE, "asks");
    fixture->now_ms = 1;
    tracer_flow_out(fixture->tracer, TRACE_FILE, "request", 77);
    fixture->now_ms = 2;
    trace_span_end(&asks);
    fixture->now_ms = 3;
    struct trace_span serves = tracer_span_begin(fixture->tracer, TRACE_FILE, "serves");
    fixture->now_ms = 4;
    tracer_flow_in(fixture->tracer, TRACE_FILE, "request", 77);
    fixture->now_ms = 5;
    trace_span_end(&serves);
    struct timeline *timeline = load_fixture(fixture);
    struct timeline_flow flow;
    assert_true(timeline_flow(timeline, 0, &flow));
    assert_string_equal(event_at(timeline, flow.from).name, "asks");
    assert_string_equal(event_at(timeline, flow.to).name, "serves");
    assert_int_equal(flow.from_ns, 1000000);
    assert_int_equal(flow.to_ns, 4000000);
    assert_false(timeline_flow(timeline, 1, &flow));
    timeline_destroy(timeline);
    fixture_end(fixture);
}

static void spans_that_have_not_ended_last_to_the_end(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    fixture->now_ms = 1;
    struct trace_span outer = tracer_span_begin(fixture->tracer, TRACE_FILE, "outer");
    fixture->now_ms = 2;
    struct trace_span inner = tracer_span_begin(fixture->tracer, TRACE_MEMORY, "inner");
    fixture->now_ms = 4;
    tracer_event(fixture->tracer, TRACE_FILE, "here", NULL);
    fixture->now_ms = 5;
    tracer_counter(fixture->tracer, TRACE_FILE, "bytes", 1);
    struct timeline *timeline = load_fixture(fixture);
    assert_int_equal(timeline_events(timeline), 4);
    const struct timeline_event first = event_at(timeline, 0), second = event_at(timeline, 1);
    assert_string_equal(first.name, "outer");
    assert_int_equal(first.flags, TIMELINE_OPEN);
    assert_int_equal(first.duration_ns, 4000000);
    assert_string_equal(second.name, "inner");
    assert_int_equal(second.parent, 0);
    assert_int_equal(event_at(timeline, 2).parent, 1);
    timeline_destroy(timeline);
    trace_span_end(&inner);
    trace_span_end(&outer);
    fixture_end(fixture);
}

static void a_track_has_the_name_that_it_was_given(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct trace_event event = { .category = TRACE_FILE, .name = "x" };
    struct timeline_track track;
    event.track = tracer_add_track(fixture->tracer, 7, 8, "worker");
    tracer_event_ex(fixture->tracer, &event);
    struct timeline *timeline = load_fixture(fixture);
    assert_true(timeline_track(timeline, 0, &track));
    assert_int_equal(track.pid, 7);
    assert_int_equal(track.tid, 8);
    assert_string_equal(track.name, "worker");
    timeline_destroy(timeline);
    fixture_end(fixture);
}

/* More names than the image has room for: they are in the details. */
static void a_label_is_the_category(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    tracer_event_ex(fixture->tracer, &(struct trace_event){ .category = TRACE_CUSTOM, .name = "x", .label = "net" });
    struct timeline *timeline = load_fixture(fixture);
    const struct timeline_event event = event_at(timeline, 0);
    assert_string_equal(timeline_category(timeline, event.category, NULL), "net");
    timeline_destroy(timeline);
    fixture_end(fixture);
}

static void names_that_did_not_fit_into_the_table_are_found(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = 8, .capacity_events = 255 });
    char name[24];
    for (int i = 0; i < 60; i++) {
        snprintf(name, sizeof name, "name %d", i);
        tracer_event(fixture->tracer, TRACE_FILE, name, i % 2 ? "detail" : NULL);
    }
    size_t count = fixture_events(fixture, NULL);
    struct timeline *timeline = load_fixture(fixture);
    check_all_are_there(timeline, fixture, count);
    timeline_destroy(timeline);
    fixture_end(fixture);
}

/* --------------------------------------------------------- errors and losses */

/* Failure is as recorded, and never deduced from a text. */
static void calls_that_failed_are_flagged(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    tracer_event(fixture->tracer, TRACE_FILE, "open", "open(\"/no\") = -1 ENOENT");
    fixture->now_ms = 1;
    tracer_event_ex(
        fixture->tracer,
        &(struct trace_event){ .category = TRACE_FILE, .name = "open", .detail = "= -1 ENOENT", .has = TRACE_FAILED });
    struct timeline *timeline = load_fixture(fixture);
    assert_int_equal(event_at(timeline, 0).flags, 0);
    assert_int_equal(event_at(timeline, 1).flags, TIMELINE_ERROR);
    timeline_destroy(timeline);
    fixture_end(fixture);
}

static void what_was_evicted_is_lost_before_the_first_event(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 20 });
    struct timeline_loss loss;
    for (int i = 0; i < 500; i++) {
        fixture->now_ms = i;
        tracer_event(fixture->tracer, TRACE_FILE, "x", NULL);
    }
    const struct trace_summary summary = fixture_summary(fixture);
    struct timeline *timeline = load_fixture(fixture);
    assert_true(timeline_loss(timeline, 0, &loss));
    assert_string_equal(loss.reason, "evicted");
    assert_int_equal(loss.count, fixture_sum(summary.losses.evicted));
    assert_true(loss.start_ns == 0 && loss.end_ns == 0);
    assert_int_equal(timeline_events(timeline), fixture_sum(summary.losses.held));
    assert_int_equal(timeline_resolution_ns(timeline), summary.clock_resolution_ns);
    timeline_destroy(timeline);
    fixture_end(fixture);
}

static void details_that_were_overwritten_are_flagged(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 1000, .detail_bytes = 1024 });
    char detail[100] = { 0 };
    memset(detail, 'x', sizeof detail - 1);
    for (int i = 0; i < 200; i++) {
        fixture->now_ms = i;
        tracer_event(fixture->tracer, TRACE_FILE, "x", detail);
    }
    struct timeline *timeline = load_fixture(fixture);
    uint32_t lost = 0, kept = 0;
    for (uint32_t i = 0; i < timeline_events(timeline); i++) {
        const struct timeline_event event = event_at(timeline, i);
        assert_int_equal((event.flags & TIMELINE_DETAIL_LOST) != 0, event.detail == NULL);
        lost += event.detail == NULL;
        kept += event.detail && strcmp(event.detail, detail) == 0;
    }
    assert_true(lost > 0 && kept > 0);
    assert_int_equal(lost + kept, 200);
    timeline_destroy(timeline);
    fixture_end(fixture);
}

/* ------------------------------------------------------------------ progress */

struct asked {
    unsigned times;
    bool go_on;
};

static bool ask(void *context, double done, double total)
{
    struct asked *asked = context;
    assert_true(done >= 0 && done <= total);
    asked->times++;
    return asked->go_on;
}

static void loading_tells_its_progress_and_can_be_cancelled(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct asked asked = { 0, true };
    const struct timeline_progress progress = { ask, &asked };
    record_every_kind(fixture);
    struct tracer_reader *reader = reading_attach(fixture);
    struct timeline_builder *builder = timeline_builder_create();
    assert_int_equal(timeline_load(builder, reader, &progress), TRACER_OK);
    assert_true(asked.times > 0);
    asked.go_on = false;
    assert_int_equal(timeline_load(builder, reader, &progress), TRACER_ERROR_CANCELLED);
    timeline_builder_destroy(builder);
    tracer_reader_close(reader);
    fixture_end(fixture);
}

static void loading_in_steps_gives_the_same(void **state)
{
    (void)state;
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 63 });
    struct timeline_loading *loading;
    struct timeline *timeline;
    bool done = false;
    record_every_kind(fixture);
    size_t count = fixture_events(fixture, NULL), steps = 0;
    struct tracer_reader *reader = reading_attach(fixture);
    struct timeline_builder *builder = timeline_builder_create();
    assert_int_equal(timeline_loading_begin(&loading, builder, reader), TRACER_OK);
    for (; !done; steps++)
        assert_int_equal(timeline_loading_step(loading, 10, NULL, &done), TRACER_OK);
    timeline_loading_end(loading);
    assert_true(steps > count / 10);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    check_all_are_there(timeline, fixture, count);
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
    tracer_reader_close(reader);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_timeline_has_the_events_of_a_snapshot),
        cmocka_unit_test(an_image_that_was_saved_gives_the_same),
        cmocka_unit_test(samples_have_their_values_and_tracks_of_their_own),
        cmocka_unit_test(events_of_one_moment_keep_their_order),
        cmocka_unit_test(flows_lead_from_span_to_span),
        cmocka_unit_test(spans_that_have_not_ended_last_to_the_end),
        cmocka_unit_test(a_track_has_the_name_that_it_was_given),
        cmocka_unit_test(a_label_is_the_category),
        cmocka_unit_test(names_that_did_not_fit_into_the_table_are_found),
        cmocka_unit_test(calls_that_failed_are_flagged),
        cmocka_unit_test(what_was_evicted_is_lost_before_the_first_event),
        cmocka_unit_test(details_that_were_overwritten_are_flagged),
        cmocka_unit_test(loading_tells_its_progress_and_can_be_cancelled),
        cmocka_unit_test(loading_in_steps_gives_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
