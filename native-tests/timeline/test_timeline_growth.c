/* Which parts of a growing timeline are laid out again, and which are dropped. */
#include "followed.h"
#include "same_timeline.h"

#define TRACKS 5

static void record_on(struct followed *followed, double ms, uint32_t track, const char *name, double duration_ms)
{
    const struct trace_event event = {
        .category = TRACE_FILE,
        .name = name,
        .track = track,
        .duration = duration_ms,
        .has = duration_ms > 0 ? TRACE_HAS_DURATION : 0,
    };
    followed->fixture->now_ms = ms;
    tracer_event_ex(followed->fixture->tracer, &event);
}

/* Feeds everything new, and compares the timeline with the file. Returns the number of tracks that were laid out. */
static uint32_t check_growth(struct followed *followed, uint64_t hold)
{
    feed(followed);
    struct timeline *of_segments = built(followed), *of_file = loaded(followed, hold);
    check_same_columns(of_segments, of_file);
    check_same_tables(of_segments, of_file);
    check_same_names(of_segments, of_file);
    timeline_destroy(of_segments);
    timeline_destroy(of_file);
    return timeline_live_laid_out(followed->live);
}

static void add_tracks(struct followed *followed, uint32_t *tracks)
{
    for (uint32_t i = 0; i < TRACKS; i++)
        tracks[i] = tracer_add_track(followed->fixture->tracer, 7, 10 + i, "worker");
}

static void only_tracks_that_got_events_are_laid_out(void **state)
{
    struct followed followed = { 0 };
    uint32_t tracks[TRACKS];
    (void)state;
    follow(&followed, (struct tracer_options){ 0 }, UINT64_MAX);
    add_tracks(&followed, tracks);
    for (int i = 0; i < 100; i++)
        record_on(&followed, i, tracks[i % TRACKS], "first", i % 7);
    assert_int_equal(check_growth(&followed, 0), TRACKS);
    for (int i = 100; i < 110; i++)
        record_on(&followed, i, tracks[2], "second", i % 30);
    assert_int_equal(check_growth(&followed, 0), 1);
    record_on(&followed, 110, tracks[0], "third", 0);
    record_on(&followed, 111, tracks[4], "third", 60);
    assert_int_equal(check_growth(&followed, 0), 2);
    assert_int_equal(check_growth(&followed, 0), 0);
    follow_end(&followed);
}

/* An earlier first event moves the origin of all others, and their places in the columns. */
static void a_new_track_before_the_others_moves_them(void **state)
{
    struct followed followed = { 0 };
    (void)state;
    follow(&followed, (struct tracer_options){ 0 }, UINT64_MAX);
    const uint32_t last = tracer_add_track(followed.fixture->tracer, 7, 30, "last");
    for (int i = 10; i < 20; i++)
        record_on(&followed, i, last, "inner", i - 9);
    assert_int_equal(check_growth(&followed, 0), 1);
    record_on(&followed, 20, tracer_add_track(followed.fixture->tracer, 7, 20, "first"), "long", 19);
    assert_int_equal(check_growth(&followed, 0), 1);
    follow_end(&followed);
}

/* Open spans grow with every build, which does not move the other events of their track. */
static void open_spans_of_idle_threads_need_no_layout(void **state)
{
    struct followed followed = { 0 };
    uint32_t tracks[TRACKS];
    (void)state;
    follow(&followed, (struct tracer_options){ 0 }, UINT64_MAX);
    add_tracks(&followed, tracks);
    followed.fixture->now_ms = 1;
    struct trace_span outer = tracer_span_begin(followed.fixture->tracer, TRACE_FILE, "outer");
    struct trace_span inner = tracer_span_begin(followed.fixture->tracer, TRACE_FILE, "inner");
    record_on(&followed, 2, 0, "inside", 1);
    record_on(&followed, 3, 0, "the last of all", 0);
    assert_int_equal(check_growth(&followed, 0), 1);
    record_on(&followed, 4, tracks[0], "after", 0); /* the very last event was outside everything that ended with it */
    assert_int_equal(check_growth(&followed, 0), 2);
    record_on(&followed, 5, tracks[0], "after", 0);
    assert_int_equal(check_growth(&followed, 0), 1);
    followed.fixture->now_ms = 6;
    trace_span_end(&inner);
    assert_int_equal(check_growth(&followed, 0), 1);
    record_on(&followed, 7, tracks[1], "after", 0);
    assert_int_equal(check_growth(&followed, 0), 2);
    trace_span_end(&outer);
    assert_int_equal(check_growth(&followed, 0), 1);
    follow_end(&followed);
}

static void tracks_that_lose_events_are_laid_out(void **state)
{
    const uint64_t hold = 8;
    struct followed followed = { 0 };
    uint32_t tracks[TRACKS];
    (void)state;
    follow(&followed, (struct tracer_options){ 0 }, hold);
    add_tracks(&followed, tracks);
    for (int i = 0; i < 8; i++)
        record_on(&followed, i, tracks[i / 2], "x", i);
    assert_int_equal(check_growth(&followed, hold), 4);
    record_on(&followed, 9, tracks[3], "y", 4);
    assert_int_equal(check_growth(&followed, hold), 2);
    record_on(&followed, 10, tracks[3], "y", 4); /* and the last event of the first track goes with it */
    assert_int_equal(check_growth(&followed, hold), 1);
    follow_end(&followed);
}

