/* Copies the tables of an image and checks every entry. */
#include "tables.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../platform/platform.h"

/* Neighbours in the text section, copied at once. Only published text is touched: next to it, a writer may be storing
 * bytes that are no whole words. */
struct run {
    uint64_t offset, end; /* in the image's text */
};

struct text_reading {
    const struct tracer_reader *reader;
    const struct image_section *section;
    const uint64_t *entries;
    struct text_table *table;
    char *bytes; /* the image's text */
    size_t used; /* of the table's text */
};

/* Texts of an image do not overlap, so they take at most the size of the section, and a NUL each. */
static bool append(struct text_reading *reading, uint32_t id)
{
    uint32_t offset = name_entry_offset(reading->entries[id]), length = name_entry_length(reading->entries[id]);
    size_t limit = (size_t)reading->section->size_bytes + reading->table->count + 1;
    if (length + 1 > limit - reading->used)
        return false;
    char *to = reading->table->text + reading->used;
    memcpy(to, reading->bytes + offset, length);
    to[length] = '\0';
    reading->table->offsets[id] = (uint32_t)reading->used;
    reading->table->labels[id] = (uint16_t)name_entry_label(reading->entries[id]);
    reading->used += length + 1;
    return true;
}

static enum tracer_error read_run(struct text_reading *reading, const struct run *run)
{
    return source_read(&reading->reader->source, reading->section->offset_bytes + run->offset,
                       reading->bytes + run->offset, (size_t)(run->end - run->offset));
}

static bool published(const struct text_reading *reading, uint32_t id)
{
    uint64_t entry = reading->entries[id];
    return (entry & NAME_PUBLISHED) &&
           (uint64_t)name_entry_offset(entry) + name_entry_length(entry) <= reading->section->size_bytes;
}

static enum tracer_error read_texts(struct text_reading *reading)
{
    struct run run = { 0 };
    enum tracer_error error = TRACER_OK;
    for (uint32_t id = 1; id < reading->table->count && error == TRACER_OK; id++) {
        if (!published(reading, id))
            continue;
        uint64_t offset = name_entry_offset(reading->entries[id]);
        uint64_t end = offset + name_entry_length(reading->entries[id]);
        if (offset != run.end) {
            error = read_run(reading, &run);
            run.offset = offset;
        }
        run.end = end;
    }
    return error == TRACER_OK ? read_run(reading, &run) : error;
}

static enum tracer_error fill_table(struct text_reading *reading)
{
    enum tracer_error error = read_texts(reading);
    reading->used = 1;
    for (uint32_t id = 1; id < reading->table->count && error == TRACER_OK; id++) {
        if (published(reading, id) && !append(reading, id))
            break;
    }
    return error;
}

static enum tracer_error read_entries(struct text_reading *reading, uint64_t *entries, uint64_t offset)
{
    reading->entries = entries;
    return source_read(&reading->reader->source, offset, entries, reading->table->count * sizeof *entries);
}

/* The number of ids given out so far, read from the word at used_offset. */
static enum tracer_error read_used(const struct tracer_reader *reader, size_t used_offset, uint32_t entries,
                                   uint32_t *count)
{
    uint64_t used = 0;
    enum tracer_error error = source_read(&reader->source, used_offset, &used, sizeof used);
    *count = used < entries ? (uint32_t)used : entries;
    return error;
}

