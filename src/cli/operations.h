/*
 * The table of operations: calls, times, errors.
 */
#ifndef RINGSCOPE_CLI_OPERATIONS_H
#define RINGSCOPE_CLI_OPERATIONS_H

#include "cli.h"

/* A line of the table. */
struct operation_row {
    struct trace_perf perf;
    uint64_t self_ns; /* of spans: without those inside */
    uint64_t nested_ns; /* inside another of the same name: not in the total, but in the average */
    uint64_t untimed; /* calls without a duration, or whose duration is unknown */
};

/* The keys by which the table can be sorted, as users type them; the first is the total time. */
cli_choice operations_key;

/* Prints the operations with calls, sorted by the nth key, at most `most` of them. False without memory. */
bool operations_print(const struct tracer_snapshot *snapshot, size_t key, size_t most, FILE *file);

/* The same for rows, which it sorts. title: of the first column; with_self: they have self times. */
struct operation_table {
    struct operation_row *rows;
    size_t count;
    const char *title;
    bool with_self;
};
void operations_print_rows(struct operation_table *table, size_t key, size_t most, FILE *file);

#endif
