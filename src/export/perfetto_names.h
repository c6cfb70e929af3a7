/*
 * The texts of a Perfetto trace that are written once and referred to by number afterwards.
 */
#ifndef RINGSCOPE_EXPORT_PERFETTO_NAMES_H
#define RINGSCOPE_EXPORT_PERFETTO_NAMES_H

#include "../base/hash_table.h"
#include "protobuf.h"

/* Fields of InternedData; each list has numbers of its own. */
enum perfetto_list {
    PERFETTO_LIST_CATEGORIES = 1,
    PERFETTO_LIST_NAMES = 2,
    PERFETTO_LIST_KEYS = 3,
    PERFETTO_LIST_TEXTS = 29,
};

struct perfetto_text {
    const char *text; /* borrowed from the snapshot */
    uint64_t size, hash;
    uint32_t number; /* 0: it came once and was written where it came */
};

struct perfetto_names {
    struct perfetto_text *all, *recent; /* recent: long texts that came lately, by their hash */
    struct hash_table ids;
    uint32_t count, room;
    uint32_t used[3], texts; /* numbers given, by list */
    struct buffer valid;
    struct protobuf entry, interned; /* interned: what the next packet has to define */
};

void perfetto_names_free(struct perfetto_names *names);

/* The number of a text in a list; 0: there are too many, it is written where it comes. Not thread-safe; the text must
 * stay. names->interned.failed without memory. */
uint32_t perfetto_number(struct perfetto_names *names, enum perfetto_list list, const char *text);

/* The same for details, most of which come once: they have a number from the second time on. */
uint32_t perfetto_detail_number(struct perfetto_names *names, const char *text, size_t size);

#endif
