/* Sealed images: exactly what a snapshot has, in the bytes that it takes, and the same to every reader. */
#include <stdlib.h>

#include "image/image.h"
#include "read/seal.h"
#include "reading.h"

#define SEEDS 60

static uint64_t next_random(uint64_t *random)
{
    *random = *random * 6364136223846793005u + 1442695040888963407u;
    return *random >> 33;
}

/* An event of any kind, with any text, of any track. */
static void record_random(struct fixture *fixture, uint64_t *random)
{
    static const char *const names[] = { "open", "read", "write", "x", "", "a name that the table has no room for" };
    static const char *const details[] = { NULL, "", "short", "\xff\x01\"", "a longer detail, of more than 32 bytes" };
    static const char *const labels[] = { NULL, NULL, "net", "of \xff \"mine\"" };
    char name[16];
    struct trace_event event = {
        .category = (enum trace_category)(next_random(random) % TRACE_CATEGORY_COUNT),
        .kind = (enum trace_kind)(next_random(random) % TRACE_KIND_COUNT),
        .name = names[next_random(random) % 6],
        .detail = details[next_random(random) % 5],
        .duration = (double)(next_random(random) % 1000) / 8,
        .value = (double)next_random(random) / 3,
        .flow_id = next_random(random) << 40,
        .pid = (uint32_t)next_random(random) % 8,
        .async_id = next_random(random) % 3,
        .label = labels[next_random(random) % 4],
        .arguments = next_random(random) % 3 ? NULL : "[\"\xff\",2]",
        .has = (uint32_t)next_random(random) & (TRACE_FAILED | TRACE_FLOW_IN | TRACE_HAS_PID),
    };
    snprintf(name, sizeof name, "n%u", (unsigned)next_random(random) % 40);
    if (next_random(random) % 4 == 0)
        event.name = name;
    fixture->now_ms += (double)(next_random(random) % 3);
    tracer_event_ex(fixture->tracer, &event);
}

static struct fixture *random_fixture(uint64_t seed)
{
    uint64_t random = seed;
    struct tracer_options options = {
        .capacity_events = 1 + next_random(&random) % 300, .names = 24, .tracks = 4, .detail_bytes = 4096, .lanes = 2
    };
    struct fixture *fixture = fixture_begin(options);
    uint64_t events = next_random(&random) % 600;
    for (uint64_t i = 0; i < events; i++)
        record_random(fixture, &random);
    for (uint64_t i = next_random(&random) % 4; i > 0; i--) {
        tracer_op(fixture->tracer, i % 2 ? "read" : "of mine", (double)next_random(&random) / 1e6, i != 3);
        tracer_tick(fixture->tracer, i, 0.5 * (double)i);
        tracer_io(fixture->tracer, i, 2 * i);
    }
    for (uint64_t i = next_random(&random) % 3; i > 0; i--)
        (void)tracer_span_begin(fixture->tracer, TRACE_IPC, "never ended");
    return fixture;
}

struct sealed {
    void *bytes;
    uint64_t size;
    struct tracer_reader *reader;
};

static struct sealed seal_snapshot(const struct tracer_snapshot *snapshot)
{
    struct sealed sealed = { 0 };
    sealed.bytes = seal_to_memory(snapshot, &sealed.size);
    assert_non_null(sealed.bytes);
    sealed.reader = reading_open(sealed.bytes, (size_t)sealed.size);
    return sealed;
}

static void sealed_free(struct sealed *sealed)
{
    tracer_reader_close(sealed->reader);
    free(sealed->bytes);
}

static char *all_json(const struct tracer_snapshot *snapshot)
{
    struct trace_summary summary;
    struct trace_open_span open;
    struct printed printed;
    printed_begin(&printed);
    assert_int_equal(tracer_export_file(snapshot, "ndjson", printed.file), TRACER_OK);
    assert_int_equal(tracer_export_file(snapshot, "chrome", printed.file), TRACER_OK);
    tracer_snapshot_summary(snapshot, &summary);
    char *json = tracer_summary_json(&summary), *operations = tracer_operations_json(snapshot);
    fprintf(printed.file, "%s\n%s\n", json, operations);
    for (size_t i = 0; tracer_snapshot_open_span(snapshot, i, &open); i++)
        fprintf(printed.file, "%s %d %u %u %u\n", open.name, (int)open.category, open.lane, open.depth,
                (unsigned)open.start_ns);
    free(json);
    free(operations);
    return printed_end(&printed);
}

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
        /* Sealed again, it is the same to the byte. */
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

