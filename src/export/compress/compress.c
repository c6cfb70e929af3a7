/* Compresses what exporters write; see compress.h. */
#include "../compress.h"

#include <zlib.h>

#define WINDOW_BITS 15 /* zlib's greatest window */
#define MEMORY_LEVEL 9
#define LEVEL 1 /* 6 takes three times as long for a tenth */

bool export_compress(struct buffer *out, const void *bytes, size_t size, enum compress_format format)
{
    z_stream stream = { 0 };
    if (size > UINT32_MAX ||
        deflateInit2(&stream, LEVEL, Z_DEFLATED, WINDOW_BITS + (int)format, MEMORY_LEVEL, Z_DEFAULT_STRATEGY) != Z_OK)
        return false;
    size_t most = deflateBound(&stream, size);
    bool ok = most <= UINT32_MAX && buffer_reserve(out, most);
    if (ok) {
        stream.next_in = (unsigned char *)(uintptr_t)bytes;
        stream.avail_in = (uInt)size;
        stream.next_out = (unsigned char *)out->bytes + out->used;
        stream.avail_out = (uInt)most;
        ok = deflate(&stream, Z_FINISH) == Z_STREAM_END;
        out->used += stream.total_out;
    }
    deflateEnd(&stream);
    return ok;
}
