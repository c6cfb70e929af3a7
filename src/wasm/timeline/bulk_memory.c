/*
 * Copies and fills memory with the instructions for it. With -Oz, Emscripten's C library does so byte by byte, and a
 * trace of gigabytes is copied more than once. Every engine with SIMD, which the page needs, has these instructions
 * too.
 */
#include <string.h>

/* Up to this size, a loop costs less than an engine's own function. */
#define SMALL_BYTES 64u

void *memcpy(void *restrict to, const void *restrict from, size_t bytes)
{
    unsigned char *out = to;
    const unsigned char *in = from;
    if (bytes > SMALL_BYTES)
        return __builtin_memcpy(to, from, bytes);
    while (bytes--)
        *out++ = *in++;
    return to;
}

void *memmove(void *to, const void *from, size_t bytes)
{
    return __builtin_memmove(to, from, bytes);
}

void *memset(void *to, int byte, size_t bytes)
{
    return __builtin_memset(to, byte, bytes);
}
