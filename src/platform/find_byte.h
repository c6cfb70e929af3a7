/*
 * Finds bytes in text, BYTES_AT_ONCE at a time: with SSE2, with WebAssembly's SIMD, or in one word.
 */
#ifndef RINGSCOPE_FIND_BYTE_H
#define RINGSCOPE_FIND_BYTE_H

#include <stdint.h>
#include <string.h>

#if defined(__SSE2__) || defined(__wasm_simd128__)

#define BYTES_AT_ONCE 16
#define BITS_A_BYTE 1

typedef signed char byte_vector __attribute__((vector_size(BYTES_AT_ONCE)));
typedef unsigned char plain_byte_vector __attribute__((vector_size(BYTES_AT_ONCE)));

/* One bit per byte, by the compiler's builtin: headers of intrinsics exist only on their processors, and the library as
 * one file includes all headers. */
static inline uint32_t byte_mask(byte_vector found)
{
#if defined(__SSE2__)
    return (uint32_t)__builtin_ia32_pmovmskb128((__attribute__((vector_size(16))) char)found);
#else
    return (uint32_t)__builtin_wasm_bitmask_i8x16(found);
#endif
}

static inline uint32_t bytes_of_either(const char *at, char one, char other)
{
    byte_vector text;
    memcpy(&text, at, sizeof text);
    return byte_mask((text == (signed char)one) | (text == (signed char)other));
}

/* Bytes that end a JSON string or must be escaped in it: a quote, a backslash, a control byte. */
static inline uint32_t bytes_of_string_end(const char *at)
{
    byte_vector text;
    memcpy(&text, at, sizeof text);
    return byte_mask((text == '"') | (text == '\\') | (byte_vector)((plain_byte_vector)text < (unsigned char)' '));
}

#else

#define BYTES_AT_ONCE 8
#define BITS_A_BYTE 8
#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (unsigned char)(byte))

/* Nonzero from the first byte on that equals this one (Mycroft's test for a zero byte). */
static inline uint64_t bytes_of_one(uint64_t text, char byte)
{
    uint64_t zeros = text ^ EACH_BYTE(byte);
    return (zeros - EACH_BYTE(1)) & ~zeros & EACH_BYTE(0x80);
}

static inline uint64_t bytes_of_either(const char *at, char one, char other)
{
    uint64_t text = 0;
    for (unsigned i = 0; i < sizeof text; i++)
        text |= (uint64_t)(unsigned char)at[i] << 8 * i;
    return bytes_of_one(text, one) | bytes_of_one(text, other);
}

static inline uint64_t bytes_of_string_end(const char *at)
{
    uint64_t text = 0;
    for (unsigned i = 0; i < sizeof text; i++)
        text |= (uint64_t)(unsigned char)at[i] << 8 * i;
    uint64_t controls = (text - EACH_BYTE(' ')) & ~text & EACH_BYTE(0x80);
    return bytes_of_one(text, '"') | bytes_of_one(text, '\\') | controls;
}

#endif

/* The first byte that is either of the two, or the end. */
static inline const char *find_byte(const char *at, const char *end, char one, char other)
{
    for (; end - at >= BYTES_AT_ONCE; at += BYTES_AT_ONCE) {
        uint64_t found = bytes_of_either(at, one, other);
        if (found)
            return at + __builtin_ctzll(found) / BITS_A_BYTE;
    }
    while (at < end && *at != one && *at != other)
        at++;
    return at;
}

/* The first quote, backslash or control byte, or the end. For importers, which the library as one file leaves out. */
static inline __attribute__((unused)) const char *find_string_end(const char *at, const char *end)
{
    for (; end - at >= BYTES_AT_ONCE; at += BYTES_AT_ONCE) {
        uint64_t found = bytes_of_string_end(at);
        if (found)
            return at + __builtin_ctzll(found) / BITS_A_BYTE;
    }
    while (at < end && *at != '"' && *at != '\\' && (unsigned char)*at >= ' ')
        at++;
    return at;
}

#endif
