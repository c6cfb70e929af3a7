/* Opens and closes images. */
#include "reader.h"

#include <stdlib.h>
#include <string.h>

enum tracer_error reader_open_source(struct tracer_reader **result, const struct source *source,
                                     struct tracer_message *message)
{
    struct tracer_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return reader_fail(message, TRACER_ERROR_MEMORY, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    reader->source = reader->original = *source;
    enum tracer_error error = reader_validate(reader, message);
    if (error == TRACER_OK) {
        *result = reader;
        return error;
    }
    free(reader->upgraded);
    free(reader);
    return error;
}

enum tracer_error reader_open_file(struct tracer_reader **reader, const struct platform_file *file,
                                   struct tracer_message *message)
{
    struct source source = source_file(file);
    enum tracer_error error = reader_open_source(reader, &source, message);
    if (error != TRACER_OK)
        platform_file_close(&source.file);
    return error;
}

enum tracer_error tracer_reader_open(struct tracer_reader **reader, const char *path, struct tracer_message *message)
{
    struct platform_file file;
    if (reader)
        *reader = NULL;
    if (!reader || !path)
        return reader_fail(message, TRACER_ERROR_ARGUMENT, "%s", tracer_error_text(TRACER_ERROR_ARGUMENT));
    enum tracer_error error = platform_file_open(path, false, &file, message);
    return error == TRACER_OK ? reader_open_file(reader, &file, message) : error;
}

enum tracer_error tracer_reader_open_memory(struct tracer_reader **reader, const void *bytes, size_t size_bytes,
                                            struct tracer_message *message)
{
    if (reader)
        *reader = NULL;
    if (!reader || (!bytes && size_bytes))
        return reader_fail(message, TRACER_ERROR_ARGUMENT, "%s", tracer_error_text(TRACER_ERROR_ARGUMENT));
    struct source source = source_memory(bytes ? bytes : "", size_bytes, false);
    return reader_open_source(reader, &source, message);
}

void tracer_reader_close(struct tracer_reader *reader)
{
    if (!reader)
        return;
    if (!reader->original.memory && !reader->original.function && !reader->original.lent)
        platform_file_close(&reader->original.file);
    free(reader->upgraded);
    free(reader);
}

/* ------------------------------------------------------------------- state */

/* Unknown, without /proc, proves nothing. */
static bool is_of_another_boot(const struct image_header *header)
{
    char boot_id[sizeof header->boot_id];
    platform_boot_id(boot_id, sizeof boot_id);
    return boot_id[0] && header->boot_id[0] && strncmp(boot_id, header->boot_id, sizeof boot_id) != 0;
}

bool image_writer_lives(const struct image_header *header)
{
    struct platform_task writer = { .pid = (uint32_t)header->pid, .pid_namespace = header->pid_namespace };
    if (header->state != IMAGE_LIVE || header->pid == 0 || header->pid > INT32_MAX || header->process_start == 0)
        return false;
    if (header->process_start != IMAGE_START_UNKNOWN)
        writer.start = header->process_start;
    return !is_of_another_boot(header) && !platform_is_gone(&writer);
}

/* Bytes in memory, or from a function, are a copy of some past moment, and a sealed image is final: none is live. */
bool reader_is_live(const struct tracer_reader *reader, const struct image_header *header)
{
    if (reader->tracer)
        return header->state == IMAGE_LIVE;
    return !reader->sealed && !reader->source.memory && !reader->source.function && image_writer_lives(header);
}
