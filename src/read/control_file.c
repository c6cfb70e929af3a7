/* Controls, from another process, the tracer that writes an image file. */
#include <stddef.h>

#include "../image/switch.h"
#include "walk.h"

/* The image's time now; with a program's own clock, which other processes cannot read, its last recorded time. */
static enum tracer_error ticks_now(const struct tracer_reader *reader, uint64_t *ticks)
{
    struct walk walk;
    uint64_t now_ns;
    enum tracer_error error = walk_init(&walk, reader, NULL);
    if (error == TRACER_OK && !live_copy_now_ns(&walk.copy, reader, &now_ns)) {
        struct merge_lane *newest = walk_next(&walk);
        now_ns = newest ? newest->end_ns : 0;
    }
    if (error == TRACER_OK)
        *ticks = clock_ticks_at(&walk.copy.rate, now_ns);
    walk_free(&walk);
    return error;
}

/* Collects the epochs that the next one must differ from. */
static enum tracer_error begin_epochs(struct image_header *header, const struct tracer_reader *reader)
{
    const struct image_section *section = &reader->sections[IMAGE_ASYNC];
    struct image_async async[ASYNC_SPANS];
    struct live_copy copy;
    enum tracer_error error = source_read(&reader->source, section->offset_bytes, async, (size_t)section->size_bytes);
    if (error == TRACER_OK)
        error = live_copy_take(&copy, reader);
    if (error != TRACER_OK)
        return error;
    const struct switch_rest rest = { copy.lanes, reader->lanes, async,
                                      (uint32_t)(section->size_bytes / sizeof async[0]), reader->names };
    switch_epochs(header, SWITCH_BOTH, &rest);
    live_copy_free(&copy);
    return TRACER_OK;
}

/* A request that nobody hears would be silent. */
static bool somebody_saves(const struct tracer_reader *reader)
{
    return reader->header.snapshot_triggers || platform_file_is_attended(&reader->source.file);
}

static enum tracer_error apply(struct image_header *header, const struct tracer_reader *reader,
                               const struct tracer_command *command, uint64_t ticks)
{
    enum tracer_error error = TRACER_OK;
    if (command->set_filter)
        switch_filter(header, command->filter);
    if (command->reset)
        error = begin_epochs(header, reader);
    if (command->enable)
        switch_enable(header, ticks);
    if (command->disable)
        switch_disable(header, ticks);
    if (command->snapshot)
        switch_ask_snapshot(header);
    return error;
}

static enum tracer_error check(const struct tracer_reader *reader, const struct tracer_command *command,
                               const struct platform_file *file, const char *path, struct tracer_message *message)
{
    if (!platform_may_control(file->owner))
        return reader_fail(message, TRACER_ERROR_PERMISSION, "%s belongs to user %u", path, file->owner);
    if (!image_writer_lives(&reader->header))
        return reader_fail(message, TRACER_ERROR_NOT_LIVE, "%s: its writer, process %llu, is gone", path,
                           (unsigned long long)reader->header.pid);
    if (reader->sealed)
        return reader_fail(message, TRACER_ERROR_NOT_LIVE,
                           "%s is a copy, which its writer, process %llu, does not read", path,
                           (unsigned long long)reader->header.pid);
    if (command->snapshot && !somebody_saves(reader))
        return reader_fail(message, TRACER_ERROR_UNSUPPORTED,
                           "%s: nobody would save it: its program has no trigger that listens, and no watch runs",
                           path);
    return TRACER_OK;
}

static enum tracer_error control(const struct tracer_reader *reader, const struct tracer_command *command,
                                 struct tracer_message *message)
{
    uint64_t ticks = 0;
    enum tracer_error error = ticks_now(reader, &ticks);
    if (error != TRACER_OK)
        return reader_fail(message, error, "%s", tracer_error_text(error));
    struct image_header *header = platform_file_map_header(&reader->source.file, IMAGE_HEADER_BYTES);
    if (!header)
        return reader_fail(message, TRACER_ERROR_MEMORY, "the header cannot be mapped");
    error = apply(header, reader, command, ticks);
    platform_file_unmap_header(header, IMAGE_HEADER_BYTES);
    return error == TRACER_OK ? error : reader_fail(message, error, "%s", tracer_error_text(error));
}

enum tracer_error tracer_control_file(const char *path, const struct tracer_command *command,
                                      struct tracer_message *message)
{
    struct platform_file file;
    struct tracer_reader *reader = NULL;
    if (!path || !command || (command->enable && command->disable))
        return reader_fail(message, TRACER_ERROR_ARGUMENT, "%s", tracer_error_text(TRACER_ERROR_ARGUMENT));
    enum tracer_error error = platform_file_open(path, true, &file, message);
    if (error != TRACER_OK)
        return error;
    error = reader_open_file(&reader, &file, message);
    if (error == TRACER_OK)
        error = check(reader, command, &file, path, message);
    if (error == TRACER_OK)
        error = control(reader, command, message);
    tracer_reader_close(reader);
    return error;
}
