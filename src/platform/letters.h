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

#if defined(__SSE2__)

#include <emmintrin.h>

#define LETTERS_AT_ONCE 16
#define LETTER_BITS 1

static inline uint32_t letters_of_either(const char *at, char one, char other)
{
    __m128i text = _mm_loadu_si128((const __m128i *)(const void *)at);
    return (uint32_t)_mm_movemask_epi8(
        _mm_or_si128(_mm_cmpeq_epi8(text, _mm_set1_epi8(one)), _mm_cmpeq_epi8(text, _mm_set1_epi8(other))));
}

#elif defined(__wasm_simd128__)

#include <wasm_simd128.h>

#define LETTERS_AT_ONCE 16
#define LETTER_BITS 1

static inline uint32_t letters_of_either(const char *at, char one, char other)
{
    v128_t text = wasm_v128_load(at);
    return (uint32_t)wasm_i8x16_bitmask(
        wasm_v128_or(wasm_i8x16_eq(text, wasm_i8x16_splat(one)), wasm_i8x16_eq(text, wasm_i8x16_splat(other))));
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
