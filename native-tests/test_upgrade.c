/* Images of format 1, as written by version 0.1, can be opened and have the same contents as then. */
#include <stdio.h>
#include <stdlib.h>

#include "fixture.h"
#include "image/upgrade.h"
#include "reading.h"

#define IMAGE_BYTES_MAX (1u << 20)

static unsigned char *read_all(FILE *file, size_t *size)
{
    unsigned char *bytes = malloc(IMAGE_BYTES_MAX);
    assert_non_null(file);
    assert_non_null(bytes);
    *size = fread(bytes, 1, IMAGE_BYTES_MAX, file);
    return bytes;
}

/* As left by a process that ended without closing it. */
static unsigned char *format1(size_t *size)
{
    FILE *file = popen("gzip -dc '" TEST_DATA "/format1.ring.gz'", "r");
    unsigned char *bytes = read_all(file, size);
    assert_int_equal(pclose(file), 0);
    assert_int_equal(*size, 53248);
    return bytes;
}

static void the_events_are_those_that_0_1_printed(void **state)
{
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    struct tracer_message message;
    char *text = NULL;
    size_t size, expected_size, text_size;
    (void)state;
    unsigned char *bytes = format1(&size);
    if (tracer_reader_open_memory(&reader, bytes, size, &message) != TRACER_OK)
        fail_msg("%s", message.text);
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, NULL), TRACER_OK);
    FILE *out = open_memstream(&text, &text_size);
    assert_int_equal(tracer_export_file(snapshot, "ndjson", out), TRACER_OK);
    fclose(out);
    FILE *file = fopen(TEST_DATA "/format1.ndjson", "re");
    unsigned char *expected = read_all(file, &expected_size);
    fclose(file);
    expected[expected_size] = '\0';
    /* The open span was not printed in those days. */
    static const char open_span[] =
        "{\"timestamp\":130.000000,\"category\":\"SYSCALL\",\"name\":\"?\",\"open\":true}\n";
    assert_memory_equal(text, expected, expected_size);
    assert_string_equal(text + expected_size, open_span);
    struct trace_open_span open;
    assert_true(tracer_snapshot_open_span(snapshot, 0, &open));
    assert_string_equal(open.name, "?"); /* the table was full when it was named */
    assert_int_equal(open.category, TRACE_SYSCALL);
    assert_int_equal(open.start_ns, 130000000);
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
    free(expected);
    free(text);
    free(bytes);
}

static void the_statistics_and_losses_are_those_of_0_1(void **state)
{
    struct tracer_reader *reader;
    struct trace_summary summary;
    struct tracer_info info;
    size_t size;
    (void)state;
    unsigned char *bytes = format1(&size);
    assert_int_equal(tracer_reader_open_memory(&reader, bytes, size, NULL), TRACER_OK);
    assert_int_equal(tracer_reader_info(reader, &info), TRACER_OK);
    assert_int_equal(info.format_version, 1);
    assert_int_equal(info.names_used, 7);
    assert_int_equal(tracer_reader_summary(reader, &summary), TRACER_OK);
    assert_int_equal(summary.event_count, 24);
    assert_int_equal(summary.syscall_count, 2);
    assert_int_equal(summary.syscall_errors, 1);
    assert_int_equal(summary.tick_count, 1);
    assert_int_equal(summary.bytes_written, 20);
    assert_int_equal(summary.losses.evicted[TRACE_FILE], 21);
    assert_int_equal(summary.losses.names_overflowed, 9);
    tracer_reader_close(reader);
    free(bytes);
}

static enum tracer_error open_with(unsigned char *bytes, size_t size)
{
    struct tracer_reader *reader;
    enum tracer_error error = tracer_reader_open_memory(&reader, bytes, size, NULL);
    if (error == TRACER_OK)
        tracer_reader_close(reader);
    return error;
}

static void one_that_is_cut_or_damaged_is_refused(void **state)
{
    size_t size;
    (void)state;
    unsigned char *bytes = format1(&size);
    assert_int_equal(open_with(bytes, size - 1), TRACER_ERROR_TRUNCATED);
    assert_int_equal(open_with(bytes, IMAGE_HEADER_BYTES), TRACER_ERROR_TRUNCATED);
    for (size_t i = 0; i < 10; i++) { /* each section's offset, then its entry size */
        struct image_section *section = (struct image_section *)(void *)(bytes + IMAGE_DIRECTORY_OFFSET) + i,
                             was = *section;
        section->offset_bytes = UINT64_MAX - 4095;
        assert_int_equal(open_with(bytes, size), TRACER_ERROR_DAMAGED);
        *section = was;
        section->entry_bytes = 0;
        assert_int_equal(open_with(bytes, size), TRACER_ERROR_DAMAGED);
        *section = was;
    }
    assert_int_equal(open_with(bytes, size), TRACER_OK);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_events_are_those_that_0_1_printed),
        cmocka_unit_test(the_statistics_and_losses_are_those_of_0_1),
        cmocka_unit_test(one_that_is_cut_or_damaged_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
