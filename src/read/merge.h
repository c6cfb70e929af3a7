/*
 * All lanes' events as one sequence, from the newest to the oldest by the time they were completed,
 * streamed through a small buffer a lane. Within a lane its own order is kept, whatever the times
 * say; ties are in the order of lanes.
 */
#ifndef RINGSCOPE_MERGE_H
#define RINGSCOPE_MERGE_H

#include "lanes.h"

struct merge_lane {
    struct lane lane;
    uint64_t *records; /* copied from position from on */
    uint64_t *order; /* of a sealed image's records, in the same way; else NULL */
    uint64_t from;
    uint64_t next; /* positions from it on have been given out */
    /* The newest event not given out, at position next: */
    uint64_t time_ns, duration_ns, end_ns;
    uint32_t piece; /* of the clock, that its times are in */
};

struct merge {
    struct merge_lane *lanes; /* those that have events */
    struct merge_lane **heap; /* the newest on top */
    uint32_t lane_count, heap_count;
    uint64_t *records, *scratch; /* LANE_CHUNK a lane, and as many once */
    uint64_t *order; /* of a sealed image, LANE_CHUNK */
    bool whole; /* do not stop where events were overwritten while being read */
    bool begun;
    bool peeked; /* the top of the heap has not been given out */
    enum tracer_error error;
};

/* Begins with the newest event of every lane that has some; merge_free() in any case. since: NULL, or
 * the first position wanted of each lane; the merge is then whole, and holds back what is in flight. */
enum tracer_error merge_init(struct merge *merge, const struct tracer_reader *reader, const struct live_copy *copy,
                             const uint64_t *since);
void merge_free(struct merge *merge);

/* How many positions the lanes have. */
uint64_t merge_positions(const struct merge *merge);

/*
 * The next older event: of a lane, whose times are in it and whose record is merge_record(), both
 * until the next call. NULL at the end, or on an error.
 *
 * When a lane's older events were overwritten meanwhile, it ends there for all lanes (unless whole):
 * what other lanes have of that time would not be the newest events any more.
 */
struct merge_lane *merge_next(struct merge *merge);

/* The latest end of all lanes' newest events, into *end_ns, before the first merge_next(). False on an error. */
bool merge_newest(struct merge *merge, uint64_t *end_ns);

static inline const uint64_t *merge_record(const struct merge_lane *lane)
{
    return lane->records + (lane->next - lane->from) * RECORD_WORDS;
}

/* The lane that recorded the event, and the event's number there. */
static inline uint32_t merge_lane_index(const struct merge_lane *at)
{
    return at->order ? (uint32_t)(merge_record(at)[3] & RECORD_MARK_MASK) - 1 : at->lane.index;
}
static inline uint64_t merge_sequence(const struct merge_lane *at)
{
    return at->order ? at->order[at->next - at->from] & ORDER_SEQUENCE_MASK : at->next;
}

/* Positions that could not be read, of all lanes. */
uint64_t merge_unreadable(const struct merge *merge);

#endif
