/*
 * Compresses a trace, for a report, and decompresses what was compressed: with zlib, which is on every system.
 */
#ifndef RINGSCOPE_CLI_GZIP_H
#define RINGSCOPE_CLI_GZIP_H

#include "trace.h"

struct gzip {
    unsigned char *bytes; /* the caller frees them */
    size_t size;
};

/* NULL, or why it cannot be, with nothing to free. *too_large: it would have more than most_bytes. */
const char *gzip_trace(const struct trace_bytes *trace, size_t most_bytes, struct gzip *packed, bool *too_large);

/* Whether bytes begin as gzip's do. */
static inline bool gzip_begins(const void *bytes, size_t size)
{
    const unsigned char *start = bytes;
    return size >= 2 && start[0] == 0x1f && start[1] == 0x8b;
}

/* Takes what was unpacked; false: no more is wanted. */
typedef bool gzip_take(void *context, const void *bytes, size_t size);

/* Unpacks what a file has after the bytes that were read of it already: all members, one after the other, and zeros
 * after the last. NULL, or why it cannot be. *cut: what came before was sound. */
const char *gzip_stream(int file, const void *first, size_t first_size, gzip_take *take, void *context, bool *cut);

#endif
