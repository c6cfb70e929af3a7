/* Shared by tests of readers: images as bytes in memory, and output captured as text. */
#ifndef RINGSCOPE_TEST_READING_H
#define RINGSCOPE_TEST_READING_H

#include <stdio.h>

#include "fixture.h"

/* The bytes of a tracer's image, borrowed from the memory that the tracer was created in. */
struct image_bytes {
    void *bytes;
    size_t size;
};

/* Like fixture_begin(), in memory that outlives the tracer: free(image->bytes). */
static inline struct fixture *fixture_begin_in_memory(struct tracer_options options, struct image_bytes *image)
{
    uint64_t size_bytes;
    assert_int_equal(tracer_image_size(&options, &size_bytes), TRACER_OK);
    image->size = (size_t)size_bytes;
    image->bytes = aligned_alloc(4096, (image->size + 4095) / 4096 * 4096);
    assert_non_null(image->bytes);
    memset(image->bytes, 0, image->size);
    options.memory = image->bytes;
    options.memory_size = image->size;
    return fixture_begin(options);
}

/* A reader of exactly these bytes. */
static inline struct tracer_reader *reading_open(const void *bytes, size_t size)
{
    struct tracer_reader *reader = NULL;
    struct tracer_message message = { "" };
    if (tracer_reader_open_memory(&reader, bytes, size, &message) != TRACER_OK)
        fail_msg("%s", message.text);
    return reader;
}

static inline struct tracer_reader *reading_attach(const struct fixture *fixture)
{
    struct tracer_reader *reader = NULL;
    assert_int_equal(tracer_reader_attach(&reader, fixture->tracer), TRACER_OK);
    return reader;
}

static inline struct trace_summary reading_summary(struct tracer_reader *reader)
{
    struct trace_summary summary;
    assert_int_equal(tracer_reader_summary(reader, &summary), TRACER_OK);
    return summary;
}

/* Captures text printed into a file: print into .file, then read the result of printed_end(). */
struct printed {
    FILE *file;
    char *text;
    size_t size;
};

static inline void printed_begin(struct printed *printed)
{
    printed->text = NULL;
    printed->file = open_memstream(&printed->text, &printed->size);
    assert_non_null(printed->file);
}

/* The caller frees it with free(). */
static inline char *printed_end(struct printed *printed)
{
    assert_int_equal(fclose(printed->file), 0);
    assert_non_null(printed->text);
    return printed->text;
}

/* Fails at the first difference, and shows both texts. */
static inline void check_text_begins(const char *text, const char *beginning)
{
    if (strncmp(text, beginning, strlen(beginning)) != 0)
        fail_msg("\"%s\" does not begin with \"%s\"", text, beginning);
}

static inline void check_text_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("\"%s\" has no \"%s\"", text, part);
}

static inline void check_text_lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("\"%s\" has \"%s\"", text, part);
}

#endif
