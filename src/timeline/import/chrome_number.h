/*
 * The numbers of Trace Event JSON, parsed exactly: integers and decimal digits, never through a double.
 * A string that looks like a number is one.
 */
#ifndef RINGSCOPE_CHROME_NUMBER_H
#define RINGSCOPE_CHROME_NUMBER_H

#include "chrome_text.h"

/* A time in whole µs, and the rest, rounded to the nearest ns; both of the same sign. */
struct micros {
    int64_t us;
    int32_t ns; /* 1000 at most */
};

/* The general form of the function below. */
bool parse_micros(const struct token *token, struct micros *micros);
/* False if it is not a number, or beyond 2^63 µs. */
static inline bool token_micros(const struct token *token, struct micros *micros)
{
    if (!token->at || !token->whole)
        return token->at && parse_micros(token, micros);
    *micros = (struct micros){ .us = token->integer };
    return true;
}

/* An integer that JavaScript represents exactly: below 2^52, of either sign. False for anything else. */
#define INTEGER_BOUND (INT64_C(1) << 52)
bool parse_integer(const struct token *token, int64_t *integer);
static inline bool token_integer(const struct token *token, int64_t *integer)
{
    if (!token->at || !token->whole || token->integer >= INTEGER_BOUND)
        return token->at && parse_integer(token, integer);
    *integer = token->integer;
    return true;
}

/* A measured value; false if it is not a finite number. */
bool token_number(const struct token *token, double *number);

#endif
