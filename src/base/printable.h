/*
 * Text for a terminal. It obeys control characters, which whoever was traced may have written, and draws what follows
 * a bidirectional control in another order than it stands: both are shown as \x1b instead.
 */
#ifndef RINGSCOPE_PRINTABLE_H
#define RINGSCOPE_PRINTABLE_H

#include <stdio.h>

/* How many bytes at text must not reach a terminal, one at least is left: C0 and DEL, C1 (raw bytes, and U+0080 to
 * U+009F), U+202A to U+202E, U+2066 to U+2069, and bytes that are no UTF-8. 0: the character may. */
size_t printable_hidden_bytes(const unsigned char *text, size_t left);

/* Prints the text, those bytes as \xNN. */
void printable_put(const char *text, size_t size, FILE *file);

/* Writes what JSON has for a hidden character, which is valid UTF-8: \u and four digits. */
#define PRINTABLE_JSON_BYTES 6u
void printable_json(char to[PRINTABLE_JSON_BYTES + 1], const unsigned char *text, size_t bytes);

#endif
