/* Measures names; see measure.h for the meaning of the bands. */
#include "measure.h"

#include <math.h>
#include <stdlib.h>

#include "ranks.h"
#include "view.h"

#define Z 2.576 /* for 99 % */

/* The score interval of a Poisson count, which also works for 0. */
struct measured measured_count(uint64_t count)
{
    double value = (double)count, middle = value + Z * Z / 2, half = Z * sqrt(value + Z * Z / 4);
    return (struct measured){ value, middle > half ? middle - half : 0, middle + half };
}

/* If calls come at random, the variance of the sum is the sum of their squares. */
static struct measured measured_total(uint64_t total_ns, double squares)
{
    double value = (double)total_ns, half = Z * sqrt(squares);
    return (struct measured){ value, value > half ? value - half : 0, value + half };
}

/* The ends of the band are whole ranks, rounded outwards. */
static struct measured measured_percentile(int64_t *durations, size_t count, unsigned per_cent)
{
    double share = per_cent / 100.0, middle = (double)count * share;
    double half = Z * sqrt((double)count * share * (1 - share));
    double low = floor(middle - half), high = ceil(middle + half);
    struct measured measured = { .high = INFINITY };
    if (high < (double)count)
        measured.high = (double)value_at_rank(durations, count, (size_t)high);
    measured.value = (double)value_at_percentile(durations, count, per_cent);
    if (low >= 1)
        measured.low = (double)value_at_rank(durations, count, (size_t)low - 1);
    return measured;
}

struct measuring {
    const struct timeline_view *view;
    const struct timeline_statistic *statistics;
    uint32_t count;
    uint32_t *index_of; /* by name: index of its statistics */
    size_t *ends; /* of each one's durations, as far as they are collected */
    int64_t *durations;
    double *squares;
};

static bool gather(struct measuring *measuring)
{
    const struct timeline *timeline = measuring->view->timeline;
    size_t spans = 0;
    measuring->index_of = malloc(((size_t)timeline->name_table.count + 1) * sizeof *measuring->index_of);
    measuring->ends = malloc(((size_t)measuring->count + 1) * sizeof *measuring->ends);
    measuring->squares = calloc((size_t)measuring->count + 1, sizeof *measuring->squares);
    if (!measuring->index_of || !measuring->ends || !measuring->squares)
        return false;
    for (uint32_t i = 0; i < measuring->count; i++) {
        measuring->index_of[measuring->statistics[i].key] = i;
        measuring->ends[i] = spans;
        spans += measuring->statistics[i].spans;
    }
    measuring->durations = malloc((spans + 1) * sizeof *measuring->durations);
    for (uint32_t position = 0; measuring->durations && position < measuring->view->count; position++) {
        uint32_t event = view_event(measuring->view, position), at = measuring->index_of[timeline->names[event]];
        if (event_kind(timeline, event) != TIMELINE_SPAN)
            continue;
        double duration_ns = (double)timeline->durations[event];
        measuring->durations[measuring->ends[at]++] = timeline->durations[event];
        measuring->squares[at] += duration_ns * duration_ns;
    }
    return measuring->durations != NULL;
}

static struct name_measures measures_of(const struct measuring *measuring, uint32_t index)
{
    const struct timeline_statistic *statistic = &measuring->statistics[index];
    struct name_measures measures = { .name = statistic->key, .lasts = statistic->spans > 0 };
    measures.values[MEASURE_CALLS] = measured_count(statistic->count);
    measures.values[MEASURE_FAILURES] = measured_count(statistic->errors);
    measures.values[MEASURE_TOTAL] = measured_total(statistic->total_ns, measuring->squares[index]);
    if (statistic->spans == 0)
        return measures;
    int64_t *durations = measuring->durations + measuring->ends[index] - statistic->spans;
    measures.values[MEASURE_P99] = measured_percentile(durations, statistic->spans, 99);
    measures.values[MEASURE_P50] = measured_percentile(durations, statistic->spans, 50);
    return measures;
}

enum tracer_error timeline_measure(const struct timeline_view *view, struct name_measures **result, uint32_t *count)
{
    struct timeline_statistic *statistics;
    struct measuring measuring = { .view = view };
    *result = NULL;
    enum tracer_error error =
        timeline_statistics(view, INT64_MIN / 4, INT64_MAX / 4, false, &statistics, &measuring.count);
    if (error != TRACER_OK)
        return error;
    measuring.statistics = statistics;
    if (gather(&measuring))
        *result = malloc(((size_t)measuring.count + 1) * sizeof **result);
    for (uint32_t i = 0; *result && i < measuring.count; i++)
        (*result)[i] = measures_of(&measuring, i);
    *count = measuring.count;
    free(statistics);
    free(measuring.index_of);
    free(measuring.ends);
    free(measuring.durations);
    free(measuring.squares);
    return *result ? TRACER_OK : TRACER_ERROR_MEMORY;
}
