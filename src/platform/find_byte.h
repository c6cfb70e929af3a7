/*
 * Finds letters in text, LETTERS_AT_ONCE at a time: by SSE2, by WebAssembly's SIMD, or in one word.
 */
#ifndef RINGSCOPE_LETTERS_H
#define RINGSCOPE_LETTERS_H

#include <stdint.h>
#include <string.h>

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (unsigned char)(byte))

/* Nonzero at and above the first byte that is the letter (Mycroft's test for a zero byte). */
static inline uint64_t letters_of_one(uint64_t text, char letter)
{
    uint64_t zeros = text ^ EACH_BYTE(letter);
    return (zeros - EACH_BYTE(1)) & ~zeros & EACH_BYTE(0x80);
}

#if defined(__SSE2__) || defined(__wasm_simd128__)

#define LETTERS_AT_ONCE 16
#define LETTER_BITS 1

typedef signed char letter_vector __attribute__((vector_size(LETTERS_AT_ONCE)));

/* A bit by byte, by the compiler's builtin: the headers of intrinsics exist on their processors only, and the
 * library as one file includes all headers. */
static inline uint32_t letters_mask(letter_vector found)
{
#if defined(__SSE2__)
    return (uint32_t)__builtin_ia32_pmovmskb128((__attribute__((vector_size(16))) char)found);
#else
    return (uint32_t)__builtin_wasm_bitmask_i8x16(found);
#endif
}

static inline uint32_t letters_of_either(const char *at, char one, char other)
{
    letter_vector text;
    memcpy(&text, at, sizeof text);
    return letters_mask((text == (signed char)one) | (text == (signed char)other));
}

#else

#define LETTERS_AT_ONCE 8
#define LETTER_BITS 8
static inline uint64_t letters_of_either(const char *at, char one, char other)
{
    uint64_t text = 0;
    for (unsigned i = 0; i < sizeof text; i++)
        text |= (uint64_t)(unsigned char)at[i] << 8 * i;
    return letters_of_one(text, one) | letters_of_one(text, other);
}

#endif

/* The first that is one of two letters, or the end. */
static inline const char *letters_find(const char *at, const char *end, char one, char other)
{
    for (; end - at >= LETTERS_AT_ONCE; at += LETTERS_AT_ONCE) {
        uint64_t found = letters_of_either(at, one, other);
        if (found)
            return at + __builtin_ctzll(found) / LETTER_BITS;
    }
    while (at < end && *at != one && *at != other)
        at++;
    return at;
}

#endif
