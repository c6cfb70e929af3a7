/* Plans the layout of a sealed image; seal_write.c writes it. */
#include "seal.h"

#include <stdlib.h>
#include <string.h>

#define ALIGNMENT 64u

void seal_use_name(struct seal *seal, uint64_t name)
{
    if (name < seal->snapshot->names.count && text_of(&seal->snapshot->names, (uint32_t)name))
        seal->names[name] = 1;
}

static void use_track(struct seal *seal, uint64_t track)
{
    const struct image_track *entry = track_of(&seal->snapshot->tracks, (uint32_t)track);
    if (!entry) {
        seal->without_track = true;
        return;
    }
    seal->tracks[track] = 1;
    seal_use_name(seal, track_name_id(entry));
}

/* Marks used entries, and adds up the texts. */
static void use_all(struct seal *seal)
{
    const struct tracer_snapshot *snapshot = seal->snapshot;
    for (uint64_t i = 0; i < tracer_snapshot_count(snapshot); i++) {
        const struct snapshot_event *event = snapshot_event(snapshot, i);
        uint32_t length;
        seal_use_name(seal, event->meta >> RECORD_NAME_SHIFT & RECORD_NAME_MASK);
        use_track(seal, event->meta >> RECORD_TRACK_SHIFT & RECORD_TRACK_MASK);
        seal->taken[event->meta >> RECORD_CATEGORY_SHIFT & RECORD_CATEGORY_MASK]++;
        seal_use_stack(seal, event);
        seal_text(snapshot, event, &length);
        seal->text_bytes += length;
    }
    for (uint32_t id = 0; snapshot->changed_tracks && id < snapshot->tracks.count; id++) {
        if (snapshot->changed_tracks[id])
            use_track(seal, id);
    }
    for (size_t i = 0; i < snapshot->open_count; i++) {
        seal_use_name(seal, snapshot->open_spans[i].packed & RECORD_NAME_MASK);
        use_track(seal, snapshot->open_spans[i].packed >> STACK_TRACK_SHIFT & RECORD_TRACK_MASK);
    }
}

static void mark_label(struct seal *seal, uint32_t label)
{
    if (label < seal->snapshot->names.count && text_of(&seal->snapshot->names, label) && !seal->names[label])
        seal->names[label] = 2; /* in use, but its own label is not marked yet */
}

/* Labels have no labels: one look at each name is enough. */
static void use_labels(struct seal *seal)
{
    const struct text_table *names = &seal->snapshot->names;
    for (uint32_t id = 0; names->labels && id < names->count; id++) {
        if (seal->names[id] == 1)
            mark_label(seal, names->labels[id]);
    }
}

/* Numbers the used entries consecutively; returns how many there are, entry 0 included. */
static uint32_t number(uint32_t *ids, uint32_t count)
{
    uint32_t next = 1;
    for (uint32_t id = 0; id < count; id++)
        ids[id] = ids[id] ? next++ : 0;
    return next;
}

static void measure_texts(struct seal *seal)
{
    const struct tracer_snapshot *snapshot = seal->snapshot;
    for (uint32_t id = 0; id < snapshot->names.count; id++)
        seal->name_text_bytes += seal->names[id] ? strlen(text_of(&snapshot->names, id)) : 0;
    for (size_t i = 0; i < snapshot->operations.count - snapshot->operations.has_other; i++)
        seal->operation_text_bytes += strlen(snapshot->operations.perf[i].name);
}

