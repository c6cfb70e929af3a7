/* Opening images: whatever the bytes, either a clear error with both values or a sound view. */
#include <stdio.h>

#include "fixture.h"
#include "image/image.h"
#include "image/reader.h"

/* A saved image in memory of its own. */
struct saved {
    unsigned char *bytes;
    size_t size;
    struct tracer_message message;
};

static struct saved save(struct tracer_options options, int events)
{
    struct saved saved = { .bytes = NULL };
    uint64_t size;
    assert_int_equal(tracer_image_size(&options, &size), TRACER_OK);
    options.memory = saved.bytes = aligned_alloc(4096, (size_t)size);
    options.memory_size = saved.size = (size_t)size;
    struct fixture *fixture = fixture_begin(options);
    for (int i = 0; i < events; i++) {
        fixture->now_ms = i;
        tracer_event(fixture->tracer, TRACE_FILE, "open", "/etc/passwd");
    }
    fixture_end(fixture);
    return saved;
}

static struct saved small(void)
{
    return save((struct tracer_options){ .capacity_events = 10, .lanes = 1 }, 5);
}

static struct image_header *header(struct saved *saved)
{
    return (struct image_header *)(void *)saved->bytes;
}

static struct image_section *directory(struct saved *saved)
{
    return (struct image_section *)(void *)(saved->bytes + IMAGE_DIRECTORY_OFFSET);
}

static enum tracer_error open_bytes(struct saved *saved, size_t size)
{
    struct tracer_reader *reader = NULL;
    saved->message.text[0] = '\0';
    enum tracer_error error = tracer_reader_open_memory(&reader, saved->bytes, size, &saved->message);
    tracer_reader_close(reader);
    assert_true(error == TRACER_OK || strlen(saved->message.text) > 10);
    return error;
}

static void a_sound_image_opens(void **state)
{
    struct saved saved = small();
    struct tracer_reader *reader;
    struct tracer_info info;
    (void)state;
    assert_int_equal(tracer_reader_open_memory(&reader, saved.bytes, saved.size, NULL), TRACER_OK);
    assert_int_equal(tracer_reader_info(reader, &info), TRACER_OK);
    assert_int_equal(info.format_version, IMAGE_VERSION);
    assert_int_equal(info.size_bytes, saved.size);
    assert_int_equal(info.capacity_events, 10);
    assert_int_equal(info.slots_per_lane, 16);
    assert_int_equal(info.lanes, 1);
    assert_int_equal(info.lanes_used, 1);
    assert_int_equal(info.names_used, 1 + (info.names_used > 1)); /* plus the thread's, if it has one */
    assert_string_equal(info.clock, "program");
    assert_true(info.closed);
    assert_false(info.live);
    tracer_reader_close(reader);
    free(saved.bytes);
}

static void what_is_no_image_is_told_by_what_it_begins_with(void **state)
{
    struct saved saved = small();
    (void)state;
    assert_int_equal(open_bytes(&saved, 0), TRACER_ERROR_NOT_AN_IMAGE);
    memcpy(saved.bytes, "#!/bin/sh", 9);
    assert_int_equal(open_bytes(&saved, saved.size), TRACER_ERROR_NOT_AN_IMAGE);
    assert_non_null(strstr(saved.message.text, "23 21 2F 62"));
    free(saved.bytes);
}

static void every_truncation_is_told_with_both_sizes(void **state)
{
    struct saved saved = small();
    char wanted[32];
    (void)state;
    for (size_t size = 8; size < saved.size; size += size < 4200 ? 101 : 4001)
        assert_int_equal(open_bytes(&saved, size), TRACER_ERROR_TRUNCATED);
    assert_int_equal(open_bytes(&saved, saved.size - 1), TRACER_ERROR_TRUNCATED);
    snprintf(wanted, sizeof wanted, "%zu", saved.size);
    assert_non_null(strstr(saved.message.text, wanted));
    snprintf(wanted, sizeof wanted, "%zu", saved.size - 1);
    assert_non_null(strstr(saved.message.text, wanted));
    free(saved.bytes);
}

static void a_later_version_is_told_with_both_versions(void **state)
{
    struct saved saved = small();
    (void)state;
    header(&saved)->version = IMAGE_VERSION + 2;
    assert_int_equal(open_bytes(&saved, saved.size), TRACER_ERROR_VERSION);
    assert_string_equal(saved.message.text, "format version 4, this reader knows 1 to 2");
    free(saved.bytes);
}

