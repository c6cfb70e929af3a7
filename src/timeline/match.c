/* Finds text in names and details. */
#include "match.h"

#include <stdlib.h>
#include <string.h>

#include "columns.h"

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
    for (; bytes >= needle->bytes; text++, bytes--) {
        if (*text != needle->pair[0] && *text != needle->pair[1])
            continue;
        size_t same = 1;
        while (same < needle->bytes && fold(text[same]) == needle->text[same])
            same++;
        if (same == needle->bytes)
            return true;
    }
    return false;
}

uint8_t *match_names(const struct timeline *timeline, const struct needle *needle)
{
    uint32_t count = timeline->name_table.count;
    uint8_t *matches = malloc((size_t)count + 1);
    for (uint32_t i = 0; matches && i < count; i++) {
        const char *name = interned_text(&timeline->name_table, i);
        matches[i] = needle_in(needle, name, strlen(name));
    }
    return matches;
}

bool match_event(const struct timeline *timeline, uint32_t event, const uint8_t *names, const struct needle *needle)
{
    if (names[timeline->names[event]])
        return true;
    uint32_t start = timeline->details[event];
    if (!start)
        return false;
    const char *detail = timeline->detail_text.bytes + start;
    return needle_in(needle, detail, strlen(detail));
}
