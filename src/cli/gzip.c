/* Compression, with zlib. */
#include "gzip.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#define BLOCK_BYTES ((size_t)1 << 18)
#define WINDOW_BITS (15 + 16) /* zlib's greatest window; 16 selects gzip's header */
#define MEMORY_LEVEL 9
#define RATIO_MAX 1032 /* bytes that one compressed byte can stand for */
#define LEVEL 6 /* 9 takes twice as long to save one or two percent */

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

/* Consumes the whole block; at the end, flushes all output. */
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
    *too_large = trace->size / RATIO_MAX > most_bytes;
    if (*too_large)
        return "too large";
    struct packing *packing = calloc(1, sizeof *packing);
    const char *reason = strerror(ENOMEM);
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

struct unpacking {
    z_stream stream;
    int file;
    gzip_handle *handle;
    void *context;
    bool ended; /* a member has ended, and no other has begun */
    uint64_t unpacked; /* bytes */
    char reason[96];
    unsigned char from[BLOCK_BYTES], to[BLOCK_BYTES];
};

static const char *cut_off(struct unpacking *unpacking)
{
    snprintf(unpacking->reason, sizeof unpacking->reason, "the gzip file is cut off; %llu bytes were in it",
             (unsigned long long)unpacking->unpacked);
    return unpacking->reason;
}

static const char *damaged(struct unpacking *unpacking)
{
    snprintf(unpacking->reason, sizeof unpacking->reason, "the gzip file is damaged after %llu bytes of the trace",
             (unsigned long long)unpacking->unpacked);
    return unpacking->reason;
}

/* A file may end in a hole of any size, which is skipped. A pipe has no holes. */
static void skip_hole(int file)
{
    off_t at = lseek(file, 0, SEEK_CUR);
    if (at >= 0 && lseek(file, at, SEEK_DATA) < 0 && errno == ENXIO)
        lseek(file, 0, SEEK_END);
}

/* A member may be followed by another, or by zeros, which pad blocks of tapes and disks. False: neither. */
static bool begin_member(struct unpacking *unpacking)
{
    z_stream *stream = &unpacking->stream;
    while (stream->avail_in && *stream->next_in == 0) {
        stream->next_in++;
        stream->avail_in--;
    }
    if (stream->avail_in == 0) {
        skip_hole(unpacking->file);
        return true;
    }
    unpacking->ended = false;
    return *stream->next_in == 0x1f && inflateReset(stream) == Z_OK;
}

/* Decompresses everything read so far. NULL, or the reason why it stops; *stopped: take wants no more. */
static const char *unpack_block(struct unpacking *unpacking, bool *stopped)
{
    z_stream *stream = &unpacking->stream;
    while (!*stopped && stream->avail_in) {
        if (unpacking->ended && !begin_member(unpacking))
            return "data that is not gzip follows";
        if (unpacking->ended)
            return NULL;
        stream->next_out = unpacking->to;
        stream->avail_out = sizeof unpacking->to;
        int result = inflate(stream, Z_NO_FLUSH);
        size_t size = sizeof unpacking->to - stream->avail_out;
        unpacking->unpacked += size;
        *stopped = size && !unpacking->handle(unpacking->context, unpacking->to, size);
        if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR)
            return damaged(unpacking);
        unpacking->ended = result == Z_STREAM_END;
    }
    return NULL;
}

static const char *unpack(struct unpacking *unpacking, const void *first, size_t first_size, bool *cut)
{
    bool stopped = false;
    memcpy(unpacking->from, first, first_size);
    for (ssize_t size = (ssize_t)first_size; size != 0 && !stopped;) {
        unpacking->stream.next_in = unpacking->from;
        unpacking->stream.avail_in = (uInt)size;
        const char *reason = unpack_block(unpacking, &stopped);
        *cut = reason != NULL;
        if (reason)
            return reason;
        do
            size = read(unpacking->file, unpacking->from, sizeof unpacking->from);
        while (size < 0 && errno == EINTR);
        if (size < 0)
            return strerror(errno);
    }
    *cut = !unpacking->ended && !stopped;
    return *cut ? cut_off(unpacking) : NULL;
}

/* Valid until the next call. */
static const char *keep(const char *reason)
{
    static char kept[96];
    if (reason)
        snprintf(kept, sizeof kept, "%s", reason);
    return reason ? kept : NULL;
}

const char *gzip_stream(int file, const void *first, size_t first_size, gzip_handle *handle, void *context, bool *cut)
{
    struct unpacking *unpacking = first_size <= BLOCK_BYTES ? calloc(1, sizeof *unpacking) : NULL;
    *cut = false;
    if (!unpacking || inflateInit2(&unpacking->stream, WINDOW_BITS) != Z_OK) {
        free(unpacking);
        return strerror(ENOMEM);
    }
    unpacking->file = file;
    unpacking->handle = handle;
    unpacking->context = context;
    const char *reason = keep(unpack(unpacking, first, first_size, cut));
    inflateEnd(&unpacking->stream);
    free(unpacking);
    return reason;
}