static enum tracer_error table_read(struct text_table *table, const struct tracer_reader *reader,
                                    enum image_section_kind kind, enum image_section_kind text_kind, size_t used_offset)
{
    const struct image_section *section = &reader->sections[text_kind];
    struct text_reading reading = { .reader = reader, .section = section, .table = table };
    *table = (struct text_table){ 0 };
    enum tracer_error error =
        read_used(reader, used_offset, (uint32_t)(reader->sections[kind].size_bytes / sizeof(uint64_t)), &table->count);
    if (error != TRACER_OK)
        return error;
    uint64_t *entries = malloc((table->count + 1) * sizeof *entries);
    table->offsets = calloc(table->count + 1, sizeof *table->offsets);
    table->labels = calloc(table->count + 1, sizeof *table->labels);
    reading.bytes = malloc((size_t)section->size_bytes + 1);
    table->text = malloc((size_t)section->size_bytes + table->count + 1);
    error = TRACER_ERROR_MEMORY;
    if (section->size_bytes >= UINT32_MAX - table->count)
        error = TRACER_ERROR_DAMAGED;
    else if (entries && table->offsets && table->labels && reading.bytes && table->text)
        error = read_entries(&reading, entries, reader->sections[kind].offset_bytes);
    if (error == TRACER_OK)
        error = fill_table(&reading);
    free(entries);
    free(reading.bytes);
    if (error != TRACER_OK)
        text_table_free(table);
    return error;
}

/* Defined by programs that can look into the traced program. */
extern enum tracer_error names_resolve(struct text_table *table, struct frame_table *frames,
                                       const struct tracer_reader *reader) __attribute__((weak));

enum tracer_error names_read_stored(struct text_table *table, const struct tracer_reader *reader)
{
    return table_read(table, reader, IMAGE_NAMES, IMAGE_NAME_TEXT, offsetof(struct image_header, names_used));
}

enum tracer_error names_read(struct text_table *table, struct frame_table *frames, const struct tracer_reader *reader)
{
    enum tracer_error error = names_read_stored(table, reader);
    /* Modules never can, and a position-independent one cannot be linked with an undefined symbol. */
    if (!PLATFORM_HAS_FILES || error != TRACER_OK || !names_resolve)
        return error;
    error = names_resolve(table, frames, reader);
    if (error != TRACER_OK)
        text_table_free(table);
    return error;
}

enum tracer_error operations_read(struct text_table *table, const struct tracer_reader *reader)
{
    return table_read(table, reader, IMAGE_OPERATIONS, IMAGE_OPERATION_TEXT,
                      offsetof(struct image_header, operations_used));
}

uint32_t text_table_append(struct text_table *table, const char *texts, size_t bytes)
{
    size_t before = 1; /* texts end where the last one does */
    for (uint32_t id = 1; id < table->count; id++) {
        const char *text = text_of(table, id);
        size_t end = text ? table->offsets[id] + strlen(text) + 1 : 0;
        before = end > before ? end : before;
    }
    char *text = bytes <= UINT32_MAX - before ? realloc(table->text, before + bytes) : NULL;
    if (!text)
        return UINT32_MAX;
    table->text = text;
    memcpy(text + before, texts, bytes);
    return (uint32_t)before;
}

void text_table_free(struct text_table *table)
{
    free(table->offsets);
    free(table->labels);
    free(table->text);
    *table = (struct text_table){ 0 };
}

/* ------------------------------------------- tracks, processes and stacks */

/* In all of these the second word is stored last. */
static_assert(offsetof(struct image_track, state) == offsetof(struct image_process, state), "read alike");
static_assert(offsetof(struct image_track, state) == offsetof(struct image_frame, state), "read alike");

static uint64_t *state_of(unsigned char *entries, uint32_t index, size_t entry_bytes)
{
    return (uint64_t *)(void *)(entries + index * entry_bytes + offsetof(struct image_track, state));
}

/* Copies a table twice: if the first copy shows an entry as published, the second has the whole entry. Sets the state
 * of all others to 0. */
static enum tracer_error read_published(const struct tracer_reader *reader, enum image_section_kind kind,
                                        uint32_t count, unsigned char **entries)
{
    size_t entry_bytes = (size_t)reader->sections[kind].entry_bytes, bytes = count * entry_bytes;
    uint64_t offset = reader->sections[kind].offset_bytes;
    unsigned char *first = malloc(bytes + 1), *second = malloc(bytes + 1);
    enum tracer_error error = first && second ? TRACER_OK : TRACER_ERROR_MEMORY;
    if (error == TRACER_OK)
        error = source_read(&reader->source, offset, first, bytes);
    if (error == TRACER_OK)
        error = source_read(&reader->source, offset, second, bytes);
    for (uint32_t i = 0; i < count && error == TRACER_OK; i++) {
        if (!(*state_of(first, i, entry_bytes) & NAME_PUBLISHED))
            *state_of(second, i, entry_bytes) = 0;
    }
    free(first);
    if (error != TRACER_OK) {
        free(second);
        second = NULL;
    }
    *entries = second;
    return error;
}

