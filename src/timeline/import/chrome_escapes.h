/*
 * Decodes strings of JSON, in which any character may be written as an escape.
 */
#ifndef RINGSCOPE_CHROME_ESCAPES_H
#define RINGSCOPE_CHROME_ESCAPES_H

#include "chrome_text.h"

#define DECODED_MORE 4 /* bytes that a string's text may be longer than its literal one */

/* Decodes a string. Returns the bytes of its text. */
size_t token_decode(const struct token *token, char *decoded);
/* The string's text, decoded into the buffer if it has escapes; borrowed until the buffer is used again. False without
 * memory. */
bool token_text(const struct token *token, struct buffer *scratch, const char **text, size_t *bytes);

/* Decodes the tokens that have escapes, all into one buffer, so that they compare equal however they were written.
 * False without memory. */
bool tokens_decode(struct token *tokens, size_t count, struct buffer *to);

/* Whether a string, given by its literal text, equals these bytes, which are few and need no escapes. */
bool literal_is(const char *at, const char *end, const char *text);
bool token_is(const struct token *token, const char *text);

#endif
