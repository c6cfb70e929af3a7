/* Counts the events of a range by name or category, and density and histograms. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "view.h"

/* ---------------------------------------------------------------- percentiles */

static void swap(int64_t *a, int64_t *b)
{
    int64_t old = *a;
    *a = *b;
    *b = old;
}

/* The value of a place in [low, high), as by chance: durations that fall and rise would lead fixed places to the
 * greatest value again and again, and hours pass where seconds do. */
static int64_t pivot_of(const int64_t *values, size_t low, size_t high, uint64_t *random)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407); /* Knuth's MMIX */
    return values[low + (size_t)((*random >> 32) % (high - low))];
}

/* Puts the value of a rank in its place, smaller ones before it (Hoare's quickselect). */
static void select_rank(int64_t *values, size_t count, size_t rank)
{
    size_t low = 0, high = count;
    uint64_t random = count;
    while (high - low > 1) {
        int64_t pivot = pivot_of(values, low, high, &random);
        size_t less = low, at = low, greater = high;
        while (at < greater) {
            if (values[at] < pivot)
                swap(&values[less++], &values[at++]);
            else if (values[at] > pivot)
                swap(&values[at], &values[--greater]);
            else
                at++;
        }
        if (rank < less)
            high = less;
        else if (rank >= greater)
            low = greater;
        else
            return;
    }
}

/* The value that so many per cent are at most (nearest rank). The smaller percentiles must come later. */
static uint64_t percentile(int64_t *values, size_t count, unsigned per_cent)
{
    size_t rank = (size_t)(((uint64_t)count * per_cent + 99) / 100); /* a size_t has 32 bits in the page */
    select_rank(values, count, rank ? rank - 1 : 0);
    return (uint64_t)values[rank ? rank - 1 : 0];
}

/* ------------------------------------------------------------------ counting */

/* A count that is under way. */
struct counting {
    const struct timeline_view *view;
    int64_t from_ns, to_ns;
    bool by_category;
    struct timeline_statistic *of; /* by key */
    uint32_t *votes; /* by key: for the category, as in Boyer and Moore's majority vote */
    uint32_t *depths; /* by key: from 1, that of all its spans; SEVERAL: one may be inside of another */
    uint32_t key_count;
    uint32_t row; /* the one being looked at */
    uint64_t *counted; /* a bit by span */
};

enum { SEVERAL = UINT32_MAX };

static uint32_t key_of(const struct counting *counting, uint32_t event)
{
    const struct timeline *timeline = counting->view->timeline;
    return counting->by_category ? timeline->categories[event] : timeline->names[event];
}

static void vote(struct counting *counting, uint32_t key, uint8_t category)
{
    uint32_t *votes = &counting->votes[key];
    if (*votes == 0)
        counting->of[key].category = category;
    if (counting->of[key].category == category)
        ++*votes;
    else
        --*votes;
}

/* What of a span lies within the range. */
static int64_t duration_within(const struct counting *counting, uint32_t event)
{
    const struct timeline *timeline = counting->view->timeline;
    int64_t start_ns = timeline->starts[event], end_ns = event_end(timeline, event);
    if (start_ns < counting->from_ns)
        start_ns = counting->from_ns;
    if (end_ns > counting->to_ns)
        end_ns = counting->to_ns;
    return end_ns > start_ns ? end_ns - start_ns : 0;
}

static bool is_counted(const struct counting *counting, uint32_t event)
{
    return counting->counted[event / 64] >> event % 64 & 1;
}

/* Whether a span of the same key that counts is around it: of a recursion only the outermost adds to the total. Outer
 * rows come before inner ones, so that what is around it has been counted; and a key of one depth has none. What
 * overlaps another is not inside of it. */
static bool is_within_its_like(const struct counting *counting, uint32_t event, uint32_t key)
{
    const struct timeline *timeline = counting->view->timeline;
    if (counting->depths[key] != SEVERAL)
        return false;
    uint32_t at = event;
    while (!(timeline->kinds[at] & TIMELINE_OVERLAP) && timeline->parents[at] != TIMELINE_NONE) {
        at = timeline->parents[at];
        if (key_of(counting, at) == key && is_counted(counting, at))
            return true;
    }
    return false;
}

