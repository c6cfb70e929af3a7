/*
 * The timeline of an image, and that of a trace by way of its saved image.
 */
#ifndef RINGSCOPE_TEST_SEALED_TIMELINE_H
#define RINGSCOPE_TEST_SEALED_TIMELINE_H

#include "read/seal.h"
#include "reading.h"
#include "timeline/load.h"

static inline struct timeline *loaded_timeline(struct tracer_reader *reader)
{
    struct timeline_builder *builder = timeline_builder_create();
    struct timeline *timeline;
    assert_non_null(builder);
    assert_int_equal(timeline_load(builder, reader, NULL), TRACER_OK);
    assert_int_equal(timeline_build(&timeline, builder, NULL), TRACER_OK);
    timeline_builder_destroy(builder);
    return timeline;
}

/* Takes ownership of the snapshot. */
static inline struct timeline *sealed_timeline(struct tracer_snapshot *snapshot)
{
    uint64_t size;
    void *bytes = seal_to_memory(snapshot, &size);
    struct tracer_reader *reader = reading_open(bytes, (size_t)size);
    struct timeline *timeline = loaded_timeline(reader);
    tracer_reader_close(reader);
    tracer_snapshot_destroy(snapshot);
    free(bytes);
    return timeline;
}

#endif
