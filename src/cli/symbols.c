/* Finds addresses among the names of an image, and the modules that contain them. */
#include "symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/array.h"
#include "show.h"
#include "symbols_stacks.h"

#define LABEL "FUNCTION"

/* Modules that were opened, or could not be, kept for as long as the command runs: a live trace is read repeatedly. */
struct known_module {
    char *path, *build_id;
    struct symbols_module *symbols;
};
static struct known_module *known;
static uint32_t known_count, known_room;

/* Where the address in "lua+0x4b20" begins, or NULL. */
static const char *address_in(const struct text_table *table, uint32_t id, uint64_t *address)
{
    char *end;
    const char *name = text_of(table, id), *label = table->labels ? text_of(table, table->labels[id]) : NULL;
    const char *at = name && label && strcmp(label, LABEL) == 0 ? strrchr(name, '+') : NULL;
    if (!at || strncmp(at, "+0x", 3) != 0)
        return NULL;
    *address = strtoull(at + 3, &end, 16);
    return *end || end == at + 3 ? NULL : at;
}

static bool has_addresses(const struct text_table *table)
{
    uint64_t address;
    for (uint32_t id = 1; id < table->count; id++) {
        if (address_in(table, id, &address))
            return true;
    }
    return false;
}

bool symbols_are_wanted(const struct tracer_reader *reader)
{
    struct text_table table;
    if (names_read_stored(&table, reader) != TRACER_OK)
        return false;
    bool wanted = has_addresses(&table);
    text_table_free(&table);
    return wanted;
}

/* ------------------------------------------------------------------- modules */

/* A module without a build id has its path instead. */
static struct symbols_module *open_module(const char *path, const char *build_id, bool quietly)
{
    const char *reason;
    for (uint32_t i = 0; i < known_count; i++) {
        if (strcmp(known[i].path, path) == 0 && strcmp(known[i].build_id, build_id) == 0)
            return known[i].symbols;
    }
    struct known_module *grown = array_grow(known, known_count, &known_room, sizeof *known);
    if (!grown)
        return NULL;
    known = grown;
    struct known_module module = { strdup(path), strdup(build_id), NULL };
    if (!module.path || !module.build_id) {
        free(module.path);
        free(module.build_id);
        return NULL;
    }
    module.symbols = symbols_open(path, strcmp(path, build_id) != 0 ? build_id : NULL, &reason);
    if (!module.symbols && !quietly) {
        fputs("ringscope: functions stay addresses: ", stderr);
        show_text(path, stderr);
        fprintf(stderr, " %s\n", reason);
    }
    known[known_count++] = module;
    return module.symbols;
}

struct symbols_module *symbols_of(const char *path, const char *build_id)
{
    return open_module(path, build_id, true);
}

struct function {
    const char *name; /* NULL: unknown; valid until the next lookup */
    struct symbols_module *module;
    uint64_t address;
};

/* The function at an address. Modules with the same name in several folders cannot be told apart, so an address that
 * both have is not resolved. */
static struct function find_function(const struct text_table *table, const struct frame_table *frames, const char *name,
                                     const char *end, uint64_t address)
{
    struct function found = { NULL, NULL, address };
    int modules = 0;
    for (uint32_t i = 0; i < frames->count; i++) {
        const char *path = text_of(table, frame_name_id(&frames->entries[i]));
        const char *build_id = text_of(table, frame_module_id(&frames->entries[i]));
        if (!frame_is_module(&frames->entries[i]) || !path || !build_id)
            continue;
        const char *slash = strrchr(path, '/');
        const char *base = slash ? slash + 1 : path;
        if (strlen(base) != (size_t)(end - name) || memcmp(base, name, (size_t)(end - name)) != 0)
            continue;
        struct symbols_module *symbols = open_module(path, build_id, false);
        const char *here = symbols ? symbols_name(symbols, address) : NULL;
        if (here) {
            found.name = here;
            found.module = symbols;
            modules++;
        }
    }
    if (modules != 1)
        found.name = NULL;
    return found;
}

/* ---------------------------------------------------------------------- names */

/* The result for a name: offsets of its texts among the new ones, plus 1. 0: not found. */
struct found {
    uint32_t name, source;
    uint64_t address;
};

struct resolving {
    struct text_table *table;
    struct found *found; /* by id */
    struct buffer texts;
};

