/* Sealed images: exactly the contents of a snapshot, in the number of bytes they take, and the same for every
 * reader. */
#include "sealing.h"

static void check_order(const struct tracer_snapshot *a, const struct tracer_snapshot *b)
{
    struct trace_event of_a, of_b;
    for (size_t i = 0; tracer_snapshot_get(a, i, &of_a); i++) {
        assert_true(tracer_snapshot_get(b, i, &of_b));
        assert_int_equal(of_a.lane, of_b.lane);
        assert_int_equal(of_a.sequence, of_b.sequence);
        assert_int_equal(of_a.has, of_b.has);
        assert_int_equal(of_a.time_ns, of_b.time_ns);
    }
}

static void a_sealed_image_reads_as_the_snapshot_did(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct fixture *fixture = random_fixture(seed);
        struct tracer_snapshot *live = tracer_events(fixture->tracer, NULL), *read;
        struct sealed sealed = seal_snapshot(live);
        assert_int_equal(tracer_snapshot_create(&read, sealed.reader, NULL), TRACER_OK);
        char *expected = all_json(live), *is = all_json(read);
        assert_string_equal(is, expected);
        check_order(live, read);
        /* Sealing again gives the same bytes. */
        struct sealed again = seal_snapshot(read);
        assert_int_equal(again.size, sealed.size);
        assert_memory_equal(again.bytes, sealed.bytes, sealed.size);
        free(expected);
        free(is);
        sealed_free(&again);
        sealed_free(&sealed);
        tracer_snapshot_destroy(read);
        tracer_snapshot_destroy(live);
        fixture_end(fixture);
    }
}

static void what_a_query_left_out_is_counted(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct fixture *fixture = random_fixture(seed);
        const struct tracer_query query = { .categories = TRACE_MASK(TRACE_FILE) | TRACE_MASK(TRACE_IPC) };
        struct tracer_snapshot *some = tracer_events(fixture->tracer, &query);
        struct sealed sealed = seal_snapshot(some);
        struct trace_summary whole = fixture_summary(fixture), summary = reading_summary(sealed.reader);
        assert_int_equal(summary.event_count, tracer_snapshot_count(some));
        for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
            bool taken = query.categories >> c & 1;
            assert_int_equal(summary.losses.recorded[c], whole.losses.recorded[c]);
            assert_int_equal(summary.losses.evicted[c], whole.losses.evicted[c]);
            assert_int_equal(summary.losses.held[c], taken ? whole.losses.held[c] : 0);
            assert_int_equal(summary.losses.left_out[c], taken ? 0 : whole.losses.held[c]);
        }
        sealed_free(&sealed);
        tracer_snapshot_destroy(some);
        fixture_end(fixture);
    }
}

static void it_takes_no_more_than_its_events_and_tables(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 20000, .lanes = 4 });
    const uint64_t events = 20000, text = 11;
    (void)state;
    for (uint64_t i = 0; i < events; i++)
        tracer_event(fixture->tracer, TRACE_FILE, "open", "/etc/passwd");
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    struct sealed sealed = seal_snapshot(snapshot);
    assert_in_range(sealed.size, events * (40 + text), events * (40 + text) + 65536);
    sealed_free(&sealed);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

/* Opens it as an image of this capacity and this cursor. */
static enum tracer_error open_as(const struct sealed *sealed, uint64_t capacity, uint64_t cursor)
{
    struct tracer_reader *reader;
    struct image_header *header = (struct image_header *)(void *)sealed->bytes;
    header->capacity_events = capacity;
    header->cursor = cursor;
    enum tracer_error error = tracer_reader_open_memory(&reader, sealed->bytes, (size_t)sealed->size, NULL);
    tracer_reader_close(reader);
    return error;
}

static void it_holds_no_more_than_its_capacity(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .capacity_events = 100, .lanes = 1 });
    (void)state;
    for (int i = 0; i < 60; i++)
        tracer_event(fixture->tracer, TRACE_FILE, "open", NULL);
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    struct sealed sealed = seal_snapshot(snapshot);
    assert_int_equal(open_as(&sealed, 60, 0), TRACER_OK);
    assert_int_equal(open_as(&sealed, 59, 0), TRACER_ERROR_DAMAGED);
    assert_int_equal(open_as(&sealed, 59, 1), TRACER_OK);
    assert_int_equal(open_as(&sealed, 0, 1), TRACER_ERROR_DAMAGED);
    assert_int_equal(open_as(&sealed, UINT64_MAX, 0), TRACER_ERROR_DAMAGED);
    sealed_free(&sealed);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

/* Whatever the bytes are, a reader finishes, with an error or with a view. */
static void changed_bytes_do_no_harm(void **state)
{
    uint64_t random = 1;
    (void)state;
    struct fixture *fixture = random_fixture(7);
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    assert_int_equal(snapshot_add_note(snapshot, "a note", 1), TRACER_OK);
    struct sealed sealed = seal_snapshot(snapshot);
    unsigned char *copy = malloc((size_t)sealed.size);
    assert_non_null(copy);
    for (int round = 0; round < 3000; round++) {
        struct tracer_reader *reader;
        struct tracer_snapshot *read;
        memcpy(copy, sealed.bytes, (size_t)sealed.size);
        for (uint64_t i = next_random(&random) % 4; i < 4; i++) {
            uint64_t at = next_random(&random) % (i % 2 ? sealed.size / 8 : 512), word = next_random(&random) << 20;
            memcpy(copy + at * 8 % (sealed.size - 8), &word, next_random(&random) % 8 + 1);
        }
        if (tracer_reader_open_memory(&reader, copy, (size_t)(sealed.size - next_random(&random) % 3), NULL) !=
            TRACER_OK)
            continue;
        if (tracer_snapshot_create(&read, reader, NULL) == TRACER_OK) {
            char *json = all_json(read);
            free(json);
            tracer_snapshot_destroy(read);
        }
        tracer_reader_close(reader);
    }
    free(copy);
    sealed_free(&sealed);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

static bool stop_at_once(void *argument, const char *bytes, size_t size)
{
    (void)argument, (void)bytes, (void)size;
    return false;
}

static void a_sink_that_stops_is_an_error(void **state)
{
    struct fixture *fixture = random_fixture(3);
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    (void)state;
    assert_int_equal(tracer_snapshot_save(snapshot, &(struct tracer_sink){ stop_at_once, NULL }), TRACER_ERROR_WRITE);
    assert_int_equal(tracer_snapshot_save(NULL, &(struct tracer_sink){ stop_at_once, NULL }), TRACER_ERROR_ARGUMENT);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sealed_image_reads_as_the_snapshot_did),
        cmocka_unit_test(what_a_query_left_out_is_counted),
        cmocka_unit_test(it_takes_no_more_than_its_events_and_tables),
        cmocka_unit_test(it_holds_no_more_than_its_capacity),
        cmocka_unit_test(changed_bytes_do_no_harm),
        cmocka_unit_test(a_sink_that_stops_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
