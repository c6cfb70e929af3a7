/* Measures the runs of both sides, and compares their medians. */
#include "compare.h"

#include <stdlib.h>
#include <string.h>

#include "asked.h"
#include "runs.h"

const char *verdict_text(enum verdict verdict)
{
    static const char *const texts[] = {
        [VERDICT_FAILS_MORE] = "fails more",
        [VERDICT_SLOWER] = "slower",
        [VERDICT_COSTS_MORE] = "costs more",
        [VERDICT_NEW] = "new",
        [VERDICT_GONE] = "gone",
        [VERDICT_FAILS_LESS] = "fails less",
        [VERDICT_FASTER] = "faster",
        [VERDICT_COSTS_LESS] = "costs less",
        [VERDICT_MORE_CALLS] = "more calls",
        [VERDICT_FEWER_CALLS] = "fewer calls",
        [VERDICT_SAME] = "same",
    };
    return texts[verdict];
}

const char *measure_text(enum measure measure)
{
    static const char *const texts[] = {
        [MEASURE_CALLS] = "calls", [MEASURE_TOTAL] = "total",       [MEASURE_P50] = "p50",
        [MEASURE_P99] = "p99",     [MEASURE_FAILURES] = "failures",
    };
    return texts[measure];
}

/* ------------------------------------------------------------------ medians */

static int by_value(const void *a, const void *b)
{
    double left = *(const double *)a, right = *(const double *)b;
    return (left > right) - (left < right);
}

/* Two ranges of five values fail to overlap by chance in 1 of 126 cases, whatever happens within the runs. */
#define RUNS_ENOUGH 5u

static double median(double *values, size_t count)
{
    qsort(values, count, sizeof *values, by_value);
    return count % 2 ? values[count / 2] : (values[count / 2 - 1] + values[count / 2]) / 2;
}

/* The runs' median for a name; values has room for three values per run. */
static struct measured median_of(const struct runs *runs, uint32_t name, enum measure measure, double *values)
{
    size_t count = 0;
    for (uint32_t run = 0; run < runs->count; run++) {
        const struct name_measures *measures = run_measures(&runs->runs[run], name);
        if (!measures && measure_is_time(measure) && measure != MEASURE_TOTAL)
            continue; /* a name without calls took no time, but has no durations either */
        const struct measured one = measures ? measures->values[measure] : measured_count(0);
        values[count] = one.value;
        values[runs->count + count] = measures ? one.low : 0;
        values[2 * (size_t)runs->count + count++] = measures || !measure_is_time(measure) ? one.high : 0;
    }
    if (count == 0)
        return (struct measured){ 0, 0, 0 };
    struct measured measured = {
        .value = median(values, count), /* sorts them */
        .low = median(values + runs->count, count),
        .high = median(values + 2 * (size_t)runs->count, count),
    };
    bool enough = count >= RUNS_ENOUGH;
    measured.low = enough || values[0] < measured.low ? values[0] : measured.low;
    measured.high = enough || values[count - 1] > measured.high ? values[count - 1] : measured.high;
    return measured;
}

static void fill_side(struct compared_name *row, const struct runs *runs, uint32_t name, unsigned side, double *values)
{
    uint32_t present = 0, lasting = 0;
    for (uint32_t run = 0; run < runs->count; run++) {
        const struct name_measures *measures = run_measures(&runs->runs[run], name);
        present += measures != NULL;
        lasting += measures && measures->lasts;
    }
    row->present[side] = present * 2 > runs->count;
    row->lasts[side] = lasting > 0;
    for (unsigned measure = 0; measure < MEASURES; measure++)
        row->sides[side][measure] = median_of(runs, name, (enum measure)measure, values);
}

/* ----------------------------------------------------------------- verdicts */

static bool differs(const struct measured *less, const struct measured *more)
{
    return less->high < more->low && more->value - less->value >= COMPARE_LEAST * less->value;
}

static bool can_be_compared(const struct compared_name *row, enum measure measure)
{
    return !measure_is_time(measure) || (row->lasts[SIDE_A] && row->lasts[SIDE_B]);
}

bool is_above(const struct compared_name *row, enum measure measure)
{
    return can_be_compared(row, measure) && differs(&row->sides[SIDE_A][measure], &row->sides[SIDE_B][measure]);
}

