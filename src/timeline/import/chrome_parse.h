/*
 * Parses one event of Trace Event JSON.
 */
#ifndef RINGSCOPE_CHROME_PARSE_H
#define RINGSCOPE_CHROME_PARSE_H

#include "chrome_event.h"

#define LEARNED_PLACES 16u
#define LEARNED_WORDS 8u
#define LEARNED_BYTES (LEARNED_WORDS * sizeof(uint64_t))
#define STEADY_MAX 4u

/* A value that is usually the same as in the previous event. */
struct steady_value {
    size_t member; /* where it goes in an event */
    size_t from; /* of the learned text */
    struct token token;
};

/* What the previous event had between two values that change, such as `{"ph":"X","cat":"gpu","name":`. Most events have
 * the same keys in the same order and form, and the same values of some of them, so comparing replaces parsing. */
struct learned_place {
    uint64_t words[LEARNED_WORDS], masks[LEARNED_WORDS]; /* the text, and which bytes of the words it has */
    size_t bytes; /* 0: nothing learned */
    size_t member; /* where the value after it goes, or that it is not used, or that the event ends */
    unsigned steady_count;
    struct steady_value steady[STEADY_MAX];
};

/* All zero: nothing learned. */
struct chrome_parser {
    struct learned_place learned[LEARNED_PLACES]; /* by their order in an event */
    uint32_t events; /* parsed since it was last decided which values change */
    uint32_t changed_at[STEADY_MAX]; /* when each of the members that may be steady changed */
    bool changing[STEADY_MAX]; /* often: it is parsed like any other */
    bool plain; /* learn nothing */
};

/* Parses from its brace on. Returns the position after it, or NULL: the text ends, or something is wrong. */
const char *parse_event(struct chrome_parser *parser, struct json_text *text, const char *at,
                        struct chrome_event *event);

#endif
