/*
 * Two traces, or two directories of traces, compared by the names of their events: for diff and check.
 *
 * Of several runs the median counts. A band has what chance alone may make of a value: of each run as
 * timeline/measure.h says, and never less than from the smallest run to the greatest; of five runs and more it is that
 * range. Two values differ if their bands do not meet.
 */
#ifndef RINGSCOPE_CLI_COMPARE_H
#define RINGSCOPE_CLI_COMPARE_H

#include "../timeline/measure.h"
#include "../timeline/query/expression.h"
#include "../timeline/texts.h"
#include "cli.h"

#define COMPARE_LEAST 0.05 /* a change of less is none, however sure it is */

enum verdict {
    VERDICT_FAILS_MORE,
    VERDICT_SLOWER,
    VERDICT_COSTS_MORE, /* in all */
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
    struct measured of[SIDES][MEASURES];
    enum verdict verdict;
};

struct comparison {
    struct interned names;
    struct compared_name *rows; /* the worst first, then by total */
    uint32_t count;
    uint32_t runs[SIDES];
    uint64_t missing[SIDES]; /* events that the traces no longer have */
};

/* What an expression takes of two paths, or all. CLI_SUCCESS, or what the command is to end with. */
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
