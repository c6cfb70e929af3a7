/*
 * The wire format of protocol buffers: fields one after the other, each a number, a type, and a value or bytes. A
 * generated decoder (nanopb) would be more code than the few messages read here, and would need the .proto files.
 */
#ifndef RINGSCOPE_IMPORT_WIRE_FORMAT_H
#define RINGSCOPE_IMPORT_WIRE_FORMAT_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Bytes of a message that are left. */
struct message {
    const uint8_t *at, *end;
};

enum wire_type { WIRE_VARINT = 0, WIRE_64_BITS = 1, WIRE_BYTES = 2, WIRE_32_BITS = 5 };

struct wire_field {
    uint32_t number;
    uint32_t type;
    uint64_t value; /* of all types but WIRE_BYTES, whose length it is */
    struct message bytes; /* of WIRE_BYTES */
};

static inline struct message message_of(const char *bytes, size_t size)
{
    const uint8_t *at = (const uint8_t *)bytes;
    return (struct message){ at, at + size };
}

static inline bool wire_varint(struct message *message, uint64_t *value)
{
    *value = 0;
    for (unsigned shift = 0; message->at < message->end && shift < 64; shift += 7) {
        uint8_t byte = *message->at++;
        *value |= (uint64_t)(byte & 0x7f) << shift;
        if (!(byte & 0x80))
            return true;
    }
    return false;
}

static inline bool wire_fixed(struct message *message, size_t size, uint64_t *value)
{
    if ((size_t)(message->end - message->at) < size)
        return false;
    *value = 0;
    for (size_t i = 0; i < size; i++)
        *value |= (uint64_t)message->at[i] << 8 * i;
    message->at += size;
    return true;
}

/* The next field; false at the end, and where the bytes are no field. */
static inline bool wire_next(struct message *message, struct wire_field *field)
{
    uint64_t tag;
    if (message->at >= message->end || !wire_varint(message, &tag) || tag >> 3 == 0 || tag >> 3 > 0x1fffffff)
        return false;
    field->number = (uint32_t)(tag >> 3);
    field->type = tag & 7;
    field->bytes = (struct message){ message->at, message->at }; /* also of an unexpected type */
    switch (field->type) {
    case WIRE_VARINT:
        return wire_varint(message, &field->value);
    case WIRE_64_BITS:
        return wire_fixed(message, 8, &field->value);
    case WIRE_32_BITS:
        return wire_fixed(message, 4, &field->value);
    case WIRE_BYTES:
        if (!wire_varint(message, &field->value) || field->value > (uint64_t)(message->end - message->at))
            return false;
        field->bytes = (struct message){ message->at, message->at + field->value };
        message->at += field->value;
        return true;
    default: /* groups have not been written for many years */
        return false;
    }
}

static inline const char *wire_text(const struct wire_field *field, size_t *size)
{
    *size = field->type == WIRE_BYTES ? (size_t)(field->bytes.end - field->bytes.at) : 0;
    return *size ? (const char *)field->bytes.at : "";
}

static inline double wire_double(uint64_t bits)
{
    double number;
    memcpy(&number, &bits, sizeof number);
    return number;
}

#endif
