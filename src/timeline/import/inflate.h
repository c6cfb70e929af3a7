/*
 * Unpacks DEFLATE (RFC 1951), pulling what is packed and pushing what is not: for the page, whose browsers stop at the
 * end of a first member, and drop what they had where a stream is cut off.
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
    INFLATE_CUT, /* the input ended before */
    INFLATE_DAMAGED,
    INFLATE_STOPPED, /* by read() or write() */
};

/* Where it comes from and goes to. */
struct inflate_ends {
    /* How many bytes were read, less than asked for at the end only; SIZE_MAX: it cannot be read. */
    size_t (*read)(void *context, unsigned char *to, size_t bytes);
    bool (*write)(void *context, const unsigned char *bytes, size_t count);
    void *context;
};

/* All zero but for the ends at first. Large: not for a stack. */
struct inflate {
    struct inflate_ends ends;
    unsigned char in[INFLATE_IN_BYTES];
    size_t in_at, in_used;
    bool in_ended, stopped;
    uint64_t bits; /* the next ones, from the lowest on */
    unsigned bit_count; /* beyond the input they are 0 */
    unsigned missing_bits; /* of bit_count: beyond the input */
    unsigned char out[INFLATE_WINDOW_BYTES + INFLATE_BLOCK_BYTES];
    size_t out_begin, out_used; /* what was not written yet; before it is the window */
    uint32_t crc, crc_table[4][256]; /* of bytes that are followed by none to three others */
    uint64_t total_bytes; /* of a stream, written or to be written */
};

/* A whole stream: what could be unpacked is written, whatever the result. */
enum inflate_result inflate_stream(struct inflate *inflate);
/* The next byte of the input, of what stands around streams; -1 at the end. */
int inflate_byte(struct inflate *inflate);

#endif
