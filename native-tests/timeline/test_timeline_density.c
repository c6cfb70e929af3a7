/* The minimap's contents, and the histogram of durations, compared with counting every event. */
#include <math.h>
#include <string.h>

#include "expressions.h"
#include "random_views.h"

#define MOST_BUCKETS 50u
#define NEEDLE "rea"

/* ------------------------------------------------------------------- density */

/* The number of a category's events that are under way between two times, in ns since the range's beginning. */
static uint32_t under_way(const struct random_view *random, const struct timeline_dense *asked, unsigned category,
                          double begin_ns, double end_ns)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < random->count; i++) {
        const struct timeline_event *event = &random->events[random->passing[i]];
        int64_t last_ns = event_end_ns(event) - (event->duration_ns > 0);
        bool is_in = event->start_ns <= asked->to_ns && last_ns >= asked->from_ns &&
                     (!asked->hits || strstr(event->name, NEEDLE) != NULL);
        count += event->category == category && is_in && (double)(event->start_ns - asked->from_ns) <= end_ns &&
                 (double)(last_ns - asked->from_ns) >= begin_ns;
    }
    return count;
}

/* Rounding may move what is at the edge of a bucket to its neighbour. The last bucket has what ends with the range. */
static void check_buckets(const struct random_view *random, const struct timeline_dense *asked, const uint32_t *counts)
{
    double bucket_ns = (double)(asked->to_ns - asked->from_ns) / asked->buckets;
    for (unsigned category = 0; category < TIMELINE_CATEGORIES; category++) {
        for (uint32_t bucket = 0; bucket < asked->buckets; bucket++) {
            double begin_ns = bucket == 0 ? -INFINITY : bucket_ns * bucket;
            double end_ns = bucket + 1 == asked->buckets ? INFINITY : bucket_ns * (bucket + 1);
            double slack_ns = 1e-9 * fabs(bucket_ns) * (bucket + 1) + 1e-6;
            assert_in_range(counts[bucket * TIMELINE_CATEGORIES + category],
                            under_way(random, asked, category, begin_ns + slack_ns, end_ns - slack_ns),
                            under_way(random, asked, category, begin_ns - slack_ns, end_ns + slack_ns));
        }
    }
}

/* Adds up the densities of parts of any size. */
static void count_in_parts(const struct random_view *random, const struct timeline_dense *asked, uint32_t *counts)
{
    static uint32_t part[MOST_BUCKETS * TIMELINE_CATEGORIES];
    struct timeline_dense parts = *asked;
    memset(counts, 0, sizeof part);
    for (; parts.first < random->count; parts.first = parts.end) {
        parts.end = parts.first + 1 + (uint32_t)trace_below(random->trace, 200);
        timeline_density(random->view, &parts, part);
        for (size_t i = 0; i < (size_t)asked->buckets * TIMELINE_CATEGORIES; i++)
            counts[i] += part[i];
    }
}

static void densities_of(struct random_view *random)
{
    static uint32_t counts[MOST_BUCKETS * TIMELINE_CATEGORIES];
    struct timeline_search *hits;
    assert_int_equal(timeline_search_create(&hits, random->view, expression_of("name:*" NEEDLE "*")), TRACER_OK);
    while (timeline_search_step(hits, 1000)) {
    }
    for (int i = 0; i < 6; i++) {
        struct timeline_dense asked = { .buckets = 1 + (uint32_t)trace_below(random->trace, MOST_BUCKETS),
                                        .hits = trace_below(random->trace, 2) ? hits : NULL };
        random_range(random, &asked.from_ns, &asked.to_ns);
        if (asked.to_ns <= asked.from_ns)
            continue; /* it has no buckets */
        count_in_parts(random, &asked, counts);
        check_buckets(random, &asked, counts);
    }
    timeline_search_destroy(hits);
}

static bool is_occupied(const struct random_view *random, const struct timeline_dense *asked, uint32_t track)
{
    for (uint32_t i = 0; i < random->count; i++) {
        const struct timeline_event *event = &random->events[random->passing[i]];
        if (event->track == track && event->start_ns <= asked->to_ns && event_end_ns(event) >= asked->from_ns &&
            (!asked->hits || strstr(event->name, NEEDLE)))
            return true;
    }
    return false;
}

static void tracks_of(struct random_view *random)
{
    struct timeline_track track;
    uint8_t tracks[1000];
    struct timeline_search *hits;
    assert_false(timeline_track(random->trace->timeline, sizeof tracks, &track));
    assert_int_equal(timeline_search_create(&hits, random->view, expression_of("name:*" NEEDLE "*")), TRACER_OK);
    while (timeline_search_step(hits, 1000)) {
    }
    for (int i = 0; i < 6; i++) {
        struct timeline_dense asked = { .hits = trace_below(random->trace, 2) ? hits : NULL };
        random_range(random, &asked.from_ns, &asked.to_ns);
        timeline_occupied(random->view, asked.hits, asked.from_ns, asked.to_ns, tracks);
        for (uint32_t at = 0; timeline_track(random->trace->timeline, at, &track); at++)
            assert_int_equal(tracks[at], is_occupied(random, &asked, at));
    }
    timeline_search_destroy(hits);
}

