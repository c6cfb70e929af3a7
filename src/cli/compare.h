/*
 * Compares two traces, or two directories of traces, by the names of their events: for diff and check.
 *
 * Of several runs, the median counts. A band is the range that chance alone may explain: for each run as in
 * timeline/measure.h, and never narrower than from the smallest to the greatest run; with five or more runs it is that
 * range. Two values differ if their bands do not overlap.
 */
#ifndef RINGSCOPE_CLI_COMPARE_H
#define RINGSCOPE_CLI_COMPARE_H

#include "../timeline/measure.h"
#include "../timeline/query/expression.h"
#include "../timeline/texts.h"
#include "cli.h"

#define COMPARE_LEAST 0.05 /* a smaller change does not count, however certain it is */

enum verdict {
    VERDICT_FAILS_MORE,
    VERDICT_SLOWER,
    VERDICT_COSTS_MORE, /* in total */
    VERDICT_NEW,
    VERDICT_GONE,
    VERDICT_FAILS_LESS,
    VERDICT_FASTER,
    VERDICT_COSTS_LESS,
    VERDICT_MORE_CALLS,
    VERDICT_FEWER_CALLS,
    VERDICT_SAME,
};
const char *verdict_text(enum verdict verdict);
static inline bool verdict_is_worse(enum verdict verdict)
{
    return verdict <= VERDICT_COSTS_MORE;
}

enum { SIDE_A, SIDE_B, SIDES };

struct compared_name {
    const char *name;
    bool present[SIDES]; /* in most of its runs */
    bool lasts[SIDES];
    struct measured sides[SIDES][MEASURES];
    enum verdict verdict;
};

struct comparison {
    struct interned names;
    struct compared_name *rows; /* the worst first, then by total */
    uint32_t count;
    uint32_t runs[SIDES];
    uint64_t missing[SIDES]; /* events that the traces have lost */
};

/* Compares two paths, by the events that match an expression, or all. Returns CLI_SUCCESS, or the exit code. */
int compare_paths(const struct cli_call *call, const char *const paths[SIDES], const struct expression *expression,
                  struct comparison *comparison);
void comparison_free(struct comparison *comparison);

/* Whether B's value is above (below) A's by more than chance. */
bool is_above(const struct compared_name *row, enum measure measure);
bool is_below(const struct compared_name *row, enum measure measure);

/* "p99", as it is typed and printed. */
const char *measure_text(enum measure measure);
static inline bool measure_is_time(enum measure measure)
{
    return measure != MEASURE_CALLS && measure != MEASURE_FAILURES;
}

#endif
