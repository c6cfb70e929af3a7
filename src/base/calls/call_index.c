/* Finds system calls by name; see call_index.h. */
#include "call_index.h"

#include <assert.h>
#include <string.h>

/* FNV-1a, by G. Fowler, L. C. Noll and K.-P. Vo. */
static uint32_t hash(const char *name, size_t length)
{
    uint32_t value = 2166136261u;
    for (size_t i = 0; i < length; i++)
        value = (value ^ (unsigned char)name[i]) * 16777619u;
    return value;
}

/* The slot of a name, or the free one where it belongs: half of them stay free. */
static uint32_t slot_of(const struct call_index *index, const char *name, size_t length)
{
    uint32_t slot = hash(name, length) % CALL_INDEX_SLOTS;
    for (; index->slots[slot]; slot = (slot + 1) % CALL_INDEX_SLOTS) {
        const struct call_index_name *known = &index->names[index->slots[slot] - 1];
        if (known->length == length && memcmp(known->name, name, length) == 0)
            break;
    }
    return slot;
}

void call_index_add(struct call_index *index, const char *list, const void *value)
{
    for (const char *at = list; *at;) {
        size_t length = strcspn(at, " ");
        assert(index->count < CALL_INDEX_NAMES_MAX);
        index->names[index->count++] = (struct call_index_name){ at, length, value };
        index->slots[slot_of(index, at, length)] = (uint16_t)index->count;
        at += length + (at[length] == ' ');
    }
}

const void *call_index_find(const struct call_index *index, const char *name)
{
    if (!name)
        return NULL;
    uint16_t found = index->slots[slot_of(index, name, strlen(name))];
    return found ? index->names[found - 1].value : NULL;
}