static void note_depth(struct counting *counting, uint32_t event)
{
    const struct timeline *timeline = counting->view->timeline;
    uint32_t *depth = &counting->depths[key_of(counting, event)];
    uint32_t row = counting->row, own = row - timeline->tracks[timeline->row_track[row]].first_row + 1;
    if (event_kind(timeline, event) == TIMELINE_SPAN)
        *depth = *depth == 0 || *depth == own ? own : (uint32_t)SEVERAL;
}

static void count_span(struct counting *counting, struct timeline_statistic *of, uint32_t event, uint32_t key)
{
    uint64_t duration_ns = (uint64_t)duration_within(counting, event);
    if (of->spans == 0 || duration_ns < of->min_ns)
        of->min_ns = duration_ns;
    if (of->spans == 0 || duration_ns > of->max_ns) {
        of->max_ns = duration_ns;
        of->longest = event;
    }
    of->spans++;
    of->sum_ns += duration_ns;
    of->self_ns += duration_ns; /* less its children, later */
    if (!is_within_its_like(counting, event, key))
        of->total_ns += duration_ns;
    counting->counted[event / 64] |= UINT64_C(1) << event % 64;
}

static void count_event(struct counting *counting, uint32_t event)
{
    const struct timeline *timeline = counting->view->timeline;
    uint32_t key = key_of(counting, event);
    struct timeline_statistic *of = &counting->of[key];
    if (of->count++ == 0)
        of->longest = event;
    of->errors += event_flags(timeline, event) & TIMELINE_ERROR;
    vote(counting, key, timeline->categories[event]);
    if (event_kind(timeline, event) == TIMELINE_SPAN)
        count_span(counting, of, event, key);
}

/* The first position of a row whose event reaches into the range. */
static uint32_t reaches_into(const struct counting *counting, uint32_t row)
{
    const struct timeline_view *view = counting->view;
    uint32_t position = view_begins_at(view, row, counting->from_ns);
    if (position > view->row_first[row] &&
        event_end(view->timeline, view_event(view, position - 1)) > counting->from_ns)
        position--;
    return position;
}

/* Calls visit for all events of the view that reach into the range. */
static void for_each(struct counting *counting, void (*visit)(struct counting *, uint32_t event))
{
    const struct timeline_view *view = counting->view;
    for (uint32_t row = 0; row < view->timeline->row_count; row++) {
        counting->row = row;
        for (uint32_t at = reaches_into(counting, row); at < view->row_first[row + 1]; at++) {
            uint32_t event = view_event(view, at);
            if (view->timeline->starts[event] > counting->to_ns) /* the end counts: the last event stands there */
                break;
            visit(counting, event);
        }
    }
}

/* Takes the children's time from their parents', whether they pass the filter or not. */
static void subtract_children(struct counting *counting)
{
    const struct timeline *timeline = counting->view->timeline;
    for (uint32_t event = 0; event < timeline->count; event++) {
        uint32_t parent = timeline->parents[event];
        if (parent == TIMELINE_NONE || timeline->kinds[event] & TIMELINE_OVERLAP) /* which counts nowhere twice */
            continue;
        if (is_counted(counting, parent))
            counting->of[key_of(counting, parent)].self_ns -= (uint64_t)duration_within(counting, event);
    }
}

/* The spans' durations, those of a key together; ends: where each key's end. */
struct gathered {
    struct counting counting;
    int64_t *durations;
    size_t *ends;
};

static void gather(struct counting *counting, uint32_t event)
{
    struct gathered *gathered = (struct gathered *)(void *)counting;
    const struct timeline *timeline = counting->view->timeline;
    if (event_kind(timeline, event) == TIMELINE_SPAN)
        gathered->durations[gathered->ends[key_of(counting, event)]++] = duration_within(counting, event);
}

