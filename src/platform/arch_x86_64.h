/* x86-64: one instruction without a lock prefix is indivisible for this thread's signals. */
#ifndef RINGSCOPE_ARCH_X86_64_H
#define RINGSCOPE_ARCH_X86_64_H

#include <cpuid.h>
#include <stdint.h>

#define ARCH_HAS_TICKS 1

/* What has to be kept across a call of the clock is saved in a function of its own, not on every path. */
#define ARCH_APART __attribute__((noinline))

static inline uint64_t arch_ticks(void)
{
    return __builtin_ia32_rdtsc();
}

/* A hypervisor's leaves are beyond the highest that the processor admits to: asked without a check. */
static inline void arch_cpuid(uint32_t leaf, uint32_t registers[4])
{
    __cpuid_count(leaf, 0, registers[0], registers[1], registers[2], registers[3]);
}

static inline uint64_t arch_fetch_add_own(uint64_t *word, uint64_t amount)
{
    __asm__ volatile("xaddq %0, %1" : "+r"(amount), "+m"(*word) : : "cc");
    return amount;
}

static inline void arch_add_own(uint64_t *word, uint64_t amount)
{
    __asm__ volatile("addq %1, %0" : "+m"(*word) : "er"(amount) : "cc");
}

/* A double as an integer, towards zero; negative for NaN and for what does not fit. */
static inline int64_t arch_truncate(double value)
{
    return __builtin_ia32_cvttsd2si64((__attribute__((vector_size(16))) double){ value, 0 });
}

#endif
