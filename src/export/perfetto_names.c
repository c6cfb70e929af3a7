/* Assigns numbers to texts. */
#include "perfetto_names.h"

#include <stdlib.h>

#include "../base/hash.h"
#include "json.h"

#define NAMES_MAX 65536u /* further names are written in place, so that memory stays bounded */
#define RECENT 8192u
#define PROBES_MAX 256u
#define REPEATED_BYTES_MIN 4u /* a number takes as many */
enum { ENTRY_NUMBER = 1, ENTRY_TEXT = 2 };

void perfetto_names_free(struct perfetto_names *names)
{
    free(names->all);
    free(names->recent);
    hash_table_free(&names->ids);
    buffer_free(&names->valid);
    buffer_free(&names->entry.bytes);
    buffer_free(&names->interned.bytes);
}

/* An interned text must be as valid as one in place. */
static void define_text(struct perfetto_names *names, enum perfetto_list list, uint32_t number, const char *text,
                        size_t size)
{
    const char *valid = json_valid(&names->valid, text, size);
    if (!valid) {
        names->interned.failed = true;
        return;
    }
    protobuf_number(&names->entry, ENTRY_NUMBER, number);
    protobuf_text(&names->entry, ENTRY_TEXT, valid, valid == text ? size : strlen(valid));
    protobuf_message(&names->interned, (uint32_t)list, &names->entry);
}

struct wanted_text {
    const char *text;
    uint64_t size;
};

/* The list is part of the hash and of the size. */
static bool is_same_text(const void *owner, uint32_t id, const void *key)
{
    const struct perfetto_text *there = &((const struct perfetto_names *)owner)->all[id];
    const struct wanted_text *wanted = key;
    return there->size == wanted->size && (there->text == wanted->text || strcmp(there->text, wanted->text) == 0);
}

static uint32_t add(struct perfetto_names *names, enum perfetto_list list, const struct perfetto_text *text)
{
    struct perfetto_text *all = array_grow(names->all, names->count, &names->room, sizeof *all);
    if (all)
        names->all = all;
    if (!all || !hash_table_add(&names->ids, text->hash, names->count)) {
        names->interned.failed = true;
        return 0;
    }
    all[names->count] = *text;
    return all[names->count++].number = ++names->used[list - 1];
}

uint32_t perfetto_number(struct perfetto_names *names, enum perfetto_list list, const char *text)
{
    size_t size = strlen(text);
    const struct wanted_text wanted = { text, (uint64_t)size << 2 | list };
    uint64_t hash = hash_mix(hash_bytes(text, size), (uint64_t)list);
    names->ids.probes_max = PROBES_MAX;
    uint32_t id = hash_table_find(&names->ids, hash, is_same_text, names, &wanted);
    if (id != HASH_TABLE_NONE)
        return names->all[id].number;
    if (names->count >= NAMES_MAX)
        return 0;
    uint32_t number = add(names, list, &(struct perfetto_text){ text, wanted.size, hash, 0 });
    if (number)
        define_text(names, list, number, text, size);
    return number;
}

uint32_t perfetto_detail_number(struct perfetto_names *names, const char *text, size_t size)
{
    if (size < REPEATED_BYTES_MIN)
        return 0;
    if (!names->recent)
        names->recent = calloc(RECENT, sizeof *names->recent);
    if (!names->recent) {
        names->interned.failed = true;
        return 0;
    }
    uint64_t hash = hash_bytes(text, size);
    struct perfetto_text *recent = &names->recent[hash % RECENT];
    bool same = recent->hash == hash && recent->size == size && memcmp(recent->text, text, size) == 0;
    if (!same) {
        *recent = (struct perfetto_text){ text, size, hash, 0 };
        return 0;
    }
    if (!recent->number) {
        recent->number = ++names->texts;
        define_text(names, PERFETTO_LIST_TEXTS, recent->number, text, size);
    }
    return recent->number;
}
