/*
 * The table of operations: how often, how long, how many errors.
 */
#ifndef RINGSCOPE_CLI_OPERATIONS_H
#define RINGSCOPE_CLI_OPERATIONS_H

#include "cli.h"

/* A line of the table. */
struct operation_row {
    struct trace_perf perf;
    uint64_t self_ns; /* of spans: without those inside */
    uint64_t nested_ns; /* inside of another of its name: no part of the total, but of the average */
    uint64_t untimed; /* of the calls: they last nothing, or it is not known how long */
};

/* What the table may be sorted by, as one types it; the first is by total time. */
cli_choice operations_key;

/* Prints those that have calls, sorted by the nth key, at most so many. False without memory. */
bool operations_print(const struct tracer_snapshot *snapshot, size_t key, size_t most, FILE *file);

/* The same of rows, which it sorts. title: of the first column; with_self: they have self times. */
struct operation_table {
    struct operation_row *rows;
    size_t count;
    const char *title;
    bool with_self;
};
void operations_print_rows(struct operation_table *table, size_t key, size_t most, FILE *file);

#endif
