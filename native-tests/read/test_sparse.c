/* A file of a few blocks that claims a great many events: the real ones are found, and the rest is skipped. */
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fixture.h"
#include "image/image.h"

#define EVENTS ((size_t)100) /* half of them at the beginning of the ring, half at its end */
#define SLOTS (1ull << 31) /* 64 GiB of records, too many to read one by one */

static const char path[] = "test-sparse.ring";

static struct image_section *section_of(unsigned char *image, enum image_section_kind kind)
{
    const struct image_header *header = (const struct image_header *)(void *)image;
    struct image_section *sections = (struct image_section *)(void *)(image + IMAGE_DIRECTORY_OFFSET);
    for (uint64_t i = 0; i < header->section_count; i++) {
        if (sections[i].kind == kind)
            return &sections[i];
    }
    fail_msg("there is no section %d", (int)kind);
    return NULL;
}

/* The bytes of a closed image with one lane. */
static unsigned char *record(uint64_t *size_bytes)
{
    struct tracer_options options = { .capacity_events = EVENTS, .lanes = 1 };
    assert_int_equal(tracer_image_size(&options, size_bytes), TRACER_OK);
    unsigned char *image = aligned_alloc(4096, (size_t)*size_bytes);
    options.memory = image;
    options.memory_size = (size_t)*size_bytes;
    struct fixture *fixture = fixture_begin(options);
    for (unsigned i = 0; i < EVENTS; i++) {
        fixture->now_ms = i;
        tracer_event(fixture->tracer, TRACE_FILE, i < EVENTS / 2 ? "old" : "new", NULL);
    }
    fixture_end(fixture);
    return image;
}

static void put(int file, const void *bytes, size_t size, uint64_t offset)
{
    assert_int_equal(pwrite(file, bytes, size, (off_t)offset), size);
}

/* False if the file system does not support holes, or files of that size. */
static bool write_sparse(void)
{
    uint64_t size;
    struct stat status;
    unsigned char *image = record(&size);
    struct image_header *header = (struct image_header *)(void *)image;
    struct image_section *records = section_of(image, IMAGE_RECORDS);
    struct image_lane *lane = (struct image_lane *)(void *)(image + section_of(image, IMAGE_LANES)->offset_bytes);
    const unsigned char *slots = image + records->offset_bytes;
    const size_t half = EVENTS / 2 * RECORD_BYTES;
    records->offset_bytes = size;
    records->entry_bytes = records->size_bytes = SLOTS * RECORD_BYTES;
    header->capacity_events = SLOTS - 1;
    header->size_bytes = size + records->size_bytes;
    lane->head = SLOTS;
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    bool sparse = ftruncate(file, (off_t)header->size_bytes) == 0;
    if (sparse) {
        put(file, image, (size_t)size, 0);
        put(file, slots, half, size);
        put(file, slots + half, half, header->size_bytes - half);
        sparse = fstat(file, &status) == 0 && lseek(file, (off_t)size + (1 << 20), SEEK_DATA) > (off_t)size + (1 << 30);
    }
    close(file);
    free(image);
    return sparse;
}

static void check_events(struct tracer_reader *reader, const struct tracer_query *query)
{
    struct tracer_snapshot *snapshot;
    struct trace_event event;
    assert_int_equal(tracer_snapshot_create(&snapshot, reader, query), TRACER_OK);
    assert_int_equal(tracer_snapshot_count(snapshot), EVENTS);
    for (unsigned i = 0; i < EVENTS; i++) {
        assert_true(tracer_snapshot_get(snapshot, i, &event));
        assert_true(event.timestamp == (double)i);
        assert_string_equal(event.name, i < EVENTS / 2 ? "old" : "new");
    }
    tracer_snapshot_destroy(snapshot);
}

/* Without a limit on their number there may be no memory for as many as the file claims. */
static void what_a_sparse_file_has_is_found(void **state)
{
    struct tracer_reader *reader;
    struct trace_summary summary;
    (void)state;
    if (!write_sparse()) {
        unlink(path);
        skip();
    }
    assert_int_equal(tracer_reader_open(&reader, path, NULL), TRACER_OK);
    assert_int_equal(tracer_reader_summary(reader, &summary), TRACER_OK);
    assert_int_equal(summary.event_count, EVENTS);
    assert_int_equal(summary.losses.missed, SLOTS - EVENTS);
    check_events(reader, &(struct tracer_query){ .last = 2 * EVENTS });
    check_events(reader, NULL);
    tracer_reader_close(reader);
    unlink(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_a_sparse_file_has_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
