/* Names frames of stacks; see symbols_stacks.h. */
#include "symbols_stacks.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/array.h"
#include "../base/hash.h"
#include "../base/hash_table.h"

/* A place in a file, and its name. */
struct place {
    uint64_t offset;
    uint32_t module;
    uint32_t name; /* 0: unknown */
};

struct naming {
    struct text_table *table;
    struct frame_table *frames;
    uint32_t *build_ids; /* by the name of a module; 0: unknown, or ambiguous */
    bool *returned_to; /* by frame: its address is a return address */
    struct place *places;
    struct hash_table known;
    uint32_t place_count, place_room;
    struct buffer texts; /* of new names, to be appended to the table's */
    uint32_t *offsets; /* of the new names, in texts */
    uint32_t new_count, new_room;
    bool failed;
};

static bool is_stack_frame(const struct image_frame *frame)
{
    return !frame_is_source(frame) && frame_name_id(frame) == 0 && frame_module_id(frame) != 0 && frame->address != 0;
}

/* Several builds with the same path cannot be told apart. */
static void find_build_ids(const struct naming *naming)
{
    for (uint32_t i = 0; i < naming->frames->count; i++) {
        const struct image_frame *frame = &naming->frames->entries[i];
        uint32_t path = frame_name_id(frame), build_id = frame_module_id(frame);
        if (!frame_is_module(frame) || path >= naming->table->count || path == build_id)
            continue;
        naming->build_ids[path] =
            naming->build_ids[path] && naming->build_ids[path] != build_id ? UINT32_MAX : build_id;
    }
}

static void find_callers(const struct naming *naming)
{
    const struct frame_table *frames = naming->frames;
    for (uint32_t i = 0; i < frames->count; i++) {
        uint32_t caller = frame_caller(&frames->entries[i]);
        uint32_t index = caller ? frame_index(frames, caller) : frames->count;
        if (index < frames->count)
            naming->returned_to[index] = true;
    }
}

static bool is_place(const void *owner, uint32_t id, const void *key)
{
    const struct place *place = &((const struct naming *)owner)->places[id], *wanted = key;
    return place->module == wanted->module && place->offset == wanted->offset;
}

/* The id of a new name; 0 if there is no room for more. */
static uint32_t add_name(struct naming *naming, const char *text)
{
    size_t bytes = strnlen(text, NAME_BYTES_MAX), start = naming->texts.used;
    if (naming->table->count + naming->new_count > RECORD_NAME_MASK)
        return 0;
    uint32_t *offsets = array_grow(naming->offsets, naming->new_count, &naming->new_room, sizeof *offsets);
    naming->offsets = offsets ? offsets : naming->offsets;
    if (!offsets || start + bytes >= UINT32_MAX / 2 || !buffer_reserve(&naming->texts, bytes + 1)) {
        naming->failed = true;
        return 0;
    }
    memcpy(naming->texts.bytes + start, text, bytes);
    naming->texts.bytes[start + bytes] = '\0';
    naming->texts.used += bytes + 1;
    offsets[naming->new_count] = (uint32_t)start;
    return naming->table->count + naming->new_count++;
}

static uint32_t find_name(struct naming *naming, const struct place *place, bool returned_to)
{
    char text[NAME_BYTES_MAX + 1];
    uint32_t build_id = place->module < naming->table->count ? naming->build_ids[place->module] : 0;
    const char *path = text_of(naming->table, place->module), *build = text_of(naming->table, build_id);
    struct symbols_module *symbols = path && build ? symbols_of(path, build) : NULL;
    return symbols && symbols_place(symbols, place->offset, returned_to, text, sizeof text) ? add_name(naming, text)
                                                                                            : 0;
}

static uint32_t name_of(struct naming *naming, const struct image_frame *frame, bool returned_to)
{
    struct place place = { frame->address, frame_module_id(frame), 0 };
    uint64_t hash = hash_mix(hash_mix(0, place.offset), place.module);
    uint32_t id = hash_table_find(&naming->known, hash, is_place, naming, &place);
    if (id != HASH_TABLE_NONE)
        return naming->places[id].name;
    place.name = find_name(naming, &place, returned_to);
    struct place *places = array_grow(naming->places, naming->place_count, &naming->place_room, sizeof *places);
    naming->places = places ? places : naming->places;
    if (!places || !hash_table_add(&naming->known, hash, naming->place_count)) {
        naming->failed = true;
        return 0;
    }
    places[naming->place_count++] = place;
    return place.name;
}

static bool take_names(const struct naming *naming)
{
    struct text_table *table = naming->table;
    size_t count = (size_t)table->count + naming->new_count;
    uint32_t before = text_table_append(table, naming->texts.bytes, naming->texts.used);
    uint32_t *offsets = realloc(table->offsets, (count + 1) * sizeof *offsets);
    table->offsets = offsets ? offsets : table->offsets;
    uint16_t *labels = table->labels ? realloc(table->labels, (count + 1) * sizeof *labels) : NULL;
    table->labels = labels ? labels : table->labels;
    if (before == UINT32_MAX || !offsets || (table->labels && !labels))
        return false;
    for (uint32_t i = 0; i < naming->new_count; i++) {
        offsets[table->count + i] = before + naming->offsets[i];
        if (labels)
            labels[table->count + i] = 0;
    }
    table->count = (uint32_t)count;
    return true;
}

static bool name_all(struct naming *naming)
{
    const struct frame_table *frames = naming->frames;
    naming->build_ids = calloc((size_t)naming->table->count + 1, sizeof *naming->build_ids);
    naming->returned_to = calloc((size_t)frames->count + 1, sizeof *naming->returned_to);
    if (!naming->build_ids || !naming->returned_to)
        return false;
    find_build_ids(naming);
    find_callers(naming);
    for (uint32_t i = 0; i < frames->count && !naming->failed; i++) {
        if (is_stack_frame(&frames->entries[i]))
            frames->entries[i].state |= name_of(naming, &frames->entries[i], naming->returned_to[i]);
    }
    return !naming->failed && (naming->new_count == 0 || take_names(naming));
}

bool symbols_name_stacks(struct text_table *table, struct frame_table *frames)
{
    struct naming naming = { .table = table, .frames = frames };
    bool any = false;
    for (uint32_t i = 0; i < frames->count && !any; i++)
        any = is_stack_frame(&frames->entries[i]);
    bool ok = !any || name_all(&naming);
    free(naming.build_ids);
    free(naming.returned_to);
    free(naming.places);
    free(naming.offsets);
    buffer_free(&naming.texts);
    hash_table_free(&naming.known);
    return ok;
}
