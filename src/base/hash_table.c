/* Grows hash tables. */
#include "hash_table.h"

#include <stdlib.h>

#define FIRST_SLOTS 64u

static void put(struct hash_table *table, uint64_t slot)
{
    uint32_t mask = table->slot_count - 1, at = (uint32_t)(slot >> 32) & mask, probes = table->probes_max;
    while (table->slots[at]) {
        if (--probes == 0)
            return;
        at = (at + 1) & mask;
    }
    table->slots[at] = slot;
    table->count++;
}

/* At most half of the slots are taken, so that few neighbours need a look. */
static bool grow(struct hash_table *table)
{
    uint32_t slot_count = table->slot_count ? table->slot_count * 2 : FIRST_SLOTS;
    uint64_t *slots = slot_count ? calloc(slot_count, sizeof *slots) : NULL;
    if (!slots)
        return false;
    struct hash_table old = *table;
    *table = (struct hash_table){ .slots = slots, .slot_count = slot_count, .probes_max = old.probes_max };
    for (uint32_t i = 0; i < old.slot_count; i++)
        if (old.slots[i])
            put(table, old.slots[i]);
    free(old.slots);
    return true;
}

bool hash_table_add(struct hash_table *table, uint64_t hash, uint32_t id)
{
    if (table->count >= table->slot_count / 2 && !grow(table))
        return false;
    put(table, hash << 32 | (uint64_t)(id + 1));
    return true;
}

void hash_table_free(struct hash_table *table)
{
    free(table->slots);
    *table = (struct hash_table){ 0 };
}
