/*
 * Where the bytes of an image come from: memory, a file, or a function, behind one contract.
 */
#ifndef RINGSCOPE_SOURCE_H
#define RINGSCOPE_SOURCE_H

#include "../platform/platform.h"

/* Copies [offset, offset + size), which lies within the source. False: it cannot be read. */
typedef bool source_function(void *context, uint64_t offset_bytes, void *buffer, size_t size_bytes);

struct source {
    const unsigned char *memory; /* borrowed; NULL: a file, or a function */
    source_function *function; /* of bytes that nobody changes; NULL: a file */
    void *context; /* borrowed, for the function */
    bool changing; /* of memory: other threads are writing it, in aligned words */
    uint64_t size_bytes;
    uint64_t begins_at; /* in the file */
    struct platform_file file;
    bool lent; /* the file is its owner's, who closes it; else the reader's */
};

struct source source_memory(const void *bytes, uint64_t size_bytes, bool changing);
struct source source_file(const struct platform_file *file);
/* The same from a byte to the end of a file that is lent. */
struct source source_file_from(const struct platform_file *file, uint64_t begins_at);
struct source source_from(source_function *function, void *context, uint64_t size_bytes);

/*
 * Copies [offset, offset + size). Whatever one call copies before another call is ordered before it;
 * within a call the order is unknown. Words that writers store whole are copied whole if they are
 * aligned. ERROR_TRUNCATED if the source ends before, ERROR_READ.
 */
enum tracer_error source_read(const struct source *source, uint64_t offset_bytes, void *buffer, size_t size_bytes);

/* Where the last bytes of [from, to) end that are not a hole of a file, which reads as zeros: to if that is not known,
 * from if there are none. To the block: some of the bytes before may be zeros as well. */
uint64_t source_data_end(const struct source *source, uint64_t from, uint64_t to);

#endif
