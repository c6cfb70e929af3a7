/* Stacks: their table in live and sealed images and segments, in JSON and exports, and with arbitrary bytes. */
#include <stdlib.h>

#include "parsed.h"
#include "read/seal.h"
#include "reading.h"

static const struct trace_frame deep[] = { { "read", "libc", 0x1234 },
                                           { NULL, "app", 0xfffffffffffffff8 },
                                           { "ma\"in", NULL, 0 } };
static const struct trace_frame other[] = { { "unused", "elsewhere", 1 }, { "start", NULL, 0 } };

static void record_with(struct fixture *fixture, uint64_t stack)
{
    const struct trace_event event = { .name = "e", .category = TRACE_FILE, .stack = stack };
    assert_int_equal(tracer_event_ex(fixture->tracer, &event), TRACER_OK);
}

static void check_stack(const struct tracer_snapshot *snapshot, uint64_t stack, const struct trace_frame *expected,
                        size_t count)
{
    struct trace_frame frames[8];
    assert_int_equal(tracer_snapshot_stack(snapshot, stack, frames, 8), count);
    for (size_t i = 0; i < count; i++) {
        assert_string_equal(frames[i].name, expected[i].name ? expected[i].name : "");
        assert_string_equal(frames[i].module, expected[i].module ? expected[i].module : "");
        assert_true(frames[i].address == expected[i].address);
    }
}

struct sealed {
    unsigned char *bytes;
    uint64_t size;
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
};

static struct sealed seal(const struct tracer_snapshot *snapshot)
{
    struct sealed sealed = { 0 };
    sealed.bytes = seal_to_memory(snapshot, &sealed.size);
    assert_non_null(sealed.bytes);
    sealed.reader = reading_open(sealed.bytes, (size_t)sealed.size);
    assert_int_equal(tracer_snapshot_create(&sealed.snapshot, sealed.reader, NULL), TRACER_OK);
    return sealed;
}

static void sealed_free(struct sealed *sealed)
{
    tracer_snapshot_destroy(sealed->snapshot);
    tracer_reader_close(sealed->reader);
    free(sealed->bytes);
}

static void a_stack_is_the_same_live_and_sealed(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    (void)state;
    uint64_t unused = tracer_add_stack(fixture->tracer, other, 2);
    uint64_t whole = tracer_add_stack(fixture->tracer, deep, 3),
             callers = tracer_add_stack(fixture->tracer, deep + 1, 2);
    assert_true(unused && whole && callers && whole != callers);
    assert_true(tracer_add_stack(fixture->tracer, deep, 3) == whole);
    record_with(fixture, whole);
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    struct sealed sealed = seal(snapshot);
    check_stack(snapshot, whole, deep, 3);
    check_stack(snapshot, callers, deep + 1, 2);
    check_stack(snapshot, unused, other, 2);
    check_stack(sealed.snapshot, whole, deep, 3);
    check_stack(sealed.snapshot, callers, deep + 1, 2);
    assert_int_equal(tracer_snapshot_stack(sealed.snapshot, unused, NULL, 0), 0);
    assert_int_equal(sealed.snapshot->frames.count, 3);
    struct sealed again = seal(sealed.snapshot);
    assert_int_equal(again.size, sealed.size);
    assert_memory_equal(again.bytes, sealed.bytes, (size_t)sealed.size);
    sealed_free(&again);
    sealed_free(&sealed);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

/* The stack of a later event is in that event's own segment. */
static void a_segment_has_the_stacks_of_its_events(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct tracer_reader *reader;
    struct tracer_cursor *cursor;
    (void)state;
    const uint64_t stacks[] = { tracer_add_stack(fixture->tracer, deep, 3),
                                tracer_add_stack(fixture->tracer, other, 2) };
    assert_int_equal(tracer_reader_attach(&reader, fixture->tracer), TRACER_OK);
    assert_int_equal(tracer_cursor_create(&cursor, reader), TRACER_OK);
    for (int i = 0; i < 2; i++) {
        struct tracer_snapshot *snapshot;
        record_with(fixture, stacks[i]);
        assert_int_equal(tracer_read_since(&snapshot, reader, cursor, NULL), TRACER_OK);
        struct sealed sealed = seal(snapshot);
        check_stack(sealed.snapshot, stacks[i], i ? other : deep, i ? 2 : 3);
        assert_int_equal(tracer_snapshot_stack(sealed.snapshot, stacks[!i], NULL, 0), 0);
        sealed_free(&sealed);
        tracer_snapshot_destroy(snapshot);
    }
    tracer_cursor_destroy(cursor);
    tracer_reader_close(reader);
    fixture_end(fixture);
}

static void what_finds_the_table_full_is_counted(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = 8 });
    struct trace_frame frames[8] = { { 0 } };
    (void)state;
    for (size_t i = 0; i < 8; i++)
        frames[i].address = i + 1;
    assert_int_equal(tracer_add_stack(fixture->tracer, frames, 0), 0);
    assert_int_equal(fixture_summary(fixture).losses.stacks_overflowed, 0);
    assert_int_equal(tracer_add_stack(fixture->tracer, frames + 1, 7), 7);
    assert_int_equal(tracer_add_stack(fixture->tracer, frames, 8), 0);
    assert_int_equal(tracer_add_stack(fixture->tracer, frames + 1, 7), 7);
    assert_int_equal(fixture_summary(fixture).losses.stacks_overflowed, 1);
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    struct sealed sealed = seal(snapshot);
    assert_int_equal(sealed.snapshot->summary.losses.stacks_overflowed, 1);
    sealed_free(&sealed);
    tracer_snapshot_destroy(snapshot);
    tracer_reset(fixture->tracer);
    assert_int_equal(fixture_summary(fixture).losses.stacks_overflowed, 0);
    fixture_end(fixture);
}

