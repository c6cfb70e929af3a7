/* The distribution of durations, and of events over time and tracks. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "search.h"

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

/* The bucket of a time; those beyond the range's ends are the first and the last. */
static uint32_t bucket_at(double ns, double per_ns, uint32_t buckets)
{
    double bucket = ns * per_ns;
    return bucket < 0 ? 0 : bucket >= buckets ? buckets - 1 : (uint32_t)bucket;
}

/* Each event is added where it begins and taken away after its end; the sums of these are the numbers under way. */
void timeline_density(const struct timeline_view *view, const struct timeline_dense *asked, uint32_t *counts)
{
    const struct timeline *timeline = view->timeline;
    const uint32_t buckets = asked->buckets, end = asked->end < view->count ? asked->end : view->count;
    const int64_t from_ns = asked->from_ns;
    double per_ns = asked->to_ns > from_ns ? buckets / (double)(asked->to_ns - from_ns) : 0;
    memset(counts, 0, (size_t)buckets * TIMELINE_CATEGORIES * sizeof *counts);
    for (uint32_t at = asked->first; buckets && at < end; at++) {
        uint32_t event = view_event(view, at);
        int64_t start_ns = timeline->starts[event], duration_ns = event_duration(timeline, event);
        int64_t last_ns = start_ns + duration_ns - (duration_ns > 0);
        if (start_ns > asked->to_ns || last_ns < from_ns || (asked->hits && !search_count(asked->hits, at, at + 1)))
            continue;
        uint32_t *count = counts + timeline->categories[event];
        count[(size_t)bucket_at((double)(start_ns - from_ns), per_ns, buckets) * TIMELINE_CATEGORIES]++;
        uint32_t after = bucket_at((double)(last_ns - from_ns), per_ns, buckets) + 1;
        if (after < buckets)
            count[(size_t)after * TIMELINE_CATEGORIES]--;
    }
    for (size_t i = TIMELINE_CATEGORIES; i < (size_t)buckets * TIMELINE_CATEGORIES; i++)
        counts[i] += counts[i - TIMELINE_CATEGORIES];
}

/* ----------------------------------------------------------------- occupied */

/* Events of a row do not overlap: of those that begin before the range, only the last may reach into it. */
static bool row_is_occupied(const struct timeline_view *view, const struct timeline_search *hits, uint32_t row,
                            int64_t from_ns, int64_t to_ns)
{
    uint32_t first = view_begins_at(view, row, from_ns), end = view_begins_at(view, row, to_ns + 1);
    if (first > view->row_first[row] && event_end(view->timeline, view_event(view, first - 1)) >= from_ns)
        first--;
    return first < end && (!hits || search_count(hits, first, end) > 0);
}

void timeline_occupied(const struct timeline_view *view, const struct timeline_search *hits, int64_t from_ns,
                       int64_t to_ns, uint8_t *tracks)
{
    const struct timeline *timeline = view->timeline;
    memset(tracks, 0, timeline->track_count);
    for (uint32_t row = 0; row < timeline->row_count; row++) {
        uint8_t *is_occupied = &tracks[timeline->row_track[row]];
        *is_occupied = *is_occupied || row_is_occupied(view, hits, row, from_ns, to_ns);
    }
}
