/*
 * Compresses a trace for a report, and decompresses input, with zlib.
 */
#ifndef RINGSCOPE_CLI_GZIP_H
#define RINGSCOPE_CLI_GZIP_H

#include "trace.h"

struct gzip {
    unsigned char *bytes; /* the caller frees them */
    size_t size;
};

/* Returns NULL, or the reason for a failure, with nothing to free. *too_large: it would exceed most_bytes. */
const char *gzip_trace(const struct trace_bytes *trace, size_t most_bytes, struct gzip *packed, bool *too_large);

/* Whether the bytes begin like gzip data. */
static inline bool gzip_begins(const void *bytes, size_t size)
{
    const unsigned char *start = bytes;
    return size >= 2 && start[0] == 0x1f && start[1] == 0x8b;
}

/* Takes decompressed bytes; false: no more are wanted. */
typedef bool gzip_handle(void *context, const void *bytes, size_t size);

/* Decompresses a file after the bytes that were already read from it: all members, one after the other, and zeros after
 * the last. Returns NULL, or the reason for a failure. *cut: the data before it was sound. */
const char *gzip_stream(int file, const void *first, size_t first_size, gzip_handle *handle, void *context, bool *cut);

#endif
