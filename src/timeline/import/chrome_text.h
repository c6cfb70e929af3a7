/*
 * The tokens of JSON, in text that may end anywhere. A function that reaches the end returns NULL, and is called again
 * once there is more; one that meets invalid JSON returns NULL as well, and says where. Which of the two it is, and
 * where, never depends on where the text ends.
 */
#ifndef RINGSCOPE_CHROME_TEXT_H
#define RINGSCOPE_CHROME_TEXT_H

#include <string.h>

#include "../../platform/find_byte.h"
#include "../texts.h"

struct json_text {
    const char *end;
    const char *wrong; /* the invalid byte; NULL: nothing was wrong */
    const char *expected; /* instead of it */
    bool escaped; /* there were escapes within quotes since this was cleared */
};

/* A value's literal text. */
struct token {
    const char *at; /* for a string, after its quote; NULL: there is none, and the rest is meaningless */
    size_t bytes;
    int64_t integer; /* if it is whole */
    bool string, escaped;
    bool whole; /* a number of at most 18 digits and nothing else, whose value is known already */
};

/* Returns NULL, so that scanning ends. */
static inline const char *text_wrong(struct json_text *text, const char *at, const char *expected)
{
    text->wrong = at;
    text->expected = expected;
    return NULL;
}

static inline bool is_space(char byte)
{
    return (unsigned char)byte <= ' ' && (byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r');
}

static inline const char *skip_spaces(const char *at, const char *end)
{
    while (at < end && is_space(*at))
        at++;
    return at;
}

/* at: after the opening quote. Returns the position after the closing one, or NULL. */
static inline const char *scan_string(struct json_text *text, const char *at, struct token *token)
{
    *token = (struct token){ .at = at, .string = true };
    for (const char *to = at;; to += 2) {
        to = find_string_end(to, text->end);
        if (to >= text->end)
            return NULL;
        if (*to == '"') {
            token->bytes = (size_t)(to - at);
            return to + 1;
        }
        if (*to != '\\')
            return text_wrong(text, to, "no control byte within quotes");
        token->escaped = text->escaped = true;
    }
}

static inline bool is_digit(char byte)
{
    return (unsigned char)(byte - '0') < 10;
}

#define WHOLE_DIGITS_MAX 18 /* below 2^63 */

/* A number, true, false, null, or what C and JavaScript print for NaN and infinities. Returns the position after it, or
 * NULL. */
const char *scan_plain(struct json_text *text, const char *at, struct token *token);

/* A number that begins with a digit. Computes its value on the way: most are whole. Returns the position after it, or
 * NULL. */
static inline const char *scan_number(struct json_text *text, const char *at, struct token *token)
{
    uint64_t integer = 0;
    const char *to = at;
    for (; to < text->end && is_digit(*to); to++)
        integer = integer * 10 + (uint64_t)(*to - '0');
    *token = (struct token){ .at = at, .bytes = (size_t)(to - at), .integer = (int64_t)integer, .whole = true };
    if (to < text->end && (*to == ',' || *to == '}') && token->bytes <= WHOLE_DIGITS_MAX)
        return to;
    return scan_plain(text, at, token);
}

/* Any value; returns the position after it, or NULL. */
const char *scan_value(struct json_text *text, const char *at, struct token *token);

/* The args that our own export writes: some of these members in this order, and nothing else. */
struct args {
    struct token detail, arguments, result; /* strings; at is NULL for missing ones */
    bool failed, detail_lost;
};

/* Avoids a call that fills all of it. */
static inline void args_clear(struct args *args)
{
    args->detail.at = args->arguments.at = args->result.at = NULL;
    args->failed = args->detail_lost = false;
}

/* Any value, as text and, if it has that form, parsed. Returns the position after it, or NULL. */
const char *scan_args(struct json_text *text, const char *at, struct token *value, struct args *args);

/* The next member of a scanned object, from its brace or after the last member. False at the end. */
bool next_member(struct json_text *object, const char **at, struct token *key, struct token *value);
/* The value of a member of a scanned object; its at is NULL if there is none. */
struct token member_of_object(const struct token *object, const char *name);

/* Missing, or null: no other value of four bytes begins like that. */
static inline bool token_is_none(const struct token *token)
{
    return !token->at || (!token->string && token->bytes == 4 && *token->at == 'n');
}

#endif
