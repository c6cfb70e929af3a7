/* The same rules as in web/functions/select.js; see patterns.h. */
#include "patterns.h"

#include <string.h>

#include "../base/star_match.h"

#define BLANKS " \t\n"

/* Takes the next word without surrounding blanks; returns its length, 0 after the last. */
static size_t next_word(const char **at, const char **word)
{
    *word = *at + strspn(*at, "," BLANKS);
    size_t length = strcspn(*word, ",");
    *at = *word + length;
    while (length && strchr(BLANKS, (*word)[length - 1]))
        length--;
    return length;
}

bool patterns_are_any(const char *patterns)
{
    const char *word;
    return next_word(&patterns, &word) > 0;
}

bool patterns_take(const char *patterns, const char *name)
{
    const char *word;
    size_t length;
    bool included = false, any_includes = false;
    while ((length = next_word(&patterns, &word)) > 0) {
        bool excludes = *word == '!';
        bool matches = star_match(word + excludes, length - excludes, name);
        if (excludes && matches)
            return false;
        any_includes |= !excludes;
        included |= !excludes && matches;
    }
    return included || !any_includes;
}