/* If a frame's name does not fit, the frame is dropped rather than kept without a name. */
static void a_full_table_of_names_leaves_no_half_of_a_stack(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ .names = 3 });
    (void)state;
    tracer_event(fixture->tracer, TRACE_FILE, "a", NULL);
    tracer_event(fixture->tracer, TRACE_FILE, "b", NULL);
    assert_int_equal(tracer_add_stack(fixture->tracer, deep + 2, 1), 0);
    assert_int_equal(fixture_summary(fixture).losses.stacks_overflowed, 1);
    fixture_end(fixture);
}

#define MAIN "{\"id\":1,\"name\":\"ma\\\"in\"}"
#define APP "{\"id\":2,\"caller\":1,\"module\":\"app\",\"address\":\"0xfffffffffffffff8\"}"
#define READ "{\"id\":3,\"caller\":2,\"name\":\"read\",\"module\":\"libc\",\"address\":\"0x1234\"}"

static void stacks_are_in_json_and_in_chrome_s_format(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    char *text = NULL;
    size_t size;
    (void)state;
    record_with(fixture, tracer_add_stack(fixture->tracer, deep, 3));
    record_with(fixture, 12345); /* another program's */
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    char *json = tracer_snapshot_summary_json(snapshot);
    if (!strstr(json, "\"frames\":[" MAIN "," APP "," READ "]"))
        fail_msg("%s", json);
    FILE *file = open_memstream(&text, &size);
    assert_int_equal(tracer_export_file(snapshot, "chrome", file), TRACER_OK);
    fclose(file);
    cJSON *root = cJSON_Parse(text), *frames = cJSON_GetObjectItem(root, "stackFrames"), *event;
    assert_non_null(frames);
    assert_int_equal(cJSON_GetArraySize(frames), 3);
    assert_string_equal(cJSON_GetObjectItem(cJSON_GetObjectItem(frames, "2"), "name")->valuestring,
                        "0xfffffffffffffff8");
    assert_int_equal(cJSON_GetObjectItem(cJSON_GetObjectItem(frames, "3"), "parent")->valueint, 2);
    int with_stack = 0;
    cJSON_ArrayForEach(event, cJSON_GetObjectItem(root, "traceEvents")) with_stack +=
        cJSON_GetObjectItem(event, "sf") && cJSON_GetObjectItem(event, "sf")->valueint == 3 ? 1 : 0;
    assert_int_equal(with_stack, 1);
    assert_null(strstr(text, "12345"));
    cJSON_Delete(root);
    free(text);
    free(json);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

/* -------------------------------------------------------------- hostile bytes */

static size_t frames_at(const unsigned char *bytes, struct image_section *section)
{
    for (size_t at = IMAGE_DIRECTORY_OFFSET; at < IMAGE_HEADER_BYTES; at += sizeof *section) {
        memcpy(section, bytes + at, sizeof *section);
        if (section->kind == IMAGE_STACKS)
            return at;
    }
    fail_msg("no STACKS");
    return 0;
}

/* Puts every value into every word of the table: a walk always ends, and yields no more frames than there are. */
static void no_bytes_make_a_stack_without_an_end(void **state)
{
    static const uint64_t values[] = { 0,
                                       1,
                                       1ull << 32,
                                       1 | 1ull << 32,
                                       2 | 3ull << 32,
                                       3 | 2ull << 32,
                                       3 | 3ull << 32,
                                       2,
                                       UINT32_MAX,
                                       UINT64_MAX,
                                       NAME_PUBLISHED | 0xffffffff };
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct image_section section;
    (void)state;
    record_with(fixture, tracer_add_stack(fixture->tracer, deep, 3));
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    struct sealed sealed = seal(snapshot);
    frames_at(sealed.bytes, &section);
    assert_int_equal(section.size_bytes, 4 * sizeof(struct image_frame));
    for (size_t word = 0; word < section.size_bytes / 8; word++) {
        for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
            unsigned char *at = sealed.bytes + section.offset_bytes + word * 8, kept[8];
            struct tracer_snapshot *read;
            memcpy(kept, at, 8);
            memcpy(at, &values[i], 8);
            assert_int_equal(tracer_snapshot_create(&read, sealed.reader, NULL), TRACER_OK);
            for (uint64_t id = 0; id < 5; id++)
                assert_in_range(tracer_snapshot_stack(read, id, NULL, 0), 0, read->frames.count);
            free(tracer_snapshot_summary_json(read));
            struct sealed again = seal(read);
            sealed_free(&again);
            tracer_snapshot_destroy(read);
            memcpy(at, kept, 8);
        }
    }
    sealed_free(&sealed);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

static void a_table_of_another_shape_is_damage(void **state)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    struct image_section section;
    struct tracer_reader *reader;
    struct tracer_message message;
    (void)state;
    struct tracer_snapshot *snapshot = tracer_events(fixture->tracer, NULL);
    struct sealed sealed = seal(snapshot);
    size_t at = frames_at(sealed.bytes, &section);
    section.entry_bytes = 8;
    memcpy(sealed.bytes + at, &section, sizeof section);
    assert_int_equal(tracer_reader_open_memory(&reader, sealed.bytes, (size_t)sealed.size, &message),
                     TRACER_ERROR_DAMAGED);
    section.kind = 4711; /* an image older than stacks */
    memcpy(sealed.bytes + at, &section, sizeof section);
    assert_int_equal(tracer_reader_open_memory(&reader, sealed.bytes, (size_t)sealed.size, &message), TRACER_OK);
    tracer_reader_close(reader);
    sealed_free(&sealed);
    tracer_snapshot_destroy(snapshot);
    fixture_end(fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_stack_is_the_same_live_and_sealed),
        cmocka_unit_test(a_segment_has_the_stacks_of_its_events),
        cmocka_unit_test(what_finds_the_table_full_is_counted),
        cmocka_unit_test(a_full_table_of_names_leaves_no_half_of_a_stack),
        cmocka_unit_test(stacks_are_in_json_and_in_chrome_s_format),
        cmocka_unit_test(no_bytes_make_a_stack_without_an_end),
        cmocka_unit_test(a_table_of_another_shape_is_damage),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
