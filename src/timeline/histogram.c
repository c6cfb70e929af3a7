/* The distribution of durations, and of events over time. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view.h"

/* ----------------------------------------------------------------- histogram */

static bool has_duration(const struct timeline_view *view, uint32_t position, uint32_t name, double *duration_ns)
{
    const struct timeline *timeline = view->timeline;
    uint32_t event = view_event(view, position);
    if (timeline->names[event] != name || event_kind(timeline, event) != TIMELINE_SPAN)
        return false;
    *duration_ns = (double)timeline->durations[event];
    if (*duration_ns < 1)
        *duration_ns = 1; /* its logarithm is 0 */
    return true;
}

/* Logarithms are rounded, so the bounds decide. */
static uint32_t bin_of(double duration_ns, double guess, const double *bounds_ns, uint32_t bins)
{
    uint32_t bin = guess < bins ? (uint32_t)guess : bins - 1;
    while (bin > 0 && duration_ns < bounds_ns[bin])
        bin--;
    while (bin + 1 < bins && duration_ns >= bounds_ns[bin + 1])
        bin++;
    return bin;
}

enum tracer_error timeline_histogram(const struct timeline_view *view, uint32_t name, uint32_t bins, uint32_t *counts,
                                     double *bounds_ns)
{
    double low = 0, high = 0, duration_ns;
    if (bins == 0)
        return TRACER_OK;
    for (uint32_t i = 0; i < view->count; i++) {
        if (!has_duration(view, i, name, &duration_ns))
            continue;
        low = low == 0 || duration_ns < low ? duration_ns : low;
        high = duration_ns > high ? duration_ns : high;
    }
    if (low == 0)
        low = 1;
    if (high <= low)
        high = low * 2;
    double step = log(high / low) / bins;
    for (uint32_t bin = 0; bin <= bins; bin++)
        bounds_ns[bin] = low * exp(step * bin);
    memset(counts, 0, bins * sizeof *counts);
    for (uint32_t i = 0; i < view->count; i++) {
        if (!has_duration(view, i, name, &duration_ns))
            continue;
        counts[bin_of(duration_ns, log(duration_ns / low) / step, bounds_ns, bins)]++;
    }
    return TRACER_OK;
}

/* ------------------------------------------------------------------- density */

void timeline_density(const struct timeline_view *view, int64_t from_ns, int64_t to_ns, uint32_t buckets,
                      uint32_t *counts)
{
    const struct timeline *timeline = view->timeline;
    double per_ns = to_ns > from_ns ? buckets / (double)(to_ns - from_ns) : 0;
    memset(counts, 0, (size_t)buckets * TIMELINE_CATEGORIES * sizeof *counts);
    for (uint32_t row = 0; buckets && row < timeline->row_count; row++) {
        for (uint32_t at = view_begins_at(view, row, from_ns); at < view->row_first[row + 1]; at++) {
            uint32_t event = view_event(view, at);
            if (timeline->starts[event] > to_ns)
                break;
            uint32_t bucket = (uint32_t)((double)(timeline->starts[event] - from_ns) * per_ns);
            if (bucket >= buckets)
                bucket = buckets - 1;
            counts[(size_t)bucket * TIMELINE_CATEGORIES + timeline->categories[event]]++;
        }
    }
}