static bool find_percentiles(const struct counting *counting)
{
    struct gathered gathered = { .counting = *counting };
    struct timeline_statistic *of = counting->of;
    size_t spans = 0;
    gathered.ends = malloc(((size_t)counting->key_count + 1) * sizeof *gathered.ends);
    for (uint32_t key = 0; gathered.ends && key < counting->key_count; spans += of[key++].spans)
        gathered.ends[key] = spans;
    gathered.durations = malloc((spans + 1) * sizeof *gathered.durations);
    bool ok = gathered.ends && gathered.durations;
    if (ok)
        for_each(&gathered.counting, gather);
    for (uint32_t key = 0; ok && key < counting->key_count; key++) {
        int64_t *durations = gathered.durations + gathered.ends[key] - of[key].spans;
        if (of[key].spans == 0)
            continue;
        of[key].p99_ns = percentile(durations, of[key].spans, 99);
        of[key].p90_ns = percentile(durations, of[key].spans, 90);
        of[key].p50_ns = percentile(durations, of[key].spans, 50);
    }
    free(gathered.ends);
    free(gathered.durations);
    return ok;
}

static int by_total(const void *a, const void *b)
{
    const struct timeline_statistic *left = a, *right = b;
    if (left->total_ns != right->total_ns)
        return left->total_ns > right->total_ns ? -1 : 1;
    if (left->count != right->count)
        return left->count > right->count ? -1 : 1;
    return left->key < right->key ? -1 : 1;
}

/* Leaves those that occur, sorted. */
static uint32_t tidy(struct counting *counting)
{
    uint32_t kept = 0;
    for (uint32_t key = 0; key < counting->key_count; key++) {
        if (counting->of[key].count == 0)
            continue;
        counting->of[key].key = key;
        if (counting->by_category)
            counting->of[key].category = key;
        counting->of[kept++] = counting->of[key];
    }
    qsort(counting->of, kept, sizeof *counting->of, by_total);
    return kept;
}

enum tracer_error timeline_statistics(const struct timeline_view *view, int64_t from_ns, int64_t to_ns,
                                      bool by_category, struct timeline_statistic **result, uint32_t *count)
{
    const struct timeline *timeline = view->timeline;
    struct counting counting = { .view = view, .from_ns = from_ns, .to_ns = to_ns, .by_category = by_category };
    counting.key_count = by_category ? TIMELINE_CATEGORIES : timeline->name_table.count;
    counting.of = calloc((size_t)counting.key_count + 1, sizeof *counting.of);
    counting.votes = calloc((size_t)counting.key_count + 1, sizeof *counting.votes);
    counting.depths = calloc((size_t)counting.key_count + 1, sizeof *counting.depths);
    counting.counted = calloc((size_t)timeline->count / 64 + 1, sizeof *counting.counted);
    bool ok = counting.of && counting.votes && counting.depths && counting.counted;
    if (ok) {
        for_each(&counting, note_depth);
        for_each(&counting, count_event);
        subtract_children(&counting);
        ok = find_percentiles(&counting);
    }
    free(counting.votes);
    free(counting.depths);
    free(counting.counted);
    *count = ok ? tidy(&counting) : 0;
    if (!ok) {
        free(counting.of);
        counting.of = NULL;
    }
    *result = counting.of;
    return ok ? TRACER_OK : TRACER_ERROR_MEMORY;
}

/* ----------------------------------------------------------------- histogram */

static bool has_duration(const struct timeline_view *view, uint32_t position, uint32_t name, double *duration_ns)
{
    const struct timeline *timeline = view->timeline;
    uint32_t event = view_event(view, position);
    if (timeline->names[event] != name || event_kind(timeline, event) != TIMELINE_SPAN)
        return false;
    *duration_ns = (double)timeline->durations[event];
    if (*duration_ns < 1)
        *duration_ns = 1; /* whose logarithm is 0 */
    return true;
}

/* Logarithms are rounded: the bounds decide. */
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
