/*
 * The events and details of one lane, copied soundly while its writer may be writing them.
 */
#ifndef RINGSCOPE_LANES_H
#define RINGSCOPE_LANES_H

#include "live_copy.h"

/* Positions copied at a time: the copies stay in the processor's nearest caches. */
#define LANE_CHUNK 1024u
/* How many slots beyond the capacity to look at, since some positions may be in flight. */
#define LANE_MARGIN 64u

/* Any of these means that a record has text in the ring. */
#define RECORD_HAS_TEXT (RECORD_HAS_DETAIL | RECORD_NAME_IN_DETAIL | RECORD_HAS_FIELDS)

/* A copied part of a lane's ring of text: offsets [from, to) of the ring, all of one lap. */
struct lane_text {
    char *bytes;
    uint64_t size_bytes; /* of the buffer */
    uint64_t lap, from, to;
    uint64_t sound_from; /* lower positions have been overwritten */
    uint64_t above; /* the last position asked for: an older detail ends before it */
    uint64_t floor; /* lower positions are not wanted yet */
};

struct lane {
    const struct tracer_reader *reader;
    const struct live_copy *copy;
    uint32_t index;
    uint64_t low, high; /* positions to read: [low, high) */
    uint64_t oldest; /* the initial low */
    uint64_t unreadable; /* positions that were in flight, or whose records make no sense */
    bool overwritten; /* the writer has overwritten positions, and low went up */
    struct lane_text text;
};

/* The newest events of the lane, as many as a snapshot may need; none if they are of another epoch. */
void lane_init(struct lane *lane, const struct tracer_reader *reader, const struct live_copy *copy, uint32_t index);
void lane_free(struct lane *lane);

/* Reads from the given position on, as far as events are still there, instead of the newest N. */
void lane_begin_at(struct lane *lane, uint64_t position);

/* Ends the lane before its first position that is in flight, so that it can be read once it is complete. A position
 * that a writer abandoned is skipped after LANE_MARGIN more events. records and scratch have room for LANE_CHUNK. */
enum tracer_error lane_hold_back(struct lane *lane, uint64_t *records, uint64_t *scratch);

/* Copies the records of [from, to), at most LANE_CHUNK, within [low, high). A record is sound if its mark is not 0.
 * scratch has the same room; it is used only if somebody may be writing. Raises low past overwritten positions. */
enum tracer_error lane_load(struct lane *lane, uint64_t from, uint64_t to, uint64_t *records, uint64_t *scratch);

/* The end of the positions [low, to) without those at the end that lie in a hole of the file. The skipped ones count as
 * unreadable; a sparse file can claim any number of them. */
uint64_t lane_skip_hole(struct lane *lane, uint64_t to);

/* The current value of a word of the lane's header. */
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

/* The start of the record's event and its duration (0 except for spans), in ns; *piece as in clock_time_near(). Ends
 * are converted the same way as starts, so that spans nest in ns as they do in ticks. */
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
