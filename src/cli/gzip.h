/*
 * Compresses a trace, for a report: with zlib, which is on every system.
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

#endif