/* Opened as an image of this capacity and this cursor. */
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

/* Whatever a byte is, a reader ends, in an error or in a view. */
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

/* ------------------------------------------------------------------ segments */

/* What is new since the cursor, sealed; no bytes if nothing is. */
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

static struct tracer_info info_of(struct tracer_reader *reader)
{
    struct tracer_info info;
    assert_int_equal(tracer_reader_info(reader, &info), TRACER_OK);
    return info;
}

/* Each event once, numbers one after the other, and what is between two counted. */
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

/* ------------------------------------------------------------ without details */

static bool has_bytes(const void *bytes, size_t size, const char *text)
{
    return memmem(bytes, size, text, strlen(text)) != NULL;
}

static void record_secrets(struct fixture *fixture)
{
    char name[32];
    for (unsigned i = 0; i < 40; i++) { /* the table of names is full by then */
        snprintf(name, sizeof name, "name %u", i);
        const struct trace_event event = {
            .name = name,
            .detail = "SECRET detail",
            .arguments = "[\"SECRET argument\"]",
            .result = "\"SECRET result\"",
            .async_id = 7 + i,
            .has = i % 2 ? TRACE_FAILED : 0,
            .pid = 70000 + i, /* and that of tracks */
        };
        tracer_event_ex(fixture->tracer, &event);
    }
    tracer_event(fixture->tracer, TRACE_FILE, "name 1", "SECRET alone");
}

static void check_bare(const struct tracer_snapshot *snapshot)
{
    struct trace_event event;
    char name[32];
    for (unsigned i = 0; i < 40; i++) {
        assert_true(tracer_snapshot_get(snapshot, i, &event));
        snprintf(name, sizeof name, "name %u", i);
        assert_string_equal(event.name, name);
        assert_null(event.detail);
        assert_true(!event.arguments && !event.result);
        assert_int_equal(event.async_id, 7 + i);
        assert_int_equal(event.pid, 70000 + i);
        assert_int_equal(event.has & (TRACE_DETAIL_LOST | TRACE_DETAIL_TRUNCATED), 0);
        assert_int_equal((event.has & TRACE_FAILED) != 0, i % 2);
    }
    assert_true(tracer_snapshot_get(snapshot, 40, &event));
    assert_null(event.detail);
}

/* Neither in the snapshot, nor in any byte that is made of it. */
static void without_details_no_secret_is_written(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = 24, .tracks = 8, .detail_bytes = 65536 });
    const struct tracer_query bare = { .without_details = true }, named = { .without_details = true, .text = "alone" };
    (void)state;
    record_secrets(fixture);
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, &bare), *read, *whole;
    struct sealed sealed = seal_snapshot(snapshot);
    char *json = all_json(snapshot);
    check_bare(snapshot);
    assert_false(has_bytes(json, strlen(json), "SECRET"));
    assert_false(has_bytes(sealed.bytes, (size_t)sealed.size, "SECRET"));
    assert_false(has_bytes(snapshot->texts.bytes, snapshot->texts.used, "SECRET"));
    assert_true(info_of(sealed.reader).without_details);
    assert_int_equal(tracer_snapshot_create(&read, sealed.reader, NULL), TRACER_OK);
    check_bare(read);
    whole = tracer_events(fixture->tracer, &named); /* what is asked for may be in what is left out */
    assert_int_equal(tracer_snapshot_count(whole), 1);
    tracer_snapshot_destroy(whole);
    whole = tracer_events(fixture->tracer, NULL);
    free(json);
    json = all_json(whole);
    assert_true(has_bytes(json, strlen(json), "SECRET argument"));
    free(json);
    tracer_snapshot_destroy(whole);
    tracer_snapshot_destroy(read);
    sealed_free(&sealed);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

/* -------------------------------------------------------------------- labels */

static void check_label(const struct tracer_snapshot *snapshot, size_t index, const char *name, const char *label)
{
    struct trace_event event;
    assert_true(tracer_snapshot_get(snapshot, index, &event));
    assert_string_equal(event.name, name);
    if (label)
        assert_string_equal(event.label, label);
    else
        assert_null(event.label);
}

