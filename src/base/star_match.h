/*
 * Matches names against patterns in which a star stands for any characters.
 */
#ifndef RINGSCOPE_BASE_STAR_MATCH_H
#define RINGSCOPE_BASE_STAR_MATCH_H

#include <stdbool.h>
#include <stddef.h>

/* The pattern is not terminated. On a mismatch the last star takes one more character. */
static inline bool star_match(const char *pattern, size_t length, const char *name)
{
    const char *end = pattern + length, *star = NULL, *from = NULL;
    while (*name) {
        if (pattern < end && *pattern == '*') {
            star = ++pattern;
            from = name;
        } else if (pattern < end && *pattern == *name) {
            pattern++;
            name++;
        } else if (star) {
            pattern = star;
            name = ++from;
        } else {
            return false;
        }
    }
    while (pattern < end && *pattern == '*')
        pattern++;
    return pattern == end;
}

#endif
