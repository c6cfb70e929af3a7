/*
 * Finds text in text, and matches text with patterns, in any case as far as ASCII goes; other letters match
 * themselves.
 */
#ifndef RINGSCOPE_BASE_FIND_TEXT_H
#define RINGSCOPE_BASE_FIND_TEXT_H

#include <stdbool.h>
#include <stddef.h>

/* What is looked for, folded to lower case. */
struct needle {
    char *text;
    size_t bytes;
    char pair[2]; /* its first letter in both cases */
};

bool needle_create(struct needle *needle, const char *text); /* false: no memory */
void needle_free(struct needle *needle);
bool needle_in(const struct needle *needle, const char *text, size_t bytes);

/* Whether all of the text is as the pattern says, in which * stands for any text, also for none. */
bool pattern_matches(const char *pattern, size_t pattern_bytes, const char *text, size_t bytes);

#endif
