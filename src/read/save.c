/*
 * Saves a live tracer's image as a file. A plain copy would not do: of a record that is being written
 * it could have the old mark and new words. So records pass through the readers' protocol, and what
 * was in flight is left out.
 */
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../core/tracer.h"
#include "walk.h"

#define PATH_MAX_BYTES 4096

struct saving {
    const struct tracer_reader *reader;
    struct view view;
    unsigned char *image; /* the new file */
    uint64_t records[LANE_CHUNK * RECORD_WORDS], scratch[LANE_CHUNK * RECORD_WORDS];
};

static enum tracer_error copy_section(struct saving *saving, enum image_section_kind kind)
{
    const struct image_section *section = &saving->reader->sections[kind];
    return source_read(&saving->reader->source, section->offset_bytes, saving->image + section->offset_bytes,
                       (size_t)section->size_bytes);
}

static void put_records(struct saving *saving, uint32_t lane, uint64_t from, uint64_t count)
{
    unsigned char *ring = saving->image + reader_lane_offset(saving->reader, IMAGE_RECORDS, lane);
    for (uint64_t i = 0; i < count; i++) {
        uint64_t slot = (from + i) & (saving->reader->slots - 1);
        memcpy(ring + slot * RECORD_BYTES, saving->records + i * RECORD_WORDS, RECORD_BYTES);
    }
}

static enum tracer_error copy_records(struct saving *saving, uint32_t index)
{
    struct lane lane;
    enum tracer_error error = TRACER_OK;
    lane_init(&lane, saving->reader, &saving->view, index);
    for (uint64_t from = lane.low; from < lane.high && error == TRACER_OK;) {
        uint64_t count = lane.high - from < LANE_CHUNK ? lane.high - from : LANE_CHUNK;
        error = lane_load(&lane, from, from + count, saving->records, saving->scratch);
        put_records(saving, index, from, count);
        from += count;
    }
    lane_free(&lane);
    return error;
}

/* The details after their records, and their head after them: it says what was overwritten meanwhile. */
static enum tracer_error copy_lane(struct saving *saving, uint32_t index)
{
    const struct tracer_reader *reader = saving->reader;
    struct image_lane *lane = &saving->view.lanes[index];
    uint64_t details = reader_lane_offset(reader, IMAGE_DETAILS, index);
    uint64_t head_offset = reader_lane_offset(reader, IMAGE_LANES, index) + offsetof(struct image_lane, detail_head);
    enum tracer_error error = copy_records(saving, index);
    if (error == TRACER_OK)
        error = source_read(&reader->source, details, saving->image + details,
                            (size_t)reader->sections[IMAGE_DETAILS].entry_bytes);
    if (error == TRACER_OK)
        error = source_read(&reader->source, head_offset, &lane->detail_head, sizeof lane->detail_head);
    memcpy(saving->image + reader_lane_offset(reader, IMAGE_LANES, index), lane, sizeof *lane);
    return error;
}

static enum tracer_error copy_tables(struct saving *saving)
{
    static const enum image_section_kind kinds[] = { IMAGE_NAMES,          IMAGE_NAME_TEXT, IMAGE_OPERATIONS,
                                                     IMAGE_OPERATION_TEXT, IMAGE_TRACKS,    IMAGE_COUNTERS,
                                                     IMAGE_HISTOGRAMS };
    enum tracer_error error = TRACER_OK;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0] && error == TRACER_OK; i++)
        error = copy_section(saving, kinds[i]);
    return error;
}

static void copy_calibration(struct saving *saving)
{
    struct view *view = &saving->view;
    uint32_t room = saving->reader->calibration_pairs;
    uint32_t count = view->calibration_used < room ? view->calibration_used : room;
    view->header.calibration_used = count;
    memcpy(saving->image + saving->reader->sections[IMAGE_CALIBRATION].offset_bytes, view->calibration,
           count * sizeof view->calibration[0]);
}

