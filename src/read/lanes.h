/*
 * One lane's events and details, copied soundly while its writer may be writing them.
 */
#ifndef RINGSCOPE_LANES_H
#define RINGSCOPE_LANES_H

#include "live_copy.h"

/* Positions copied at a time: the copies stay in the processor's nearest caches. */
#define LANE_CHUNK 1024u
/* Slots beyond the capacity that are looked at, since some positions may be in flight. */
#define LANE_MARGIN 64u

/* Either says that a record has a place in the ring of text. */
#define RECORD_HAS_TEXT (RECORD_HAS_DETAIL | RECORD_NAME_IN_DETAIL | RECORD_HAS_FIELDS)

/* A part of a lane's ring of text, copied: offsets [from, to) of the ring, all of one lap. */
struct lane_text {
    char *bytes;
    uint64_t size_bytes; /* of the memory */
    uint64_t lap, from, to;
    uint64_t sound_from; /* positions below have been overwritten */
    uint64_t above; /* the position that was asked for last: an older detail ends before it */
    uint64_t floor; /* positions below are not wanted yet */
};

struct lane {
    const struct tracer_reader *reader;
    const struct live_copy *copy;
    uint32_t index;
    uint64_t low, high; /* positions to read: [low, high) */
    uint64_t oldest; /* low as it was at first */
    uint64_t unreadable; /* positions that were in flight, or make no sense */
    bool overwritten; /* the writer has taken positions from low on, which went up */
    struct lane_text text;
};

/* The newest events of the lane, as far as a snapshot may need them; none if of another epoch. */
void lane_init(struct lane *lane, const struct tracer_reader *reader, const struct live_copy *copy, uint32_t index);
void lane_free(struct lane *lane);

/* All positions from a given one on, as far as they are still there, instead of the newest N. */
void lane_begin_at(struct lane *lane, uint64_t position);

/* Ends the lane before the first position that is in flight, so that it can be read when it is
 * complete. One that a writer left behind for good is no longer waited for LANE_MARGIN events later.
 * records and scratch have room for LANE_CHUNK. */
enum tracer_error lane_hold_back(struct lane *lane, uint64_t *records, uint64_t *scratch);

/* Copies the records of [from, to), at most LANE_CHUNK, within [low, high). A record is sound if its
 * mark is not 0. scratch has room for as many; unless somebody may be writing, it is not used. Raises
 * low over what has been overwritten. */
enum tracer_error lane_load(struct lane *lane, uint64_t from, uint64_t to, uint64_t *records, uint64_t *scratch);

/* Positions of [low, to) that are left when those at its end are passed over which a file has only a hole for: where
 * they end. What is passed over counts as unreadable. A sparse file can claim any number of them. */
uint64_t lane_skip_hole(struct lane *lane, uint64_t to);

/* A word of the lane's header as it is now. */
enum tracer_error lane_word(const struct lane *lane, size_t field_offset, uint64_t *word);

static inline uint64_t lane_text_sound_from(const struct tracer_reader *reader, uint64_t detail_head)
{
    uint64_t ring = reader->header.detail_ring_bytes;
    return detail_head > ring ? detail_head - ring : 0;
}

static inline bool record_sound(const uint64_t *record)
{
    return (record[3] & RECORD_MARK_MASK) != 0;
}
static inline enum trace_kind record_kind(const uint64_t *record)
{
    return (enum trace_kind)(record[3] >> RECORD_KIND_SHIFT & RECORD_KIND_MASK);
}
static inline enum trace_category record_category(const uint64_t *record)
{
    return (enum trace_category)(record[3] >> RECORD_CATEGORY_SHIFT & RECORD_CATEGORY_MASK);
}
static inline uint32_t record_name(const uint64_t *record)
{
    return (uint32_t)(record[3] >> RECORD_NAME_SHIFT & RECORD_NAME_MASK);
}
static inline uint32_t record_track(const uint64_t *record)
{
    return (uint32_t)(record[3] >> RECORD_TRACK_SHIFT & RECORD_TRACK_MASK);
}

/* When the record's event began, and for how long it lasted (0 but for spans), in ns; *piece as in
 * clock_time_near(). Ends are converted as starts are, so that spans nest in ns as they do in ticks. */
static inline void record_times(const uint64_t *record, const struct clock_rate *rate, uint32_t *piece,
                                uint64_t *time_ns, uint64_t *duration_ns)
{
    uint64_t duration = record_kind(record) == TRACE_KIND_SPAN ? record[1] : 0;
    bool in_ns = (record[3] & RECORD_TIME_NS) != 0;
    *time_ns = in_ns ? record[0] : clock_time_near(rate, piece, record[0]);
    *duration_ns = duration;
    if (duration && !in_ns)
        *duration_ns = clock_time_near(rate, piece, add_saturating(record[0], duration)) - *time_ns;
}

#endif
