/*
 * Parses one event of Trace Event JSON.
 */
#ifndef RINGSCOPE_CHROME_PARSE_H
#define RINGSCOPE_CHROME_PARSE_H

#include "chrome_event.h"

#define LEARNED_PLACES 16u
#define LEARNED_WORDS 2u
#define LEARNED_BYTES (LEARNED_WORDS * sizeof(uint64_t))

/* A short text of the previous event. */
struct learned_text {
    uint64_t words[LEARNED_WORDS], masks[LEARNED_WORDS];
    size_t bytes; /* 0: nothing learned */
};

/* What the previous event had between two values, such as `,"name":`, and as a value, such as `"X"`. Most events have
 * the same keys in the same order and form, and many values never change, so comparing replaces parsing. */
struct learned_place {
    struct learned_text prefix;
    size_t member; /* where the value goes in an event, or that it is not used */
    struct learned_text value; /* with what follows it */
    struct token token; /* that value */
};

/* All zero: nothing learned. */
struct chrome_parser {
    struct learned_place learned[LEARNED_PLACES]; /* by the value's position in an event */
    bool plain; /* learn nothing */
};

/* Parses from its brace on. Returns the position after it, or NULL: the text ends, or something is wrong. */
const char *parse_event(struct chrome_parser *parser, struct json_text *text, const char *at,
                        struct chrome_event *event);

#endif
