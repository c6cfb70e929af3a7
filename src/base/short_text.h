/*
 * Short texts, a word at a time: in WebAssembly the C library's functions go byte by byte, and natively the call alone
 * takes longer than the work.
 */
#ifndef RINGSCOPE_BASE_SHORT_TEXT_H
#define RINGSCOPE_BASE_SHORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t words_load8(const char *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, 8);
    return word;
}

/* Copies into memory that other threads may be reading. Byte by byte, so that no byte is torn; not by memcpy(), which
 * ThreadSanitizer intercepts even in a library that it does not instrument, missing what orders the accesses. */
static inline void copy_shared(char *to, const char *bytes, size_t length)
{
    for (size_t i = 0; i < length; i++)
        __atomic_store_n(to + i, bytes[i], __ATOMIC_RELAXED);
}

/* The bytes that do not fill a word, in any order as long as it is always the same. */
static inline uint64_t words_load_below_8(const char *bytes, size_t length)
{
    uint32_t low, high;
    if (length >= 4) {
        memcpy(&low, bytes, 4);
        memcpy(&high, bytes + length - 4, 4);
        return (uint64_t)high << 32 | low;
    }
    if (length == 0)
        return 0;
    return (uint64_t)(unsigned char)bytes[0] | (uint64_t)(unsigned char)bytes[length / 2] << 8 |
           (uint64_t)(unsigned char)bytes[length - 1] << 16;
}

/* From 8 bytes on, the last word overlaps the one before it. */
static inline bool words_same(const char *a, const char *b, size_t length)
{
    if (length < 8)
        return words_load_below_8(a, length) == words_load_below_8(b, length);
    for (size_t i = 0; i + 8 < length; i += 8) {
        if (words_load8(a + i) != words_load8(b + i))
            return false;
    }
    return words_load8(a + length - 8) == words_load8(b + length - 8);
}

#endif
