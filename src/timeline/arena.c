/* Growing memory, and texts that are kept once. */
#include "arena.h"

#include <stdlib.h>
#include <string.h>

#include "../image/words.h"

#define FEW_BYTES 64u
#define ARENA_FIRST_BYTES 4096u
#define ARENA_LARGE_BYTES (64u << 20) /* from here on memory is dearer than copying */
#define SLOTS_FIRST 256u

bool arena_reserve(struct arena *arena, size_t more)
{
    if (more > UINT32_MAX - arena->used)
        return false;
    size_t needed = arena->used + more;
    if (needed <= arena->size)
        return true;
    size_t size = arena->size + arena->size / (arena->size < ARENA_LARGE_BYTES ? 1 : 2);
    if (size < needed)
        size = needed;
    if (size < ARENA_FIRST_BYTES)
        size = ARENA_FIRST_BYTES;
    char *bytes = realloc(arena->bytes, size);
    if (!bytes)
        return false;
    arena->bytes = bytes;
    arena->size = size;
    return true;
}

/* As memcpy(), of which the call alone takes longer for a few bytes. The last word overlaps with the one before. */
static void copy_bytes(char *to, const char *from, size_t size)
{
    if (size >= FEW_BYTES) {
        memcpy(to, from, size);
        return;
    }
    if (size >= sizeof(uint64_t)) {
        for (size_t i = 0; i + sizeof(uint64_t) < size; i += sizeof(uint64_t))
            memcpy(to + i, from + i, sizeof(uint64_t));
        memcpy(to + size - sizeof(uint64_t), from + size - sizeof(uint64_t), sizeof(uint64_t));
        return;
    }
    for (; size; size--)
        *to++ = *from++;
}

uint32_t arena_add(struct arena *arena, const char *bytes, size_t size)
{
    size_t start = arena->used;
    if (size == SIZE_MAX || !arena_reserve(arena, size + 1))
        return UINT32_MAX;
    copy_bytes(arena->bytes + start, bytes, size);
    arena->bytes[start + size] = '\0';
    arena->used = start + size + 1;
    return (uint32_t)start;
}

void arena_free(struct arena *arena)
{
    free(arena->bytes);
    *arena = (struct arena){ 0 };
}

void *array_grow(void *array, uint32_t used, uint32_t *room, size_t element_bytes)
{
    if (used < *room)
        return array;
    size_t larger = *room ? (size_t)*room * 2 : 16;
    if (larger > UINT32_MAX || larger > SIZE_MAX / element_bytes)
        return NULL;
    void *grown = realloc(array, larger * element_bytes);
    if (grown)
        *room = (uint32_t)larger;
    return grown;
}

/* Puts all bits of a word into all bits of the hash (the finalizer of MurmurHash3). */
static uint64_t mix(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0xff51afd7ed558ccdu;
    return hash ^ hash >> 33;
}

/* A word at a time; the last one overlaps with the one before. */
static uint64_t hash_of(const char *text, size_t size)
{
    uint64_t hash = size;
    for (size_t i = 0; i + sizeof hash < size; i += sizeof hash)
        hash = mix(hash, words_load8(text + i));
    hash = mix(hash, size < sizeof hash ? words_load_below_8(text, size) : words_load8(text + size - sizeof hash));
    return mix(hash, 0);
}

static uint64_t hash_at(const struct interned *table, uint32_t id)
{
    const char *text = interned_text(table, id);
    return hash_of(text, strlen(text));
}

static bool slots_grow(struct interned *table)
{
    if (table->count + 1 <= table->slot_count / 2)
        return true;
    uint32_t slot_count = table->slot_count ? table->slot_count * 2 : SLOTS_FIRST;
    uint32_t *slots = calloc(slot_count, sizeof *slots);
    uint32_t *starts = slots ? realloc(table->starts, slot_count / 2 * sizeof *starts) : NULL;
    if (!starts) {
        free(slots);
        return false;
    }
    table->starts = starts;
    for (uint32_t id = 0; id < table->count; id++) {
        uint32_t slot = (uint32_t)hash_at(table, id) & (slot_count - 1);
        while (slots[slot])
            slot = (slot + 1) & (slot_count - 1);
        slots[slot] = id + 1;
    }
    free(table->slots);
    table->slots = slots;
    table->slot_count = slot_count;
    return true;
}

static bool is(const struct interned *table, uint32_t id, const char *text, size_t size)
{
    const char *other = interned_text(table, id);
    return table->text.used - table->starts[id] > size && words_same(other, text, size) && other[size] == '\0';
}

/* No text of the table has a NUL within it, so that only a new one need be looked through for it. */
uint32_t interned_id(struct interned *table, const char *text, size_t size)
{
    if (!slots_grow(table))
        return UINT32_MAX;
    uint32_t slot = (uint32_t)hash_of(text, size) & (table->slot_count - 1);
    for (; table->slots[slot]; slot = (slot + 1) & (table->slot_count - 1))
        if (is(table, table->slots[slot] - 1, text, size))
            return table->slots[slot] - 1;
    const char *end = size ? memchr(text, '\0', size) : NULL;
    if (end) /* it would end the text: it is taken up to there */
        return interned_id(table, text, (size_t)(end - text));
    uint32_t start = arena_add(&table->text, text, size);
    if (start == UINT32_MAX)
        return UINT32_MAX;
    table->starts[table->count] = start;
    table->slots[slot] = ++table->count;
    return table->count - 1;
}

const char *interned_text(const struct interned *table, uint32_t id)
{
    return table->text.bytes + table->starts[id];
}

void interned_free(struct interned *table)
{
    arena_free(&table->text);
    free(table->starts);
    free(table->slots);
    *table = (struct interned){ 0 };
}
