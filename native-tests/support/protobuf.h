/*
 * Writes protocol buffer messages, for tests of their readers.
 */
#ifndef RINGSCOPE_TEST_PROTOBUF_H
#define RINGSCOPE_TEST_PROTOBUF_H

#include <stdint.h>
#include <string.h>

struct proto {
    size_t used;
    unsigned char bytes[8192];
};

static inline void proto_varint(struct proto *to, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        to->bytes[to->used++] = (unsigned char)(value | 0x80);
    to->bytes[to->used++] = (unsigned char)value;
}

static inline void proto_number(struct proto *to, uint32_t field, uint64_t value)
{
    proto_varint(to, (uint64_t)field << 3);
    proto_varint(to, value);
}

static inline void proto_double(struct proto *to, uint32_t field, double value)
{
    proto_varint(to, (uint64_t)field << 3 | 1);
    memcpy(to->bytes + to->used, &value, sizeof value);
    to->used += sizeof value;
}

static inline void proto_bytes(struct proto *to, uint32_t field, const void *bytes, size_t size)
{
    proto_varint(to, (uint64_t)field << 3 | 2);
    proto_varint(to, size);
    memcpy(to->bytes + to->used, bytes, size);
    to->used += size;
}

static inline void proto_text(struct proto *to, uint32_t field, const char *text)
{
    proto_bytes(to, field, text, strlen(text));
}

static inline void proto_message(struct proto *to, uint32_t field, const struct proto *message)
{
    proto_bytes(to, field, message->bytes, message->used);
}

#endif
