/*
 * Track events of a Perfetto trace: taken as they arrive, paired by track and time at the end.
 */
#ifndef RINGSCOPE_IMPORT_PERFETTO_EVENTS_H
#define RINGSCOPE_IMPORT_PERFETTO_EVENTS_H

#include "perfetto_dictionary.h"
#include "perfetto_flows.h"
#include "perfetto_tracks.h"

struct perfetto_event {
    int64_t time_ns, duration_ns; /* duration: of complete ones, and of a span at its end; else -1 */
    double value; /* of counters */
    uint32_t track; /* index of a perfetto_track */
    uint32_t name; /* the builder's; TIMELINE_NONE: none */
    uint32_t detail, detail_bytes; /* in the details */
    uint32_t flow, flow_end; /* in the flows */
    uint32_t around, item; /* the beginning that it is in, if they are paired, or UINT32_MAX; the builder's event */
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
    struct perfetto_dictionary names;
    struct perfetto_event *all;
    uint32_t count, room;
    struct buffer details;
    struct perfetto_flows flows;
    bool failed;
};

void perfetto_take_event(struct perfetto_events *events, const struct perfetto_context *context, struct message event);
/* Pairs beginnings with ends, and adds everything to the builder. False without memory. */
bool perfetto_events_end(struct perfetto_events *events);
void perfetto_events_free(struct perfetto_events *events);
void perfetto_note(struct timeline_builder *builder, const struct perfetto_context *context, const char *text);

#endif
