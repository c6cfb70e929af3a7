/* Any other machine, WebAssembly among them: atomic operations, and the platform's clock. */
#ifndef RINGSCOPE_ARCH_GENERIC_H
#define RINGSCOPE_ARCH_GENERIC_H

#include <stdint.h>

uint64_t platform_monotonic_ns(void);

#define ARCH_HAS_TICKS 0

static inline uint64_t arch_ticks(void)
{
    return platform_monotonic_ns();
}

static inline uint64_t arch_fetch_add_own(uint64_t *word, uint64_t amount)
{
    return __atomic_fetch_add(word, amount, __ATOMIC_RELAXED);
}

static inline void arch_add_own(uint64_t *word, uint64_t amount)
{
    __atomic_fetch_add(word, amount, __ATOMIC_RELAXED);
}

static inline int64_t arch_truncate(double value)
{
    return value < 9.2e18 && value > -9.2e18 ? (int64_t)value : INT64_MIN;
}

#endif
