/* x86-64: a single instruction, even without a lock prefix, is atomic with respect to this thread's signal handlers. */
#ifndef RINGSCOPE_ARCH_X86_64_H
#define RINGSCOPE_ARCH_X86_64_H

#include <cpuid.h>
#include <stdint.h>

#define ARCH_HAS_TICKS 1

/* Registers that must survive a call of the clock are saved in a function of its own, not on every path. */
#define ARCH_APART __attribute__((noinline))

static inline uint64_t arch_ticks(void)
{
    return __builtin_ia32_rdtsc();
}

/* Does not check the highest leaf: a hypervisor's leaves are beyond the one that the processor reports. */
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

/* Rounds a double towards zero; negative for NaN and for values that do not fit. */
static inline int64_t arch_truncate(double value)
{
    return __builtin_ia32_cvttsd2si64((__attribute__((vector_size(16))) double){ value, 0 });
}

#endif
