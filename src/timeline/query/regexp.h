/*
 * Regular expressions: POSIX extended, found anywhere in a text, in time proportional to the text, whatever the
 * expression. The same natively and in WebAssembly.
 *
 *     text ── regexp_parse.c ── instructions ── regexp.c: sets of instructions, each made when first reached
 *
 * A character is one of UTF-8; a byte that is not part of one is a character by itself, which only "." and negated
 * brackets match. Beyond POSIX nothing is guessed: what it leaves undefined, such as \d, is reported as an error.
 */
#ifndef RINGSCOPE_REGEXP_H
#define RINGSCOPE_REGEXP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* What is wrong with an expression, and where. */
struct regexp_error {
    char text[120]; /* "nothing before the *" */
    size_t at; /* byte of the expression */
};

struct regexp;

/* any_case: ASCII letters match both cases. NULL: the expression is invalid, as error says, or there is no memory. */
struct regexp *regexp_create(const char *text, size_t bytes, bool any_case, struct regexp_error *error);
void regexp_destroy(struct regexp *regexp);
/* Whether it matches anywhere in a text. Caches states: one thread at a time. */
bool regexp_in(struct regexp *regexp, const char *text, size_t bytes);

#endif
