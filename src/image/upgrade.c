/*
 * Upgrades images of format 1 to format 2 in memory as they are opened, so that all other code knows one format. The
 * differences: records had 20 bits for the name and no flag for failure, and so had open spans and tracks; the
 * calibration was in the header.
 */
#include "upgrade.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

/* ------------------------------------------------- format 1, as it was written */

#define V1_SECTIONS 10u /* with today's kinds and entry sizes, except for lanes and records */
#define V1_WINDOW_NS 1000000 /* was not kept: wide, so that no pair is taken for a step */
#define V1_NAME_MASK 0xfffffull
#define V1_TRACK_SHIFT 36
#define V1_CATEGORY_SHIFT 52
#define V1_FLAGS_MASK (31ull << 56) /* at the same place as today */
#define V1_KIND_MASK (7ull << 61)
#define V1_STACK_TRACK_SHIFT 20
#define V1_STACK_CATEGORY_SHIFT 36

struct v1_header {
    uint64_t magic;
    uint32_t byte_order;
    uint32_t version;
    uint64_t size_bytes, section_count, capacity_events, detail_ring_bytes, detail_max_bytes, without_details;
    uint64_t clock, clock_resolution_ns, origin_ticks, created_realtime_ns;
    struct {
        uint64_t ticks, ns, check;
    } calibration[3];
    uint64_t pid, process_start;
    char boot_id[40];
    char program[64];
    uint64_t state, control, started, start_ticks, stop_ticks;
    uint64_t names_used, name_text_used, operations_used, operation_text_used, tracks_used, histograms_used;
    uint64_t lost[4][16], overflow[8], current_processes, peak_processes;
};

struct v1_lane {
    uint64_t head, detail_head, first, events_epoch, stats_epoch, owner, depth, reserved;
    uint64_t recorded[16], stats[16];
    struct {
        uint64_t start_ticks, packed;
    } stack[64];
};

/* An image of format 1 in memory, with its sections by kind. */
struct v1_image {
    struct v1_header header;
    unsigned char *bytes;
    struct image_section sections[V1_SECTIONS + 1];
};

static enum tracer_error damaged(struct tracer_message *message, const char *what)
{
    return reader_fail(message, TRACER_ERROR_DAMAGED, "the image of format 1 contradicts itself: %s", what);
}

/* Checks that every section appears once, lies within the image, and has whole entries. */
static enum tracer_error find_sections(struct v1_image *old, struct tracer_message *message)
{
    if (old->header.section_count > IMAGE_SECTIONS_MAX)
        return damaged(message, "it has too many sections");
    for (uint64_t i = 0; i < old->header.section_count; i++) {
        struct image_section section;
        memcpy(&section, old->bytes + IMAGE_DIRECTORY_OFFSET + i * sizeof section, sizeof section);
        if (section.kind == 0 || section.kind > V1_SECTIONS)
            continue;
        if (old->sections[section.kind].kind || section.entry_bytes == 0 || section.size_bytes % section.entry_bytes ||
            section.offset_bytes % 8 || section.offset_bytes > old->header.size_bytes ||
            section.size_bytes > old->header.size_bytes - section.offset_bytes)
            return damaged(message, "a section is not within it");
        old->sections[section.kind] = section;
    }
    for (uint64_t kind = 1; kind <= V1_SECTIONS; kind++) {
        if (!old->sections[kind].kind)
            return damaged(message, "a section is missing");
    }
    if (old->sections[IMAGE_LANES].entry_bytes != sizeof(struct v1_lane) ||
        old->sections[IMAGE_RECORDS].entry_bytes % RECORD_BYTES)
        return damaged(message, "lanes or records have another size");
    return TRACER_OK;
}

