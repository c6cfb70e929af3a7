/* Arbitrary bytes as an image, loaded into a timeline, with every query. */
#include "ask.h"
#include "timeline/load.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    if (seed % 8 == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    mutate_image(data, size, seed);
    return size;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct tracer_reader *reader;
    struct tracer_message message;
    struct timeline *timeline;
    struct timeline_builder *builder = timeline_builder_create();
    MUST(builder, "no memory");
    if (tracer_reader_open_memory(&reader, data, size, &message) == TRACER_OK) {
        (void)timeline_load(builder, reader, NULL); /* whatever was read before an error is just as good */
        tracer_reader_close(reader);
    }
    MUST_WORK(timeline_build(&timeline, builder, NULL));
    ask_everything(timeline);
    timeline_destroy(timeline);
    timeline_builder_destroy(builder);
    return 0;
}
