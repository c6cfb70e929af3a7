/*
 * Writes structures in Thrift's compact protocol, which describes Parquet files: fields, each with a type and with its
 * number as the difference to the number of the field before. An element of a list is a field with the number 0.
 */
#ifndef RINGSCOPE_EXPORT_THRIFT_H
#define RINGSCOPE_EXPORT_THRIFT_H

#include "../../base/array.h"

enum thrift_type {
    THRIFT_FALSE = 2,
    THRIFT_I32 = 5,
    THRIFT_I64,
    THRIFT_BYTES = 8,
    THRIFT_LIST = 9,
    THRIFT_STRUCT = 12
};
#define THRIFT_DEPTH 8u

/* All zero: empty, outside of any structure. */
struct thrift {
    struct buffer bytes;
    unsigned last[THRIFT_DEPTH], depth; /* for each open structure, the number of its last field */
    bool failed; /* out of memory: bytes are missing */
};

/* The lowest byte first, on any processor. */
static inline void thrift_raw(struct thrift *to, uint64_t value, unsigned bytes)
{
    if (bytes > to->bytes.size - to->bytes.used && !buffer_reserve(&to->bytes, bytes)) {
        to->failed = true;
        return;
    }
    for (unsigned i = 0; i < bytes; i++)
        to->bytes.bytes[to->bytes.used++] = (char)(value >> 8 * i & 0xff);
}

static inline void thrift_append(struct thrift *to, const void *bytes, size_t size)
{
    to->failed |= !buffer_append(&to->bytes, bytes, size);
}

static inline void thrift_varint(struct thrift *to, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        thrift_raw(to, (value & 0x7f) | 0x80, 1);
    thrift_raw(to, value, 1);
}

/* In zigzag: small numbers of either sign are short. */
static inline void thrift_signed(struct thrift *to, int64_t value)
{
    thrift_varint(to, (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0));
}

static inline void thrift_field(struct thrift *to, unsigned number, enum thrift_type type)
{
    if (!number)
        return;
    thrift_raw(to, (number - to->last[to->depth]) << 4 | type, 1);
    to->last[to->depth] = number;
}

static inline void thrift_number(struct thrift *to, unsigned number, enum thrift_type type, int64_t value)
{
    thrift_field(to, number, type);
    thrift_signed(to, value);
}

static inline void thrift_bytes(struct thrift *to, unsigned number, const char *bytes, size_t size)
{
    thrift_field(to, number, THRIFT_BYTES);
    thrift_varint(to, size);
    thrift_append(to, bytes, size);
}

/* The elements follow. */
static inline void thrift_list(struct thrift *to, unsigned number, enum thrift_type type, size_t count)
{
    thrift_field(to, number, THRIFT_LIST);
    thrift_raw(to, (count < 15 ? count : 15) << 4 | type, 1);
    if (count >= 15)
        thrift_varint(to, count);
}

static inline void thrift_open(struct thrift *to, unsigned number)
{
    thrift_field(to, number, THRIFT_STRUCT);
    to->last[++to->depth] = 0;
}

static inline void thrift_close(struct thrift *to)
{
    thrift_raw(to, 0, 1);
    to->depth--;
}

#endif
