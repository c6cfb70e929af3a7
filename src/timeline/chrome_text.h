/*
 * The tokens of JSON, in text that may end anywhere: every function that meets the end answers NULL, and is
 * called again once there is more.
 */
#ifndef RINGSCOPE_CHROME_TEXT_H
#define RINGSCOPE_CHROME_TEXT_H

#include <string.h>

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
    return (unsigned char)letter <= ' ' && (letter == ' ' || letter == '\n' || letter == '\t' || letter == '\r');
}

static inline const char *skip_spaces(const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    return at;
}

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (byte))

/* Nonzero where a byte of the word is the letter (Mycroft's test for a zero byte). */
static inline uint64_t letters_in(uint64_t word, unsigned char letter)
{
    uint64_t zeros = word ^ EACH_BYTE(letter);
    return (zeros - EACH_BYTE(1)) & ~zeros & EACH_BYTE(0x80);
}

/* The next quote or backslash, or the end. */
static inline const char *find_special(const char *at, const char *end)
{
    for (; end - at >= 8; at += 8) {
        uint64_t word;
        memcpy(&word, at, sizeof word);
        uint64_t found = letters_in(word, '"') | letters_in(word, '\\');
        if (found)
            return at + __builtin_ctzll(found) / 8;
    }
    while (at < end && *at != '"' && *at != '\\')
        at++;
    return at;
}

/* at: behind the opening quote. Behind the closing one, or NULL. */
static inline const char *scan_string(const char *at, const char *end, struct token *token)
{
    *token = (struct token){ .at = at, .string = true };
    for (const char *to = at;; to += 2) {
        to = find_special(to, end);
        if (to >= end)
            return NULL;
        if (*to == '"') {
            token->bytes = (size_t)(to - at);
            return to + 1;
        }
        token->escaped = true;
    }
}

/* Any value; behind it, or NULL. What is no value gives an empty token. */
const char *scan_value(const char *at, const char *end, struct token *token);

/* A time in µs as ns, digit by digit, rounded to the nearest; false if it is no number. */
bool token_ns(const struct token *token, int64_t *ns);
/* The number's integer part; a string of digits counts as well. */
bool token_integer(const struct token *token, int64_t *integer);
bool token_number(const struct token *token, double *number);
static inline bool token_is(const struct token *token, const char *text)
{
    size_t bytes = strlen(text);
    return token->at && token->bytes == bytes && memcmp(token->at, text, bytes) == 0;
}

/* The string's text, decoded into the arena if it has escapes; borrowed until that is used again. False
 * without memory. */
bool token_text(const struct token *token, struct arena *scratch, const char **text, size_t *bytes);

#endif
