/*
 * The texts of a Perfetto trace that are written once and then referred to by number.
 */
#ifndef RINGSCOPE_EXPORT_PERFETTO_NAMES_H
#define RINGSCOPE_EXPORT_PERFETTO_NAMES_H

#include "../base/hash_table.h"
#include "protobuf.h"

/* Fields of InternedData; each list has its own numbers. */
enum perfetto_list {
    PERFETTO_LIST_CATEGORIES = 1,
    PERFETTO_LIST_NAMES = 2,
    PERFETTO_LIST_KEYS = 3,
    PERFETTO_LIST_TEXTS = 29,
};

struct perfetto_text {
    const char *text; /* borrowed from the snapshot */
    uint64_t size, hash;
    uint32_t number; /* 0: seen once, and written in place */
};

struct perfetto_names {
    struct perfetto_text *all, *recent; /* recent: recently seen long texts, by hash */
    struct hash_table ids;
    uint32_t count, room;
    uint32_t used[3], texts; /* numbers assigned, by list */
    struct buffer valid;
    struct protobuf entry, interned; /* interned: definitions for the next packet */
};

void perfetto_names_free(struct perfetto_names *names);

/* The number of a text in a list; 0: there are too many, write it in place. One thread at a time; the text must stay
 * valid. names->interned.failed without memory. */
uint32_t perfetto_number(struct perfetto_names *names, enum perfetto_list list, const char *text);

/* The same for details, most of which occur once: they get a number the second time. */
uint32_t perfetto_detail_number(struct perfetto_names *names, const char *text, size_t size);

#endif
