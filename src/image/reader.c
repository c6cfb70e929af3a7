/* Opens and closes images, and says what they say of themselves. */
#include "reader.h"

#include <stdlib.h>
#include <string.h>

#include "../core/tracer.h"
#include "../read/view.h"

enum tracer_error reader_open_source(struct tracer_reader **result, const struct source *source,
                                     struct tracer_message *message)
{
    struct tracer_reader *reader = calloc(1, sizeof *reader);
    if (!reader)
        return reader_fail(message, TRACER_ERROR_MEMORY, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    reader->source = *source;
    enum tracer_error error = reader_validate(reader, message);
    if (error == TRACER_OK)
        *result = reader;
    else
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
    if (!reader || !path)
        return reader_fail(message, TRACER_ERROR_ARGUMENT, "%s", tracer_error_text(TRACER_ERROR_ARGUMENT));
    enum tracer_error error = platform_file_open(path, false, &file, message);
    return error == TRACER_OK ? reader_open_file(reader, &file, message) : error;
}

enum tracer_error tracer_reader_open_memory(struct tracer_reader **reader, const void *bytes, size_t size_bytes,
                                            struct tracer_message *message)
{
    if (!reader || (!bytes && size_bytes))
        return reader_fail(message, TRACER_ERROR_ARGUMENT, "%s", tracer_error_text(TRACER_ERROR_ARGUMENT));
    struct source source = source_memory(bytes ? bytes : "", size_bytes, false);
    return reader_open_source(reader, &source, message);
}

enum tracer_error tracer_reader_attach(struct tracer_reader **reader, struct tracer *tracer)
{
    uint64_t size_bytes = 0;
    if (!reader || !tracer)
        return TRACER_ERROR_ARGUMENT;
    const void *image = tracer_image(tracer, &size_bytes);
    struct source source = source_memory(image, size_bytes, true);
    enum tracer_error error = reader_open_source(reader, &source, NULL);
    if (error == TRACER_OK)
        (*reader)->tracer = tracer;
    return error;
}

void tracer_reader_close(struct tracer_reader *reader)
{
    if (!reader)
        return;
    if (!reader->source.memory && !reader->source.function)
        platform_file_close(&reader->source.file);
    free(reader);
}

/* ------------------------------------------------------------------- state */

bool image_writer_lives(const struct image_header *header)
{
    char boot_id[sizeof header->boot_id];
    if (header->state != IMAGE_LIVE || header->pid == 0 || header->pid > UINT32_MAX || header->process_start == 0)
        return false;
    platform_boot_id(boot_id, sizeof boot_id);
    return strncmp(boot_id, header->boot_id, sizeof boot_id) == 0 &&
           platform_process_start((uint32_t)header->pid) == header->process_start;
}

/* Bytes in memory, or from a function, are a copy of some moment: nobody writes them. */
bool reader_is_live(const struct tracer_reader *reader, const struct image_header *header)
{
    if (reader->tracer)
        return header->state == IMAGE_LIVE;
    return !reader->source.memory && !reader->source.function && image_writer_lives(header);
}

static const char *clock_name(uint64_t clock)
{
    switch (clock) {
    case IMAGE_CLOCK_TSC:
        return "tsc";
    case IMAGE_CLOCK_MONOTONIC:
        return "monotonic";
    case IMAGE_CLOCK_PERFORMANCE:
        return "performance.now";
    case IMAGE_CLOCK_PROGRAM:
        return "program";
    default:
        return "?";
    }
}

static uint32_t at_most(uint64_t used, uint32_t count)
{
    return used < count ? (uint32_t)used : count;
}

static void describe_header(const struct tracer_reader *reader, const struct image_header *now,
                            struct tracer_info *info)
{
    const struct image_header *then = &reader->header;
    info->format_version = then->version;
    info->size_bytes = then->size_bytes;
    info->capacity_events = then->capacity_events;
    info->lanes = reader->lanes;
    info->slots_per_lane = reader->slots;
    info->detail_bytes_per_lane = then->detail_ring_bytes;
    info->detail_bytes_max = then->detail_max_bytes;
    info->without_details = then->without_details != 0;
    info->pid = (uint32_t)then->pid;
    info->program = then->program;
    info->boot_id = then->boot_id;
    info->created_realtime_ns = then->created_realtime_ns;
    info->clock = clock_name(now->clock);
    info->clock_resolution_ns = now->clock_resolution_ns;
    info->closed = now->state == IMAGE_CLOSED;
    info->enabled = control_wanted(now->control) != 0;
    info->filter = control_filter(now->control);
}

/* Ids begin at 1, so one less than used is in use. */
static void describe_tables(const struct tracer_reader *reader, const struct image_header *now,
                            struct tracer_info *info)
{
    info->names = reader->names;
    info->names_used = at_most(now->names_used ? now->names_used - 1 : 0, reader->names);
    info->operations = reader->operations;
    info->operations_used = at_most(now->operations_used ? now->operations_used - 1 : 0, reader->operations);
    info->tracks = reader->tracks;
    info->tracks_used = at_most(now->tracks_used ? now->tracks_used - 1 : 0, reader->tracks);
    info->histograms = reader->histograms;
    info->histograms_used = at_most(now->histograms_used, reader->histograms);
}

enum tracer_error tracer_reader_info(struct tracer_reader *reader, struct tracer_info *info)
{
    struct view view;
    if (!reader || !info)
        return TRACER_ERROR_ARGUMENT;
    enum tracer_error error = view_take(&view, reader);
    if (error != TRACER_OK)
        return error;
    *info = (struct tracer_info){ 0 };
    describe_header(reader, &view.header, info);
    describe_tables(reader, &view.header, info);
    info->live = view.live;
    for (uint32_t i = 0; i < reader->lanes; i++)
        info->lanes_used += view.lanes[i].head != 0 || view.lanes[i].owner != 0;
    view_free(&view);
    return TRACER_OK;
}
