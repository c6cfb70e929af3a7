/*
 * The numbers of Trace Event JSON, exactly as they stand there: integers and decimal digits, never through a double.
 * A string that reads as a number is one.
 */
#ifndef RINGSCOPE_CHROME_NUMBER_H
#define RINGSCOPE_CHROME_NUMBER_H

#include "chrome_text.h"

/* A time: whole µs, and what is beyond them, rounded to the nearest ns; both of the same sign. */
struct micros {
    int64_t us;
    int32_t ns; /* 1000 at most */
};

/* The general form of the next one. */
bool parse_micros(const struct token *token, struct micros *micros);
/* False if it is no number, or beyond 2^63 µs. */
static inline bool token_micros(const struct token *token, struct micros *micros)
{
    if (!token->at || !token->whole)
        return token->at && parse_micros(token, micros);
    *micros = (struct micros){ .us = token->integer };
    return true;
}

/* A whole number of which JavaScript's numbers hold every one: below 2^52, of either sign. False for all else. */
#define INTEGER_BOUND (INT64_C(1) << 52)
bool parse_integer(const struct token *token, int64_t *integer);
static inline bool token_integer(const struct token *token, int64_t *integer)
{
    if (!token->at || !token->whole || token->integer >= INTEGER_BOUND)
        return token->at && parse_integer(token, integer);
    *integer = token->integer;
    return true;
}

/* A value that is measured; false if it is no number, or not finite. */
bool token_number(const struct token *token, double *number);

#endif