/* 0 without memory. */
static uint32_t append(struct buffer *texts, const char *text)
{
    size_t bytes = strnlen(text, NAME_BYTES_MAX), start = texts->used;
    if (start + bytes >= UINT32_MAX || !buffer_reserve(texts, bytes + 1))
        return 0;
    memcpy(texts->bytes + start, text, bytes);
    texts->bytes[start + bytes] = '\0';
    texts->used += bytes + 1;
    return (uint32_t)start + 1;
}

static bool resolve_one(struct resolving *resolving, const struct frame_table *frames, uint32_t id)
{
    char source[NAME_BYTES_MAX + 1];
    struct found *found = &resolving->found[id];
    const char *end = address_in(resolving->table, id, &found->address);
    if (!end)
        return true;
    const struct function function =
        find_function(resolving->table, frames, text_of(resolving->table, id), end, found->address);
    if (!function.name)
        return true;
    found->name = append(&resolving->texts, function.name);
    bool has_source = symbols_source(function.module, function.address, source, sizeof source);
    if (has_source)
        found->source = append(&resolving->texts, source);
    return found->name && (!has_source || found->source);
}

static bool resolve_all(struct resolving *resolving, const struct frame_table *modules)
{
    for (uint32_t id = 1; id < resolving->table->count; id++) {
        if (!resolve_one(resolving, modules, id))
            return false;
    }
    return true;
}

/* Each source becomes a name after the others, as long as there are ids, with a frame that refers to its function. */
static bool take_sources(struct resolving *resolving, struct frame_table *frames, uint32_t names, uint32_t before)
{
    struct text_table *table = resolving->table;
    size_t room = 2 * (size_t)names + 1;
    uint32_t *offsets = realloc(table->offsets, room * sizeof *offsets);
    table->offsets = offsets ? offsets : table->offsets;
    uint16_t *labels = realloc(table->labels, room * sizeof *labels);
    table->labels = labels ? labels : table->labels;
    struct image_frame *entries = realloc(frames->entries, (frames->count + room) * sizeof *entries);
    frames->entries = entries ? entries : frames->entries;
    if (!offsets || !labels || !entries)
        return false;
    uint64_t frame = frames->count ? frame_id(&entries[frames->count - 1]) : 0;
    for (uint32_t id = 1; id < names && table->count <= RECORD_NAME_MASK && frame < UINT32_MAX; id++) {
        if (!resolving->found[id].source)
            continue;
        offsets[table->count] = before + resolving->found[id].source - 1;
        labels[table->count] = 0;
        entries[frames->count++] = (struct image_frame){ ++frame,
                                                         NAME_PUBLISHED | FRAME_IS_SOURCE | id |
                                                             (uint64_t)table->count++ << FRAME_MODULE_SHIFT,
                                                         resolving->found[id].address };
    }
    return true;
}

static bool take_all(struct resolving *resolving, struct frame_table *frames)
{
    struct text_table *table = resolving->table;
    uint32_t names = table->count;
    if (resolving->texts.used == 0)
        return true;
    uint32_t before = text_table_append(table, resolving->texts.bytes, resolving->texts.used);
    if (before == UINT32_MAX)
        return false;
    for (uint32_t id = 1; id < names; id++) {
        if (resolving->found[id].name)
            table->offsets[id] = before + resolving->found[id].name - 1;
    }
    return !frames || take_sources(resolving, frames, names, before);
}

/* See read/tables.c. */
enum tracer_error names_resolve(struct text_table *table, struct frame_table *frames,
                                const struct tracer_reader *reader);
static enum tracer_error resolve_names(struct text_table *table, struct frame_table *frames,
                                       const struct tracer_reader *reader)
{
    struct frame_table modules;
    struct resolving resolving = { .table = table };
    if (!has_addresses(table))
        return TRACER_OK;
    enum tracer_error error = frames_read(&modules, reader);
    if (error != TRACER_OK)
        return error;
    resolving.found = calloc((size_t)table->count + 1, sizeof *resolving.found);
    if (!resolving.found || !resolve_all(&resolving, &modules) || !take_all(&resolving, frames))
        error = TRACER_ERROR_MEMORY;
    free(resolving.found);
    buffer_free(&resolving.texts);
    frame_table_free(&modules);
    return error;
}

enum tracer_error names_resolve(struct text_table *table, struct frame_table *frames,
                                const struct tracer_reader *reader)
{
    enum tracer_error error = resolve_names(table, frames, reader);
    if (error == TRACER_OK && frames && !symbols_name_stacks(table, frames))
        error = TRACER_ERROR_MEMORY;
    return error;
}
