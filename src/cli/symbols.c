/* Finds what is an address among the names of an image, and the modules that the addresses lie in. */
#include "symbols.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/array.h"

#define LABEL "FUNCTION"

/* Modules that were opened, or could not be, for as long as the command runs: a live trace is read again and again. */
struct known_module {
    char *path, *build_id;
    struct symbols_module *symbols;
};
static struct known_module *known;
static uint32_t known_count, known_room;

/* "lua+0x4b20": where the address begins, or NULL. */
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

/* A module without a build id has its path in place of one. */
static struct symbols_module *open_module(const char *path, const char *build_id)
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
    if (!module.symbols)
        fprintf(stderr, "ringscope: functions stay addresses: %s %s\n", path, reason);
    known[known_count++] = module;
    return module.symbols;
}

/* What the address may be called. Modules of one name in several folders are not told apart: what both have is nobody's. */
static const char *find_name(const struct text_table *table, const struct frame_table *frames, const char *name,
                             const char *end, uint64_t address)
{
    const char *found = NULL;
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
        struct symbols_module *symbols = open_module(path, build_id);
        const char *here = symbols ? symbols_name(symbols, address) : NULL;
        modules += here != NULL;
        found = here ? here : found;
    }
    return modules == 1 ? found : NULL;
}

/* ---------------------------------------------------------------------- names */

static bool append(struct buffer *texts, const char *name)
{
    size_t bytes = strnlen(name, NAME_BYTES_MAX);
    if (!buffer_reserve(texts, bytes + 1))
        return false;
    memcpy(texts->bytes + texts->used, name, bytes);
    texts->bytes[texts->used + bytes] = '\0';
    texts->used += bytes + 1;
    return true;
}

static size_t text_bytes(const struct text_table *table)
{
    size_t bytes = 1;
    for (uint32_t id = 1; id < table->count; id++) {
        const char *text = text_of(table, id);
        size_t end = text ? table->offsets[id] + strlen(text) + 1 : 0;
        bytes = end > bytes ? end : bytes;
    }
    return bytes;
}

/* The new names stand behind those that are there. */
static bool resolve_all(struct text_table *table, const struct frame_table *frames, uint32_t *offsets,
                        struct buffer *texts)
{
    uint64_t address;
    for (uint32_t id = 1; id < table->count; id++) {
        const char *end = address_in(table, id, &address);
        const char *name = end ? find_name(table, frames, text_of(table, id), end, address) : NULL;
        offsets[id] = name ? (uint32_t)texts->used + 1 : 0;
        if (name && !append(texts, name))
            return false;
    }
    return true;
}

static bool take_names(struct text_table *table, const uint32_t *offsets, const struct buffer *texts)
{
    size_t before = text_bytes(table);
    if (texts->used > UINT32_MAX - before)
        return false;
    char *text = realloc(table->text, before + texts->used);
    if (!text)
        return false;
    table->text = text;
    if (texts->used)
        memcpy(text + before, texts->bytes, texts->used);
    for (uint32_t id = 1; id < table->count; id++) {
        if (offsets[id])
            table->offsets[id] = (uint32_t)before + offsets[id] - 1;
    }
    return true;
}

/* See tables.c. */
enum tracer_error names_resolve(struct text_table *table, const struct tracer_reader *reader);
enum tracer_error names_resolve(struct text_table *table, const struct tracer_reader *reader)
{
    struct frame_table frames;
    struct buffer texts = { 0 };
    if (!has_addresses(table))
        return TRACER_OK;
    enum tracer_error error = frames_read(&frames, reader);
    if (error != TRACER_OK)
        return error;
    uint32_t *offsets = calloc(table->count + 1, sizeof *offsets);
    if (!offsets || !resolve_all(table, &frames, offsets, &texts) || !take_names(table, offsets, &texts))
        error = TRACER_ERROR_MEMORY;
    free(offsets);
    buffer_free(&texts);
    frame_table_free(&frames);
    return error;
}
