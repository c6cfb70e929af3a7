/* All other machines, including WebAssembly: atomic operations, and the platform's clock. */
#ifndef RINGSCOPE_ARCH_GENERIC_H
#define RINGSCOPE_ARCH_GENERIC_H

#include <stdint.h>
#include <string.h>

uint64_t platform_monotonic_ns(void);

#define ARCH_HAS_TICKS 0

/* Code after a call of the clock needs no function of its own: there are no registers to save. */
#define ARCH_APART inline __attribute__((always_inline))

static inline uint64_t arch_ticks(void)
{
    return platform_monotonic_ns();
}

__attribute__((unused)) static inline void arch_cpuid(uint32_t leaf, uint32_t registers[4])
{
    (void)leaf;
    memset(registers, 0, 4 * sizeof registers[0]);
}

static inline uint64_t arch_fetch_add_own(uint64_t *word, uint64_t amount)
{
    return __atomic_fetch_add(word, amount, __ATOMIC_RELAXED);
}

static inline void arch_add_own(uint64_t *word, uint64_t amount)
{
    __atomic_fetch_add(word, amount, __ATOMIC_RELAXED);
}

static inline int64_t arch_truncate_any(double value)
{
#ifdef __wasm_nontrapping_fptoint__
    return value < 9.2e18 ? __builtin_wasm_trunc_saturate_s_i64_f64(value) : INT64_MIN;
#else
    return value < 9.2e18 && value > -9.2e18 ? (int64_t)value : INT64_MIN;
#endif
}

/* A conversion would have to check for special cases. Adding 2^52 to an integer below 2^52 leaves its bits in the low
 * part of the double, and does not for any other value. In V8 that takes 1 ns instead of 3. */
static inline int64_t arch_truncate(double value)
{
    const double above = 0x1p52;
    double sum = __builtin_trunc(value) + above;
    uint64_t bits, zero;
    memcpy(&bits, &sum, sizeof bits);
    memcpy(&zero, &above, sizeof zero);
    return __builtin_expect(bits - zero < 1ull << 52, 1) ? (int64_t)(bits - zero) : arch_truncate_any(value);
}

#endif
