/* See utf8.h. The table is Unicode 15, chapter 3, table 3-7. */
#include "utf8.h"

#include <string.h>

static bool continues(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* The bounds of the second byte depend on the first: they exclude overlong forms and surrogates. */
static bool second_fits(unsigned char first, unsigned char second)
{
    switch (first) {
    case 0xE0:
        return second >= 0xA0 && second <= 0xBF;
    case 0xED:
        return second >= 0x80 && second <= 0x9F;
    case 0xF0:
        return second >= 0x90 && second <= 0xBF;
    case 0xF4:
        return second >= 0x80 && second <= 0x8F;
    default:
        return continues(second);
    }
}

size_t utf8_bytes(const unsigned char *text, size_t left)
{
    unsigned char first = text[0];
    size_t bytes = first < 0x80 ? 1 : first < 0xC2 ? 0 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : first < 0xF5 ? 4 : 0;
    if (bytes < 2 || bytes > left)
        return bytes == 1 && first ? 1 : 0;
    if (!second_fits(first, text[1]))
        return 0;
    for (size_t i = 2; i < bytes; i++) {
        if (!continues(text[i]))
            return 0;
    }
    return bytes;
}

/* Most texts are ASCII: eight bytes at a time. */
size_t utf8_valid_bytes(const unsigned char *text, size_t size)
{
    size_t at = 0;
    while (at < size) {
        uint64_t word;
        if (size - at >= sizeof word) {
            memcpy(&word, text + at, sizeof word);
            uint64_t zero = (word - 0x0101010101010101ull) & ~word;
            if (((word | zero) & 0x8080808080808080ull) == 0) {
                at += sizeof word;
                continue;
            }
        }
        size_t bytes = utf8_bytes(text + at, size - at);
        if (bytes == 0)
            return at;
        at += bytes;
    }
    return at;
}