enum tracer_error tracks_read(struct track_table *table, const struct tracer_reader *reader)
{
    uint32_t count;
    unsigned char *entries;
    *table = (struct track_table){ 0 };
    enum tracer_error error = read_used(reader, offsetof(struct image_header, tracks_used), reader->tracks, &count);
    if (error == TRACER_OK)
        error = read_published(reader, IMAGE_TRACKS, count, &entries);
    if (error == TRACER_OK)
        *table = (struct track_table){ count, (struct image_track *)(void *)entries };
    return error;
}

void track_table_free(struct track_table *table)
{
    free(table->entries);
    *table = (struct track_table){ 0 };
}

/* No ids refer to entries, so unpublished ones are simply left out. */
enum tracer_error processes_read(struct process_table *table, const struct tracer_reader *reader)
{
    uint32_t count, published = 0;
    unsigned char *entries;
    *table = (struct process_table){ 0 };
    enum tracer_error error =
        read_used(reader, offsetof(struct image_header, processes_used), reader->processes, &count);
    if (error == TRACER_OK && reader->processes > 0)
        error = read_published(reader, IMAGE_PROCESSES, count, &entries);
    if (error != TRACER_OK || reader->processes == 0)
        return error;
    struct image_process *processes = (struct image_process *)(void *)entries;
    for (uint32_t i = 1; i < count; i++) {
        if (processes[i].state & NAME_PUBLISHED)
            processes[published++] = processes[i];
    }
    *table = (struct process_table){ published, processes };
    return TRACER_OK;
}

void process_table_free(struct process_table *table)
{
    free(table->entries);
    *table = (struct process_table){ 0 };
}

uint32_t frame_index(const struct frame_table *table, uint64_t id)
{
    uint32_t low = 0, high = table->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (frame_id(&table->entries[middle]) < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < table->count && frame_id(&table->entries[low]) == id ? low : table->count;
}

/* Trusts nobody: ids must ascend and a caller come first, so that every walk from frame to caller ends. */
static bool frame_is_sound(const struct frame_table *before, const struct image_frame *frame)
{
    uint32_t last = before->count ? frame_id(&before->entries[before->count - 1]) : 0, caller = frame_caller(frame);
    return (frame->state & NAME_PUBLISHED) && frame_id(frame) > last &&
           (caller == 0 || frame_index(before, caller) < before->count);
}

enum tracer_error frames_read(struct frame_table *table, const struct tracer_reader *reader)
{
    uint32_t count;
    unsigned char *entries;
    *table = (struct frame_table){ 0 };
    enum tracer_error error = read_used(reader, offsetof(struct image_header, frames_used), reader->frames, &count);
    if (error != TRACER_OK || count < 2)
        return error;
    error = read_published(reader, IMAGE_STACKS, count, &entries);
    table->entries = (struct image_frame *)(void *)entries;
    for (uint32_t i = 1; i < count && error == TRACER_OK; i++) {
        struct image_frame frame = table->entries[i];
        if (frame_is_sound(table, &frame))
            table->entries[table->count++] = frame;
    }
    return error;
}

bool frame_is_module(const struct image_frame *frame)
{
    return !frame_is_source(frame) && frame_caller(frame) == 0 && frame->address == 0 && frame_name_id(frame) != 0 &&
           frame_module_id(frame) != 0;
}

size_t frame_function_bytes(const char *name)
{
    const char *plus = strrchr(name, '+');
    return plus && plus > name && strncmp(plus, "+0x", 3) == 0 ? (size_t)(plus - name) : strlen(name);
}

void frame_table_free(struct frame_table *table)
{
    free(table->entries);
    *table = (struct frame_table){ 0 };
}
