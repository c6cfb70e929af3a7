/* Checks the header and the directory of an image, so that later code can trust every bound. */
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "reader.h"
#include "upgrade.h"

/* Limits of the geometry, and of the bits that a snapshot's event has for them. */
#define LANES_MAX 1024u
#define SLOTS_MAX (1ull << 31)
#define NAMES_MAX (RECORD_NAME_MASK + 1)
#define TRACKS_MAX (RECORD_TRACK_MASK + 1)
#define PROCESSES_MAX 65536u
#define FRAMES_MAX 65536u
#define OPERATIONS_MAX 65536u
#define DETAIL_RING_MIN 8u
#define DETAIL_LENGTH_MAX (1u << 30)

enum tracer_error reader_fail(struct tracer_message *message, enum tracer_error error, const char *format, ...)
{
    va_list arguments;
    if (!message)
        return error;
    va_start(arguments, format);
    vsnprintf(message->text, sizeof message->text, format, arguments);
    va_end(arguments);
    return error;
}

static enum tracer_error damaged(struct tracer_message *message, const char *what, uint64_t actual, uint64_t expected)
{
    return reader_fail(message, TRACER_ERROR_DAMAGED, "the image is inconsistent: %s is %llu, expected %llu", what,
                       (unsigned long long)actual, (unsigned long long)expected);
}

/* ------------------------------------------------------------------- magic */

static enum tracer_error not_an_image(const unsigned char *bytes, size_t size, struct tracer_message *message)
{
    char text[3 * 8 + 1] = "";
    if (size == 0)
        return reader_fail(message, TRACER_ERROR_NOT_AN_IMAGE, "not a ringscope image: it is empty");
    for (size_t i = 0; i < size && i < 8; i++)
        snprintf(text + 3 * i, 4, " %02X", bytes[i]);
    return reader_fail(message, TRACER_ERROR_NOT_AN_IMAGE, "not a ringscope image: it begins with%s", text);
}

static enum tracer_error check_magic(const struct source *source, struct tracer_message *message)
{
    unsigned char bytes[8] = { 0 };
    uint64_t magic;
    size_t size = source->size_bytes < sizeof bytes ? (size_t)source->size_bytes : sizeof bytes;
    enum tracer_error error = source_read(source, 0, bytes, size);
    if (error != TRACER_OK)
        return reader_fail(message, error, "%s", tracer_error_text(error));
    memcpy(&magic, bytes, sizeof magic);
    if (magic == __builtin_bswap64(IMAGE_MAGIC))
        return reader_fail(message, TRACER_ERROR_BYTE_ORDER, "%s", tracer_error_text(TRACER_ERROR_BYTE_ORDER));
    if (magic != IMAGE_MAGIC)
        return not_an_image(bytes, size, message);
    return TRACER_OK;
}

static enum tracer_error check_identity(const struct image_header *header, uint64_t actual_bytes,
                                        struct tracer_message *message)
{
    if (header->magic != IMAGE_MAGIC)
        return not_an_image((const unsigned char *)&header->magic, sizeof header->magic, message);
    if (header->byte_order != IMAGE_BYTE_ORDER)
        return reader_fail(message, TRACER_ERROR_BYTE_ORDER, "byte order %08X, this machine's is %08X",
                           header->byte_order, IMAGE_BYTE_ORDER);
    if (header->version < IMAGE_VERSION_OLDEST || header->version > IMAGE_VERSION)
        return reader_fail(message, TRACER_ERROR_VERSION, "format version %u, this reader knows %u to %u",
                           header->version, IMAGE_VERSION_OLDEST, IMAGE_VERSION);
    if (header->size_bytes < IMAGE_HEADER_BYTES)
        return damaged(message, "the size of the image", header->size_bytes, IMAGE_HEADER_BYTES);
    if (header->size_bytes > actual_bytes)
        return reader_fail(message, TRACER_ERROR_TRUNCATED, "the image is cut off: it needs %llu bytes and has %llu",
                           (unsigned long long)header->size_bytes, (unsigned long long)actual_bytes);
    return TRACER_OK;
}

/* The text goes into JSON and onto terminals unescaped. */
static void keep_ascii(char *text, size_t size)
{
    text[size - 1] = '\0';
    for (; *text; text++) {
        if (*text < ' ' || *text > '~')
            *text = '?';
    }
}

