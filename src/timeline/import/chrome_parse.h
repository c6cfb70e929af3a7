/*
 * Takes one event of Trace Event JSON apart.
 */
#ifndef RINGSCOPE_CHROME_PARSE_H
#define RINGSCOPE_CHROME_PARSE_H

#include "chrome_event.h"

#define LEARNED_PLACES 16u
#define LEARNED_WORDS 2u
#define LEARNED_BYTES (LEARNED_WORDS * sizeof(uint64_t))

/* A short text that the event before had. */
struct learned_text {
    uint64_t words[LEARNED_WORDS], masks[LEARNED_WORDS];
    size_t bytes; /* 0: nothing is learned */
};

/* What the event before had between two values, say `,"name":`, and as a value, say `"X"`. Most have the same keys in the
 * same order, written in the same way, and many a value is that of all, so that comparing stands for parsing. */
struct learned_place {
    struct learned_text prefix;
    size_t member; /* where in an event the value goes; or that it is none that is looked at */
    struct learned_text value; /* with what follows it */
    struct token token; /* that value */
};

/* All zero: nothing is learned. */
struct chrome_parser {
    struct learned_place learned[LEARNED_PLACES]; /* by the value's place in an event */
    bool plain; /* nothing is to be learned */
};

/* From its brace on. After it, or NULL: the text ends, or something is wrong. */
const char *parse_event(struct chrome_parser *parser, struct json_text *text, const char *at,
                        struct chrome_event *event);

#endif