static enum tracer_error read_old(struct v1_image *old, const struct source *source, struct tracer_message *message)
{
    enum tracer_error error = source_read(source, 0, &old->header, sizeof old->header);
    if (error != TRACER_OK)
        return reader_fail(message, error, "%s", tracer_error_text(error));
    if (old->header.size_bytes < IMAGE_HEADER_BYTES || old->header.size_bytes > source->size_bytes)
        return reader_fail(message, TRACER_ERROR_TRUNCATED, "the image is cut off: it needs %llu bytes and has %llu",
                           (unsigned long long)old->header.size_bytes, (unsigned long long)source->size_bytes);
    if (old->header.size_bytes > SIZE_MAX / 2 || !(old->bytes = malloc((size_t)old->header.size_bytes)))
        return reader_fail(message, TRACER_ERROR_MEMORY, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    error = source_read(source, 0, old->bytes, (size_t)old->header.size_bytes);
    if (error != TRACER_OK)
        return reader_fail(message, error, "%s", tracer_error_text(error));
    if (old->header.names_used > RECORD_NAME_MASK + 1)
        return reader_fail(message, TRACER_ERROR_VERSION, "format version 1 with %llu names, this reader knows %llu",
                           (unsigned long long)old->header.names_used, (unsigned long long)RECORD_NAME_MASK);
    return find_sections(old, message);
}

/* ------------------------------------------------------------ its format 2 form */

/* Sections are appended page by page. */
struct v2_image {
    unsigned char *bytes;
    uint64_t used;
    struct image_section *directory;
    uint64_t sections;
};

static void *append(struct v2_image *image, uint64_t kind, uint64_t size_bytes, uint64_t entry_bytes)
{
    image->directory[image->sections++] = (struct image_section){ kind, image->used, size_bytes, entry_bytes };
    void *at = image->bytes + image->used;
    image->used += (size_bytes + IMAGE_HEADER_BYTES - 1) / IMAGE_HEADER_BYTES * IMAGE_HEADER_BYTES;
    return at;
}

static uint64_t word3(uint64_t old)
{
    uint64_t name = old >> RECORD_NAME_SHIFT & V1_NAME_MASK, track = old >> V1_TRACK_SHIFT & RECORD_TRACK_MASK;
    uint64_t category = old >> V1_CATEGORY_SHIFT & RECORD_CATEGORY_MASK;
    return (old & (V1_KIND_MASK | V1_FLAGS_MASK | RECORD_MARK_MASK)) | category << RECORD_CATEGORY_SHIFT |
           track << RECORD_TRACK_SHIFT | (name & RECORD_NAME_MASK) << RECORD_NAME_SHIFT;
}

static void upgrade_records(const struct v1_image *old, struct v2_image *image)
{
    const struct image_section *from = &old->sections[IMAGE_RECORDS];
    uint64_t *to = append(image, IMAGE_RECORDS, from->size_bytes, from->entry_bytes);
    memcpy(to, old->bytes + from->offset_bytes, (size_t)from->size_bytes);
    for (uint64_t i = 0; i < from->size_bytes / RECORD_BYTES; i++)
        to[i * RECORD_WORDS + 3] = word3(to[i * RECORD_WORDS + 3]);
}

static uint64_t open_word(uint64_t old)
{
    const uint64_t check = ~((1ull << STACK_CHECK_SHIFT) - 1);
    return (old & check) | (old >> V1_STACK_CATEGORY_SHIFT & RECORD_CATEGORY_MASK) << STACK_CATEGORY_SHIFT |
           (old >> V1_STACK_TRACK_SHIFT & RECORD_TRACK_MASK) << STACK_TRACK_SHIFT | (old & RECORD_NAME_MASK);
}

static void upgrade_lane(const struct v1_lane *old, struct image_lane *lane)
{
    *lane = (struct image_lane){
        .head = old->head,
        .detail_head = old->detail_head,
        .first = old->first,
        .events_epoch = old->events_epoch,
        .stats_epoch = old->stats_epoch,
        .owner = old->owner,
        .depth = old->depth,
    };
    memcpy(lane->recorded, old->recorded, sizeof old->recorded);
    memcpy(lane->stats, old->stats, sizeof old->stats);
    for (size_t i = 0; i < STACK_DEPTH_MAX; i++)
        lane->stack[i] = (struct image_open_span){ old->stack[i].start_ticks, open_word(old->stack[i].packed) };
}

static void upgrade_lanes(const struct v1_image *old, struct v2_image *image)
{
    const struct image_section *from = &old->sections[IMAGE_LANES];
    uint64_t count = from->size_bytes / sizeof(struct v1_lane);
    struct image_lane *to = append(image, IMAGE_LANES, count * sizeof *to, sizeof *to);
    for (uint64_t i = 0; i < count; i++) {
        struct v1_lane lane;
        memcpy(&lane, old->bytes + from->offset_bytes + i * sizeof lane, sizeof lane);
        upgrade_lane(&lane, &to[i]);
    }
}

/* Tables, counters, histograms and texts are unchanged. */
static void upgrade_rest(const struct v1_image *old, struct v2_image *image)
{
    for (uint64_t kind = 1; kind <= V1_SECTIONS; kind++) {
        const struct image_section *from = &old->sections[kind];
        if (kind != IMAGE_LANES && kind != IMAGE_RECORDS)
            memcpy(append(image, kind, from->size_bytes, from->entry_bytes), old->bytes + from->offset_bytes,
                   (size_t)from->size_bytes);
    }
}

static void upgrade_header(const struct v1_header *old, struct image_header *header)
{
    *header = (struct image_header){
        .magic = IMAGE_MAGIC,
        .byte_order = IMAGE_BYTE_ORDER,
        .version = IMAGE_VERSION,
        .layout = IMAGE_LAYOUT_RINGS,
        .capacity_events = old->capacity_events,
        .detail_ring_bytes = old->detail_ring_bytes,
        .detail_max_bytes = old->detail_max_bytes,
        .without_details = old->without_details,
        .clock = old->clock,
        .clock_resolution_ns = old->clock_resolution_ns,
        .origin_ticks = old->origin_ticks,
        .created_realtime_ns = old->created_realtime_ns,
        .pid = old->pid,
        .process_start = old->process_start,
        .state = old->state,
        .control = old->control,
        .started = old->started,
        .start_ticks = old->start_ticks,
        .stop_ticks = old->stop_ticks,
        .names_used = old->names_used,
        .name_text_used = old->name_text_used,
        .operations_used = old->operations_used,
        .operation_text_used = old->operation_text_used,
        .tracks_used = old->tracks_used,
        .histograms_used = old->histograms_used,
        .current_processes = old->current_processes,
        .peak_processes = old->peak_processes,
    };
    memcpy(header->boot_id, old->boot_id, sizeof header->boot_id);
    memcpy(header->program, old->program, sizeof header->program);
    memcpy(header->lost, old->lost, sizeof old->lost);
    memcpy(header->overflow, old->overflow, sizeof old->overflow);
}

static void upgrade_calibration(const struct v1_header *old, struct image_header *header, struct v2_image *image)
{
    struct image_calibration *to = append(image, IMAGE_CALIBRATION, IMAGE_CALIBRATION_PAIRS * sizeof *to, sizeof *to);
    for (size_t i = 0; i < 3 && header->clock == IMAGE_CLOCK_TSC; i++) {
        struct image_calibration pair = { old->calibration[i].ticks, old->calibration[i].ns, V1_WINDOW_NS, 0 };
        pair.check = calibration_check(&pair);
        if ((pair.ticks ^ pair.ns ^ IMAGE_MAGIC) == old->calibration[i].check)
            to[header->calibration_used++] = pair;
    }
}

/* Its writer would change it in ways that only the library of its time knows. */
static bool is_being_written(const struct v1_header *old)
{
    struct image_header header;
    upgrade_header(old, &header);
    header.boot_id[sizeof header.boot_id - 1] = '\0';
    return image_writer_lives(&header);
}

static bool fits(const struct v1_image *old, struct v2_image *image)
{
    uint64_t lanes = old->sections[IMAGE_LANES].size_bytes / sizeof(struct v1_lane);
    uint64_t bytes = (V1_SECTIONS + 3ull) * IMAGE_HEADER_BYTES + lanes * sizeof(struct image_lane);
    for (uint64_t kind = 1; kind <= V1_SECTIONS; kind++) {
        if (__builtin_add_overflow(bytes, old->sections[kind].size_bytes, &bytes))
            return false;
    }
    image->bytes = bytes <= SIZE_MAX / 2 ? calloc(1, (size_t)bytes) : NULL;
    return image->bytes != NULL;
}

static void upgrade(const struct v1_image *old, struct v2_image *image)
{
    struct image_header *header = (struct image_header *)(void *)image->bytes;
    image->used = IMAGE_HEADER_BYTES;
    image->directory = (struct image_section *)(void *)(image->bytes + IMAGE_DIRECTORY_OFFSET);
    upgrade_header(&old->header, header);
    upgrade_calibration(&old->header, header, image);
    upgrade_lanes(old, image);
    upgrade_records(old, image);
    upgrade_rest(old, image);
    header->section_count = image->sections;
    header->size_bytes = image->used;
}

enum tracer_error image_upgrade(const struct source *source, unsigned char **bytes, uint64_t *size_bytes,
                                struct tracer_message *message)
{
    struct v1_image old = { .bytes = NULL };
    struct v2_image image = { .bytes = NULL };
    enum tracer_error error = read_old(&old, source, message);
    if (error == TRACER_OK && is_being_written(&old.header))
        error = reader_fail(message, TRACER_ERROR_VERSION,
                            "format version 1, and its program still writes it: it opens once that has ended");
    if (error == TRACER_OK && !fits(&old, &image))
        error = reader_fail(message, TRACER_ERROR_MEMORY, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    if (error == TRACER_OK && image.bytes) {
        upgrade(&old, &image);
        *bytes = image.bytes;
        *size_bytes = image.used;
    }
    free(old.bytes);
    return error;
}
