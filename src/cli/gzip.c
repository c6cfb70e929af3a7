/* Compression, on zlib. */
#include "gzip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>

#define BLOCK_BYTES ((size_t)1 << 18)
#define WINDOW_BITS (15 + 16) /* zlib's greatest window; 16 more asks for gzip's header */
#define MEMORY_LEVEL 9
#define LEVEL 6 /* 9 takes twice as long for one or two in a hundred */

struct packing {
    z_stream stream;
    struct gzip packed;
    size_t room, most;
    unsigned char block[BLOCK_BYTES];
};

static bool grow(struct packing *packing)
{
    size_t room = packing->room ? packing->room * 2 : BLOCK_BYTES;
    unsigned char *bytes = realloc(packing->packed.bytes, room);
    if (!bytes)
        return false;
    packing->packed.bytes = bytes;
    packing->room = room;
    return true;
}

/* Takes all of the block, and at the end gives all there is. */
static const char *deflate_block(struct packing *packing, int flush)
{
    int result = Z_OK;
    do {
        if (packing->packed.size == packing->room && !grow(packing))
            return strerror(ENOMEM);
        size_t room = packing->room - packing->packed.size;
        packing->stream.next_out = packing->packed.bytes + packing->packed.size;
        packing->stream.avail_out = (uInt)(room < BLOCK_BYTES ? room : BLOCK_BYTES);
        size_t before = packing->stream.avail_out;
        result = deflate(&packing->stream, flush);
        packing->packed.size += before - packing->stream.avail_out;
        if (result == Z_STREAM_ERROR)
            return "zlib: the stream is damaged";
    } while (packing->stream.avail_out == 0);
    return NULL;
}

static const char *pack(struct packing *packing, const struct trace_bytes *trace)
{
    for (uint64_t at = 0; at < trace->size || at == 0; at += BLOCK_BYTES) {
        size_t size = trace->size - at < BLOCK_BYTES ? (size_t)(trace->size - at) : BLOCK_BYTES;
        if (!trace_read(trace, at, packing->block, size))
            return "the file could not be read to its end";
        packing->stream.next_in = packing->block;
        packing->stream.avail_in = (uInt)size;
        const char *reason = deflate_block(packing, at + size == trace->size ? Z_FINISH : Z_NO_FLUSH);
        if (reason || packing->packed.size > packing->most)
            return reason;
    }
    return NULL;
}

const char *gzip_trace(const struct trace_bytes *trace, size_t most_bytes, struct gzip *packed, bool *too_large)
{
    struct packing *packing = calloc(1, sizeof *packing);
    const char *reason = strerror(ENOMEM);
    *too_large = false;
    if (!packing)
        return reason;
    packing->most = most_bytes;
    if (deflateInit2(&packing->stream, LEVEL, Z_DEFLATED, WINDOW_BITS, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) == Z_OK) {
        reason = pack(packing, trace);
        deflateEnd(&packing->stream);
    }
    *too_large = !reason && packing->packed.size > most_bytes;
    if (*too_large)
        reason = "too large";
    if (reason)
        free(packing->packed.bytes);
    *packed = reason ? (struct gzip){ 0 } : packing->packed;
    free(packing);
    return reason;
}

/* -------------------------------------------------------------- decompressing */

static bool grow_unpacked(struct gzip *unpacked, size_t *room)
{
    size_t larger = *room ? *room * 2 : BLOCK_BYTES;
    unsigned char *bytes = larger > *room ? realloc(unpacked->bytes, larger) : NULL;
    if (!bytes)
        return false;
    unpacked->bytes = bytes;
    *room = larger;
    return true;
}

/* zlib counts in 32 bits. */
static uInt at_most_a_block(size_t size)
{
    return (uInt)(size < BLOCK_BYTES ? size : BLOCK_BYTES);
}

static const char *unpack(z_stream *stream, const unsigned char *from, size_t size, struct gzip *unpacked)
{
    size_t room = 0, read = 0;
    int result = Z_OK;
    while (read < size || result != Z_STREAM_END) {
        if (result == Z_STREAM_END && inflateReset(stream) != Z_OK)
            return "zlib: the stream is damaged";
        if (unpacked->size == room && !grow_unpacked(unpacked, &room))
            return strerror(ENOMEM);
        stream->next_in = (unsigned char *)(uintptr_t)(from + read);
        stream->avail_in = at_most_a_block(size - read);
        stream->next_out = unpacked->bytes + unpacked->size;
        stream->avail_out = at_most_a_block(room - unpacked->size);
        uInt given = stream->avail_in, free_room = stream->avail_out;
        result = inflate(stream, Z_NO_FLUSH);
        read += given - stream->avail_in;
        unpacked->size += free_room - stream->avail_out;
        if (result == Z_BUF_ERROR && read == size)
            return "the gzip file is cut off";
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return "the gzip file is damaged";
    }
    return NULL;
}

const char *gzip_unpack(const void *bytes, size_t size, struct gzip *unpacked)
{
    z_stream stream = { 0 };
    *unpacked = (struct gzip){ 0 };
    if (inflateInit2(&stream, WINDOW_BITS) != Z_OK)
        return strerror(ENOMEM);
    const char *reason = unpack(&stream, bytes, size, unpacked);
    inflateEnd(&stream);
    if (reason) {
        free(unpacked->bytes);
        *unpacked = (struct gzip){ 0 };
    }
    return reason;
}
