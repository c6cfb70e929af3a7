/*
 * Measures the spans of each name, with bounds on how far chance alone may have moved each value, for comparing traces.
 * Counts are treated as those of independent calls (Poisson), totals as their sum. A percentile's band is that of ranks
 * (a sign test), whatever the distribution of durations. Each band holds with 99 %.
 */
#ifndef RINGSCOPE_TIMELINE_MEASURE_H
#define RINGSCOPE_TIMELINE_MEASURE_H

#include "timeline.h"

enum measure { MEASURE_CALLS, MEASURE_TOTAL, MEASURE_P50, MEASURE_P99, MEASURE_FAILURES, MEASURES };

/* high: infinite if there are too few calls. Times in ns. */
struct measured {
    double value, low, high;
};

struct name_measures {
    uint32_t name;
    bool lasts; /* there are spans; else times are 0 */
    struct measured values[MEASURES];
};

/* Measures the events of the view. The caller frees *result. ERROR_MEMORY. */
enum tracer_error timeline_measure(const struct timeline_view *view, struct name_measures **result, uint32_t *count);

/* A count, which may be 0. */
struct measured measured_count(uint64_t count);

#endif
