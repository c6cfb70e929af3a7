/*
 * Names that a sequence of packets defines by number.
 */
#ifndef RINGSCOPE_IMPORT_PERFETTO_DICTIONARY_H
#define RINGSCOPE_IMPORT_PERFETTO_DICTIONARY_H

#include "../builder.h"
#include "wire_format.h"

/* The kinds of names that a sequence defines by number. Each kind has its own numbers. */
enum perfetto_list { PERFETTO_CATEGORIES = 1, PERFETTO_NAMES = 2, PERFETTO_KEYS = 3, PERFETTO_TEXTS = 29 };

struct perfetto_interned {
    uint32_t sequence, generation;
    uint32_t list;
    uint64_t iid;
    uint32_t text; /* of the texts */
};

/* All zero: none. */
struct perfetto_dictionary {
    struct interned texts;
    struct perfetto_interned *all;
    uint32_t count, room;
    struct hash_table ids;
};

/* The sequence and track of an event. */
struct perfetto_context {
    uint32_t sequence, generation;
    uint32_t track; /* unless the event names another */
    struct message defaults; /* the sequence's, for events */
    int64_t time_ns;
    uint64_t packet, byte;
};

/* The text of a number; NULL if it is unknown. */
const char *perfetto_interned(const struct perfetto_dictionary *dictionary, const struct perfetto_context *context,
                              uint32_t list, uint64_t iid);
/* Takes definitions. False without memory. */
bool perfetto_take_interned(struct perfetto_dictionary *dictionary, const struct perfetto_context *context,
                            struct message data);
void perfetto_dictionary_free(struct perfetto_dictionary *dictionary);

#endif
