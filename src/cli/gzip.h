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

/* All members of a gzip file, one after the other. NULL, or why it cannot be, with nothing to free. */
const char *gzip_unpack(const void *bytes, size_t size, struct gzip *unpacked);

#endif
