/*
 * RECORDS, and ORDER of a sealed image.
 */
#ifndef RINGSCOPE_IMAGE_RECORD_H
#define RINGSCOPE_IMAGE_RECORD_H

#include <stdint.h>

/*
 *     word 0   start, in ticks (or ns: RECORD_TIME_NS)
 *     word 1   instant: 0; span: duration in the same unit; sample: the double's bits; flow: its id
 *     word 2   position of the detail in the lane's ring of text
 *     word 3   63   61 60    52 51     48 47  32 31  16 15  0
 *              kind   | flags | category | track | name | mark
 *
 * mark = lap_mark(position): 0 while the slot is being written, else twice the lap (position / slots)
 * plus one. It is stored last, with release order.
 */
#define RECORD_BYTES 32u
#define RECORD_WORDS 4u
#define RECORD_MARK_MASK 0xffffull
#define RECORD_NAME_SHIFT 16
#define RECORD_NAME_MASK 0xffffull
#define RECORD_TRACK_SHIFT 32
#define RECORD_TRACK_MASK 0xffffull
#define RECORD_CATEGORY_SHIFT 48
#define RECORD_CATEGORY_MASK 0xfull
#define RECORD_KIND_SHIFT 61
#define RECORD_KIND_MASK 7ull

#define RECORD_FAILED (1ull << 52) /* set by the recording code, which knew */
#define RECORD_FLOW_IN (1ull << 53) /* of a flow: arriving, not leaving */
#define RECORD_HAS_FIELDS (1ull << 54) /* fields precede the text: image_detail.h */
#define RECORD_WAITS (1ull << 55) /* waits for somebody, or for a time: said by `ringscope record` */
#define RECORD_HAS_DETAIL (1ull << 56)
#define RECORD_NAME_IN_DETAIL (1ull << 57) /* name table was full: detail text is name NUL detail */
#define RECORD_HAS_PID (1ull << 58) /* the caller gave the track's pid */
#define RECORD_TIME_NS (1ull << 59) /* words 0 and 1 are ns from the origin, not ticks */
#define RECORD_TRUNCATED (1ull << 60) /* the detail was cut */

/* shift: log2 of the number of slots, which is at least two. */
static inline uint64_t lap_mark(uint64_t position, unsigned shift)
{
    return (position >> shift | 1) & RECORD_MARK_MASK;
}
static inline unsigned lap_mark_shift(uint64_t slots)
{
    return (unsigned)__builtin_ctzll(slots) - 1;
}

/* In a sealed image a record's mark is its lane plus one, words 0 and 1 are in ns, and word 2 locates its text: the
 * offset in DETAILS and the length. */
#define SEALED_TEXT_BITS 17
#define SEALED_TEXT_LOST UINT64_MAX /* the text had been overwritten */
#define SEALED_LANES_MAX 1024u

/* ORDER. */
#define ORDER_LANE_SHIFT 48
#define ORDER_SEQUENCE_MASK ((1ull << ORDER_LANE_SHIFT) - 1)

#endif
