/*
 * Sealing: turns a snapshot into an image that holds exactly the same (image.h, "sealed").
 */
#ifndef RINGSCOPE_SEAL_H
#define RINGSCOPE_SEAL_H

#include <string.h>

#include "snapshot.h"

/* The layout, worked out beforehand, so that the size is known before a byte is written. */
struct seal {
    const struct tracer_snapshot *snapshot;
    uint32_t *names, *tracks; /* map ids of the snapshot's tables to sealed ids; 0: not in use */
    uint8_t *processes, *frames; /* by index: 1 if in use */
    uint32_t name_count, track_count, process_count, frame_count; /* entries, including id 0 */
    bool of_running; /* the image says that its writer lives, if it does */
    bool without_track; /* some event has no track */
    uint64_t name_text_bytes, operation_text_bytes, text_bytes;
    uint64_t taken[TRACE_CATEGORY_COUNT];
    struct image_section sections[IMAGE_SECTION_KINDS];
    uint64_t size_bytes;
};

/* ERROR_MEMORY. seal_end() in any case. */
enum tracer_error seal_begin(struct seal *seal, const struct tracer_snapshot *snapshot);
void seal_end(struct seal *seal);

/* For seal_begin(). False without memory. */
void seal_use_name(struct seal *seal, uint64_t name);
bool seal_use_processes(struct seal *seal);
void seal_use_stack(struct seal *seal, const struct snapshot_event *event);
/* Keeps modules, because names that are addresses lie in them, and where the functions in use begin. */
void seal_use_functions(struct seal *seal);

/* Writes seal->size_bytes. ERROR_WRITE if the sink stops, ERROR_MEMORY. */
enum tracer_error seal_write(const struct seal *seal, const struct tracer_sink *sink);

/* The same into memory of that size. */
enum tracer_error seal_into(const struct seal *seal, void *bytes);

/* The same as a file, replacing what is at the path. Errors as for platform_file_create(), and ERROR_MEMORY. */
enum tracer_error seal_to_file(const struct tracer_snapshot *snapshot, const char *path,
                               struct tracer_message *message);

/* Replaces a finished image file by its sealed form. On any error the file stays as it was. */
enum tracer_error seal_file(const char *path, struct tracer_message *message);

/* The sealed image of a snapshot in memory for free(); NULL without memory. */
void *seal_to_memory(const struct tracer_snapshot *snapshot, uint64_t *size_bytes);

/* An event's text, cut to the length that a sealed record can express: NULL for none. */
static inline const char *seal_text(const struct tracer_snapshot *snapshot, const struct snapshot_event *event,
                                    uint32_t *length)
{
    *length = 0;
    if (!event->text)
        return NULL;
    const char *text = snapshot->texts.bytes + (size_t)event->text * 8;
    memcpy(length, text, sizeof *length);
    if (*length >> SEALED_TEXT_BITS)
        *length = (1u << SEALED_TEXT_BITS) - 1;
    return text + sizeof *length;
}

#endif
