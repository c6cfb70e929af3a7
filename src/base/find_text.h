/*
 * Finds text in text, and matches text against patterns. ASCII case is ignored; all other characters match only
 * themselves.
 */
#ifndef RINGSCOPE_BASE_FIND_TEXT_H
#define RINGSCOPE_BASE_FIND_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* The text to look for, folded to lower case. */
struct needle {
    char *text;
    size_t bytes;
    char pair[2]; /* its first byte in both cases */
};

bool needle_create(struct needle *needle, const char *text); /* false: no memory */
void needle_free(struct needle *needle);
bool needle_in(const struct needle *needle, const char *text, size_t bytes);

/* Whether the whole text matches the pattern, in which * stands for any text, including none. */
bool pattern_matches(const char *pattern, size_t pattern_bytes, const char *text, size_t bytes);

#endif
