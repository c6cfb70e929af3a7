/*
 * Which bytes are valid UTF-8.
 */
#ifndef RINGSCOPE_UTF8_H
#define RINGSCOPE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes of the character at text; 0 for a byte that begins none, and for NUL. */
size_t utf8_bytes(const unsigned char *text, size_t left);

/* How much of the text is valid, from its beginning. */
size_t utf8_valid_bytes(const unsigned char *text, size_t size);

#endif