static enum tracer_error copy_header(struct tracer_reader *reader, struct tracer_message *message)
{
    struct image_header *header = &reader->header;
    if (reader->source.size_bytes < IMAGE_HEADER_BYTES)
        return reader_fail(message, TRACER_ERROR_TRUNCATED,
                           "the image is cut off: its header needs %u bytes and has %llu", IMAGE_HEADER_BYTES,
                           (unsigned long long)reader->source.size_bytes);
    enum tracer_error error = source_read(&reader->source, 0, header, sizeof *header);
    if (error != TRACER_OK)
        return reader_fail(message, error, "%s", tracer_error_text(error));
    header->boot_id[sizeof header->boot_id - 1] = '\0';
    header->program[sizeof header->program - 1] = '\0';
    keep_ascii(header->clock_reason, sizeof header->clock_reason);
    return check_identity(header, reader->source.size_bytes, message);
}

static enum tracer_error read_header(struct tracer_reader *reader, struct tracer_message *message)
{
    uint64_t size_bytes;
    enum tracer_error error = check_magic(&reader->source, message);
    if (error == TRACER_OK)
        error = copy_header(reader, message);
    reader->format = reader->header.version;
    if (error != TRACER_OK || reader->format == IMAGE_VERSION)
        return error;
    error = image_upgrade(&reader->source, &reader->upgraded, &size_bytes, message);
    if (error != TRACER_OK)
        return error;
    reader->source = source_memory(reader->upgraded, size_bytes, false);
    return copy_header(reader, message);
}

/* --------------------------------------------------------------- directory */

static enum tracer_error check_section(const struct tracer_reader *reader, const struct image_section *section,
                                       struct tracer_message *message)
{
    uint64_t end;
    if (__builtin_add_overflow(section->offset_bytes, section->size_bytes, &end) || end > reader->header.size_bytes)
        return reader_fail(message, TRACER_ERROR_DAMAGED, "section %llu ends beyond the image's %llu bytes",
                           (unsigned long long)section->kind, (unsigned long long)reader->header.size_bytes);
    if (section->offset_bytes % sizeof(uint64_t))
        return damaged(message, "the alignment of a section", section->offset_bytes % sizeof(uint64_t), 0);
    if (section->entry_bytes == 0 || section->size_bytes % section->entry_bytes)
        return reader_fail(message, TRACER_ERROR_DAMAGED, "section %llu of %llu bytes has entries of %llu",
                           (unsigned long long)section->kind, (unsigned long long)section->size_bytes,
                           (unsigned long long)section->entry_bytes);
    if (reader->sections[section->kind].kind != 0)
        return reader_fail(message, TRACER_ERROR_DAMAGED, "section %llu appears twice",
                           (unsigned long long)section->kind);
    return TRACER_OK;
}

static enum tracer_error read_directory(struct tracer_reader *reader, struct tracer_message *message)
{
    struct image_section directory[IMAGE_SECTIONS_MAX];
    uint64_t count = reader->header.section_count;
    if (count > IMAGE_SECTIONS_MAX)
        return damaged(message, "the number of sections", count, IMAGE_SECTIONS_MAX);
    enum tracer_error error =
        source_read(&reader->source, IMAGE_DIRECTORY_OFFSET, directory, (size_t)count * sizeof directory[0]);
    if (error != TRACER_OK)
        return reader_fail(message, error, "%s", tracer_error_text(error));
    for (uint64_t i = 0; i < count; i++) {
        const struct image_section *section = &directory[i];
        if (section->kind == 0 || section->kind >= IMAGE_SECTION_KINDS)
            continue; /* a kind of a later version */
        error = check_section(reader, section, message);
        if (error != TRACER_OK)
            return error;
        reader->sections[section->kind] = *section;
    }
    for (uint64_t kind = 1; kind < IMAGE_SECTION_KINDS; kind++) {
        bool sealed_alone = kind == IMAGE_ORDER || kind == IMAGE_OPEN;
        bool optional = kind == IMAGE_ASYNC || kind >= IMAGE_PROCESSES;
        if (reader->sections[kind].kind == 0 && !optional && (reader->sealed || !sealed_alone))
            return reader_fail(message, TRACER_ERROR_DAMAGED, "section %llu is missing", (unsigned long long)kind);
    }
    return TRACER_OK;
}

/* ---------------------------------------------------------------- geometry */

