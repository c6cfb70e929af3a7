/*
 * The tokens of JSON, in text that may end anywhere: every function that meets the end answers NULL, and is
 * called again once there is more.
 */
#ifndef RINGSCOPE_CHROME_TEXT_H
#define RINGSCOPE_CHROME_TEXT_H

#include "arena.h"

struct text_range {
    const char *at, *end;
};

/* A value as it stands in the text. */
struct token {
    const char *at; /* a string: behind its quote; NULL: there is none */
    size_t bytes;
    bool string, escaped;
};

static inline bool is_space(char letter)
{
    return letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r';
}

static inline const char *skip_spaces(const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    return at;
}

/* at: behind the opening quote. Behind the closing one, or NULL. */
const char *scan_string(const char *at, const char *end, struct token *token);
/* Any value; behind it, or NULL. What is no value gives an empty token. */
const char *scan_value(const char *at, const char *end, struct token *token);

/* A time in µs as ns, digit by digit, rounded to the nearest; false if it is no number. */
bool token_ns(const struct token *token, int64_t *ns);
/* The number's integer part; a string of digits counts as well. */
bool token_integer(const struct token *token, int64_t *integer);
bool token_number(const struct token *token, double *number);
bool token_is(const struct token *token, const char *text);

/* The string's text, decoded into the arena if it has escapes; borrowed until that is used again. False
 * without memory. */
bool token_text(const struct token *token, struct arena *scratch, const char **text, size_t *bytes);

#endif
