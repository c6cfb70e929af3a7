/*
 * The control word, which switches recording, and the counters that a reset clears.
 */
#ifndef RINGSCOPE_CONTROL_WORD_H
#define RINGSCOPE_CONTROL_WORD_H

#include <stdbool.h>
#include <stdint.h>

#include "../ringscope.h"

/*
 * The control word holds everything that switches recording, so that one load decides.
 *
 *     63         45 44          26 25      16 15       0
 *     stats epoch | events epoch | filter    | wanted
 *
 * filter: the categories to record. wanted: while enabled, the filter and the bits beyond the known categories (an
 * event of an unknown category is counted as an attempt); else 0, so that wanted != 0 means enabled. A reset increments
 * an epoch; lanes and tagged counters of another epoch read as empty, and their owner clears them at its next use.
 */
#define CONTROL_FILTER_SHIFT 16
#define CONTROL_EVENTS_SHIFT 26
#define CONTROL_STATS_SHIFT 45
#define CONTROL_EPOCH_MASK ((1u << 19) - 1)
#define CONTROL_UNKNOWN_CATEGORIES (0xffffu & ~TRACE_MASK_ALL)

static inline uint32_t control_wanted(uint64_t control)
{
    return (uint32_t)(control & 0xffff);
}
static inline uint32_t control_filter(uint64_t control)
{
    return (uint32_t)(control >> CONTROL_FILTER_SHIFT) & TRACE_MASK_ALL;
}
static inline uint32_t control_events_epoch(uint64_t control)
{
    return (uint32_t)(control >> CONTROL_EVENTS_SHIFT) & CONTROL_EPOCH_MASK;
}
static inline uint32_t control_stats_epoch(uint64_t control)
{
    return (uint32_t)(control >> CONTROL_STATS_SHIFT) & CONTROL_EPOCH_MASK;
}
static inline uint64_t control_make(bool enabled, uint32_t filter, uint32_t events_epoch, uint32_t stats_epoch)
{
    uint64_t passing = filter & TRACE_MASK_ALL ? filter & TRACE_MASK_ALL : TRACE_MASK_ALL;
    uint64_t wanted = enabled ? passing | CONTROL_UNKNOWN_CATEGORIES : 0;
    return wanted | passing << CONTROL_FILTER_SHIFT |
           (uint64_t)(events_epoch & CONTROL_EPOCH_MASK) << CONTROL_EVENTS_SHIFT |
           (uint64_t)(stats_epoch & CONTROL_EPOCH_MASK) << CONTROL_STATS_SHIFT;
}

/* A tagged counter: the epoch in the high 19 bits, the count in the low 45. */
#define TAGGED_COUNT_BITS 45
#define TAGGED_COUNT_MAX ((1ull << TAGGED_COUNT_BITS) - 1)
static inline uint64_t tagged_make(uint32_t epoch, uint64_t count)
{
    return (uint64_t)epoch << TAGGED_COUNT_BITS | (count & TAGGED_COUNT_MAX);
}
static inline uint64_t tagged_count(uint64_t word, uint32_t epoch)
{
    return word >> TAGGED_COUNT_BITS == epoch ? word & TAGGED_COUNT_MAX : 0;
}

#endif
