/*
 * COUNTERS of operations, and their HISTOGRAMS.
 */
#ifndef RINGSCOPE_IMAGE_COUNTERS_H
#define RINGSCOPE_IMAGE_COUNTERS_H

#include <stdint.h>

/* COUNTERS: lane by lane, an entry per operation. */
struct image_op {
    uint64_t count;
    uint64_t errors;
    uint64_t total_ns;
    uint64_t min_ns_inverted; /* ~min, so that 0 is "none yet" and both extremes only grow */
    uint64_t max_ns;
    uint64_t histogram; /* index into HISTOGRAMS plus one; 0: none */
};

/* HISTOGRAMS: log-linear, 16 buckets a doubling, so that a bucket is at most 1/16 of its value wide
 * (as in HdrHistogram). Values 0 to 15 ns have a bucket each; the last holds all from 1 h on. */
#define HISTOGRAM_SUB_BITS 4u
#define HISTOGRAM_BUCKETS 640u /* 619 are in use */
#define HISTOGRAM_MAX_NS 3600000000000ull

struct image_histogram {
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

static inline unsigned histogram_bucket(uint64_t ns)
{
    if (ns < 16)
        return (unsigned)ns;
    if (ns > HISTOGRAM_MAX_NS)
        ns = HISTOGRAM_MAX_NS;
    unsigned shift = 59 - (unsigned)__builtin_clzll(ns); /* of the top bit, less HISTOGRAM_SUB_BITS */
    return (shift << HISTOGRAM_SUB_BITS) + (unsigned)(ns >> shift);
}
/* The smallest value that falls into the bucket. */
static inline uint64_t histogram_low_ns(unsigned bucket)
{
    if (bucket < 32)
        return bucket;
    unsigned shift = (bucket >> HISTOGRAM_SUB_BITS) - 1;
    return (uint64_t)((bucket & 15) + 16) << shift;
}

#endif
