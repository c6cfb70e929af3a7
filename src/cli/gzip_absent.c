/* What stands for compression where zlib was not there when ringscope was built. */
#include "gzip.h"

const char *gzip_trace(const struct trace_bytes *trace, size_t most_bytes, struct gzip *packed, bool *too_large)
{
    (void)trace, (void)most_bytes;
    *packed = (struct gzip){ 0 };
    *too_large = false;
    return "ringscope was built without zlib, which it needs to compress the trace";
}

const char *gzip_unpack(const void *bytes, size_t size, struct gzip *unpacked)
{
    (void)bytes, (void)size;
    *unpacked = (struct gzip){ 0 };
    return "it is compressed, and this ringscope was built without zlib";
}
