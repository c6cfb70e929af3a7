/*
 * Time: reading the clock while recording, and turning its ticks into nanoseconds when reading.
 */
#ifndef RINGSCOPE_CLOCK_H
#define RINGSCOPE_CLOCK_H

#include "../platform/wide.h"
#include "image.h"

/* How the ticks of one image become ns since its time 0. */
struct clock_rate {
    uint64_t origin_ticks;
    uint64_t ns_per_tick_32; /* ns per tick, times 2^32 */
};

/* From a header that was copied to private memory: the longest interval between sound calibration
 * pairs; 1 ns a tick where the clock counts ns. False if no pair of a TSC image is sound. */
bool clock_rate_of(const struct image_header *header, struct clock_rate *rate);

/* The processor's ticks and CLOCK_MONOTONIC at one moment, as a sound pair. */
struct image_calibration clock_pair_now(void);

/* A number of ticks in ns; saturates instead of overflowing. */
static inline uint64_t clock_duration_ns(const struct clock_rate *rate, uint64_t ticks)
{
    struct wide ns_32 = wide_product(ticks, rate->ns_per_tick_32);
    return ns_32.high >> 32 ? UINT64_MAX : ns_32.high << 32 | ns_32.low >> 32;
}

/* A point in time in ns since time 0; 0 for ticks before it. */
static inline uint64_t clock_time_ns(const struct clock_rate *rate, uint64_t ticks)
{
    return ticks <= rate->origin_ticks ? 0 : clock_duration_ns(rate, ticks - rate->origin_ticks);
}

/* The ticks at a point in time, the inverse of clock_time_ns(). */
uint64_t clock_ticks_at(const struct clock_rate *rate, uint64_t ns);

/* A double of ms as ns, rounded to the nearest. False for NaN, infinite, negative and beyond 2^63. */
static inline bool clock_ns_from_ms(double ms, uint64_t *ns)
{
    if (!(ms >= 0 && ms < 9e12))
        return false;
    *ns = (uint64_t)(int64_t)(ms * 1e6 + 0.5);
    return true;
}

#endif
