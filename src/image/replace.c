/* Decides whether a new image may take a path. */
#include <stdio.h>

#include "reader.h"

#define KEPT_PATH_MAX 4096

static enum tracer_error not_live(const struct tracer_reader *reader, const char *path, struct tracer_message *message)
{
    const struct image_header *header = &reader->header;
    if (!image_writer_lives(header))
        return TRACER_OK;
    return reader_fail(message, TRACER_ERROR_LIVE, "%s is being written by process %llu (%s)", path,
                       (unsigned long long)header->pid, header->program);
}

/* The image at the path; TRACER_OK and NULL if there is nothing, or an empty file such as mktemp(1) makes. */
static enum tracer_error open_path(const char *path, struct tracer_reader **reader, struct tracer_message *message)
{
    struct platform_file file;
    *reader = NULL;
    if (!platform_path_exists(path))
        return TRACER_OK;
    enum tracer_error error = platform_file_open(path, false, &file, message);
    if (error == TRACER_OK && file.size_bytes == 0)
        platform_file_close(&file);
    else if (error == TRACER_OK)
        error = reader_open_file(reader, &file, message);
    return error;
}

/* A damaged image is still an image and may be replaced; any other file may not. */
enum tracer_error image_path_may_be_replaced(const char *path, struct tracer_message *message)
{
    struct tracer_reader *reader;
    enum tracer_error error = open_path(path, &reader, message);
    if (error == TRACER_ERROR_TRUNCATED || error == TRACER_ERROR_DAMAGED)
        return TRACER_OK;
    if (error == TRACER_OK && reader)
        error = not_live(reader, path, message);
    tracer_reader_close(reader);
    return error;
}

enum tracer_error image_keep_unclosed(const char *path, struct tracer_message *message)
{
    char kept[KEPT_PATH_MAX];
    struct tracer_reader *reader;
    bool unclosed = open_path(path, &reader, NULL) == TRACER_OK && reader && reader->header.state != IMAGE_CLOSED;
    tracer_reader_close(reader);
    if (!unclosed)
        return TRACER_OK;
    int length = snprintf(kept, sizeof kept, "%s.1", path);
    if (length < 0 || (size_t)length >= sizeof kept)
        return reader_fail(message, TRACER_ERROR_OPEN, "%.180s: the name is too long to keep the image beside it",
                           path);
    enum tracer_error error = image_path_may_be_replaced(kept, message);
    return error == TRACER_OK ? platform_file_rename(path, kept, message) : error;
}
