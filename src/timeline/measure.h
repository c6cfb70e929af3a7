/*
 * Measures the spans of each name, with how far chance alone may have moved what was measured: for comparing traces.
 *
 * Counts are taken as those of calls that come independently of each other (Poisson), totals as their sum; of a
 * percentile the band is that of ranks (a sign test), whatever the durations' distribution is. Each band holds with 99 %.
 */
#ifndef RINGSCOPE_TIMELINE_MEASURE_H
#define RINGSCOPE_TIMELINE_MEASURE_H

#include "timeline.h"

enum measure { MEASURE_CALLS, MEASURE_TOTAL, MEASURE_P50, MEASURE_P99, MEASURE_FAILURES, MEASURES };

/* high: infinite where there are too few calls to tell. Times in ns. */
struct measured {
    double value, low, high;
};

struct name_measures {
    uint32_t name;
    bool lasts; /* there are spans: else times are 0 */
    struct measured of[MEASURES];
};

/* Of what passes the view. The caller frees *result. ERROR_MEMORY. */
enum tracer_error timeline_measure(const struct timeline_view *view, struct name_measures **result, uint32_t *count);

/* How many of something there were, none included. */
struct measured measured_count(uint64_t count);

#endif
