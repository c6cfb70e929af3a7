/*
 * The runs of one side of a comparison: a trace, or all files of a directory.
 */
#ifndef RINGSCOPE_CLI_RUNS_H
#define RINGSCOPE_CLI_RUNS_H

#include "../timeline/measure.h"
#include "../timeline/query/expression.h"
#include "../timeline/texts.h"
#include "cli.h"

struct run {
    struct name_measures *measures;
    uint32_t count;
    uint32_t *index_of; /* by id of a name, from 1; 0: not measured */
    uint32_t names; /* ids that index_of covers */
};

struct runs {
    struct run *runs;
    uint32_t count, room;
    uint64_t missing; /* events that were evicted or lost */
};

/* Measures the events that match an expression, or all; names get ids of the table. CLI_SUCCESS, or the exit code; the
 * runs must be freed either way. */
int runs_load(const struct cli_call *call, const char *path, const struct expression *expression,
              struct interned *names, struct runs *runs);
void runs_free(struct runs *runs);

static inline const struct name_measures *run_measures(const struct run *run, uint32_t name)
{
    return name < run->names && run->index_of[name] ? &run->measures[run->index_of[name] - 1] : NULL;
}

#endif
