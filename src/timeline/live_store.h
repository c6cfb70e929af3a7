/*
 * What is held of a trace that grows: of each track the events as they came, and where they were laid out the last
 * time, so that tracks without anything new need not be laid out again.
 */
#ifndef RINGSCOPE_TIMELINE_LIVE_STORE_H
#define RINGSCOPE_TIMELINE_LIVE_STORE_H

#include "builder.h"
#include "load.h"

struct live_event {
    int64_t start_ns, duration_ns; /* as in a chunk */
    uint32_t name, detail;
    uint32_t place, parent; /* among the track's events, as they were laid out last */
    uint8_t category, kind;
};

struct live_events {
    struct live_event *all;
    uint32_t first, count, room; /* all[first] is the oldest one */
};

struct live_track {
    struct live_events events;
    struct live_events open; /* those of the newest segment, in its order */
    uint32_t open_known; /* while a segment is taken: of those so many */
    uint32_t *row_sizes;
    uint32_t rows, ticks, row_room;
    int64_t least_start_ns, greatest_end_ns; /* of all of them; open ones have no end */
    bool changed; /* since it was laid out */
};

/* An end of an arrow, which goes when its event does. */
struct live_flow {
    struct timeline_flow_end end;
    uint64_t event; /* counted from the beginning of the trace */
};

struct live_loss {
    struct loss_entry entry;
    uint32_t reason; /* in the reasons */
};

struct live_store {
    struct timeline_builder *tables; /* names, categories, tracks and processes; it keeps its ids */
    struct live_track *tracks; /* by the id of the builder */
    uint32_t track_count, track_room;
    uint32_t *arrivals; /* the track of each event, the oldest first */
    uint32_t first_arrival, count, arrival_room;
    uint64_t gone; /* events that were dropped */
    uint64_t garbage; /* of them, those whose texts are still there */
    struct live_flow *flows; /* in the order of coming */
    uint32_t first_flow, flow_count, flow_room;
    struct live_loss *losses; /* of the newest segment, as are notes and resolution in the tables */
    uint32_t loss_count, loss_room;
    struct buffer reasons;
    int64_t last_end_ns; /* to which open spans were drawn the last time */
    uint32_t laid_out; /* tracks, the last time */
};

struct live_store *live_store_create(void);
void live_store_destroy(struct live_store *store);
void live_track_free(struct live_track *track);

/* Takes all that a segment has. After a failure the store can only be destroyed. */
enum tracer_error live_store_add(struct live_store *store, struct tracer_reader *segment,
                                 struct timeline_loaded *loaded);
/* Lets the oldest so many events go. */
void live_store_drop(struct live_store *store, uint32_t count);
uint64_t live_store_bytes(const struct live_store *store);

/* Lets texts and tracks go that no event has any more, if they are more than the others. Ids change by it. */
void live_store_compact(struct live_store *store);

/* A builder with the tables, and without events, for what is to be said beside them. NULL without memory. */
struct timeline_builder *live_store_tables(const struct live_store *store);
/* Takes what is in that one. As timeline_build(). */
enum tracer_error live_store_build(struct timeline **result, struct live_store *store, struct timeline_builder *tables,
                                   const struct timeline_progress *progress);

#endif
