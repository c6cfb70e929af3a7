/*
 * Where the bytes of an image come from: memory or a file, behind one contract.
 */
#ifndef RINGSCOPE_SOURCE_H
#define RINGSCOPE_SOURCE_H

#include "../platform/platform.h"

struct source {
    const unsigned char *memory; /* borrowed; NULL: a file */
    bool changing; /* of memory: other threads are writing it, in aligned words */
    uint64_t size_bytes;
    struct platform_file file; /* owned by whoever made the source */
};

struct source source_memory(const void *bytes, uint64_t size_bytes, bool changing);
struct source source_file(const struct platform_file *file);

/*
 * Copies [offset, offset + size). Whatever one call copies before another call is ordered before it;
 * within a call the order is unknown. Words that writers store whole are copied whole if they are
 * aligned. ERROR_TRUNCATED if the source ends before, ERROR_READ.
 */
enum tracer_error source_read(const struct source *source, uint64_t offset_bytes, void *buffer, size_t size_bytes);

#endif
