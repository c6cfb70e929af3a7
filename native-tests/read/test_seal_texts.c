/* What sealed images keep besides events: labels and notes; and what they leave out: details. */
#include "sealing.h"

static bool has_bytes(const void *bytes, size_t size, const char *text)
{
    return memmem(bytes, size, text, strlen(text)) != NULL;
}

static void record_secrets(struct fixture *fixture)
{
    char name[32];
    for (unsigned i = 0; i < 40; i++) { /* this fills the table of names */
        snprintf(name, sizeof name, "name %u", i);
        const struct trace_event event = {
            .name = name,
            .detail = "SECRET detail",
            .arguments = "[\"SECRET argument\"]",
            .result = "\"SECRET result\"",
            .async_id = 7 + i,
            .has = i % 2 ? TRACE_FAILED : 0,
            .pid = 70000 + i, /* and the table of tracks */
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

/* A secret is neither in the snapshot nor in any bytes that are made from it. */
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
    whole = tracer_events(fixture->tracer, &named); /* the query may match text that is left out */
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

static void check_note(const struct tracer_snapshot *snapshot, size_t index, const char *text, uint64_t count)
{
    struct trace_note note;
    assert_true(tracer_snapshot_note(snapshot, index, &note));
    assert_string_equal(note.text, text);
    assert_int_equal(note.count, count);
}

/* Notes with the same text become one; a long one is cut between characters. */
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_details_no_secret_is_written),
        cmocka_unit_test(a_name_keeps_its_label),
        cmocka_unit_test(notes_are_sealed_and_read_again),
        cmocka_unit_test(notes_beyond_what_is_kept_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
