/*
 * Decompresses DEFLATE (RFC 1951), pulling compressed bytes and pushing the others. For the page, because browsers stop
 * at the end of the first member, and drop the output of a stream that is cut off.
 */
#ifndef RINGSCOPE_IMPORT_INFLATE_H
#define RINGSCOPE_IMPORT_INFLATE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INFLATE_IN_BYTES ((size_t)256 << 10)
#define INFLATE_BLOCK_BYTES ((size_t)256 << 10)
#define INFLATE_WINDOW_BYTES ((size_t)32 << 10)

enum inflate_result {
    INFLATE_END,
    INFLATE_CUT, /* the input ended early */
    INFLATE_DAMAGED,
    INFLATE_STOPPED, /* by read() or write() */
};

/* The input and the output. */
struct inflate_ends {
    /* Returns the number of bytes read, less than requested only at the end; SIZE_MAX: reading failed. */
    size_t (*read)(void *context, unsigned char *to, size_t bytes);
    bool (*write)(void *context, const unsigned char *bytes, size_t count);
    void *context;
};

/* Initially all zero except the ends. Too large for a stack. */
struct inflate {
    struct inflate_ends ends;
    unsigned char in[INFLATE_IN_BYTES];
    size_t in_at, in_used;
    bool in_ended, stopped;
    uint64_t bits; /* the next ones, from the lowest on */
    unsigned bit_count; /* beyond the input they are 0 */
    unsigned missing_bits; /* of bit_count: beyond the input */
    unsigned char out[INFLATE_WINDOW_BYTES + INFLATE_BLOCK_BYTES];
    size_t out_begin, out_used; /* pending output, with the window before it */
    uint32_t crc, crc_table[4][256]; /* for bytes followed by zero to three others */
    uint64_t total_bytes; /* output of a stream, written or pending */
};

/* Decompresses a whole stream; output up to a problem is written, whatever the result. */
enum inflate_result inflate_stream(struct inflate *inflate);
/* The next byte of the input, for what surrounds streams; -1 at the end. */
int inflate_byte(struct inflate *inflate);

#endif
