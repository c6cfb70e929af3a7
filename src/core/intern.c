/* Interning of names, operations and tracks; see intern.h. */
#include "intern.h"

#include <assert.h>
#include <string.h>

#include "../base/hash.h"
#include "../platform/platform.h"

static uint64_t index_slots(uint32_t capacity)
{
    uint64_t slots = 16;
    while (slots < 2 * (uint64_t)capacity)
        slots *= 2;
    return slots;
}

static uint32_t limit_now(const struct intern_words *words, uint32_t capacity)
{
    uint64_t limit = words->limit ? atomic64_load(words->limit) : capacity;
    return limit < capacity ? (uint32_t)limit : capacity;
}

bool intern_init(struct intern *intern, uint32_t capacity, uint32_t text_bytes, const struct intern_words *words)
{
    uint64_t slots = index_slots(capacity), recent = index_slots(limit_now(words, capacity));
    assert(capacity > 0 && capacity <= 1u << RECENT_ID_BITS);
    uint64_t bytes = (slots + recent + capacity) * sizeof(uint64_t) + text_bytes;
    char *memory = platform_memory_allocate(bytes);
    if (!memory)
        return false;
    *intern = (struct intern){
        .index = (uint64_t *)(void *)memory,
        .index_mask = slots - 1,
        .recent = (uint64_t *)(void *)memory + slots,
        .recent_shift = 64 - (unsigned)__builtin_ctzll(recent),
        .entries = (uint64_t *)(void *)memory + slots + recent,
        .text = memory + (slots + recent + capacity) * sizeof(uint64_t),
        .capacity = capacity,
        .text_bytes = text_bytes,
        .image = *words,
        .memory = memory,
        .memory_bytes = bytes,
    };
    return true;
}

void intern_free(struct intern *intern)
{
    if (intern->memory)
        platform_memory_free(intern->memory, intern->memory_bytes);
    intern->memory = NULL;
}

static inline bool entry_is(const struct intern *intern, uint32_t id, const char *bytes, size_t length)
{
    uint64_t entry = atomic64_load(&intern->entries[id]);
    return entry >> 32 == length && words_same(intern->text + (uint32_t)entry, bytes, length);
}

/* Takes amount from a counter in the image that must stay below limit; UINT32_MAX if not enough is left. */
static uint32_t claim(uint64_t *counter, uint64_t amount, uint32_t limit)
{
    uint64_t now = atomic64_load(counter);
    do {
        if (now > limit || amount > limit - now)
            return UINT32_MAX;
    } while (!atomic64_exchange(counter, &now, now + amount));
    return (uint32_t)now;
}

static uint32_t add_entry(struct intern *intern, const char *bytes, size_t length, intern_publish publish,
                          void *context)
{
    uint32_t limit = limit_now(&intern->image, intern->capacity);
    if (atomic64_load(intern->image.used) >= limit) /* or it would use up the text of later names */
        return 0;
    uint32_t text_limit = (uint32_t)((uint64_t)intern->text_bytes * limit / intern->capacity);
    uint32_t offset =
        claim(intern->image.text_used, length + 1, text_limit); /* the memory is zero, so it ends in NUL */
    if (offset == UINT32_MAX)
        return 0;
    uint32_t id = claim(intern->image.used, 1, limit);
    if (id == UINT32_MAX || id == 0)
        return 0;
    copy_shared(intern->text + offset, bytes, length);
    atomic64_store(&intern->entries[id], (uint64_t)length << 32 | offset);
    publish(context, id, offset, bytes, length);
    return id;
}

/* Probes at most the whole index, which cannot fill up unless somebody sets the image's words back. */
uint32_t intern_id(struct intern *intern, const char *bytes, size_t length, intern_publish publish, void *context)
{
    uint64_t hash = hash_bytes(bytes, length);
    uint64_t tag = hash & 0xffffffff00000000ull;
    uint32_t added = 0;
    for (uint64_t probe = 0; probe <= intern->index_mask; probe++) {
        uint64_t *slot = &intern->index[(hash + probe) & intern->index_mask];
        uint64_t found = atomic64_load_acquire(slot);
        if (found == 0) {
            if (!added)
                added = add_entry(intern, bytes, length, publish, context);
            if (!added)
                return 0;
            if (atomic64_exchange(slot, &found, tag | added))
                return added;
        }
        if ((found & 0xffffffff00000000ull) == tag && entry_is(intern, (uint32_t)found, bytes, length))
            return (uint32_t)found;
    }
    return 0;
}

uint32_t intern_text(struct intern *intern, const char *text, size_t length_max, intern_publish publish, void *context)
{
    uint32_t id = intern_recent(intern, text);
    if (id)
        return id;
    uint64_t *recent = recent_of(intern, text), address = (uint64_t)(uintptr_t)text << RECENT_ID_BITS;
    id = intern_id(intern, text, strnlen(text, length_max), publish, context);
    if (id)
        atomic64_store_release(recent, address | id);
    return id;
}
