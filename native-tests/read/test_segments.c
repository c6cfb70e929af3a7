/* Segments: everything new since a cursor, sealed. */
#include "sealing.h"

/* Everything new since the cursor, sealed; no bytes if nothing is new. */
static struct sealed next_segment(struct tracer_reader *reader, struct tracer_cursor *cursor)
{
    struct tracer_snapshot *snapshot;
    struct sealed sealed = { 0 };
    assert_int_equal(tracer_read_since(&snapshot, reader, cursor, NULL), TRACER_OK);
    if (snapshot->has_news)
        sealed = seal_snapshot(snapshot);
    tracer_snapshot_destroy(snapshot);
    return sealed;
}

/* Each event once, consecutive numbers, and the events missing between two segments counted. */
static void segments_say_whose_they_are_and_what_is_missing_before(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        uint64_t random = seed, found = 0, missed = 0, recorded = 0, id = 0;
        struct fixture *fixture =
            fixture_begin((struct tracer_options){ .capacity_events = 30, .lanes = 1, .detail_bytes = 4096 });
        struct tracer_reader *reader = reading_attach(fixture);
        struct tracer_cursor *cursor;
        assert_int_equal(tracer_cursor_create(&cursor, reader), TRACER_OK);
        for (uint64_t i = 0; i < 20; i++) {
            for (uint64_t n = next_random(&random) % 60 + 1; n > 0; n--)
                record_random(fixture, &random);
            struct sealed sealed = next_segment(reader, cursor);
            struct tracer_info info = info_of(sealed.reader);
            struct trace_summary summary = reading_summary(sealed.reader), whole = fixture_summary(fixture);
            assert_int_equal(info.segment, i);
            assert_true(info.cursor != 0 && (i == 0 || info.cursor == id));
            id = info.cursor;
            missed += info.missed_before;
            found += summary.event_count;
            recorded = fixture_sum(whole.losses.recorded);
            assert_int_equal(fixture_sum(summary.losses.left_out), found - summary.event_count);
            assert_int_equal(fixture_sum(summary.losses.recorded), recorded);
            assert_int_equal(fixture_sum(summary.losses.held), summary.event_count);
            if (i == 0)
                missed += fixture_sum(summary.losses.evicted);
            assert_int_equal(fixture_sum(summary.losses.evicted), missed);
            sealed_free(&sealed);
        }
        assert_int_equal(found + missed, recorded);
        assert_int_equal(info_of(reader).cursor, 0);
        tracer_cursor_destroy(cursor);
        tracer_reader_close(reader);
        fixture_end(fixture);
    }
}

static void what_is_new_without_an_event_is_a_segment(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct tracer_reader *reader = reading_attach(fixture);
    struct tracer_cursor *cursor;
    struct trace_span span = { 0 };
    struct trace_track track;
    (void)state;
    assert_int_equal(tracer_cursor_create(&cursor, reader), TRACER_OK);
    for (uint64_t i = 0; i < 7; i++) {
        if (i == 1)
            span = tracer_span_begin(fixture->tracer, TRACE_FILE, "open now");
        if (i == 2)
            tracer_op(fixture->tracer, "read", 1, true);
        if (i == 3)
            tracer_add_track(fixture->tracer, 1, 2, "new");
        if (i == 4)
            tracer_add_track(fixture->tracer, 1, 2, "renamed");
        if (i == 5)
            tracer_disable(fixture->tracer);
        if (i == 6)
            trace_span_end(&span);
        struct sealed sealed = next_segment(reader, cursor);
        if (!sealed.bytes)
            fail_msg("change %u is no news", (unsigned)i);
        assert_int_equal(info_of(sealed.reader).segment, i);
        struct tracer_snapshot *snapshot;
        assert_int_equal(tracer_snapshot_create(&snapshot, sealed.reader, NULL), TRACER_OK);
        assert_int_equal(tracer_snapshot_count(snapshot), 0);
        bool has_track = tracer_snapshot_track(snapshot, 2, &track); /* the first is the open span's */
        if (i == 3 || i == 4)
            assert_string_equal(has_track ? track.name : "none", i == 3 ? "new" : "renamed");
        tracer_snapshot_destroy(snapshot);
        sealed_free(&sealed);
        assert_null(next_segment(reader, cursor).bytes);
    }
    tracer_cursor_destroy(cursor);
    tracer_reader_close(reader);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_say_whose_they_are_and_what_is_missing_before),
        cmocka_unit_test(what_is_new_without_an_event_is_a_segment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
