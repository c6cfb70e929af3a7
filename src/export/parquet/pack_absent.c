/* Where zlib is not there: pages as they are. */
#include "column.h"

const int32_t parquet_codec = 0; /* UNCOMPRESSED */

bool parquet_pack(struct buffer *out, const void *bytes, size_t size)
{
    if (!buffer_reserve(out, size))
        return false;
    memcpy(out->bytes + out->used, bytes, size);
    out->used += size;
    return true;
}
