/*
 * DETAILS: texts, and the fields that may stand before them.
 */
#ifndef RINGSCOPE_IMAGE_DETAIL_H
#define RINGSCOPE_IMAGE_DETAIL_H

#include <stdint.h>

/*
 * At its position (a multiple of 8) modulo detail_ring_bytes: one word with the text's length in the
 * low half and the low 32 bits of position / 8 in the high half, then the text, padded to 8 bytes.
 * The position is sound if detail_head - position <= detail_ring_bytes after it was copied.
 */
#define DETAIL_PREFIX_BYTES 8u

/*
 * With RECORD_HAS_FIELDS, fields precede the text: a word with the length of all of them, that word included, then for
 * each field a word (kind in the low 16 bits, length in the high half) and its value, padded to 8 bytes: an integer of
 * 64 bits, or JSON text and a NUL that the length does not count.
 */
enum image_field {
    FIELD_ASYNC_ID = 1, /* joins events across threads and awaits */
    FIELD_PARENT, /* an async id */
    FIELD_STACK, /* the id of its innermost frame in STACKS, or a number that only the program understands */
    FIELD_PID, /* the caller's, if it is not the track's: the event is a span, or the table of tracks was full */
    FIELD_ARGUMENTS, /* JSON text */
    FIELD_RESULT /* JSON text */
};
static inline uint64_t field_word(enum image_field kind, uint64_t length_bytes)
{
    return (uint64_t)kind | length_bytes << 32;
}
static inline enum image_field field_kind(uint64_t word)
{
    return (enum image_field)(word & 0xffff);
}
static inline uint32_t field_length(uint64_t word)
{
    return (uint32_t)(word >> 32);
}

static inline uint64_t detail_prefix(uint64_t position, uint64_t length_bytes)
{
    return length_bytes | (position >> 3) << 32;
}
static inline uint64_t detail_need_bytes(uint64_t length_bytes)
{
    return DETAIL_PREFIX_BYTES + ((length_bytes + 7) & ~7ull);
}

#endif
