/* Compares decimals with doubles in integers of as many bits as it takes. */
#include "decimal.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* The largest number compared is a double's 55 bits times 10^730, or 400 digits times 2^1076. */
#define LIMBS 80
#define MANTISSA_BITS 52
#define EXPONENT_LEAST (-1074)
#define POINT_MOST 310 /* any number with its point further right is infinite, */
#define POINT_LEAST (-330) /* or 0 */
#define LEADING_DIGITS 19 /* fit into 64 bits */
#define EXACT_TENS 22 /* the largest power of ten that is a double */

struct big {
    int used;
    uint32_t limb[LIMBS]; /* the lowest first */
};

static void big_multiply_add(struct big *big, uint32_t factor, uint32_t more)
{
    uint64_t carry = more;
    for (int i = 0; i < big->used; i++) {
        carry += (uint64_t)big->limb[i] * factor;
        big->limb[i] = (uint32_t)carry;
        carry >>= 32;
    }
    if (carry)
        big->limb[big->used++] = (uint32_t)carry;
}

static void big_times_power(struct big *big, uint32_t base, int power)
{
    for (; power > 0; power--)
        big_multiply_add(big, base, 0);
}

static int big_compare(const struct big *a, const struct big *b)
{
    if (a->used != b->used)
        return a->used < b->used ? -1 : 1;
    for (int i = a->used; i-- > 0;) {
        if (a->limb[i] != b->limb[i])
            return a->limb[i] < b->limb[i] ? -1 : 1;
    }
    return 0;
}

/* Compares a decimal with units × 2^two. */
static int compare(const struct decimal_number *decimal, uint64_t units, int two)
{
    struct big left = { 0 }, right = { units >> 32 ? 2 : 1, { (uint32_t)units, (uint32_t)(units >> 32) } };
    for (int i = 0; i < decimal->count; i++)
        big_multiply_add(&left, 10, (uint32_t)(decimal->digits[i] - '0'));
    big_times_power(decimal->ten < 0 ? &right : &left, 10, abs(decimal->ten));
    big_times_power(two < 0 ? &left : &right, 2, abs(two));
    return big_compare(&left, &right);
}

static uint64_t bits_of(double value)
{
    uint64_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

/* In quarters of the double's last place, the neighbours are 4 away, or 2 below a power of two. */
int decimal_side(const struct decimal_number *decimal, double value)
{
    const uint64_t bits = bits_of(value), one = 1ull << MANTISSA_BITS;
    const int biased = (int)(bits >> MANTISSA_BITS);
    const int exponent = biased ? biased - 1 + EXPONENT_LEAST : EXPONENT_LEAST;
    const uint64_t mantissa = (bits & (one - 1)) | (biased ? one : 0), quarters = mantissa * 4;
    const bool power_of_two = mantissa == one && biased > 1, odd = mantissa % 2;
    for (int side = 1; side >= (mantissa ? -1 : 1); side -= 2) {
        const uint64_t halfway = side > 0 ? quarters + 2 : quarters - (power_of_two ? 1 : 2);
        const int beyond = side * compare(decimal, halfway, exponent - 2);
        if (beyond > 0 || (beyond == 0 && odd))
            return side;
    }
    return 0;
}

/* One multiplication or division by an exact power of ten, which rounds correctly if value is exact, too. */
static double scale(double value, int ten)
{
    double power = 1;
    for (int i = abs(ten); i > 0; i--)
        power *= 10;
    return ten < 0 ? value / power : value * power;
}

/* The digits' first 64 bits with their power of ten: right to some units of the last place. */
static double estimate(uint64_t leading, int ten)
{
    double value = (double)leading;
    for (; ten > EXACT_TENS; ten -= EXACT_TENS)
        value = scale(value, EXACT_TENS);
    for (; ten < -EXACT_TENS; ten += EXACT_TENS)
        value = scale(value, -EXACT_TENS);
    return scale(value, ten);
}

double decimal_nearest(const struct decimal_number *decimal)
{
    struct decimal_number kept = *decimal; /* without leading zeros */
    for (; kept.count > 0 && *kept.digits == '0'; kept.digits++)
        kept.count--;
    const int point = kept.ten + kept.count;
    if (kept.count == 0 || point < POINT_LEAST)
        return 0;
    if (point > POINT_MOST)
        return HUGE_VAL;
    uint64_t leading = 0;
    int used = 0;
    for (; used < kept.count && used < LEADING_DIGITS; used++)
        leading = leading * 10 + (uint64_t)(kept.digits[used] - '0');
    const int ten = kept.ten + kept.count - used;
    double value = estimate(leading, ten);
    if (value > DBL_MAX)
        value = DBL_MAX;
    if (used == kept.count && leading >> (MANTISSA_BITS + 1) == 0 && abs(ten) <= EXACT_TENS)
        return value;
    uint64_t bits = bits_of(value);
    for (int side; value < HUGE_VAL && (side = decimal_side(&kept, value)) != 0;) {
        bits += (uint64_t)(int64_t)side;
        memcpy(&value, &bits, sizeof value);
    }
    return value;
}
