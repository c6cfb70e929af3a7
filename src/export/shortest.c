/* Compares decimals with doubles exactly, in integers of a thousand bits. */
#include "shortest.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* The largest number compared is 10^17 times 10^308, or a double's 55 bits times 10^340. */
#define LIMBS 40
#define DIGITS_MIN 15
#define DIGITS_MAX 17
#define MANTISSA_BITS 52
#define EXPONENT_LEAST (-1074)

struct big {
    uint32_t limb[LIMBS]; /* the lowest first */
};

static struct big big_from(uint64_t value)
{
    struct big big = { { (uint32_t)value, (uint32_t)(value >> 32) } };
    return big;
}

static void big_multiply(struct big *big, uint32_t factor)
{
    uint64_t carry = 0;
    for (unsigned i = 0; i < LIMBS; i++) {
        carry += (uint64_t)big->limb[i] * factor;
        big->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
}

static void big_times_power_of_ten(struct big *big, int power)
{
    for (; power >= 9; power -= 9)
        big_multiply(big, 1000000000);
    for (; power > 0; power--)
        big_multiply(big, 10);
}

static void big_times_power_of_two(struct big *big, int power)
{
    for (; power >= 31; power -= 31)
        big_multiply(big, 1u << 31);
    big_multiply(big, 1u << power);
}

static int big_compare(const struct big *a, const struct big *b)
{
    for (unsigned i = LIMBS; i-- > 0;) {
        if (a->limb[i] != b->limb[i])
            return a->limb[i] < b->limb[i] ? -1 : 1;
    }
    return 0;
}

/* Compares digits × 10^ten with units × 2^two. */
static int compare(uint64_t digits, int ten, uint64_t units, int two)
{
    struct big decimal = big_from(digits), binary = big_from(units);
    big_times_power_of_ten(ten < 0 ? &binary : &decimal, abs(ten));
    big_times_power_of_two(two < 0 ? &decimal : &binary, abs(two));
    return big_compare(&decimal, &binary);
}

/* Splits a positive double into mantissa × 2^exponent. */
static uint64_t split(double value, int *exponent)
{
    uint64_t bits, mantissa;
    memcpy(&bits, &value, sizeof bits);
    mantissa = bits & ((1ull << MANTISSA_BITS) - 1);
    int biased = (int)(bits >> MANTISSA_BITS) & 0x7ff;
    *exponent = biased ? biased - 1 + EXPONENT_LEAST : EXPONENT_LEAST;
    return biased ? mantissa | 1ull << MANTISSA_BITS : mantissa;
}

/* Whether digits × 10^ten is nearer to the double than to its neighbours. In quarters of its last place, those are 4
 * away, or 2 below a power of two; a number halfway between is read as the even one. */
static bool reads_back(uint64_t digits, int ten, double value)
{
    int exponent;
    uint64_t mantissa = split(value, &exponent), quarters = mantissa * 4;
    bool power_of_two = mantissa == 1ull << MANTISSA_BITS && exponent > EXPONENT_LEAST;
    int above = compare(digits, ten, quarters + 2, exponent - 2);
    int below = compare(digits, ten, quarters - (power_of_two ? 1 : 2), exponent - 2);
    bool even = mantissa % 2 == 0;
    return (below > 0 || (below == 0 && even)) && (above < 0 || (above == 0 && even));
}

/* Of "1.2345e-06": 12345, and -10, the exponent of its last digit. */
static uint64_t parse(const char *text, int *ten)
{
    uint64_t digits = 0;
    int decimals = 0;
    bool after_point = false;
    for (; *text != 'e'; text++) {
        if (*text < '0' || *text > '9') {
            after_point = true;
            continue;
        }
        digits = digits * 10 + (uint64_t)(*text - '0');
        decimals += after_point;
    }
    *ten = atoi(text + 1) - decimals;
    return digits;
}

void shortest_print(char *to, size_t size, double value)
{
    char scientific[40];
    double positive = value < 0 ? -value : value;
    int digits = DIGITS_MIN, ten;
    for (; digits < DIGITS_MAX; digits++) {
        snprintf(scientific, sizeof scientific, "%.*e", digits - 1, positive);
        uint64_t decimal = parse(scientific, &ten);
        if (positive == 0 || reads_back(decimal, ten, positive))
            break;
    }
    snprintf(to, size, "%.*g", digits, value);
}
