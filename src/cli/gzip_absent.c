/* Replaces compression if zlib was missing when ringscope was built. */
#include "gzip.h"

const char *gzip_trace(const struct trace_bytes *trace, size_t most_bytes, struct gzip *packed, bool *too_large)
{
    (void)trace, (void)most_bytes;
    *packed = (struct gzip){ 0 };
    *too_large = false;
    return "ringscope was built without zlib, which it needs to compress the trace";
}

const char *gzip_stream(int file, const void *first, size_t first_size, gzip_handle *handle, void *context, bool *cut)
{
    (void)file, (void)first, (void)first_size, (void)handle, (void)context;
    *cut = false;
    return "it is compressed, and this ringscope was built without zlib";
}
