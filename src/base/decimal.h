/*
 * Decimal numbers beside doubles, exactly. This is what strtod() is for, too, but its 128-bit floating point would be a
 * tenth of a WebAssembly module.
 */
#ifndef RINGSCOPE_BASE_DECIMAL_H
#define RINGSCOPE_BASE_DECIMAL_H

#define DECIMAL_DIGITS_MAX 400 /* 1e308 has 309 before its point */

/* digits × 10^ten, the digits as text. */
struct decimal_number {
    const char *digits;
    int count; /* at most DECIMAL_DIGITS_MAX */
    int ten;
};

/* Whether the decimal is nearer to a larger double than to this one, which is finite and not negative (1), to a smaller
 * one (-1), or to none (0). A number halfway between is nearest to the even one. The decimal is between 10^-330 and
 * 10^310. */
int decimal_side(const struct decimal_number *decimal, double value);

/* The double nearest to the decimal, which may have any exponent; infinity beyond all of them. */
double decimal_nearest(const struct decimal_number *decimal);

#endif
