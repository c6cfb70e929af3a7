/*
 * Compression of what exporters write, with zlib. The library needs no other library, so only the command links this,
 * if zlib is there.
 */
#ifndef RINGSCOPE_EXPORT_COMPRESS_H
#define RINGSCOPE_EXPORT_COMPRESS_H

#include "../base/array.h"
#include "../platform/platform.h"

/* The wrapper around DEFLATE, a header and a checksum; the values are what zlib expects to be added to the window's
 * size. */
enum compress_format { COMPRESS_ZLIB = 0, COMPRESS_GZIP = 16 };

/* Appends bytes, compressed. False without memory. */
typedef bool export_compressor(struct buffer *out, const void *bytes, size_t size, enum compress_format format);
extern export_compressor export_compress PLATFORM_IF_LINKED;

/* NULL if it is not linked. Exporters call it by this address alone: a module that refers to an absent function does not
 * load. */
static inline export_compressor *export_compressor_linked(void)
{
    return PLATFORM_ADDRESS_IF_LINKED(export_compress);
}

#endif
