/*
 * The events of all lanes as one sequence, from the newest to the oldest by time of completion, streamed through a
 * small buffer per lane. The order within a lane is kept, whatever the times say; ties are in order of lanes.
 */
#ifndef RINGSCOPE_MERGE_H
#define RINGSCOPE_MERGE_H

#include "lanes.h"

struct merge_lane {
    struct lane lane;
    uint64_t *records; /* copied from position `from` on */
    uint64_t *order; /* likewise, in a sealed image; else NULL */
    uint64_t from;
    uint64_t next; /* positions from here on have been returned */
    /* The newest event not yet returned, at position next: */
    uint64_t time_ns, duration_ns, end_ns;
    uint32_t piece; /* the clock piece of its times */
};

struct merge {
    struct merge_lane *lanes; /* those that have events */
    struct merge_lane **heap; /* the newest on top */
    uint32_t lane_count, heap_count;
    uint64_t *records, *scratch; /* LANE_CHUNK per lane, and LANE_CHUNK */
    uint64_t *order; /* of a sealed image, LANE_CHUNK */
    bool whole; /* do not stop where events were overwritten while being read */
    bool begun;
    bool peeked; /* the top of the heap has not been returned yet */
    enum tracer_error error;
};

/* Starts at the newest event of every lane that has any; merge_free() in any case. since: NULL, or the first wanted
 * position of each lane; the merge is then whole, and stops short of events in flight. */
enum tracer_error merge_init(struct merge *merge, const struct tracer_reader *reader, const struct live_copy *copy,
                             const uint64_t *since);
void merge_free(struct merge *merge);

/* The number of positions in all lanes. */
uint64_t merge_positions(const struct merge *merge);

/*
 * The next older event, as its lane: the times are in the lane and the record is merge_record(), both until the next
 * call. NULL at the end, or on an error.
 *
 * When a lane's older events are overwritten meanwhile, the merge ends there for all lanes (unless whole): the older
 * events of other lanes would no longer be the newest ones.
 */
struct merge_lane *merge_next(struct merge *merge);

/* Stores the latest end of any lane's newest event, before the first merge_next(). False on an error. */
bool merge_newest(struct merge *merge, uint64_t *end_ns);

static inline const uint64_t *merge_record(const struct merge_lane *lane)
{
    return lane->records + (lane->next - lane->from) * RECORD_WORDS;
}

/* The lane that recorded the event, and the event's sequence number there. */
static inline uint32_t merge_lane_index(const struct merge_lane *at)
{
    return at->order ? (uint32_t)(merge_record(at)[3] & RECORD_MARK_MASK) - 1 : at->lane.index;
}
static inline uint64_t merge_sequence(const struct merge_lane *at)
{
    return at->order ? at->order[at->next - at->from] & ORDER_SEQUENCE_MASK : at->next;
}

/* The number of positions, in all lanes, that could not be read. */
uint64_t merge_unreadable(const struct merge *merge);

#endif
