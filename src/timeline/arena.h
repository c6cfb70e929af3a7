/*
 * Memory that grows: arenas of bytes, and tables of texts that are kept once.
 */
#ifndef RINGSCOPE_TIMELINE_ARENA_H
#define RINGSCOPE_TIMELINE_ARENA_H

#include "columns.h"

/* Room for so many more bytes. False: no memory, or more than 32 bits can address. */
bool arena_reserve(struct arena *arena, size_t more);
/* Appends bytes and a NUL; where they begin, or UINT32_MAX without memory. */
uint32_t arena_add(struct arena *arena, const char *bytes, size_t size);
void arena_free(struct arena *arena);

/* The id of a text; UINT32_MAX without memory. */
uint32_t interned_id(struct interned *table, const char *text, size_t size);
const char *interned_text(const struct interned *table, uint32_t id);
void interned_free(struct interned *table);

/* At least one element more than used, doubling; NULL: no memory, and the old array stands. */
void *array_grow(void *array, uint32_t used, uint32_t *room, size_t element_bytes);

#endif
