/* Saves a tracer's events and counts as a file: a sealed image of a snapshot. */
#include "../core/keep.h"
#include "../image/reader.h"
#include "seal.h"

static enum tracer_error fail(struct tracer_message *message, enum tracer_error error)
{
    return error == TRACER_OK ? error : reader_fail(message, error, "%s", tracer_error_text(error));
}

/* Writes a sealed image to a file. */
struct writing {
    struct platform_new_file file;
    struct tracer_message *message;
    enum tracer_error error;
};

static bool append(void *argument, const char *bytes, size_t size)
{
    struct writing *writing = argument;
    writing->error = platform_file_append(&writing->file, bytes, size, writing->message);
    return writing->error == TRACER_OK;
}

/* Writes beside the path and renames, so that nobody sees half a file. Never maps it: truncating a mapped file ends the
 * program. */
static enum tracer_error write_file(const struct seal *seal, const char *path, struct platform_kept_file *kept,
                                    struct tracer_message *message)
{
    struct writing writing = { .message = message };
    const struct tracer_sink sink = { append, &writing };
    enum tracer_error error = platform_file_begin(path, seal->size_bytes, &writing.file, message);
    if (error != TRACER_OK)
        return error;
    error = seal_write(seal, &sink);
    if (error != TRACER_OK)
        error = writing.error != TRACER_OK ? writing.error : fail(message, error);
    if (error == TRACER_OK)
        error = platform_file_commit_open(&writing.file, kept, message);
    if (error != TRACER_OK)
        platform_file_abandon(&writing.file);
    return error;
}

static enum tracer_error seal_to_open_file(const struct tracer_snapshot *snapshot, const char *path, bool of_running,
                                           struct platform_kept_file *kept, struct tracer_message *message)
{
    struct seal seal;
    enum tracer_error error = fail(message, seal_begin(&seal, snapshot));
    seal.of_running = of_running;
    if (error == TRACER_OK)
        error = write_file(&seal, path, kept, message);
    seal_end(&seal);
    return error;
}

enum tracer_error seal_to_file(const struct tracer_snapshot *snapshot, const char *path, struct tracer_message *message)
{
    struct platform_kept_file kept;
    enum tracer_error error = seal_to_open_file(snapshot, path, false, &kept, message);
    if (error == TRACER_OK)
        platform_kept_file_close(&kept);
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

/* Takes everything that a tracer of this process holds. */
static enum tracer_error take_snapshot(struct tracer_snapshot **snapshot, struct tracer *tracer,
                                       struct tracer_message *message)
{
    struct tracer_reader *reader;
    enum tracer_error error = fail(message, tracer_reader_attach(&reader, tracer));
    if (error != TRACER_OK)
        return error;
    error = fail(message, tracer_snapshot_create(snapshot, reader, NULL));
    tracer_reader_close(reader);
    return error;
}

enum tracer_error keep_write(struct tracer *tracer, const char *path, struct platform_kept_file *copy,
                             struct tracer_message *message)
{
    struct tracer_snapshot *snapshot;
    enum tracer_error error = take_snapshot(&snapshot, tracer, message);
    if (error != TRACER_OK)
        return error;
    error = seal_to_open_file(snapshot, path, true, copy, message);
    tracer_snapshot_destroy(snapshot);
    return error;
}

enum tracer_error tracer_save(struct tracer *tracer, const char *path, struct tracer_message *message)
{
    struct tracer_snapshot *snapshot;
    if (!path)
        return fail(message, TRACER_ERROR_ARGUMENT);
    enum tracer_error error = image_path_may_be_replaced(path, message);
    if (error == TRACER_OK)
        error = take_snapshot(&snapshot, tracer, message);
    if (error != TRACER_OK)
        return error;
    error = seal_to_file(snapshot, path, message);
    tracer_snapshot_destroy(snapshot);
    return error;
}

enum tracer_error trace_save(const char *path, struct tracer_message *message)
{
    return tracer_save(NULL, path, message);
}
