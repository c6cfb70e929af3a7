/* Finds text. */
#include "find_text.h"

#include <stdlib.h>
#include <string.h>

#include "../platform/find_byte.h"

static char fold(char letter)
{
    if (letter >= 'A' && letter <= 'Z')
        return (char)(letter + ('a' - 'A'));
    return letter;
}

static char unfold(char letter)
{
    if (letter >= 'a' && letter <= 'z')
        return (char)(letter - ('a' - 'A'));
    return letter;
}

bool needle_create(struct needle *needle, const char *text)
{
    needle->bytes = strlen(text);
    needle->text = malloc(needle->bytes + 1);
    if (!needle->text)
        return false;
    for (size_t i = 0; i <= needle->bytes; i++)
        needle->text[i] = fold(text[i]);
    needle->pair[0] = needle->text[0];
    needle->pair[1] = unfold(needle->text[0]);
    return true;
}

void needle_free(struct needle *needle)
{
    free(needle->text);
    needle->text = NULL;
}

bool needle_in(const struct needle *needle, const char *text, size_t bytes)
{
    if (needle->bytes == 0)
        return true;
    if (bytes < needle->bytes)
        return false;
    const char *end = text + (bytes - needle->bytes) + 1; /* matches start before it */
    while ((text = find_byte(text, end, needle->pair[0], needle->pair[1])) < end) {
        size_t same = 1;
        while (same < needle->bytes && fold(text[same]) == needle->text[same])
            same++;
        if (same == needle->bytes)
            return true;
        text++;
    }
    return false;
}

/* On a mismatch the latest * takes one more byte. Earlier ones need not: the text after them was already matched
 * as early as possible. */
bool pattern_matches(const char *pattern, size_t pattern_bytes, const char *text, size_t bytes)
{
    size_t at = 0, star = SIZE_MAX, taken = 0;
    for (size_t i = 0; i < bytes;) {
        if (at < pattern_bytes && pattern[at] == '*') {
            star = at++;
            taken = i;
        } else if (at < pattern_bytes && fold(pattern[at]) == fold(text[i])) {
            at++;
            i++;
        } else if (star != SIZE_MAX) {
            at = star + 1;
            i = ++taken;
        } else {
            return false;
        }
    }
    while (at < pattern_bytes && pattern[at] == '*')
        at++;
    return at == pattern_bytes;
}