static uint64_t entries(const struct tracer_reader *reader, enum image_section_kind kind)
{
    const struct image_section *section = &reader->sections[kind];
    return section->kind ? section->size_bytes / section->entry_bytes : 0;
}

static bool power_of_two(uint64_t value)
{
    return value != 0 && (value & (value - 1)) == 0;
}

static enum tracer_error check_entry_sizes(const struct tracer_reader *reader, struct tracer_message *message)
{
    static const struct {
        enum image_section_kind kind;
        uint64_t entry_bytes;
    } fixed[] = {
        { IMAGE_LANES, sizeof(struct image_lane) },
        { IMAGE_NAMES, sizeof(uint64_t) },
        { IMAGE_NAME_TEXT, 1 },
        { IMAGE_OPERATIONS, sizeof(uint64_t) },
        { IMAGE_OPERATION_TEXT, 1 },
        { IMAGE_TRACKS, sizeof(struct image_track) },
        { IMAGE_COUNTERS, sizeof(struct image_op) },
        { IMAGE_HISTOGRAMS, sizeof(struct image_histogram) },
        { IMAGE_CALIBRATION, sizeof(struct image_calibration) },
        { IMAGE_ASYNC, sizeof(struct image_async) },
        { IMAGE_ORDER, sizeof(uint64_t) },
        { IMAGE_OPEN, sizeof(struct image_open) },
        { IMAGE_PROCESSES, sizeof(struct image_process) },
        { IMAGE_NOTES, sizeof(struct image_note) },
        { IMAGE_STACKS, sizeof(struct image_frame) },
    };
    for (size_t i = 0; i < sizeof fixed / sizeof fixed[0]; i++) {
        uint64_t actual = reader->sections[fixed[i].kind].entry_bytes;
        if (reader->sections[fixed[i].kind].kind && actual != fixed[i].entry_bytes)
            return damaged(message, "the size of a section's entry", actual, fixed[i].entry_bytes);
    }
    return TRACER_OK;
}

static enum tracer_error check_counts(struct tracer_reader *reader, struct tracer_message *message)
{
    uint64_t lanes = entries(reader, IMAGE_LANES), operations = entries(reader, IMAGE_OPERATIONS);
    uint64_t names = entries(reader, IMAGE_NAMES), tracks = entries(reader, IMAGE_TRACKS);
    uint64_t histograms = entries(reader, IMAGE_HISTOGRAMS), pairs = entries(reader, IMAGE_CALIBRATION);
    if (lanes == 0 || lanes > LANES_MAX)
        return damaged(message, "the number of lanes", lanes, LANES_MAX);
    if (names > NAMES_MAX || tracks > TRACKS_MAX || operations > OPERATIONS_MAX || histograms > UINT32_MAX)
        return damaged(message, "the size of the largest table", names > tracks ? names : tracks, NAMES_MAX);
    if (entries(reader, IMAGE_ASYNC) > ASYNC_SPANS)
        return damaged(message, "the number of async spans", entries(reader, IMAGE_ASYNC), ASYNC_SPANS);
    if (entries(reader, IMAGE_PROCESSES) > PROCESSES_MAX)
        return damaged(message, "the number of processes", entries(reader, IMAGE_PROCESSES), PROCESSES_MAX);
    if (entries(reader, IMAGE_NOTES) > NOTES_MAX)
        return damaged(message, "the number of notes", entries(reader, IMAGE_NOTES), NOTES_MAX);
    if (entries(reader, IMAGE_STACKS) > FRAMES_MAX)
        return damaged(message, "the number of frames", entries(reader, IMAGE_STACKS), FRAMES_MAX);
    if (pairs > IMAGE_CALIBRATION_PAIRS)
        return damaged(message, "the number of calibration pairs", pairs, IMAGE_CALIBRATION_PAIRS);
    if (entries(reader, IMAGE_COUNTERS) != lanes * operations)
        return damaged(message, "the number of counters", entries(reader, IMAGE_COUNTERS), lanes * operations);
    reader->lanes = (uint32_t)lanes;
    reader->names = (uint32_t)names;
    reader->operations = (uint32_t)operations;
    reader->tracks = (uint32_t)tracks;
    reader->histograms = (uint32_t)histograms;
    reader->calibration_pairs = (uint32_t)pairs;
    reader->processes = (uint32_t)entries(reader, IMAGE_PROCESSES);
    reader->frames = (uint32_t)entries(reader, IMAGE_STACKS);
    return TRACER_OK;
}

