/*
 * The tokens of JSON, in text that may end anywhere: every function that meets the end answers NULL, and is
 * called again once there is more.
 */
#ifndef RINGSCOPE_CHROME_TEXT_H
#define RINGSCOPE_CHROME_TEXT_H

#include <string.h>

#include "../../platform/find_byte.h"
#include "../texts.h"

struct text_range {
    const char *at, *end;
};

/* A value as it stands in the text. */
struct token {
    const char *at; /* a string: behind its quote; NULL: there is none, and the rest says nothing */
    size_t bytes;
    int64_t integer; /* if it is whole */
    bool string, escaped;
    bool whole; /* a number that is known already, for it has at most 15 digits and nothing else */
};

static inline bool is_space(char letter)
{
    return (unsigned char)letter <= ' ' && (letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r');
}

static inline const char *skip_spaces(const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    return at;
}

/* at: behind the opening quote. Behind the closing one, or NULL. */
static inline const char *scan_string(const char *at, const char *end, struct token *token)
{
    *token = (struct token){ .at = at, .string = true };
    for (const char *to = at;; to += 2) {
        to = find_byte(to, end, '"', '\\');
        if (to >= end)
            return NULL;
        if (*to == '"') {
            token->bytes = (size_t)(to - at);
            return to + 1;
        }
        token->escaped = true;
    }
}

static inline bool is_digit(char letter)
{
    return (unsigned char)(letter - '0') < 10;
}

#define WHOLE_DIGITS_MAX 15 /* in ns it still is below 2^63 */

/* Digits, and what follows of a number. Behind it, or NULL. */
const char *scan_plain(const char *at, const char *end);

/* A number that begins with a digit, which is worked out meanwhile: most are whole. Behind it, or NULL. */
static inline const char *scan_number(const char *at, const char *end, struct token *token)
{
    uint64_t integer = 0;
    const char *to = at;
    for (; to < end && is_digit(*to); to++)
        integer = integer * 10 + (uint64_t)(*to - '0');
    const char *behind = scan_plain(to, end);
    *token = (struct token){ .at = at, .integer = (int64_t)integer };
    if (!behind)
        return NULL;
    token->bytes = (size_t)(behind - at);
    token->whole = behind == to && token->bytes <= WHOLE_DIGITS_MAX;
    return behind;
}

/* Any value; behind it, or NULL. What is no value gives an empty token. */
const char *scan_value(const char *at, const char *end, struct token *token);

/* What is in args as our own export writes them: "detail", "failed":true, or both, and nothing else. */
struct args {
    struct token detail; /* its at is NULL where there is none */
    bool failed;
};

/* Any value, as text and, if it is such an object, taken apart. Behind it, or NULL. */
const char *scan_args(const char *at, const char *end, struct token *text, struct args *args);

/* A time in µs as ns, rounded to the nearest; false if it is no number. */
bool token_ns(const struct token *token, int64_t *ns);
/* The number's integer part; a string of digits counts as well. */
bool token_integer(const struct token *token, int64_t *integer);
bool token_number(const struct token *token, double *number);
static inline bool token_is(const struct token *token, const char *text)
{
    size_t bytes = strlen(text);
    return token->at && token->bytes == bytes && memcmp(token->at, text, bytes) == 0;
}

/* The string's text, decoded into the buffer if it has escapes; borrowed until that is used again. False
 * without memory. */
bool token_text(const struct token *token, struct buffer *scratch, const char **text, size_t *bytes);

#endif
