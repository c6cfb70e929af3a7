/* Stores texts. */
#include "texts.h"

#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"

#define FEW_BYTES 64u

/* Like memcpy(), whose call alone takes longer for a few bytes. The last word overlaps the one before it. */
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

uint32_t text_add(struct buffer *texts, const char *bytes, size_t size)
{
    size_t start = texts->used;
    if (start >= UINT32_MAX || size >= UINT32_MAX - start || !buffer_reserve(texts, size + 1))
        return UINT32_MAX;
    copy_bytes(texts->bytes + start, bytes, size);
    texts->bytes[start + size] = '\0';
    texts->used = start + size + 1;
    return (uint32_t)start;
}

/* ------------------------------------------------------------ texts kept once */

struct text {
    const char *bytes;
    size_t size;
};

bool interned_is(const struct interned *table, uint32_t id, const char *text, size_t size)
{
    const char *other = interned_text(table, id);
    return table->text.used - table->starts[id] > size && words_same(other, text, size) && other[size] == '\0';
}

static bool is_text(const void *owner, uint32_t id, const void *key)
{
    const struct text *text = key;
    return interned_is(owner, id, text->bytes, text->size);
}

static uint32_t add(struct interned *table, uint64_t hash, const struct text *text)
{
    uint32_t *starts = array_grow(table->starts, table->count, &table->room, sizeof *starts);
    if (!starts)
        return UINT32_MAX;
    table->starts = starts;
    uint32_t start = text_add(&table->text, text->bytes, text->size);
    if (start == UINT32_MAX || !hash_table_add(&table->ids, hash, table->count))
        return UINT32_MAX;
    starts[table->count] = start;
    return table->count++;
}

/* No text of the table contains a NUL, so only a new one must be searched for it. */
uint32_t interned_id(struct interned *table, const char *text, size_t size)
{
    struct text key = { text, size };
    uint64_t hash = hash_bytes(text, size);
    uint32_t id = hash_table_find(&table->ids, hash, is_text, table, &key);
    if (id != HASH_TABLE_NONE)
        return id;
    const char *end = size ? memchr(text, '\0', size) : NULL;
    if (end) /* the text is cut at a NUL */
        return interned_id(table, text, (size_t)(end - text));
    return add(table, hash, &key);
}

uint32_t interned_find(const struct interned *table, const char *text, size_t size)
{
    struct text key = { text, size };
    return hash_table_find(&table->ids, hash_bytes(text, size), is_text, table, &key);
}

const char *interned_text(const struct interned *table, uint32_t id)
{
    return table->text.bytes + table->starts[id];
}

void interned_free(struct interned *table)
{
    buffer_free(&table->text);
    free(table->starts);
    hash_table_free(&table->ids);
    *table = (struct interned){ 0 };
}
