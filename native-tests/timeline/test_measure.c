/* Measures of names, compared with sorting all durations, and whether confidence bands contain the true values. */
#include <math.h>

#include "random_trace.h"
#include "timeline/measure.h"

static int by_value(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* The sorted durations of a name's spans in a view; returns their number. */
static size_t durations_of(const struct random_trace *trace, const struct timeline_view *view, uint32_t name,
                           int64_t *durations)
{
    size_t count = 0;
    for (uint32_t i = 0; i < trace->count; i++) {
        const struct timeline_event event = trace_event_at(trace->timeline, i);
        if (event.name_id == name && event.kind == TIMELINE_SPAN && view_position(view, i) != TIMELINE_NONE)
            durations[count++] = event.duration_ns;
    }
    qsort(durations, count, sizeof *durations, by_value);
    return count;
}

static void check_percentile(const struct measured *of, const int64_t *sorted, size_t count, unsigned per_cent)
{
    size_t rank = (count * per_cent + 99) / 100, below = 0, above = 0;
    assert_true(of->value == (double)sorted[rank - 1]);
    assert_true(of->low <= of->value && of->high >= of->value);
    for (size_t i = 0; i < count; i++) {
        below += (double)sorted[i] < of->low;
        above += (double)sorted[i] > of->high;
    }
    double half = 2.576 * sqrt((double)count * per_cent / 100 * (100 - per_cent) / 100);
    assert_true((double)below <= (double)rank && (double)above <= (double)(count - rank));
    assert_true(isinf(of->high) == ((double)count * per_cent / 100 + half > (double)count - 1));
}

static void check_name(const struct random_trace *trace, const struct timeline_view *view,
                       const struct name_measures *of)
{
    int64_t *durations = malloc((trace->count + 1) * sizeof *durations);
    uint32_t calls = 0, failures = 0;
    assert_non_null(durations);
    size_t count = durations_of(trace, view, of->name, durations);
    for (uint32_t i = 0; i < trace->count; i++) {
        const struct timeline_event event = trace_event_at(trace->timeline, i);
        if (event.name_id != of->name || view_position(view, i) == TIMELINE_NONE)
            continue;
        calls++;
        failures += event.flags & TIMELINE_ERROR;
    }
    assert_true(of->values[MEASURE_CALLS].value == calls);
    assert_true(of->values[MEASURE_FAILURES].value == failures);
    assert_int_equal(of->lasts, count > 0);
    if (count) {
        check_percentile(&of->values[MEASURE_P50], durations, count, 50);
        check_percentile(&of->values[MEASURE_P99], durations, count, 99);
    }
    free(durations);
}

static void measure_random(struct random_trace *trace)
{
    const struct event_filter filter = { .hidden_categories = trace_below(trace, 32) };
    struct timeline_view *view = trace_view(trace, &filter);
    struct name_measures *measures;
    uint32_t count;
    assert_int_equal(timeline_measure(view, &measures, &count), TRACER_OK);
    for (uint32_t i = 0; i < count; i++)
        check_name(trace, view, &measures[i]);
    free(measures);
    timeline_view_destroy(view);
}

static void names_measure_what_sorting_finds(void **state)
{
    (void)state;
    for_random_traces(measure_random);
}

static void counts_have_a_band_even_of_none(void **state)
{
    (void)state;
    const struct measured none = measured_count(0), many = measured_count(10000);
    assert_true(none.value == 0 && none.low == 0);
    assert_true(none.high > 6.6 && none.high < 6.7); /* 2.576 squared */
    assert_true(many.low > 9700 && many.low < 9800 && many.high > 10200 && many.high < 10300);
}

/* A trace of spans with one name, whose durations are spread evenly over the powers of two. */
static struct name_measures measures_of_spans(uint64_t seed, uint32_t spans)
{
    struct random_trace trace = { .random = seed };
    struct name_measures *measures, first;
    uint32_t count;
    for (uint32_t i = 0; i < spans; i++) {
        struct listed *event = trace_push(&trace);
        event->kind = TIMELINE_SPAN;
        event->start_ns = i * INT64_C(1) << 20;
        event->duration_ns = (int64_t)trace_below(&trace, 1000);
    }
    trace_build(&trace);
    struct timeline_view *view = trace_view(&trace, NULL);
    assert_int_equal(timeline_measure(view, &measures, &count), TRACER_OK);
    assert_int_equal(count, 1);
    first = measures[0];
    free(measures);
    timeline_view_destroy(view);
    timeline_destroy(trace.timeline);
    free(trace.events);
    free(trace.event_of);
    free(trace.number_of);
    return first;
}

/* For equally likely durations below 1000 the median is 500, and the 99th percentile 990. */
static void bands_hold_what_is_true_nearly_always(void **state)
{
    unsigned medians = 0, tails = 0;
    (void)state;
    for (uint64_t seed = 1; seed <= 200; seed++) {
        const struct name_measures of = measures_of_spans(seed, 2000);
        medians += of.values[MEASURE_P50].low <= 500 && of.values[MEASURE_P50].high >= 499;
        tails += of.values[MEASURE_P99].low <= 990 && of.values[MEASURE_P99].high >= 989;
        assert_true(of.values[MEASURE_P50].high - of.values[MEASURE_P50].low < 100);
    }
    assert_in_range(medians, 194, 200);
    assert_in_range(tails, 194, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_measure_what_sorting_finds),
        cmocka_unit_test(counts_have_a_band_even_of_none),
        cmocka_unit_test(bands_hold_what_is_true_nearly_always),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
