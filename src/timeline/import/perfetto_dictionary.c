/* Keeps the names that events refer to by number; see perfetto_dictionary.h. */
#include "perfetto_dictionary.h"

#include <stdlib.h>

#include "../../base/hash.h"

static bool is_name(const void *owner, uint32_t id, const void *key)
{
    const struct perfetto_interned *name = &((const struct perfetto_dictionary *)owner)->all[id], *wanted = key;
    return name->sequence == wanted->sequence && name->generation == wanted->generation && name->list == wanted->list &&
           name->iid == wanted->iid;
}

static uint64_t hash_of(const struct perfetto_interned *name)
{
    uint64_t whose = (uint64_t)name->sequence << 32 | name->generation;
    return hash_mix(hash_mix(hash_mix(0, whose), name->list), name->iid);
}

static uint32_t find(const struct perfetto_dictionary *dictionary, const struct perfetto_context *context,
                     uint32_t list, uint64_t iid, uint64_t *hash)
{
    const struct perfetto_interned key = { context->sequence, context->generation, list, iid, 0 };
    *hash = hash_of(&key);
    return hash_table_find(&dictionary->ids, *hash, is_name, dictionary, &key);
}

const char *perfetto_interned(const struct perfetto_dictionary *dictionary, const struct perfetto_context *context,
                              uint32_t list, uint64_t iid)
{
    uint64_t hash;
    uint32_t id = find(dictionary, context, list, iid, &hash);
    return id == HASH_TABLE_NONE ? NULL : interned_text(&dictionary->texts, dictionary->all[id].text);
}

/* An iid that is defined again has another text from then on. False without memory. */
static bool intern(struct perfetto_dictionary *dictionary, const struct perfetto_context *context, uint32_t list,
                   struct message entry)
{
    struct wire_field field;
    uint64_t iid = 0, hash;
    const char *text = "";
    size_t size = 0;
    while (wire_next(&entry, &field)) {
        if (field.number == 1)
            iid = field.value;
        else if (field.number == 2)
            text = wire_text(&field, &size);
    }
    uint32_t id = find(dictionary, context, list, iid, &hash), words = interned_id(&dictionary->texts, text, size);
    if (id == HASH_TABLE_NONE) {
        struct perfetto_interned *all = array_grow(dictionary->all, dictionary->count, &dictionary->room, sizeof *all);
        if (all)
            dictionary->all = all;
        if (!all || !hash_table_add(&dictionary->ids, hash, dictionary->count))
            return false;
        id = dictionary->count++;
        all[id] = (struct perfetto_interned){ context->sequence, context->generation, list, iid, 0 };
    }
    dictionary->all[id].text = words;
    return words != UINT32_MAX;
}

bool perfetto_take_interned(struct perfetto_dictionary *dictionary, const struct perfetto_context *context,
                            struct message data)
{
    struct wire_field field;
    bool ok = true;
    while (ok && wire_next(&data, &field)) {
        bool known = field.number == PERFETTO_CATEGORIES || field.number == PERFETTO_NAMES ||
                     field.number == PERFETTO_KEYS || field.number == PERFETTO_TEXTS;
        if (known && field.type == WIRE_BYTES)
            ok = intern(dictionary, context, field.number, field.bytes);
    }
    return ok;
}

void perfetto_dictionary_free(struct perfetto_dictionary *dictionary)
{
    interned_free(&dictionary->texts);
    free(dictionary->all);
    hash_table_free(&dictionary->ids);
}