static void place(struct seal *seal, enum image_section_kind kind, uint64_t count, uint64_t entry_bytes)
{
    uint64_t offset = (seal->size_bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    seal->sections[kind] = (struct image_section){ kind, offset, count * entry_bytes, entry_bytes };
    seal->size_bytes = offset + count * entry_bytes;
}

/* In the order in which seal_write() writes them. */
static void place_all(struct seal *seal)
{
    const struct tracer_snapshot *snapshot = seal->snapshot;
    uint64_t events = tracer_snapshot_count(snapshot);
    uint64_t operations = snapshot->operations.count - snapshot->operations.has_other + 1;
    seal->size_bytes = IMAGE_HEADER_BYTES;
    place(seal, IMAGE_LANES, 1, sizeof(struct image_lane));
    place(seal, IMAGE_NAMES, seal->name_count, sizeof(uint64_t));
    place(seal, IMAGE_NAME_TEXT, seal->name_text_bytes, 1);
    place(seal, IMAGE_OPERATIONS, operations, sizeof(uint64_t));
    place(seal, IMAGE_OPERATION_TEXT, seal->operation_text_bytes, 1);
    place(seal, IMAGE_TRACKS, seal->track_count, sizeof(struct image_track));
    place(seal, IMAGE_PROCESSES, seal->process_count, sizeof(struct image_process));
    place(seal, IMAGE_STACKS, seal->frame_count, sizeof(struct image_frame));
    place(seal, IMAGE_COUNTERS, operations, sizeof(struct image_op));
    place(seal, IMAGE_HISTOGRAMS, snapshot->operations.histogram_count, sizeof(struct image_histogram));
    place(seal, IMAGE_CALIBRATION, 0, sizeof(struct image_calibration));
    place(seal, IMAGE_OPEN, snapshot->open_count, sizeof(struct image_open));
    place(seal, IMAGE_NOTES, snapshot->note_count, sizeof(struct image_note));
    place(seal, IMAGE_ORDER, events, sizeof(uint64_t));
    place(seal, IMAGE_RECORDS, events, RECORD_BYTES);
    place(seal, IMAGE_DETAILS, seal->text_bytes, 1);
}

enum tracer_error seal_begin(struct seal *seal, const struct tracer_snapshot *snapshot)
{
    *seal = (struct seal){ .snapshot = snapshot };
    seal->names = calloc((size_t)snapshot->names.count + 1, sizeof *seal->names);
    seal->tracks = calloc((size_t)snapshot->tracks.count + 1, sizeof *seal->tracks);
    seal->processes = calloc((size_t)snapshot->processes.count + 1, sizeof *seal->processes);
    seal->frames = calloc((size_t)snapshot->frames.count + 1, sizeof *seal->frames);
    if (!seal->names || !seal->tracks || !seal->processes || !seal->frames)
        return TRACER_ERROR_MEMORY;
    seal->process_count = seal->frame_count = 1;
    use_all(seal);
    seal_use_functions(seal);
    if (!seal_use_processes(seal))
        return TRACER_ERROR_MEMORY;
    use_labels(seal);
    seal->name_count = number(seal->names, snapshot->names.count);
    seal->track_count = number(seal->tracks, snapshot->tracks.count);
    measure_texts(seal);
    place_all(seal);
    return TRACER_OK;
}

void seal_end(struct seal *seal)
{
    free(seal->names);
    free(seal->tracks);
    free(seal->processes);
    free(seal->frames);
    *seal = (struct seal){ 0 };
}

/* ------------------------------------------------------------------ in memory */

struct memory {
    unsigned char *at;
    uint64_t left_bytes;
};

static bool write_memory(void *argument, const char *bytes, size_t size)
{
    struct memory *memory = argument;
    if (size > memory->left_bytes)
        return false;
    memcpy(memory->at, bytes, size);
    memory->at += size;
    memory->left_bytes -= size;
    return true;
}

enum tracer_error seal_into(const struct seal *seal, void *bytes)
{
    struct memory memory = { bytes, seal->size_bytes };
    return seal_write(seal, &(struct tracer_sink){ write_memory, &memory });
}

void *seal_to_memory(const struct tracer_snapshot *snapshot, uint64_t *size_bytes)
{
    struct seal seal;
    unsigned char *bytes = NULL;
    if (seal_begin(&seal, snapshot) == TRACER_OK && seal.size_bytes <= SIZE_MAX)
        bytes = malloc((size_t)seal.size_bytes);
    *size_bytes = seal.size_bytes;
    if (bytes && seal_into(&seal, bytes) != TRACER_OK) {
        free(bytes);
        bytes = NULL;
    }
    seal_end(&seal);
    return bytes;
}

enum tracer_error tracer_snapshot_save(const struct tracer_snapshot *snapshot, const struct tracer_sink *sink)
{
    struct seal seal;
    if (!snapshot || !sink)
        return TRACER_ERROR_ARGUMENT;
    enum tracer_error error = seal_begin(&seal, snapshot);
    if (error == TRACER_OK)
        error = seal_write(&seal, sink);
    seal_end(&seal);
    return error;
}
