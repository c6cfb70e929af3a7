/* Makes text valid UTF-8, as Unicode 15 chapter 3, table 3-7 defines it. */
#include <string.h>

#include "json.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
#define REPLACEMENT_BYTES 3u

static bool continues(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* The bounds of the second byte, by the first: they leave out overlong forms and surrogates. */
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

/* Bytes of the character at text; 0 for a byte that begins none, and for NUL. */
static size_t character_bytes(const unsigned char *text, size_t left)
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

/* How much of the text is valid; most texts are ASCII, eight bytes at a time. */
static size_t valid_bytes(const unsigned char *text, size_t size)
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
        size_t bytes = character_bytes(text + at, size - at);
        if (bytes == 0)
            return at;
        at += bytes;
    }
    return at;
}

const char *json_valid(struct buffer *scratch, const char *text, size_t size)
{
    const unsigned char *from = (const unsigned char *)text;
    size_t good = valid_bytes(from, size);
    if (good == size)
        return text;
    scratch->used = 0;
    if (size > SIZE_MAX / 4 || !buffer_reserve(scratch, size * REPLACEMENT_BYTES + 1))
        return NULL;
    char *to = scratch->bytes;
    for (size_t at = 0; at < size;) {
        memcpy(to, from + at, good);
        to += good;
        at += good;
        if (at < size) {
            memcpy(to, replacement, REPLACEMENT_BYTES);
            to += REPLACEMENT_BYTES;
            at++;
        }
        good = valid_bytes(from + at, size - at);
    }
    *to = '\0';
    return scratch->bytes;
}
