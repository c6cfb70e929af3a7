/* Shared by the fuzz targets of the importers: arbitrary bytes through one reader, cut anywhere, with every query, and
 * laid out as an image. The first byte sets the length of the pieces that the rest is cut into. */
#ifndef RINGSCOPE_FUZZ_DOOR_H
#define RINGSCOPE_FUZZ_DOOR_H

#include <stdlib.h>
#include <string.h>

#include "ask.h"
#include "timeline/as_image.h"
#include "timeline/import/door.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t size, size_t max_size);

/* Replaces images, which the seeds are, by the sample; now and then other inputs as well. */
static inline size_t mutate_door(uint8_t *data, size_t size, size_t max_size, unsigned seed, const char *sample,
                                 size_t sample_bytes)
{
    bool image = size > 8 && memcmp(data, "RINGSCP", 7) == 0;
    if ((!image && size > 8 && seed % 64 != 0) || max_size < sample_bytes)
        return LLVMFuzzerMutate(data, size, max_size);
    memcpy(data, sample, sample_bytes);
    return LLVMFuzzerMutate(data, sample_bytes, max_size);
}

static inline void feed_door(const struct door *door, struct timeline_builder *builder, const char *text, size_t size,
                             size_t piece)
{
    struct tracer_message message = { "" };
    void *reader = door->create(builder);
    MUST(reader, "no memory");
    door->recognises(text, size);
    enum tracer_error error = TRACER_OK;
    for (size_t at = 0; at < size && error == TRACER_OK; at += piece)
        error = door->feed(reader, text + at, size - at < piece ? size - at : piece, &message);
    if (error == TRACER_OK)
        error = door->end(reader, &message);
    MUST(error == TRACER_OK || (error == TRACER_ERROR_FORMAT && message.text[0]), "error %d", (int)error);
    door->destroy(reader);
}

static inline void lay_out(const struct timeline *timeline)
{
    struct tracer_snapshot *snapshot;
    struct tracer_reader *reader;
    struct as_image_left left;
    uint64_t size;
    MUST_WORK(timeline_as_snapshot(&snapshot, timeline, "fuzz", &left));
    void *bytes = seal_to_memory(snapshot, &size);
    MUST(bytes, "no memory");
    MUST_WORK(tracer_reader_open_memory(&reader, bytes, (size_t)size, NULL));
    tracer_reader_close(reader);
    tracer_snapshot_destroy(snapshot);
    free(bytes);
}

static inline void fuzz_door(const struct door *door, const uint8_t *data, size_t size)
{
    struct timeline *timeline;
    struct timeline_builder *builder = timeline_builder_create();
    MUST(builder, "no memory");
    if (size > 1)
        feed_door(door, builder, (const char *)data + 1, size - 1, 1 + data[0] % 64u);
    MUST_WORK(timeline_build(&timeline, builder, NULL));
    ask_everything(timeline);
    lay_out(timeline);
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
}

#define FUZZ_DOOR(door, sample)                                                                \
    size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed) \
    {                                                                                          \
        return mutate_door(data, size, max_size, seed, sample, sizeof sample - 1);             \
    }                                                                                          \
    int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)                               \
    {                                                                                          \
        fuzz_door(&(door), data, size);                                                        \
        return 0;                                                                              \
    }

#endif
