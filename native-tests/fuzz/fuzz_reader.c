/* Arbitrary bytes as an image in memory, through every reader. */
#include "mutate.h"

#include "../support/drive.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t size, size_t max_size, unsigned seed)
{
    if (seed % 8 == 0)
        return LLVMFuzzerMutate(data, size, max_size);
    mutate_image(data, size, seed);
    return size;
}

/* A copy of exactly this size, so that reading beyond it is detected. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static FILE *nowhere;
    struct tracer_reader *reader;
    struct tracer_message message = { "" };
    if (!nowhere)
        nowhere = fopen("/dev/null", "w");
    MUST(nowhere, "/dev/null");
    if (drive_is_error(tracer_reader_open_memory(&reader, data, size, &message))) {
        MUST(message.text[0] != '\0', "an error without a message");
        return 0;
    }
    drive_reader(reader, nowhere);
    tracer_reader_close(reader);
    return 0;
}
