/*
 * The contents of a growing trace: for each track its events in arrival order, and their places in the last layout, so
 * that tracks without new events need not be laid out again.
 */
#ifndef RINGSCOPE_TIMELINE_LIVE_STORE_H
#define RINGSCOPE_TIMELINE_LIVE_STORE_H

#include "builder.h"
#include "load.h"

struct live_event {
    int64_t start_ns, duration_ns; /* as in a chunk */
    uint32_t name, detail;
    uint32_t place, parent; /* among the track's events, in the last layout */
    uint8_t category, kind;
};

struct live_events {
    struct live_event *all;
    uint32_t first, count, room; /* all[first] is the oldest one */
};

struct live_track {
    struct live_events events;
    struct live_events open; /* those of the newest segment, in its order */
    uint32_t open_known; /* while a segment is added: how many of them so far */
    uint32_t *row_sizes;
    uint32_t rows, ticks, row_room;
    int64_t least_start_ns, greatest_end_ns; /* of all events; open ones have no end */
    bool changed; /* since the last layout */
};

/* One end of an arrow; dropped together with its event. */
struct live_flow {
    struct timeline_flow_end end;
    uint64_t event; /* number since the beginning of the trace */
};

struct live_loss {
    struct loss_entry entry;
    uint32_t reason; /* offset in the reasons */
};

struct live_store {
    struct timeline_builder *tables; /* names, categories, tracks and processes; ids are stable */
    struct live_track *tracks; /* by the builder's id */
    uint32_t track_count, track_room;
    uint32_t *arrivals; /* the track of each event, the oldest first */
    uint32_t first_arrival, count, arrival_room;
    uint64_t gone; /* events dropped so far */
    uint64_t garbage; /* those of them whose texts are still there */
    struct live_flow *flows; /* in arrival order */
    uint32_t first_flow, flow_count, flow_room;
    struct live_loss *losses; /* of the newest segment, as are notes and resolution in the tables */
    uint32_t loss_count, loss_room;
    struct buffer reasons;
    int64_t origin_ns; /* of the last build: dropping events leaves all times as they are; INT64_MAX: none yet */
    int64_t last_end_ns; /* the end to which open spans were last drawn */
    uint32_t laid_out; /* tracks, in the last build */
};

struct live_store *live_store_create(void);
void live_store_destroy(struct live_store *store);
void live_track_free(struct live_track *track);

/* Adds everything in a segment. After a failure the store can only be destroyed. */
enum tracer_error live_store_add(struct live_store *store, struct tracer_reader *segment,
                                 struct timeline_loaded *loaded);
/* Drops the oldest count events. */
void live_store_drop(struct live_store *store, uint32_t count);
/* When the oldest event that is left ended; INT64_MIN: there is none. */
int64_t live_store_oldest_ns(const struct live_store *store);
uint64_t live_store_bytes(const struct live_store *store);

/* Frees texts and tracks that no event uses any more, if they outnumber the others. This changes ids. */
void live_store_compact(struct live_store *store);

/* A builder with the tables but no events, for adding notes and losses. NULL without memory. */
struct timeline_builder *live_store_tables(const struct live_store *store);
/* Consumes that builder. Errors as for timeline_build(). */
enum tracer_error live_store_build(struct timeline **result, struct live_store *store, struct timeline_builder *tables,
                                   const struct timeline_progress *progress);

#endif
