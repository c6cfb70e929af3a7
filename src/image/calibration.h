/*
 * The table of calibration pairs, as pure functions: which pairs to believe, where the clock was stepped, and which
 * entry to overwrite when the table is full. Nothing here reads a clock.
 *
 *      ns |                         o  a step: the line through the pairs before it misses the pair
 *         |                        .   by more than any crystal drifts, so a new piece begins there
 *         |                  o    .
 *         |             o        o     the piece before; times between two pairs are interpolated,
 *         |     o                      and beyond the last one extrapolated along its piece
 *         | o
 *         +------------------------------ ticks
 */
#ifndef RINGSCOPE_CALIBRATION_H
#define RINGSCOPE_CALIBRATION_H

#include "../platform/wide.h"
#include "image.h"

/* The clock was stepped, or its rate changed, between two pairs. */
struct calibration_step {
    uint64_t ns; /* time of the pair that the line missed, since the first pair */
    int64_t by_ns; /* how far its time is ahead of the line */
};

/* The sound pairs of a table, ordered by time. */
struct calibration {
    uint32_t count; /* at least one; the first is the table's first */
    uint32_t steps;
    struct calibration_step largest; /* zero if there are no steps */
    struct image_calibration pairs[IMAGE_CALIBRATION_PAIRS];
    uint8_t entry[IMAGE_CALIBRATION_PAIRS]; /* its index in the table */
    bool begins[IMAGE_CALIBRATION_PAIRS]; /* begins a piece, other than the first */
};

/* Orders a table of up to IMAGE_CALIBRATION_PAIRS entries with arbitrary contents. Leaves out pairs that are not sound,
 * and those where ticks or time went back. False if the first pair is not sound. */
bool calibration_sort(const struct image_calibration *table, uint32_t count, struct calibration *calibration);

/* The entry that the next pair overwrites, in a table of `used` entries: an unused one, a redundant one, or the one
 * whose neighbours make it most nearly redundant. Never the first pair nor the last, and no end of a step as long as
 * there is another, so that kill -9 at any time leaves a table as good. */
uint32_t calibration_victim(const struct calibration *calibration, uint32_t used);

/* The rate at which time continues after the last pair, in ns per tick times 2^48. False if there is only one pair. */
bool calibration_last_rate(const struct calibration *calibration, uint64_t *ns_per_tick_48);

/* A rate: ns per tick, times 2^48, so that a week without a pair stays exact. Saturates; ticks > 0. */
#define CLOCK_RATE_SHIFT 48
static inline uint64_t calibration_rate(uint64_t ticks, uint64_t ns)
{
    return wide_scale(ns, 1ull << CLOCK_RATE_SHIFT, ticks);
}

/* Converts ticks to ns at a rate; saturates. */
static inline uint64_t calibration_ns(uint64_t ticks, uint64_t ns_per_tick_48)
{
    struct wide ns = wide_product(ticks, ns_per_tick_48);
    return ns.high >> CLOCK_RATE_SHIFT ? UINT64_MAX : ns.high << (64 - CLOCK_RATE_SHIFT) | ns.low >> CLOCK_RATE_SHIFT;
}

#endif
