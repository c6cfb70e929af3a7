/*
 * Maps keys to ids. The table holds only ids and hashes; its owner holds the keys.
 */
#ifndef RINGSCOPE_BASE_HASH_TABLE_H
#define RINGSCOPE_BASE_HASH_TABLE_H

#include <stdbool.h>
#include <stdint.h>

#define HASH_TABLE_NONE UINT32_MAX

/* All zero: empty. */
struct hash_table {
    uint64_t *slots; /* open addressing: hash << 32 | id + 1; 0: free */
    uint32_t count, slot_count;
    uint32_t probes_max; /* search no further than this, or a hostile file costs quadratic time; 0: no limit */
};

/* Whether the id of the owner stands for the key. */
typedef bool hash_table_equals(const void *owner, uint32_t id, const void *key);

/* HASH_TABLE_NONE if the key is not in the table. Inlined, so that the comparison is inlined too. */
__attribute__((always_inline)) static inline uint32_t hash_table_find(const struct hash_table *table, uint64_t hash,
                                                                      hash_table_equals *equals, const void *owner,
                                                                      const void *key)
{
    uint32_t mask = table->slot_count - 1, probes = table->probes_max;
    if (table->slot_count == 0)
        return HASH_TABLE_NONE;
    for (uint32_t at = (uint32_t)hash & mask; table->slots[at]; at = (at + 1) & mask) {
        if (table->slots[at] >> 32 == (uint32_t)hash && equals(owner, (uint32_t)table->slots[at] - 1, key))
            return (uint32_t)table->slots[at] - 1;
        if (--probes == 0)
            break;
    }
    return HASH_TABLE_NONE;
}

/* Adds an id below HASH_TABLE_NONE - 1 that is not yet in the table. False without memory. */
bool hash_table_add(struct hash_table *table, uint64_t hash, uint32_t id);
void hash_table_free(struct hash_table *table);

#endif
