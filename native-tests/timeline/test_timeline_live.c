/* A timeline of segments equals that of the file: the same columns, in the same order, for random traces. */
#include <inttypes.h>
#include <stdlib.h>

#include "followed.h"
#include "same_timeline.h"

#define SEEDS 80
#define EVENTS_MAX 400

static uint64_t next_random(uint64_t *random)
{
    *random = *random * 6364136223846793005u + 1442695040888963407u;
    return *random >> 33;
}

/* ------------------------------------------------------------ random programs */

static void begin_or_end_span(struct followed *followed)
{
    static const char *const names[] = { "outer", "work", "wait" };
    if (followed->open_count < 4 && next_random(&followed->random) % 2)
        followed->open[followed->open_count++] =
            tracer_span_begin(followed->fixture->tracer, TRACE_IPC, names[next_random(&followed->random) % 3]);
    else if (followed->open_count > 0)
        trace_span_end(&followed->open[--followed->open_count]);
}

/* An event of any kind, with any text, on any track, now or earlier. */
static void record_any(struct followed *followed)
{
    static const char *const names[] = { "open", "read", "", "x", "a name that the table may have no room for" };
    static const char *const details[] = { NULL, "", "short", "\xff\x01\"", "a longer detail, of more than 32 bytes" };
    static const char *const threads[] = { "main", "worker", "" };
    struct tracer *tracer = followed->fixture->tracer;
    uint64_t *random = &followed->random;
    char name[16];
    struct trace_event event = {
        .category = (enum trace_category)(next_random(random) % TRACE_CATEGORY_COUNT),
        .kind = (enum trace_kind)(next_random(random) % TRACE_KIND_COUNT),
        .name = names[next_random(random) % 5],
        .detail = details[next_random(random) % 5],
        .timestamp = followed->fixture->now_ms - (double)(next_random(random) % 8),
        .duration = (double)(next_random(random) % 100) / 8,
        .value = (double)next_random(random) / 3,
        .flow_id = next_random(random) << 40,
        .has = (uint32_t)next_random(random) & (TRACE_FAILED | TRACE_FLOW_IN),
    };
    snprintf(name, sizeof name, "n%u", (unsigned)next_random(random) % 40);
    if (next_random(random) % 4 == 0)
        event.name = name;
    if (event.timestamp > 0 && next_random(random) % 8 == 0)
        event.has |= TRACE_HAS_TIMESTAMP;
    if (next_random(random) % 2)
        event.track =
            tracer_add_track(tracer, 7, (uint32_t)next_random(random) % 3 + 8, threads[next_random(random) % 3]);
    tracer_event_ex(tracer, &event);
}

static void go_on(struct followed *followed)
{
    followed->fixture->now_ms += (double)(next_random(&followed->random) % 3);
    if (next_random(&followed->random) % 4 == 0)
        begin_or_end_span(followed);
    else
        record_any(followed);
    if (next_random(&followed->random) % 50 == 0)
        tracer_op(followed->fixture->tracer, "read", 1, true);
}

/* ----------------------------------------------------------------- comparing */

static void check_losses(const struct timeline *a, const struct timeline *b)
{
    struct timeline_loss lost_a, lost_b;
    assert_int_equal(a->loss_count, b->loss_count);
    for (uint32_t i = 0; timeline_loss(a, i, &lost_a); i++) {
        assert_true(timeline_loss(b, i, &lost_b));
        assert_string_equal(lost_a.reason, lost_b.reason);
        assert_int_equal(lost_a.count, lost_b.count);
    }
}

/* drops: only a limited number of events is kept. */
static void check_random_traces(bool drops)
{
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct followed followed = { .random = seed };
        uint64_t hold = drops ? 1 + next_random(&followed.random) % 100 : 0;
        follow(&followed,
               (struct tracer_options){ .capacity_events = EVENTS_MAX, .lanes = 1, .names = 24, .tracks = 8 },
               drops ? hold : UINT64_MAX);
        uint64_t events = next_random(&followed.random) % EVENTS_MAX, each = 1 + next_random(&followed.random) % 60;
        for (uint64_t i = 0; i < events; i++) {
            go_on(&followed);
            if (next_random(&followed.random) % each == 0) {
                feed(&followed);
                if (next_random(&followed.random) % 2) /* continues from the existing layout */
                    timeline_destroy(built(&followed));
            }
        }
        feed(&followed);
        struct timeline *of_segments = built(&followed), *of_file = loaded(&followed, hold);
        check_same_columns(of_segments, of_file);
        check_same_tables(of_segments, of_file);
        check_same_names(of_segments, of_file);
        if (!drops) { /* otherwise the dropped events count as losses, and the origin stays where they began */
            assert_int_equal(of_segments->origin_ns, of_file->origin_ns);
            check_losses(of_segments, of_file);
        }
        timeline_destroy(of_segments);
        timeline_destroy(of_file);
        follow_end(&followed);
    }
}

