/* Where zlib is not there: pages as they are. */
#include "table.h"

const int32_t parquet_codec = 0; /* UNCOMPRESSED */

bool parquet_pack(struct buffer *out, const void *bytes, size_t size)
{
    return buffer_append(out, bytes, size);
}