static enum tracer_error check_rings(struct tracer_reader *reader, struct tracer_message *message)
{
    const struct image_header *header = &reader->header;
    if (entries(reader, IMAGE_RECORDS) != reader->lanes)
        return damaged(message, "the number of rings", entries(reader, IMAGE_RECORDS), reader->lanes);
    if (entries(reader, IMAGE_DETAILS) != reader->lanes)
        return damaged(message, "the number of rings of text", entries(reader, IMAGE_DETAILS), reader->lanes);
    uint64_t slots = reader->sections[IMAGE_RECORDS].entry_bytes / RECORD_BYTES;
    uint64_t stride = reader->sections[IMAGE_DETAILS].entry_bytes, ring = header->detail_ring_bytes;
    if (reader->sections[IMAGE_RECORDS].entry_bytes % RECORD_BYTES || !power_of_two(slots) || slots > SLOTS_MAX)
        return damaged(message, "the number of slots", slots, SLOTS_MAX);
    if (header->capacity_events == 0 || header->capacity_events >= slots)
        return damaged(message, "the capacity", header->capacity_events, slots - 1);
    if (!power_of_two(ring) || ring < DETAIL_RING_MIN || ring > stride || stride % sizeof(uint64_t))
        return damaged(message, "the size of the rings of text", ring, stride);
    if (header->detail_max_bytes > DETAIL_LENGTH_MAX || detail_need_bytes(header->detail_max_bytes) > stride - ring)
        return damaged(message, "the longest detail", header->detail_max_bytes, stride - ring);
    reader->slots = slots;
    reader->mark_shift = lap_mark_shift(slots);
    return TRACER_OK;
}

static enum tracer_error check_sealed(struct tracer_reader *reader, struct tracer_message *message)
{
    uint64_t records = entries(reader, IMAGE_RECORDS), order = entries(reader, IMAGE_ORDER);
    uint64_t capacity = reader->header.capacity_events;
    if (reader->lanes != 1)
        return damaged(message, "the number of lanes of a sealed image", reader->lanes, 1);
    if (reader->sections[IMAGE_RECORDS].entry_bytes != RECORD_BYTES)
        return damaged(message, "the size of a sealed record", reader->sections[IMAGE_RECORDS].entry_bytes,
                       RECORD_BYTES);
    if (records > SLOTS_MAX)
        return damaged(message, "the number of records", records, SLOTS_MAX);
    if (capacity == 0 || capacity > SLOTS_MAX)
        return damaged(message, "the capacity", capacity, SLOTS_MAX);
    /* A segment holds the news of all lanes, which may exceed what is shown at once. */
    if (records > capacity && reader->header.cursor == 0)
        return damaged(message, "the number of records", records, capacity);
    if (order != records)
        return damaged(message, "the number of places in the order", order, records);
    if (reader->sections[IMAGE_DETAILS].entry_bytes != 1)
        return damaged(message, "the size of an entry of sealed text", reader->sections[IMAGE_DETAILS].entry_bytes, 1);
    if (reader->header.sealed_lanes > SEALED_LANES_MAX)
        return damaged(message, "the number of lanes sealed", reader->header.sealed_lanes, SEALED_LANES_MAX);
    reader->records = records;
    return TRACER_OK;
}

static enum tracer_error check_layout(struct tracer_reader *reader, struct tracer_message *message)
{
    uint64_t layout = reader->header.layout;
    if (layout != IMAGE_LAYOUT_RINGS && layout != IMAGE_LAYOUT_SEALED)
        return damaged(message, "the layout", layout, IMAGE_LAYOUT_SEALED);
    reader->sealed = layout == IMAGE_LAYOUT_SEALED;
    return TRACER_OK;
}

enum tracer_error reader_validate(struct tracer_reader *reader, struct tracer_message *message)
{
    enum tracer_error error = read_header(reader, message);
    if (error == TRACER_OK)
        error = check_layout(reader, message);
    if (error == TRACER_OK)
        error = read_directory(reader, message);
    if (error == TRACER_OK)
        error = check_entry_sizes(reader, message);
    if (error == TRACER_OK)
        error = check_counts(reader, message);
    if (error == TRACER_OK)
        error = reader->sealed ? check_sealed(reader, message) : check_rings(reader, message);
    return error;
}