static void occupied_views(struct random_trace *trace)
{
    for_views(trace, tracks_of);
}

static void tracks_are_occupied_if_an_event_reaches_into_the_range(void **state)
{
    (void)state;
    for_random_traces(occupied_views);
}

static void density_views(struct random_trace *trace)
{
    for_views(trace, densities_of);
}

static void density_counts_events_under_way_in_each_part(void **state)
{
    (void)state;
    for_random_traces(density_views);
}

/* ----------------------------------------------------------------- histogram */

/* The number of spans of a name that lasted from low up to high; each counts as at least 1 ns. */
static uint32_t lasted(const struct random_view *random, uint32_t name, double low_ns, double high_ns)
{
    uint32_t count = 0;
    for (uint32_t i = 0; i < random->count; i++) {
        const struct timeline_event *event = &random->events[random->passing[i]];
        double duration_ns = event->duration_ns < 1 ? 1 : (double)event->duration_ns;
        count +=
            event->kind == TIMELINE_SPAN && event->name_id == name && duration_ns >= low_ns && duration_ns < high_ns;
    }
    return count;
}

static void check_histogram(const struct random_view *random, uint32_t name, uint32_t bins)
{
    uint32_t counts[MOST_BUCKETS], sum = 0;
    double bounds_ns[MOST_BUCKETS + 1];
    assert_int_equal(timeline_histogram(random->view, name, bins, counts, bounds_ns), TRACER_OK);
    for (uint32_t bin = 0; bin < bins; bin++) {
        double low_ns = bin ? bounds_ns[bin] : 0, high_ns = bin + 1 < bins ? bounds_ns[bin + 1] : INFINITY;
        assert_true(bounds_ns[bin] < bounds_ns[bin + 1]);
        assert_int_equal(counts[bin], lasted(random, name, low_ns, high_ns));
        sum += counts[bin];
    }
    for (uint32_t bin = 1; bin < bins; bin++) /* evenly on a logarithmic scale */
        assert_true(fabs(bounds_ns[bin] * bounds_ns[bin] / bounds_ns[bin - 1] / bounds_ns[bin + 1] - 1) < 1e-9);
    assert_int_equal(sum, lasted(random, name, 0, INFINITY));
}

static void histograms_of(struct random_view *random)
{
    for (uint32_t name = 0; timeline_name(random->trace->timeline, name); name++)
        for (uint32_t bins = 1; bins <= MOST_BUCKETS; bins += 1 + bins / 3)
            check_histogram(random, name, bins);
    check_histogram(random, TIMELINE_NONE, 4);
}

static void histogram_views(struct random_trace *trace)
{
    for_views(trace, histograms_of);
}

static void a_histogram_counts_every_span_of_a_name_once(void **state)
{
    (void)state;
    for_random_traces(histogram_views);
}

static void in_fifteen_bins(struct random_view *random)
{
    check_histogram(random, random->events[0].name_id, 15);
}

/* 2 ns is the fourth bound of 1 to 32 ns in 15 bins; its logarithm is rounded down, into the bin below. */
static void a_duration_at_a_bound_is_in_the_bin_above(void **state)
{
    (void)state;
    struct random_trace trace = { .random = 1 };
    for (unsigned power = 0; power <= 5; power++) {
        struct listed *event = trace_push(&trace);
        event->kind = TIMELINE_SPAN;
        event->duration_ns = INT64_C(1) << power;
        event->start_ns = INT64_C(100) * power;
    }
    trace_build(&trace);
    with_view(&trace, &(struct event_filter){ 0 }, in_fifteen_bins);
    timeline_destroy(trace.timeline);
    free(trace.events);
    free(trace.event_of);
    free(trace.number_of);
}

/* A page may ask before it knows its width. */
static void nothing_is_asked_for_nothing_is_given(void **state)
{
    (void)state;
    const struct trace_shape shape = { .events = 50, .tracks = 2, .span_ns = 1000, .longest_ns = 50 };
    struct random_trace *trace = trace_make(1, &shape);
    struct timeline_view *view = trace_view(trace, NULL);
    uint32_t counts[TIMELINE_CATEGORIES] = { 7 };
    double bounds_ns[2] = { 7, 7 };
    timeline_density(view, &(struct timeline_dense){ .to_ns = 1000, .end = UINT32_MAX }, counts);
    for (uint32_t name = 0; timeline_name(trace->timeline, name); name++)
        assert_int_equal(timeline_histogram(view, name, 0, counts, bounds_ns), TRACER_OK);
    assert_int_equal(counts[0], 7);
    assert_true(bounds_ns[1] == 7);
    timeline_view_destroy(view);
    trace_free(trace);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tracks_are_occupied_if_an_event_reaches_into_the_range),
        cmocka_unit_test(density_counts_events_under_way_in_each_part),
        cmocka_unit_test(a_histogram_counts_every_span_of_a_name_once),
        cmocka_unit_test(a_duration_at_a_bound_is_in_the_bin_above),
        cmocka_unit_test(nothing_is_asked_for_nothing_is_given),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
