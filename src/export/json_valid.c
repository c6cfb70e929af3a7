/* Makes text valid UTF-8. */
#include <string.h>

#include "../base/utf8.h"
#include "json.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */
#define REPLACEMENT_BYTES 3u

const char *json_valid(struct buffer *scratch, const char *text, size_t size)
{
    const unsigned char *from = (const unsigned char *)text;
    size_t good = utf8_valid_bytes(from, size);
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
        good = utf8_valid_bytes(from + at, size - at);
    }
    *to = '\0';
    return scratch->bytes;
}