static void segments_of_any_size_give_the_columns_of_the_file(void **state)
{
    (void)state;
    check_random_traces(false);
}

/* The rest is as if the dropped events had never existed. */
static void the_newest_are_as_in_a_file_of_them(void **state)
{
    (void)state;
    check_random_traces(true);
}

/* ------------------------------------------------------------- missing events */

static struct timeline_loss loss_of(const struct timeline *timeline, const char *reason)
{
    struct timeline_loss loss;
    for (uint32_t i = 0; timeline_loss(timeline, i, &loss); i++) {
        if (strcmp(loss.reason, reason) == 0)
            return loss;
    }
    return (struct timeline_loss){ 0 };
}

static void record_at(struct followed *followed, double ms, const char *name)
{
    followed->fixture->now_ms = ms;
    tracer_event(followed->fixture->tracer, TRACE_FILE, name, NULL);
}

#define MS INT64_C(1000000)

static void the_oldest_are_dropped_and_counted_and_the_rest_keep_their_times(void **state)
{
    struct followed followed = { 0 };
    struct timeline_event event;
    (void)state;
    follow(&followed, (struct tracer_options){ .capacity_events = 1000 }, 25);
    for (int i = 0; i < 100; i++) {
        char name[8];
        snprintf(name, sizeof name, "%d", i);
        record_at(&followed, i, name);
        if (i % 10 == 9)
            feed(&followed);
        if (i == 9)
            timeline_destroy(built(&followed));
    }
    struct timeline *timeline = built(&followed);
    assert_int_equal(timeline_events(timeline), 25);
    assert_true(timeline_event(timeline, 0, &event));
    assert_string_equal(event.name, "75");
    assert_int_equal(event.start_ns, 75 * MS);
    assert_int_equal(timeline_begin_ns(timeline), 75 * MS);
    assert_int_equal(timeline_duration_ns(timeline), 99 * MS);
    const struct timeline_loss loss = loss_of(timeline, "dropped by the page");
    assert_int_equal(loss.count, 75);
    assert_true(loss.start_ns == 0 && loss.end_ns == 75 * MS);
    timeline_destroy(timeline);
    follow_end(&followed);
}

static void what_was_missed_is_missing_between_its_neighbours(void **state)
{
    struct followed followed = { 0 };
    (void)state;
    follow(&followed, (struct tracer_options){ .capacity_events = 15, .lanes = 1 }, UINT64_MAX);
    record_at(&followed, 1, "before");
    feed(&followed);
    for (int i = 2; i < 100; i++)
        record_at(&followed, i, "after");
    feed(&followed);
    struct timeline *timeline = built(&followed);
    const struct timeline_loss loss = loss_of(timeline, "missed");
    const int64_t first_ms = 99 - ((int64_t)timeline_events(timeline) - 2);
    assert_true(followed.missed > 0);
    assert_int_equal(loss.count, followed.missed);
    assert_int_equal(timeline_events(timeline) + followed.missed, 99);
    assert_int_equal(loss.start_ns, 0);
    assert_int_equal(loss.end_ns, (first_ms - 1) * 1000000);
    timeline_destroy(timeline);
    follow_end(&followed);
}

static void only_the_newest_segment_says_what_is_open(void **state)
{
    struct followed followed = { 0 };
    struct timeline_event event;
    (void)state;
    follow(&followed, (struct tracer_options){ 0 }, UINT64_MAX);
    struct trace_span span = tracer_span_begin(followed.fixture->tracer, TRACE_FILE, "long");
    record_at(&followed, 1, "a");
    feed(&followed);
    record_at(&followed, 2, "b");
    feed(&followed);
    struct timeline *timeline = built(&followed);
    assert_int_equal(timeline_events(timeline), 3);
    assert_true(timeline_event(timeline, 0, &event));
    assert_int_equal(event.flags, TIMELINE_OPEN);
    timeline_destroy(timeline);
    trace_span_end(&span);
    feed(&followed);
    timeline = built(&followed);
    assert_int_equal(timeline_events(timeline), 3);
    assert_true(timeline_event(timeline, 0, &event));
    assert_string_equal(event.name, "long");
    assert_int_equal(event.flags, 0);
    timeline_destroy(timeline);
    follow_end(&followed);
}

static void the_summary_counts_all_that_came(void **state)
{
    struct followed followed = { 0 };
    struct trace_summary summary;
    (void)state;
    follow(&followed, (struct tracer_options){ 0 }, 5);
    assert_int_equal(timeline_live_summary(followed.live, &summary), TRACER_ERROR_ARGUMENT);
    for (int i = 0; i < 9; i++) {
        record_at(&followed, i, "x");
        feed(&followed);
    }
    assert_int_equal(timeline_live_summary(followed.live, &summary), TRACER_OK);
    assert_int_equal(summary.event_count, 5);
    assert_int_equal(summary.losses.held[TRACE_FILE], 9);
    assert_int_equal(summary.losses.evicted[TRACE_FILE], 0);
    assert_int_equal(summary.losses.left_out[TRACE_FILE], 0);
    follow_end(&followed);
}

