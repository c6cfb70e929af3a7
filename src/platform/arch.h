/*
 * The few instructions that recording is built on, as one contract that arch_x86_64.h and arch_generic.h
 * implement:
 *
 *     arch_ticks()               the processor's time stamp counter, if ARCH_HAS_TICKS
 *     arch_cpuid(leaf, r)        the processor's CPUID leaf, in r[4]: eax, ebx, ecx, edx
 *     arch_fetch_add_own(p, n)   adds to a word that only this thread (and its signal handlers)
 *                                changes, in one step that no signal can split; returns the old value
 *     arch_add_own(p, n)         the same without the old value
 *     ARCH_APART                 declares a function that calls the clock and then stores
 *     arch_truncate(x)           x rounded towards zero; negative for NaN and for values that do not fit
 */
#ifndef RINGSCOPE_ARCH_H
#define RINGSCOPE_ARCH_H

#include <stdbool.h>
#include <stdint.h>

#if defined(__x86_64__)
#include "arch_x86_64.h"
#else
#include "arch_generic.h"
#endif

/* For parts of the recording path: not worth a call, and their arguments should stay in registers. */
#define always_inline_ static inline __attribute__((always_inline))

/* Whether memory can be prefetched: WebAssembly has no instruction for it. */
#if defined(__wasm__)
#define ARCH_HAS_PREFETCH false
#else
#define ARCH_HAS_PREFETCH true
#endif

#define likely(condition) __builtin_expect(!!(condition), 1)
#define unlikely(condition) __builtin_expect(!!(condition), 0)

static inline uint64_t atomic64_load(const uint64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_RELAXED);
}
static inline uint64_t atomic64_load_acquire(const uint64_t *word)
{
    return __atomic_load_n(word, __ATOMIC_ACQUIRE);
}
static inline void atomic64_store(uint64_t *word, uint64_t value)
{
    __atomic_store_n(word, value, __ATOMIC_RELAXED);
}
static inline void atomic64_store_release(uint64_t *word, uint64_t value)
{
    __atomic_store_n(word, value, __ATOMIC_RELEASE);
}

/* Orders earlier stores before later ones, for readers on other processors. */
static inline void fence_release(void)
{
    __atomic_thread_fence(__ATOMIC_RELEASE);
}

/* For words that any thread may change: stores desired if the word is still *expected, else updates *expected. */
static inline bool atomic64_exchange(uint64_t *word, uint64_t *expected, uint64_t desired)
{
    return __atomic_compare_exchange_n(word, expected, desired, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE);
}

#endif
