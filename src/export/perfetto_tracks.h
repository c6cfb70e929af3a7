/*
 * The tracks of a Perfetto trace: processes, threads, counters, and *lanes*.
 *
 * On one of Perfetto's tracks an end closes the span that began last, so spans on it must nest. Ours need not: a
 * program may record spans that overlap. A span that does not nest goes to another lane of its thread, a track below it
 * on which it does.
 */
#ifndef RINGSCOPE_EXPORT_PERFETTO_TRACKS_H
#define RINGSCOPE_EXPORT_PERFETTO_TRACKS_H

#include "../base/hash_table.h"
#include "identities.h"
#include "protobuf.h"

#define PERFETTO_NO_TRACK UINT32_MAX

enum perfetto_track_kind { PERFETTO_PROCESS, PERFETTO_THREAD, PERFETTO_COUNTER_TRACK, PERFETTO_LANE };

/* Its uuid is its number + 1. A thread is its own first lane. */
struct perfetto_lane_track {
    const char *name; /* borrowed from the snapshot */
    struct identity identity;
    uint64_t end_ns; /* of the innermost open span */
    uint16_t kind;
    bool named; /* a process, other than by its main thread */
    uint32_t owner; /* the number of its parent track; PERFETTO_NO_TRACK: none */
    uint32_t depth; /* open spans */
    uint32_t next_lane; /* PERFETTO_NO_TRACK: none */
};

struct perfetto_lanes {
    const struct tracer_snapshot *snapshot;
    struct perfetto_lane_track *all;
    struct identities identities;
    struct hash_table ids;
    uint32_t *of_track; /* by the snapshot's id: the thread's number + 1; 0: not looked up */
    uint32_t count, room;
    struct buffer valid; /* a copy of a name that was not UTF-8 */
    struct protobuf inner, descriptor, *packets; /* descriptors are appended there, one packet each */
};

/* Describes the snapshot's threads and processes. False without memory. perfetto_lanes_free() in any case. */
bool perfetto_lanes_init(struct perfetto_lanes *tracks, const struct tracer_snapshot *snapshot,
                         struct protobuf *packets);
void perfetto_lanes_free(struct perfetto_lanes *tracks);

/* Numbers of tracks, which are described on first use. PERFETTO_NO_TRACK without memory. */
uint32_t perfetto_thread(struct perfetto_lanes *tracks, uint32_t track);
uint32_t perfetto_counter(struct perfetto_lanes *tracks, uint32_t track, const char *name);

/* The lane on which a span nests that begins now and ends then; the span is open from here on. Pass *before to
 * perfetto_lane_leave(). Spans with the same end must leave in reverse order. */
uint32_t perfetto_lane_enter(struct perfetto_lanes *tracks, uint32_t track, uint64_t end_ns, uint64_t *before);
void perfetto_lane_leave(struct perfetto_lanes *tracks, uint32_t lane, uint64_t before);

static inline uint64_t perfetto_uuid(uint32_t number)
{
    return (uint64_t)number + 1;
}

/* Appends the message as a packet of the only sequence. */
void perfetto_put_packet(struct protobuf *packets, struct protobuf *packet);

#endif
