/*
 * Track events of a Perfetto trace: taken as they arrive, paired by track and time at the end.
 */
#ifndef RINGSCOPE_IMPORT_PERFETTO_EVENTS_H
#define RINGSCOPE_IMPORT_PERFETTO_EVENTS_H

#include "perfetto_tracks.h"

/* The kinds of names that a sequence defines by number. Each kind has its own numbers. */
enum perfetto_list { PERFETTO_CATEGORIES = 1, PERFETTO_NAMES = 2, PERFETTO_KEYS = 3, PERFETTO_TEXTS = 29 };

struct perfetto_interned {
    uint32_t sequence, generation;
    uint32_t list;
    uint64_t iid;
    uint32_t text; /* of the texts */
};

struct perfetto_event {
    int64_t time_ns, duration_ns; /* duration: of complete ones; else -1 */
    double value; /* of counters */
    uint32_t track; /* index of a perfetto_track */
    uint32_t name; /* the builder's; TIMELINE_NONE: none */
    uint32_t detail, detail_bytes; /* in the details */
    uint8_t type; /* enum perfetto_type */
    uint8_t category;
    uint64_t packet, byte;
};

enum perfetto_type {
    PERFETTO_BEGIN = 1,
    PERFETTO_END = 2,
    PERFETTO_INSTANT = 3,
    PERFETTO_COUNTER = 4,
    PERFETTO_WHOLE = 5
};

struct perfetto_events {
    struct timeline_builder *builder;
    struct perfetto_tracks tracks;
    struct interned texts;
    struct perfetto_interned *names;
    uint32_t name_count, name_room;
    struct hash_table name_ids;
    struct perfetto_event *all;
    uint32_t count, room;
    struct buffer details;
    bool failed;
};

/* The sequence and track of an event. */
struct perfetto_context {
    uint32_t sequence, generation;
    uint32_t track; /* unless the event names another */
    int64_t time_ns;
    uint64_t packet, byte;
};

void perfetto_take_interned(struct perfetto_events *events, const struct perfetto_context *context,
                            struct message data);
void perfetto_take_event(struct perfetto_events *events, const struct perfetto_context *context, struct message event);
/* Pairs beginnings with ends, and adds everything to the builder. False without memory. */
bool perfetto_events_end(struct perfetto_events *events);
void perfetto_events_free(struct perfetto_events *events);
void perfetto_note(struct timeline_builder *builder, const struct perfetto_context *context, const char *text);

#endif
