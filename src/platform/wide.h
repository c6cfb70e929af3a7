/* Products of two 64-bit integers and their quotients, even if the compiler has no 128-bit integers; sums that never
 * wrap. */
#ifndef RINGSCOPE_WIDE_H
#define RINGSCOPE_WIDE_H

#include <stdbool.h>
#include <stdint.h>

struct wide {
    uint64_t high, low;
};

#ifdef __SIZEOF_INT128__

static inline struct wide wide_product(uint64_t a, uint64_t b)
{
    unsigned __int128 product = (unsigned __int128)a * b;
    return (struct wide){ (uint64_t)(product >> 64), (uint64_t)product };
}

/* Requires dividend.high < divisor, so that the quotient fits in 64 bits. */
static inline uint64_t wide_short_quotient(struct wide dividend, uint64_t divisor)
{
    return (uint64_t)(((unsigned __int128)dividend.high << 64 | dividend.low) / divisor);
}

#else

/* In halves of 32 bits, as on paper. */
static inline struct wide wide_product(uint64_t a, uint64_t b)
{
    uint64_t a_low = (uint32_t)a, a_high = a >> 32, b_low = (uint32_t)b, b_high = b >> 32;
    uint64_t low = a_low * b_low;
    uint64_t middle = a_high * b_low + (low >> 32);
    uint64_t other = a_low * b_high + (uint32_t)middle;
    return (struct wide){ a_high * b_high + (middle >> 32) + (other >> 32), other << 32 | (uint32_t)low };
}

static inline uint64_t wide_short_quotient(struct wide dividend, uint64_t divisor)
{
    uint64_t quotient = 0;
    for (int bit = 63; bit >= 0; bit--) {
        bool carry = dividend.high >> 63;
        dividend.high = dividend.high << 1 | (dividend.low >> bit & 1);
        if (carry || dividend.high >= divisor) {
            dividend.high -= divisor;
            quotient |= 1ull << bit;
        }
    }
    return quotient;
}

#endif

/* Returns false, and UINT64_MAX in *quotient, if it does not fit in 64 bits, as after a division by 0. */
static inline bool wide_quotient(struct wide dividend, uint64_t divisor, uint64_t *quotient)
{
    *quotient = UINT64_MAX;
    if (dividend.high >= divisor)
        return false;
    *quotient = wide_short_quotient(dividend, divisor);
    return true;
}

/* value * multiplier / divisor, saturating. */
static inline uint64_t wide_scale(uint64_t value, uint64_t multiplier, uint64_t divisor)
{
    uint64_t quotient;
    wide_quotient(wide_product(value, multiplier), divisor, &quotient);
    return quotient;
}

static inline uint64_t add_saturating(uint64_t a, uint64_t b)
{
    uint64_t sum;
    return __builtin_add_overflow(a, b, &sum) ? UINT64_MAX : sum;
}

/* A sum that saturates, and stays UINT64_MAX then, whatever is added or subtracted. */
static inline void sum_add(uint64_t *sum, uint64_t amount)
{
    *sum = add_saturating(*sum, amount);
}
static inline __attribute__((unused)) void sum_subtract(uint64_t *sum, uint64_t amount)
{
    *sum -= *sum == UINT64_MAX ? 0 : amount;
}

#endif
