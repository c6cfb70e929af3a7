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
    FIELD_RESULT, /* JSON text */
    FIELD_PLACE /* in sealed images, before all other fields: see below */
};
/*
 * Where a span without a duration is, if its time does not tell. In the low 16 bits, signed: how many of the spans
 * around it begin at its time, less how many of them end then. In the next 24 bits its number among those of its thread
 * and time, in the high 24 bits the number of the one that it is directly inside of, or 0; then the rest is that one's.
 */
#define PLACE_NUMBER_BITS 24
#define PLACE_NUMBER_MASK ((1u << PLACE_NUMBER_BITS) - 1)
static inline __attribute__((unused)) uint64_t place_word(int16_t among, uint32_t number, uint32_t within)
{
    return (uint64_t)(uint16_t)among | (uint64_t)number << 16 | (uint64_t)within << 40;
}
static inline __attribute__((unused)) int16_t place_among(uint64_t word)
{
    return (int16_t)(uint16_t)word;
}
static inline __attribute__((unused)) uint32_t place_number(uint64_t word)
{
    return (uint32_t)(word >> 16) & PLACE_NUMBER_MASK;
}
static inline __attribute__((unused)) uint32_t place_within(uint64_t word)
{
    return (uint32_t)(word >> 40);
}

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