static void a_name_keeps_its_label(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    const struct trace_event events[] = {
        { .name = "fetch", .label = "net" },   { .name = "fetch" },
        { .name = "fetch", .label = "cache" }, { .name = "net", .label = "" },
        { .name = "fetch", .label = "net" },
    };
    (void)state;
    for (size_t i = 0; i < sizeof events / sizeof events[0]; i++)
        tracer_event_ex(fixture->tracer, &events[i]);
    struct tracer_snapshot *live = tracer_events(fixture->tracer, NULL), *read;
    struct sealed sealed = seal_snapshot(live);
    assert_int_equal(tracer_snapshot_create(&read, sealed.reader, NULL), TRACER_OK);
    for (int i = 0; i < 2; i++) {
        const struct tracer_snapshot *snapshot = i ? read : live;
        check_label(snapshot, 0, "fetch", "net");
        check_label(snapshot, 1, "fetch", NULL);
        check_label(snapshot, 2, "fetch", "cache");
        check_label(snapshot, 3, "net", NULL);
        check_label(snapshot, 4, "fetch", "net");
    }
    assert_int_equal(info_of(sealed.reader).names_used, 6); /* fetch three times, net, cache, the thread */
    char *json = all_json(read);
    assert_non_null(strstr(json, "\"name\":\"fetch\",\"label\":\"net\""));
    assert_non_null(strstr(json, "\"name\":\"fetch\",\"cat\":\"cache\""));
    free(json);
    tracer_snapshot_destroy(read);
    sealed_free(&sealed);
    tracer_snapshot_destroy(live);
    fixture_end(fixture);
}

/* --------------------------------------------------------------------- notes */

static void check_note(const struct tracer_snapshot *snapshot, size_t index, const char *text, uint64_t count)
{
    struct trace_note note;
    assert_true(tracer_snapshot_note(snapshot, index, &note));
    assert_string_equal(note.text, text);
    assert_int_equal(note.count, count);
}

/* Of one text are one; a long one is cut between characters. */
static void notes_are_sealed_and_read_again(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL), *read;
    struct trace_note note;
    char text[400] = "";
    (void)state;
    for (size_t i = 0; i < 150; i++)
        memcpy(text + 2 * i, "\xc3\xa4", 2);
    assert_int_equal(snapshot_add_note(snapshot, "ends without a \"beginning\"", 12), TRACER_OK);
    assert_int_equal(snapshot_add_note(snapshot, text, UINT64_MAX), TRACER_OK);
    assert_int_equal(snapshot_add_note(snapshot, "ends without a \"beginning\"", 1), TRACER_OK);
    assert_int_equal(snapshot_add_note(snapshot, text, 1), TRACER_OK);
    struct sealed sealed = seal_snapshot(snapshot);
    assert_int_equal(tracer_snapshot_create(&read, sealed.reader, NULL), TRACER_OK);
    check_note(read, 0, "ends without a \"beginning\"", 13);
    text[246] = '\0';
    check_note(read, 1, text, UINT64_MAX);
    assert_false(tracer_snapshot_note(read, 2, &note));
    char *json = tracer_snapshot_summary_json(read);
    assert_non_null(strstr(json, "\"notes\":[{\"text\":\"ends without a \\\"beginning\\\"\",\"count\":13},"));
    free(json);
    struct sealed again = seal_snapshot(read);
    assert_int_equal(again.size, sealed.size);
    assert_memory_equal(again.bytes, sealed.bytes, sealed.size);
    sealed_free(&again);
    tracer_snapshot_destroy(read);
    sealed_free(&sealed);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

static void notes_beyond_what_is_kept_are_counted(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    char text[32];
    (void)state;
    for (unsigned i = 0; i < NOTES_MAX + 10; i++) {
        snprintf(text, sizeof text, "kind %u", i);
        assert_int_equal(snapshot_add_note(snapshot, text, 2), TRACER_OK);
    }
    assert_int_equal(snapshot->note_count, NOTES_MAX);
    check_note(snapshot, NOTES_MAX - 1, "further things left out", 22);
    assert_int_equal(snapshot_add_note(snapshot, "kind 3", 2), TRACER_OK);
    check_note(snapshot, 3, "kind 3", 4);
    struct sealed sealed = seal_snapshot(snapshot);
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
        cmocka_unit_test(segments_say_whose_they_are_and_what_is_missing_before),
        cmocka_unit_test(what_is_new_without_an_event_is_a_segment),
        cmocka_unit_test(without_details_no_secret_is_written),
        cmocka_unit_test(a_name_keeps_its_label),
        cmocka_unit_test(notes_are_sealed_and_read_again),
        cmocka_unit_test(notes_beyond_what_is_kept_are_counted),
        cmocka_unit_test(a_sink_that_stops_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
