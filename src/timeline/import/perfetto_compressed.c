/* Decompresses packets that Perfetto's service compressed. */
#include "perfetto_compressed.h"

#include <stdlib.h>
#include <string.h>

#include "inflate.h"

#define UNPACKED_MAX ((size_t)256 << 20) /* per packet: more is not a trace, but meant to exhaust memory */
#define HEADER_BYTES 2

struct unpacking {
    struct message left;
    struct buffer *packets;
    bool failed; /* out of memory */
};

static size_t read_packed(void *context, unsigned char *to, size_t bytes)
{
    struct message *left = &((struct unpacking *)context)->left;
    size_t size = (size_t)(left->end - left->at);
    size = size < bytes ? size : bytes;
    memcpy(to, left->at, size);
    left->at += size;
    return size;
}

static bool write_packets(void *context, const unsigned char *bytes, size_t count)
{
    struct unpacking *unpacking = context;
    struct buffer *packets = unpacking->packets;
    if (count > UNPACKED_MAX - packets->used)
        return false;
    unpacking->failed = !buffer_reserve(packets, count);
    if (unpacking->failed)
        return false;
    memcpy(packets->bytes + packets->used, bytes, count);
    packets->used += count;
    return true;
}

/* Checks for DEFLATE without a dictionary. The checksum at the end is ignored: packets themselves show whether they are
 * sound. */
static bool has_header(struct message packed)
{
    return packed.end - packed.at > HEADER_BYTES && (packed.at[0] & 15) == 8 && !(packed.at[1] & 32) &&
           (packed.at[0] << 8 | packed.at[1]) % 31 == 0;
}

enum perfetto_unpacked perfetto_unpack(struct message packed, struct buffer *packets)
{
    if (!has_header(packed))
        return UNPACKED_IN_PART;
    struct inflate *inflate = calloc(1, sizeof *inflate);
    if (!inflate)
        return UNPACKED_NO_MEMORY;
    struct unpacking unpacking = { .left = { packed.at + HEADER_BYTES, packed.end }, .packets = packets };
    inflate->ends = (struct inflate_ends){ read_packed, write_packets, &unpacking };
    const enum inflate_result result = inflate_stream(inflate);
    free(inflate);
    if (unpacking.failed)
        return UNPACKED_NO_MEMORY;
    return result == INFLATE_END ? UNPACKED : UNPACKED_IN_PART;
}
