/*
 * Text that is safe to send to a terminal. A terminal obeys control characters, which the traced program may have
 * written, and a bidirectional control reorders the text after it. Both are shown as escapes such as \x1b instead.
 */
#ifndef RINGSCOPE_PRINTABLE_H
#define RINGSCOPE_PRINTABLE_H

#include <stdio.h>

/* The number of bytes at text that must not reach a terminal, of `left` bytes, at least one: C0 and DEL, C1 (raw bytes,
 * and U+0080 to U+009F), U+202A to U+202E, U+2066 to U+2069, and invalid UTF-8. 0: the character is safe. */
size_t printable_hidden_bytes(const unsigned char *text, size_t left);

/* Prints the text with those bytes as \xNN. */
void printable_put(const char *text, size_t size, FILE *file);

/* Writes JSON's escape of a hidden character that is valid UTF-8: \u and four hex digits. */
#define PRINTABLE_JSON_BYTES 6u
void printable_json(char to[PRINTABLE_JSON_BYTES + 1], const unsigned char *text, size_t bytes);

#endif