static void the_other_byte_order_is_refused(void **state)
{
    struct saved saved = small();
    (void)state;
    header(&saved)->magic = __builtin_bswap64(IMAGE_MAGIC);
    assert_int_equal(open_bytes(&saved, saved.size), TRACER_ERROR_BYTE_ORDER);
    header(&saved)->magic = IMAGE_MAGIC;
    header(&saved)->byte_order = __builtin_bswap32(IMAGE_BYTE_ORDER);
    assert_int_equal(open_bytes(&saved, saved.size), TRACER_ERROR_BYTE_ORDER);
    free(saved.bytes);
}

static void sections_of_later_versions_are_skipped(void **state)
{
    struct saved saved = small();
    (void)state;
    uint64_t count = header(&saved)->section_count;
    directory(&saved)[count] = (struct image_section){ 4711, 1, UINT64_MAX, 0 };
    header(&saved)->section_count++;
    assert_int_equal(open_bytes(&saved, saved.size), TRACER_OK);
    free(saved.bytes);
}

/* Calls every reading function: nothing may crash, whatever the words hold. */
static void read_everything(const struct saved *saved)
{
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    struct trace_summary summary;
    struct tracer_info info;
    struct trace_event event;
    if (tracer_reader_open_memory(&reader, saved->bytes, saved->size, NULL) != TRACER_OK)
        return;
    tracer_reader_info(reader, &info);
    tracer_reader_summary(reader, &summary);
    if (tracer_snapshot_create(&snapshot, reader, NULL) == TRACER_OK) {
        for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++) {
            assert_non_null(event.name);
            assert_in_range(event.category, 0, TRACE_CATEGORY_COUNT - 1);
        }
        assert_true(tracer_snapshot_count(snapshot) <= 10);
        tracer_snapshot_destroy(snapshot);
    }
    tracer_reader_close(reader);
}

static void any_word_of_the_header_may_be_anything(void **state)
{
    static const uint64_t values[] = { 0, 1, UINT64_MAX, 1ull << 63, UINT32_MAX, 4096 };
    struct saved saved = small();
    (void)state;
    for (size_t offset = 0; offset + 8 <= IMAGE_HEADER_BYTES; offset += 8) {
        uint64_t original;
        memcpy(&original, saved.bytes + offset, 8);
        for (size_t v = 0; v < sizeof values / sizeof values[0] + 2; v++) {
            uint64_t value = v < 6 ? values[v] : v == 6 ? original + 1 : original - 1;
            memcpy(saved.bytes + offset, &value, 8);
            read_everything(&saved);
        }
        memcpy(saved.bytes + offset, &original, 8);
    }
    free(saved.bytes);
}

static void bad_sections_are_told(void **state)
{
    struct saved saved = small();
    struct image_section *sections = directory(&saved), original = sections[0];
    (void)state;
    sections[0].offset_bytes = UINT64_MAX - 7;
    assert_int_equal(open_bytes(&saved, saved.size), TRACER_ERROR_DAMAGED);
    sections[0] = original;
    sections[0].offset_bytes += 4;
    assert_int_equal(open_bytes(&saved, saved.size), TRACER_ERROR_DAMAGED);
    sections[0] = original;
    sections[0].entry_bytes--;
    assert_int_equal(open_bytes(&saved, saved.size), TRACER_ERROR_DAMAGED);
    sections[0] = original;
    sections[0].kind = IMAGE_RECORDS;
    assert_int_equal(open_bytes(&saved, saved.size), TRACER_ERROR_DAMAGED); /* one section twice, one missing */
    sections[0] = original;
    header(&saved)->capacity_events = 16;
    assert_int_equal(open_bytes(&saved, saved.size), TRACER_ERROR_DAMAGED);
    header(&saved)->capacity_events = 10;
    assert_int_equal(open_bytes(&saved, saved.size), TRACER_OK);
    free(saved.bytes);
}

static void a_torn_record_is_left_out_and_counted(void **state)
{
    struct saved saved = small();
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    struct trace_summary summary;
    uint64_t none = 0;
    (void)state;
    for (uint64_t i = 0; i < header(&saved)->section_count; i++) {
        if (directory(&saved)[i].kind == IMAGE_RECORDS)
            memcpy(saved.bytes + directory(&saved)[i].offset_bytes + sizeof(uint64_t[2][RECORD_WORDS]) + 24, &none, 8);
    }
    assert_int_equal(tracer_reader_open_memory(&reader, saved.bytes, saved.size, NULL), TRACER_OK);
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    tracer_snapshot_summary(snapshot, &summary);
    assert_int_equal(tracer_snapshot_count(snapshot), 4);
    assert_int_equal(summary.losses.missed, 1);
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    free(saved.bytes);
}