bool is_below(const struct compared_name *row, enum measure measure)
{
    return can_be_compared(row, measure) && differs(&row->sides[SIDE_B][measure], &row->sides[SIDE_A][measure]);
}

/* As a share of calls: ten times the calls have ten times the failures. */
static double failing_share(const struct compared_name *row, unsigned side)
{
    double calls = row->sides[side][MEASURE_CALLS].value;
    return calls > 0 ? row->sides[side][MEASURE_FAILURES].value / calls : 0;
}

static enum verdict verdict_of(const struct compared_name *row)
{
    double failing_a = failing_share(row, SIDE_A), failing_b = failing_share(row, SIDE_B);
    if (!row->present[SIDE_A] || !row->present[SIDE_B])
        return row->present[SIDE_A] ? VERDICT_GONE : row->present[SIDE_B] ? VERDICT_NEW : VERDICT_SAME;
    if (is_above(row, MEASURE_FAILURES) && failing_b > failing_a)
        return VERDICT_FAILS_MORE;
    if (is_above(row, MEASURE_P50) || is_above(row, MEASURE_P99))
        return VERDICT_SLOWER;
    if (is_above(row, MEASURE_TOTAL))
        return VERDICT_COSTS_MORE;
    if (is_below(row, MEASURE_FAILURES) && failing_b < failing_a)
        return VERDICT_FAILS_LESS;
    if (is_below(row, MEASURE_P50) || is_below(row, MEASURE_P99))
        return VERDICT_FASTER;
    if (is_below(row, MEASURE_TOTAL))
        return VERDICT_COSTS_LESS;
    return is_above(row, MEASURE_CALLS)   ? VERDICT_MORE_CALLS
           : is_below(row, MEASURE_CALLS) ? VERDICT_FEWER_CALLS
                                          : VERDICT_SAME;
}

/* -------------------------------------------------------------------- whole */

static double larger_total(const struct compared_name *row)
{
    double a = row->sides[SIDE_A][MEASURE_TOTAL].value, b = row->sides[SIDE_B][MEASURE_TOTAL].value;
    return a > b ? a : b;
}

static int by_verdict(const void *a, const void *b)
{
    const struct compared_name *left = a, *right = b;
    if (left->verdict != right->verdict)
        return left->verdict < right->verdict ? -1 : 1;
    double x = larger_total(left), y = larger_total(right);
    return x != y ? (x > y ? -1 : 1) : strcmp(left->name, right->name);
}

static bool compare(struct comparison *comparison, const struct runs sides[SIDES])
{
    size_t most = sides[SIDE_A].count > sides[SIDE_B].count ? sides[SIDE_A].count : sides[SIDE_B].count;
    double *values = malloc((3 * most + 1) * sizeof *values);
    comparison->count = comparison->names.count;
    comparison->rows = calloc((size_t)comparison->count + 1, sizeof *comparison->rows);
    bool ok = values && comparison->rows;
    for (uint32_t name = 0; ok && name < comparison->count; name++) {
        struct compared_name *row = &comparison->rows[name];
        row->name = interned_text(&comparison->names, name);
        for (unsigned side = 0; side < SIDES; side++)
            fill_side(row, &sides[side], name, side, values);
        row->verdict = verdict_of(row);
    }
    if (ok)
        qsort(comparison->rows, comparison->count, sizeof *comparison->rows, by_verdict);
    free(values);
    return ok;
}

int compare_paths(const struct cli_call *call, const char *const paths[SIDES], const struct expression *expression,
                  struct comparison *comparison)
{
    struct runs sides[SIDES] = { { .count = 0 } };
    int code = CLI_SUCCESS;
    *comparison = (struct comparison){ .count = 0 };
    for (unsigned side = 0; code == CLI_SUCCESS && side < SIDES; side++) {
        code = runs_load(call, paths[side], expression, &comparison->names, &sides[side]);
        comparison->runs[side] = sides[side].count;
        comparison->missing[side] = sides[side].missing;
    }
    if (code == CLI_SUCCESS && !compare(comparison, sides))
        code = cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    for (unsigned side = 0; side < SIDES; side++)
        runs_free(&sides[side]);
    return code;
}

void comparison_free(struct comparison *comparison)
{
    free(comparison->rows);
    interned_free(&comparison->names);
    *comparison = (struct comparison){ .count = 0 };
}
