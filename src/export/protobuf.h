/*
 * Writes messages of protocol buffers: a sequence of fields, each with a number, a type, and a value or bytes. A nested
 * message is first written to a message of its own, because its length precedes it.
 */
#ifndef RINGSCOPE_EXPORT_PROTOBUF_H
#define RINGSCOPE_EXPORT_PROTOBUF_H

#include <string.h>

#include "../base/array.h"

/* All zero: empty. Owns its bytes until buffer_free(). */
struct protobuf {
    struct buffer bytes;
    bool failed; /* out of memory: fields are missing */
};

enum { PROTOBUF_VARINT = 0, PROTOBUF_64_BITS = 1, PROTOBUF_BYTES = 2 };
#define PROTOBUF_VARINT_MAX 10u /* the longest, in bytes */

static inline bool protobuf_reserve(struct protobuf *to, size_t more)
{
    if (more <= to->bytes.size - to->bytes.used || buffer_reserve(&to->bytes, more))
        return true;
    to->failed = true;
    return false;
}

/* For the three below there must be room. */
static inline void protobuf_append_varint(struct buffer *to, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        to->bytes[to->used++] = (char)(value | 0x80);
    to->bytes[to->used++] = (char)value;
}

static inline void protobuf_append_tag(struct buffer *to, uint32_t number, unsigned type)
{
    protobuf_append_varint(to, (uint64_t)number << 3 | type);
}

static inline void protobuf_append(struct buffer *to, const void *bytes, size_t size)
{
    memcpy(to->bytes + to->used, bytes, size);
    to->used += size;
}

static inline void protobuf_number(struct protobuf *to, uint32_t number, uint64_t value)
{
    if (!protobuf_reserve(to, (size_t)2 * PROTOBUF_VARINT_MAX))
        return;
    protobuf_append_tag(&to->bytes, number, PROTOBUF_VARINT);
    protobuf_append_varint(&to->bytes, value);
}

/* A field of type fixed64, or a double by its bits. The lowest byte comes first on any processor. */
static inline void protobuf_64_bits(struct protobuf *to, uint32_t number, uint64_t bits)
{
    if (!protobuf_reserve(to, PROTOBUF_VARINT_MAX + sizeof bits))
        return;
    protobuf_append_tag(&to->bytes, number, PROTOBUF_64_BITS);
    for (unsigned i = 0; i < sizeof bits; i++)
        to->bytes.bytes[to->bytes.used++] = (char)(bits >> 8 * i & 0xff);
}

static inline void protobuf_double(struct protobuf *to, uint32_t number, double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    protobuf_64_bits(to, number, bits);
}

static inline void protobuf_text(struct protobuf *to, uint32_t number, const char *text, size_t size)
{
    if (size > SIZE_MAX / 2 || !protobuf_reserve(to, (size_t)2 * PROTOBUF_VARINT_MAX + size)) {
        to->failed = true;
        return;
    }
    protobuf_append_tag(&to->bytes, number, PROTOBUF_BYTES);
    protobuf_append_varint(&to->bytes, size);
    protobuf_append(&to->bytes, text, size);
}

/* Appends a nested message and empties it. */
static inline void protobuf_message(struct protobuf *to, uint32_t number, struct protobuf *within)
{
    protobuf_text(to, number, within->bytes.bytes ? within->bytes.bytes : "", within->bytes.used);
    to->failed |= within->failed;
    within->bytes.used = 0;
}

#endif
