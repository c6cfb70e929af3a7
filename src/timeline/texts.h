/*
 * Texts stored one after the other, and texts stored only once.
 */
#ifndef RINGSCOPE_TIMELINE_TEXTS_H
#define RINGSCOPE_TIMELINE_TEXTS_H

#include "../base/array.h"
#include "../base/hash_table.h"

/* Texts by id, from 0. All zero: empty. */
struct interned {
    struct buffer text; /* each NUL-terminated */
    uint32_t *starts; /* by id, offset of its text */
    uint32_t count, room;
    struct hash_table ids;
};

/* Appends bytes and a NUL. Returns their offset, or UINT32_MAX: no memory, or more than 32 bits can address. */
uint32_t text_add(struct buffer *texts, const char *bytes, size_t size);

/* The id of a text; UINT32_MAX without memory. */
uint32_t interned_id(struct interned *table, const char *text, size_t size);
/* The same without adding it; UINT32_MAX: it is not there. */
uint32_t interned_find(const struct interned *table, const char *text, size_t size);
const char *interned_text(const struct interned *table, uint32_t id);
/* Whether the id stands for this text, which need not be NUL-terminated. */
bool interned_is(const struct interned *table, uint32_t id, const char *text, size_t size);
void interned_free(struct interned *table);

#endif
