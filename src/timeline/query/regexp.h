/*
 * Regular expressions: POSIX extended, found anywhere in a text, in time that grows with the text alone, whatever the
 * expression. The same natively and in WebAssembly.
 *
 *     text ── regexp_parse.c ── instructions ── regexp.c: sets of instructions, each made when it is met first
 *
 * A character is one of UTF-8; a byte that is no part of one is a character by itself, which only "." and negated
 * brackets match. Beyond POSIX nothing is guessed: what it leaves undefined, such as \d, is an error that says so.
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

/* any_case: letters of ASCII match both. NULL: it is none, as error says, or there is no memory. */
struct regexp *regexp_create(const char *text, size_t bytes, bool any_case, struct regexp_error *error);
void regexp_destroy(struct regexp *regexp);
/* Whether it is found anywhere in a text. Remembers what it has met: one thread at a time. */
bool regexp_in(struct regexp *regexp, const char *text, size_t bytes);

#endif
