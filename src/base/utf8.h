/*
 * Checks text for valid UTF-8.
 */
#ifndef RINGSCOPE_UTF8_H
#define RINGSCOPE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The length of the character at text in bytes; 0 if no character begins there, and for NUL. */
size_t utf8_bytes(const unsigned char *text, size_t left);

/* The number of bytes at the start of the text that are valid. */
size_t utf8_valid_bytes(const unsigned char *text, size_t size);

#endif
