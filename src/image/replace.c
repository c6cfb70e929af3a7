/* Says whether a new image may take a path. */
#include <string.h>

#include "reader.h"

static enum tracer_error not_live(const struct tracer_reader *reader, const char *path, struct tracer_message *message)
{
    const struct image_header *header = &reader->header;
    if (!image_writer_lives(header))
        return TRACER_OK;
    return reader_fail(message, TRACER_ERROR_LIVE, "%s is being written by process %llu (%s)", path,
                       (unsigned long long)header->pid, header->program);
}

/* A damaged image is an image still, and may go; whatever else is there may not. */
enum tracer_error image_path_may_be_replaced(const char *path, struct tracer_message *message)
{
    struct platform_file file;
    struct tracer_reader *reader = NULL;
    if (!platform_path_exists(path))
        return TRACER_OK;
    enum tracer_error error = platform_file_open(path, false, &file, message);
    if (error != TRACER_OK)
        return error;
    error = reader_open_file(&reader, &file, message);
    if (error == TRACER_ERROR_TRUNCATED || error == TRACER_ERROR_DAMAGED)
        return TRACER_OK;
    if (error == TRACER_OK)
        error = not_live(reader, path, message);
    tracer_reader_close(reader);
    return error;
}
