/*
 * Time: taking calibration pairs, and turning an image's ticks into nanoseconds when it is read.
 */
#ifndef RINGSCOPE_CLOCK_H
#define RINGSCOPE_CLOCK_H

#include "calibration.h"

/* Time is linear from these ticks to those of the next piece. */
struct clock_piece {
    uint64_t ticks;
    uint64_t ns; /* since time 0 */
    uint64_t ns_per_tick_48; /* ns per tick, times 2^48 */
};

/* Converts the ticks of one image to ns since its time 0. Ticks and ns both ascend from piece to piece. */
struct clock_rate {
    uint32_t count; /* at least 1; the first piece begins at time 0 */
    uint32_t pairs; /* calibration pairs behind it */
    uint32_t steps;
    struct calibration_step largest_step;
    struct clock_piece pieces[IMAGE_CALIBRATION_PAIRS];
};

/* From a header and the calibration table, both copied to private memory: 1 ns per tick where the clock counts ns.
 * False if a TSC image has fewer than two sound pairs. */
bool clock_rate_of(const struct image_header *header, const struct image_calibration *table, uint32_t used,
                   struct clock_rate *rate);

/* The processor's ticks and CLOCK_MONOTONIC at one moment, as a sound pair. */
struct image_calibration clock_pair_now(void);

/* The piece that contains the ticks. */
uint32_t clock_piece_of(const struct clock_rate *rate, uint64_t ticks);

/* Converts ticks to ns since time 0; 0 for earlier ticks. Never decreases with ticks, and saturates. *piece remembers
 * where the last call found its ticks, so that neighbours are converted without a search. */
static inline uint64_t clock_time_near(const struct clock_rate *rate, uint32_t *piece, uint64_t ticks)
{
    const struct clock_piece *at = &rate->pieces[*piece];
    if (__builtin_expect(ticks < at->ticks || (*piece + 1 < rate->count && ticks >= at[1].ticks), 0)) {
        *piece = clock_piece_of(rate, ticks);
        at = &rate->pieces[*piece];
        if (ticks < at->ticks)
            return 0;
    }
    uint64_t passed = ticks - at->ticks;
    if (at->ns_per_tick_48 != 1ull << CLOCK_RATE_SHIFT) /* not ns already, as in WebAssembly, where products are slow */
        passed = calibration_ns(passed, at->ns_per_tick_48);
    return add_saturating(passed, at->ns);
}

static inline uint64_t clock_time_ns(const struct clock_rate *rate, uint64_t ticks)
{
    uint32_t piece = rate->count - 1;
    return clock_time_near(rate, &piece, ticks);
}

/* The first ticks that clock_time_ns() does not put before this time. */
uint64_t clock_ticks_at(const struct clock_rate *rate, uint64_t ns);

/* Converts ms to ns, rounded to the nearest. False for NaN, infinite, negative and beyond 2^63. */
static inline bool clock_ns_from_ms(double ms, uint64_t *ns)
{
    if (!(ms >= 0 && ms < 9e12))
        return false;
    *ns = (uint64_t)(int64_t)(ms * 1e6 + 0.5);
    return true;
}

#endif
