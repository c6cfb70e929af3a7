/*
 * Track events of a Perfetto trace: taken as they arrive, paired by track and time at the end.
 */
#ifndef RINGSCOPE_IMPORT_PERFETTO_EVENTS_H
#define RINGSCOPE_IMPORT_PERFETTO_EVENTS_H

#include "chrome_pair.h"
#include "perfetto_dictionary.h"
#include "perfetto_flows.h"
#include "perfetto_tracks.h"

struct perfetto_event {
    int64_t time_ns, duration_ns; /* duration: of complete ones */
    double value; /* of counters */
    uint32_t track; /* index of a perfetto_track */
    uint64_t stack; /* what beginnings and ends are paired by: the track, or PERFETTO_ASYNC and a hash */
    uint32_t name; /* the builder's; TIMELINE_NONE: none */
    uint32_t detail, detail_bytes; /* in the details */
    uint32_t flow, flow_end; /* in the flows */
    uint32_t generation; /* of the sequence: a counter of differences begins anew with each */
    uint8_t type; /* enum perfetto_type */
    uint8_t category;
    uint64_t packet, byte;
};

#define PERFETTO_ASYNC (UINT64_C(1) << 63)

enum perfetto_type {
    PERFETTO_BEGIN = 1,
    PERFETTO_END = 2,
    PERFETTO_INSTANT = 3,
    PERFETTO_COUNTER = 4,
    PERFETTO_WHOLE = 5,
    PERFETTO_ARROW = 6 /* flows alone */
};

struct perfetto_events {
    struct timeline_builder *builder;
    struct perfetto_tracks tracks;
    struct perfetto_dictionary names;
    struct perfetto_event *all;
    uint32_t count, room;
    struct buffer details;
    struct perfetto_flows flows;
    struct pairing pairing;
    bool failed;
};

/* The builder's name for a number; noted if it is unknown. */
uint32_t perfetto_event_name(struct perfetto_events *events, const struct perfetto_context *context, uint64_t iid);
void perfetto_take_event(struct perfetto_events *events, const struct perfetto_context *context, struct message event);
/* Keeps a value of the counter of this uuid. */
void perfetto_keep_counter(struct perfetto_events *events, const struct perfetto_context *context, uint64_t uuid,
                           double value);
/* Adds everything to the builder, and pairs beginnings with ends. False without memory. */
bool perfetto_events_end(struct perfetto_events *events);
void perfetto_events_free(struct perfetto_events *events);
void perfetto_note(struct timeline_builder *builder, const struct perfetto_context *context, const char *text);

#endif
