/*
 * Writes structures in Thrift's compact protocol, which describes Parquet files: fields, each with a type and with its
 * number as the difference to the number of the field before.
 */
#ifndef RINGSCOPE_EXPORT_THRIFT_H
#define RINGSCOPE_EXPORT_THRIFT_H

#include <string.h>

#include "../../base/array.h"

enum thrift_type {
    THRIFT_FALSE = 2,
    THRIFT_I32 = 5,
    THRIFT_I64 = 6,
    THRIFT_BYTES = 8,
    THRIFT_LIST = 9,
    THRIFT_STRUCT = 12
};
#define THRIFT_DEPTH 8u

/* All zero: at the beginning of a structure. */
struct thrift {
    struct buffer bytes;
    unsigned last[THRIFT_DEPTH], depth; /* for each open structure, the number of its last field */
    bool failed; /* out of memory: bytes are missing */
};

static inline void thrift_byte(struct thrift *to, unsigned byte)
{
    if (to->bytes.used < to->bytes.size || buffer_reserve(&to->bytes, 1))
        to->bytes.bytes[to->bytes.used++] = (char)byte;
    else
        to->failed = true;
}

static inline void thrift_varint(struct thrift *to, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        thrift_byte(to, (unsigned)(value & 0x7f) | 0x80);
    thrift_byte(to, (unsigned)value);
}

/* In zigzag: small numbers of either sign are short. */
static inline void thrift_signed(struct thrift *to, int64_t value)
{
    thrift_varint(to, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

static inline void thrift_field(struct thrift *to, unsigned number, enum thrift_type type)
{
    thrift_byte(to, (number - to->last[to->depth]) << 4 | type);
    to->last[to->depth] = number;
}

static inline void thrift_number(struct thrift *to, unsigned number, enum thrift_type type, int64_t value)
{
    thrift_field(to, number, type);
    thrift_signed(to, value);
}

/* An element of a list of byte strings. */
static inline void thrift_text(struct thrift *to, const char *bytes, size_t size)
{
    thrift_varint(to, size);
    to->failed |= !buffer_append(&to->bytes, bytes, size);
}

static inline void thrift_bytes(struct thrift *to, unsigned number, const char *bytes, size_t size)
{
    thrift_field(to, number, THRIFT_BYTES);
    thrift_text(to, bytes, size);
}

/* The elements follow, without fields. */
static inline void thrift_list(struct thrift *to, unsigned number, enum thrift_type type, size_t count)
{
    thrift_field(to, number, THRIFT_LIST);
    thrift_byte(to, (unsigned)(count < 15 ? count : 15) << 4 | type);
    if (count >= 15)
        thrift_varint(to, count);
}

/* A structure: a field, or if number is 0 an element of a list. */
static inline void thrift_open(struct thrift *to, unsigned number)
{
    if (number)
        thrift_field(to, number, THRIFT_STRUCT);
    to->last[++to->depth] = 0;
}

static inline void thrift_close(struct thrift *to)
{
    thrift_byte(to, 0);
    to->depth -= to->depth > 0;
}

#endif