/* An even id leads one way, the next id the other way. */
static void record_flow(struct followed *followed, double ms, uint32_t track, uint64_t id)
{
    const struct trace_event event = {
        .category = TRACE_IPC,
        .kind = TRACE_KIND_FLOW,
        .name = "flow",
        .track = track,
        .flow_id = id / 2,
        .has = id % 2 ? TRACE_FLOW_IN : 0,
    };
    followed->fixture->now_ms = ms;
    tracer_event_ex(followed->fixture->tracer, &event);
}

static void ends_of_arrows_go_with_their_events(void **state)
{
    (void)state;
    for (uint64_t hold = 1; hold <= 9; hold++) {
        struct followed followed = { 0 };
        follow(&followed, (struct tracer_options){ 0 }, hold);
        for (int i = 0; i < 6; i++) {
            record_flow(&followed, 10 * i + 1, 0, 2 + (uint64_t)i);
            check_growth(&followed, hold);
            record_on(&followed, 10 * i + 9, 0, "around", 9);
            check_growth(&followed, hold);
        }
        struct timeline *timeline = built(&followed);
        assert_int_equal(timeline->flow_count, hold / 4);
        timeline_destroy(timeline);
        follow_end(&followed);
    }
}

static void names_of_threads_are_the_newest(void **state)
{
    struct followed followed = { 0 };
    struct timeline_track track;
    (void)state;
    follow(&followed, (struct tracer_options){ 0 }, UINT64_MAX);
    static const char *const names[] = { "young", "", "old" };
    for (int i = 0; i < 3; i++) {
        record_on(&followed, i, tracer_add_track(followed.fixture->tracer, 7, 8, names[i]), "x", 0);
        check_growth(&followed, 0);
        struct timeline *timeline = built(&followed);
        assert_true(timeline_track(timeline, 0, &track));
        assert_string_equal(track.name, names[i]);
        timeline_destroy(timeline);
    }
    follow_end(&followed);
}

/* Every name is different, as when names have numbers in them. */
static void texts_of_dropped_events_are_let_go(void **state)
{
    const uint64_t hold = 1000;
    struct followed followed = { 0 };
    (void)state;
    follow(&followed, (struct tracer_options){ .capacity_events = 4000, .names = 4 }, hold);
    const uint32_t tracks[2] = { tracer_add_track(followed.fixture->tracer, 7, 8, "a"),
                                 tracer_add_track(followed.fixture->tracer, 7, 9, "b") };
    uint64_t most = 0;
    for (int i = 0; i < 30000; i++) {
        char name[32];
        snprintf(name, sizeof name, "a name with number %d", i);
        record_on(&followed, i, tracks[i > 12000], name, i % 3);
        if (i % 100 < 2)
            record_flow(&followed, i, tracks[i > 12000], (uint64_t)i / 100 * 2 + i % 2);
        if (i % 2000 == 1999) {
            check_growth(&followed, hold);
            const uint64_t bytes = timeline_live_bytes(followed.live);
            most = bytes > most ? bytes : most;
        }
    }
    struct timeline *timeline = built(&followed);
    assert_int_equal(timeline_events(timeline), hold);
    assert_int_equal(timeline->track_count, 1);
    assert_in_range(timeline->name_table.count, hold / 2, 8 * hold);
    assert_in_range(most, 1, 1500000);
    timeline_destroy(timeline);
    follow_end(&followed);
}

/* The clock was set in between: as in a file, these events go to tracks of their own. */
static void events_that_are_far_from_all_others_are_as_in_a_file(void **state)
{
    struct followed followed = { 0 };
    (void)state;
    follow(&followed, (struct tracer_options){ 0 }, UINT64_MAX);
    struct trace_span span = tracer_span_begin(followed.fixture->tracer, TRACE_FILE, "open");
    for (int i = 0; i < 50; i++)
        record_on(&followed, i, 0, "near", i % 3);
    check_growth(&followed, 0);
    record_on(&followed, 400.0 * 86400e3, 0, "far", 5);
    check_growth(&followed, 0);
    record_on(&followed, 51, 0, "near", 1);
    check_growth(&followed, 0);
    trace_span_end(&span);
    check_growth(&followed, 0);
    follow_end(&followed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(only_tracks_that_got_events_are_laid_out),
        cmocka_unit_test(a_new_track_before_the_others_moves_them),
        cmocka_unit_test(open_spans_of_idle_threads_need_no_layout),
        cmocka_unit_test(tracks_that_lose_events_are_laid_out),
        cmocka_unit_test(ends_of_arrows_go_with_their_events),
        cmocka_unit_test(names_of_threads_are_the_newest),
        cmocka_unit_test(texts_of_dropped_events_are_let_go),
        cmocka_unit_test(events_that_are_far_from_all_others_are_as_in_a_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