/* Bytes that cannot be read from end on. */
struct part {
    const struct saved *saved;
    uint64_t end;
};

static bool read_part(void *context, uint64_t offset_bytes, void *buffer, size_t size_bytes)
{
    const struct part *part = context;
    assert_true(offset_bytes + size_bytes <= part->saved->size);
    if (offset_bytes + size_bytes > part->end)
        return false;
    memcpy(buffer, part->saved->bytes + offset_bytes, size_bytes);
    return true;
}

static void a_function_may_be_the_source(void **state)
{
    struct saved saved = small();
    struct part part = { &saved, saved.size };
    struct source source = source_from(read_part, &part, saved.size);
    struct tracer_reader *reader;
    struct tracer_snapshot *events;
    (void)state;
    assert_int_equal(reader_open_source(&reader, &source, NULL), TRACER_OK);
    assert_int_equal(tracer_snapshot_create(&events, reader, NULL), TRACER_OK);
    assert_int_equal(tracer_snapshot_count(events), 5);
    tracer_snapshot_destroy(events);
    part.end = reader->sections[IMAGE_RECORDS].offset_bytes;
    assert_int_equal(tracer_snapshot_create(&events, reader, NULL), TRACER_ERROR_READ);
    tracer_reader_close(reader);
    free(saved.bytes);
}

static void a_snapshot_outlives_its_reader(void **state)
{
    struct saved saved = small();
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    struct trace_event event;
    (void)state;
    assert_int_equal(tracer_reader_open_memory(&reader, saved.bytes, saved.size, NULL), TRACER_OK);
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    tracer_reader_close(reader);
    memset(saved.bytes, 0xFF, saved.size);
    free(saved.bytes);
    assert_true(tracer_snapshot_get(snapshot, 4, &event));
    assert_string_equal(event.name, "open");
    assert_string_equal(event.detail, "/etc/passwd");
    assert_false(tracer_snapshot_get(snapshot, 5, &event));
    assert_false(tracer_snapshot_get(NULL, 0, &event));
    tracer_snapshot_destroy(snapshot);
}

static void arguments_that_are_missing_are_refused(void **state)
{
    struct tracer_reader *reader;
    (void)state;
    assert_int_equal(tracer_reader_open(NULL, "x", NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_reader_open(&reader, NULL, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_reader_open_memory(&reader, NULL, 5, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_reader_attach(NULL, NULL), TRACER_ERROR_ARGUMENT);
    assert_int_equal(tracer_reader_open(&reader, "/no/such/file", NULL), TRACER_ERROR_OPEN);
    tracer_reader_close(NULL);
    tracer_snapshot_destroy(NULL);
    tracer_destroy(NULL);
}

static void every_error_has_a_name_and_a_text(void **state)
{
    (void)state;
    for (unsigned error = 0; error < TRACER_ERROR_COUNT; error++) {
        assert_int_equal(strncmp(tracer_error_name((enum tracer_error)error), "TRACER_", 7), 0);
        assert_true(strlen(tracer_error_text((enum tracer_error)error)) >= 7);
    }
    assert_non_null(tracer_error_name((enum tracer_error)4711));
    assert_non_null(tracer_error_text((enum tracer_error)4711));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sound_image_opens),
        cmocka_unit_test(what_is_no_image_is_told_by_what_it_begins_with),
        cmocka_unit_test(every_truncation_is_told_with_both_sizes),
        cmocka_unit_test(a_later_version_is_told_with_both_versions),
        cmocka_unit_test(the_other_byte_order_is_refused),
        cmocka_unit_test(sections_of_later_versions_are_skipped),
        cmocka_unit_test(any_word_of_the_header_may_be_anything),
        cmocka_unit_test(bad_sections_are_told),
        cmocka_unit_test(a_torn_record_is_left_out_and_counted),
        cmocka_unit_test(a_function_may_be_the_source),
        cmocka_unit_test(a_snapshot_outlives_its_reader),
        cmocka_unit_test(arguments_that_are_missing_are_refused),
        cmocka_unit_test(every_error_has_a_name_and_a_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
