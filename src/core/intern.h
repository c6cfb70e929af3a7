/*
 * Interning: gives each distinct byte string (an event's name, an operation's, a track's key) a small
 * id, from any number of threads at once and without a lock.
 *
 * The table is private to the process because the image is not trusted; the words that allocate ids and text are in the
 * image, so that a forked child continues where its parent left off. Two threads that add the same string at the same
 * instant may each be given an id; readers compare strings, not ids.
 */
#ifndef RINGSCOPE_INTERN_H
#define RINGSCOPE_INTERN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "../platform/arch.h"

/* Words of the image that the table has no copy of. */
struct intern_words {
    uint64_t *used; /* the next id */
    uint64_t *text_used; /* the next byte of text */
    const uint64_t *limit; /* ids below it may be given out, and the same share of the text; NULL: all that fit */
};

struct intern {
    uint64_t *index; /* open addressing: hash in the high half, id in the low; 0: empty */
    uint64_t index_mask;
    uint64_t *recent; /* by address of a string: part of the address, and the id that the string had last */
    unsigned recent_shift;
    uint64_t *entries; /* by id: length << 32 | offset into text, one word so that it is never torn */
    char *text; /* NUL-terminated strings */
    uint32_t capacity; /* ids are below it; 0 is never given out */
    uint32_t text_bytes;
    struct intern_words image;
    void *memory; /* holds the arrays */
    uint64_t memory_bytes;
};

/* False without memory. */
bool intern_init(struct intern *intern, uint32_t capacity, uint32_t text_bytes, const struct intern_words *words);
void intern_free(struct intern *intern);

/* Publishes a new string; called before anybody else can get its id. */
typedef void (*intern_publish)(void *context, uint32_t id, uint32_t offset_bytes, const char *bytes, size_t length);

/* The id of the string, which is added through publish if it is new; 0 if the table or its text is full. */
uint32_t intern_id(struct intern *intern, const char *bytes, size_t length, intern_publish publish, void *context);

/* The same for a NUL-terminated string that is likely to be at the same address as before, which then takes one
 * comparison. Strings are cut to length_max bytes. */
uint32_t intern_text(struct intern *intern, const char *text, size_t length_max, intern_publish publish, void *context);

/* An id has 20 bits, which leaves 44 for the address. The text decides anyway. */
#define RECENT_ID_BITS 20

always_inline_ uint64_t *recent_of(const struct intern *intern, const char *text)
{
    return &intern->recent[(uint64_t)(uintptr_t)text * 0x9e3779b97f4a7c15ull >> intern->recent_shift];
}

/* The id of a string that is at the same address as before; 0 if it is not. */
always_inline_ uint32_t intern_recent(const struct intern *intern, const char *text)
{
    uint64_t address = (uint64_t)(uintptr_t)text << RECENT_ID_BITS;
    uint64_t id = atomic64_load_acquire(recent_of(intern, text)) - address;
    if (unlikely(id - 1 >= intern->capacity - 1))
        return 0;
    return strcmp(intern->text + (uint32_t)atomic64_load(&intern->entries[id]), text) == 0 ? (uint32_t)id : 0;
}

#endif
