/*
 * Writes structures of Thrift's compact protocol: fields, each with how much its number is above that of the field before,
 * and a type. What Parquet describes its files with.
 */
#ifndef RINGSCOPE_EXPORT_THRIFT_H
#define RINGSCOPE_EXPORT_THRIFT_H

#include <string.h>

#include "../../base/array.h"

enum thrift_type { THRIFT_TRUE = 1, THRIFT_FALSE = 2, THRIFT_I8 = 3, THRIFT_I16 = 4, THRIFT_I32 = 5, THRIFT_I64 = 6 };
enum { THRIFT_BYTES = 8, THRIFT_LIST = 9, THRIFT_STRUCT = 12 };
#define THRIFT_DEPTH 8u
#define THRIFT_VARINT_MAX 10u /* bytes of the longest */

/* All zero: at the beginning of a structure. */
struct thrift {
    struct buffer bytes;
    unsigned last[THRIFT_DEPTH], depth; /* the number of the field before, of each structure that is open */
    bool failed; /* for want of memory: fields are missing */
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

/* Small numbers of either sign as small ones without. */
static inline uint64_t thrift_zigzag(int64_t value)
{
    return (uint64_t)value << 1 ^ (value < 0 ? UINT64_MAX : 0);
}

static inline void thrift_field(struct thrift *to, unsigned number, unsigned type)
{
    thrift_byte(to, (number - to->last[to->depth]) << 4 | type);
    to->last[to->depth] = number;
}

static inline void thrift_number(struct thrift *to, unsigned number, enum thrift_type type, int64_t value)
{
    thrift_field(to, number, type);
    if (type == THRIFT_I8)
        thrift_byte(to, (unsigned)value);
    else
        thrift_varint(to, thrift_zigzag(value));
}

static inline void thrift_flag(struct thrift *to, unsigned number, bool value)
{
    thrift_field(to, number, value ? THRIFT_TRUE : THRIFT_FALSE);
}

/* An element of a list of bytes. */
static inline void thrift_text(struct thrift *to, const void *bytes, size_t size)
{
    thrift_varint(to, size);
    if (!buffer_reserve(&to->bytes, size)) {
        to->failed = true;
        return;
    }
    memcpy(to->bytes.bytes + to->bytes.used, bytes, size);
    to->bytes.used += size;
}

static inline void thrift_bytes(struct thrift *to, unsigned number, const void *bytes, size_t size)
{
    thrift_field(to, number, THRIFT_BYTES);
    thrift_text(to, bytes, size);
}

/* Its elements follow, without fields. */
static inline void thrift_list(struct thrift *to, unsigned number, unsigned type, size_t count)
{
    thrift_field(to, number, THRIFT_LIST);
    thrift_byte(to, (unsigned)(count < 15 ? count : 15) << 4 | type);
    if (count >= 15)
        thrift_varint(to, count);
}

/* A structure that is an element of a list, or after thrift_field() a field. */
static inline void thrift_open(struct thrift *to)
{
    to->last[++to->depth] = 0;
}

static inline void thrift_open_field(struct thrift *to, unsigned number)
{
    thrift_field(to, number, THRIFT_STRUCT);
    thrift_open(to);
}

static inline void thrift_close(struct thrift *to)
{
    thrift_byte(to, 0);
    to->last[to->depth] = 0;
    if (to->depth)
        to->depth--;
}

#endif