/* As it was when the lanes were read, but for the tables, which have been read since. */
static enum tracer_error copy_header(struct saving *saving)
{
    struct image_header now, *header = &saving->view.header;
    enum tracer_error error = source_read(&saving->reader->source, 0, &now, sizeof now);
    if (error == TRACER_OK)
        error = source_read(&saving->reader->source, IMAGE_DIRECTORY_OFFSET, saving->image + IMAGE_DIRECTORY_OFFSET,
                            IMAGE_HEADER_BYTES - IMAGE_DIRECTORY_OFFSET);
    header->names_used = now.names_used;
    header->name_text_used = now.name_text_used;
    header->operations_used = now.operations_used;
    header->operation_text_used = now.operation_text_used;
    header->tracks_used = now.tracks_used;
    header->histograms_used = now.histograms_used;
    header->state = IMAGE_CLOSED;
    copy_calibration(saving);
    memcpy(saving->image, header, sizeof *header);
    return error;
}

static enum tracer_error copy_image(struct saving *saving)
{
    enum tracer_error error = TRACER_OK;
    for (uint32_t i = 0; i < saving->reader->lanes && error == TRACER_OK; i++)
        error = copy_lane(saving, i);
    if (error == TRACER_OK)
        error = copy_tables(saving);
    return error == TRACER_OK ? copy_header(saving) : error;
}

static enum tracer_error save(struct saving *saving, const char *path, struct tracer_message *message)
{
    struct platform_mapping mapping;
    char temporary[PATH_MAX_BYTES];
    enum tracer_error error = image_path_may_be_replaced(path, message);
    if (error == TRACER_OK)
        error = platform_file_create(path, saving->reader->header.size_bytes, &mapping, temporary, sizeof temporary,
                                     message);
    if (error != TRACER_OK)
        return error;
    saving->image = mapping.memory;
    error = copy_image(saving);
    if (error == TRACER_OK)
        error = platform_file_commit(temporary, path, message);
    else
        reader_fail(message, error, "%s", tracer_error_text(error));
    if (error == TRACER_OK)
        platform_file_unmap(&mapping);
    else
        platform_file_abandon(&mapping, temporary);
    return error;
}

static enum tracer_error save_from(const struct tracer_reader *reader, const char *path, struct tracer_message *message)
{
    struct saving *saving = calloc(1, sizeof *saving);
    if (!saving)
        return reader_fail(message, TRACER_ERROR_MEMORY, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    saving->reader = reader;
    enum tracer_error error = view_take(&saving->view, reader);
    if (error == TRACER_OK)
        error = save(saving, path, message);
    else
        reader_fail(message, error, "%s", tracer_error_text(error));
    view_free(&saving->view);
    free(saving);
    return error;
}

enum tracer_error tracer_save(struct tracer *tracer, const char *path, struct tracer_message *message)
{
    struct tracer_reader *reader;
    if (!path)
        return reader_fail(message, TRACER_ERROR_ARGUMENT, "%s", tracer_error_text(TRACER_ERROR_ARGUMENT));
    enum tracer_error error = tracer_reader_attach(&reader, tracer);
    if (error != TRACER_OK)
        return reader_fail(message, error, "%s", tracer_error_text(error));
    error = save_from(reader, path, message);
    tracer_reader_close(reader);
    return error;
}

enum tracer_error reader_save_to_memory(const struct tracer_reader *reader, void *bytes)
{
    struct saving *saving = calloc(1, sizeof *saving);
    if (!saving)
        return TRACER_ERROR_MEMORY;
    saving->reader = reader;
    saving->image = bytes;
    enum tracer_error error = view_take(&saving->view, reader);
    if (error == TRACER_OK)
        error = copy_image(saving);
    view_free(&saving->view);
    free(saving);
    return error;
}

enum tracer_error image_save_to_memory(struct tracer *tracer, void *bytes)
{
    struct tracer_reader *reader;
    enum tracer_error error = tracer_reader_attach(&reader, tracer);
    if (error != TRACER_OK)
        return error;
    error = reader_save_to_memory(reader, bytes);
    tracer_reader_close(reader);
    return error;
}

enum tracer_error trace_save(const char *path, struct tracer_message *message)
{
    return tracer_save(NULL, path, message);
}
