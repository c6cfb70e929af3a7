/* Saves a tracer's events and counts as a file: a sealed image of a snapshot. */
#include "../image/reader.h"
#include "seal.h"

static enum tracer_error fail(struct tracer_message *message, enum tracer_error error)
{
    return error == TRACER_OK ? error : reader_fail(message, error, "%s", tracer_error_text(error));
}

/* Written beside the path, then renamed, so that nobody sees half of it. */
static enum tracer_error write_file(const struct seal *seal, const char *path, struct tracer_message *message)
{
    struct platform_new_file file;
    enum tracer_error error = platform_file_create(path, seal->size_bytes, &file, message);
    if (error != TRACER_OK)
        return error;
    error = fail(message, seal_into(seal, file.mapping.memory));
    if (error == TRACER_OK)
        error = platform_file_commit(&file, message);
    if (error == TRACER_OK)
        platform_file_unmap(&file.mapping);
    else
        platform_file_abandon(&file);
    return error;
}

enum tracer_error seal_to_file(const struct tracer_snapshot *snapshot, const char *path, struct tracer_message *message)
{
    struct seal seal;
    enum tracer_error error = fail(message, seal_begin(&seal, snapshot));
    if (error == TRACER_OK)
        error = write_file(&seal, path, message);
    seal_end(&seal);
    return error;
}

enum tracer_error seal_file(const char *path, struct tracer_message *message)
{
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    enum tracer_error error = tracer_reader_open(&reader, path, message);
    if (error != TRACER_OK)
        return error;
    error = fail(message, tracer_snapshot_create(&snapshot, reader, NULL));
    tracer_reader_close(reader);
    if (error != TRACER_OK)
        return error;
    error = seal_to_file(snapshot, path, message);
    tracer_snapshot_destroy(snapshot);
    return error;
}

enum tracer_error tracer_save(struct tracer *tracer, const char *path, struct tracer_message *message)
{
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    if (!path)
        return fail(message, TRACER_ERROR_ARGUMENT);
    enum tracer_error error = image_path_may_be_replaced(path, message);
    if (error != TRACER_OK)
        return error;
    error = fail(message, tracer_reader_attach(&reader, tracer));
    if (error != TRACER_OK)
        return error;
    error = fail(message, tracer_snapshot_create(&snapshot, reader, NULL));
    if (error == TRACER_OK) {
        error = seal_to_file(snapshot, path, message);
        tracer_snapshot_destroy(snapshot);
    }
    tracer_reader_close(reader);
    return error;
}

enum tracer_error trace_save(const char *path, struct tracer_message *message)
{
    return tracer_save(NULL, path, message);
}
