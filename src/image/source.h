/*
 * Where the bytes of an image come from: memory, a file, or a function, behind one contract.
 */
#ifndef RINGSCOPE_SOURCE_H
#define RINGSCOPE_SOURCE_H

#include "../platform/platform.h"

/* Copies [offset, offset + size), which lies within the source. False if it cannot be read. */
typedef bool source_function(void *context, uint64_t offset_bytes, void *buffer, size_t size_bytes);

struct source {
    const unsigned char *memory; /* borrowed; NULL: a file, or a function */
    source_function *function; /* yields bytes that nobody changes; NULL: a file */
    void *context; /* borrowed, for the function */
    bool changing; /* memory that other threads are writing, in aligned words */
    uint64_t size_bytes;
    uint64_t begins_at; /* offset in the file */
    struct platform_file file;
    bool lent; /* the file stays its owner's to close; else it is the reader's */
};

struct source source_memory(const void *bytes, uint64_t size_bytes, bool changing);
struct source source_file(const struct platform_file *file);
/* The bytes from begins_at to the end of a lent file. */
struct source source_file_from(const struct platform_file *file, uint64_t begins_at);
struct source source_from(source_function *function, void *context, uint64_t size_bytes);

/*
 * Copies [offset, offset + size). One call's copying is ordered before the next call's; within a call the order is
 * unspecified. Aligned words that writers store whole are copied whole. ERROR_READ, and ERROR_TRUNCATED if the source
 * ends early.
 */
enum tracer_error source_read(const struct source *source, uint64_t offset_bytes, void *buffer, size_t size_bytes);

/* The end of the last data in [from, to), past which there is only a hole of the file, which reads as zeros. `to` if
 * that is unknown, `from` if there is no data. Exact to the block: the last bytes before it may be zeros as well. */
uint64_t source_data_end(const struct source *source, uint64_t from, uint64_t to);

#endif