/* A histogram takes 5 KiB: a segment of one event must not hold twenty of them for as long as its event is shown. */
static void only_the_newest_segment_keeps_statistics(void **state)
{
    struct followed followed = { 0 };
    struct tracer_snapshot *snapshot;
    struct trace_perf perf;
    char name[8];
    (void)state;
    follow(&followed, (struct tracer_options){ 0 }, UINT64_MAX);
    for (int i = 0; i < 40; i++) {
        for (int op = 0; op < 20; op++) {
            snprintf(name, sizeof name, "op%d", op);
            tracer_op(followed.fixture->tracer, name, 1, true);
        }
        record_at(&followed, i, "x");
        feed(&followed);
    }
    assert_in_range(timeline_live_bytes(followed.live), 20 * 5120, 20 * 5120 + 40 * 16384);
    assert_int_equal(tracer_snapshot_create(&snapshot, timeline_live_newest(followed.live), NULL), TRACER_OK);
    assert_int_equal(snapshot->operations.histogram_count, 20);
    for (size_t i = 0; tracer_snapshot_op(snapshot, i, &perf); i++)
        assert_true(perf.count == 0 || perf.count == 40);
    tracer_snapshot_destroy(snapshot);
    struct timeline *timeline = built(&followed);
    assert_int_equal(timeline_events(timeline), 40);
    timeline_destroy(timeline);
    follow_end(&followed);
}

/* ------------------------------------------------------------- other segments */

static enum tracer_error add_bytes(struct timeline_live *live, const struct tracer_snapshot *snapshot)
{
    uint64_t size;
    void *bytes = seal_to_memory(snapshot, &size);
    return timeline_live_add(live, bytes, (size_t)size, NULL);
}

static void a_segment_that_is_not_the_next_is_refused(void **state)
{
    struct followed followed = { 0 };
    struct tracer_snapshot *segments[3];
    (void)state;
    follow(&followed, (struct tracer_options){ 0 }, UINT64_MAX);
    for (int i = 0; i < 3; i++) {
        record_at(&followed, i, "x");
        assert_int_equal(tracer_read_since(&segments[i], followed.reader, followed.cursor, NULL), TRACER_OK);
    }
    assert_int_equal(add_bytes(followed.live, segments[1]), TRACER_ERROR_ARGUMENT);
    assert_int_equal(add_bytes(followed.live, segments[0]), TRACER_OK);
    assert_int_equal(add_bytes(followed.live, segments[2]), TRACER_ERROR_ARGUMENT);
    assert_int_equal(add_bytes(followed.live, segments[1]), TRACER_OK);
    assert_int_equal(add_bytes(followed.live, segments[1]), TRACER_ERROR_ARGUMENT);
    struct timeline *timeline = built(&followed);
    assert_int_equal(timeline_events(timeline), 2);
    timeline_destroy(timeline);
    /* The first segment of another cursor starts over. */
    struct tracer_cursor *other;
    struct tracer_snapshot *all;
    assert_int_equal(tracer_cursor_create(&other, followed.reader), TRACER_OK);
    assert_int_equal(tracer_read_since(&all, followed.reader, other, NULL), TRACER_OK);
    assert_int_equal(add_bytes(followed.live, all), TRACER_OK);
    timeline = built(&followed);
    assert_int_equal(timeline_events(timeline), 3);
    timeline_destroy(timeline);
    tracer_snapshot_destroy(all);
    tracer_cursor_destroy(other);
    for (int i = 0; i < 3; i++)
        tracer_snapshot_destroy(segments[i]);
    follow_end(&followed);
}

static void what_is_no_image_is_refused(void **state)
{
    struct timeline_live *live = timeline_live_create(10);
    struct tracer_message message = { "" };
    (void)state;
    assert_int_equal(timeline_live_add(live, strdup("none"), 5, &message), TRACER_ERROR_NOT_AN_IMAGE);
    assert_null(timeline_live_newest(live));
    struct timeline *timeline;
    assert_int_equal(timeline_live_build(&timeline, live, NULL), TRACER_OK);
    assert_int_equal(timeline_events(timeline), 0);
    timeline_destroy(timeline);
    timeline_live_destroy(live);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_of_any_size_give_the_columns_of_the_file),
        cmocka_unit_test(the_newest_are_as_in_a_file_of_them),
        cmocka_unit_test(only_the_newest_segment_keeps_statistics),
        cmocka_unit_test(the_oldest_are_dropped_and_counted_and_the_rest_keep_their_times),
        cmocka_unit_test(what_was_missed_is_missing_between_its_neighbours),
        cmocka_unit_test(only_the_newest_segment_says_what_is_open),
        cmocka_unit_test(the_summary_counts_all_that_came),
        cmocka_unit_test(a_segment_that_is_not_the_next_is_refused),
        cmocka_unit_test(what_is_no_image_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
