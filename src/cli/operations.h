/*
 * The table of operations: how often, how long, how many errors.
 */
#ifndef RINGSCOPE_CLI_OPERATIONS_H
#define RINGSCOPE_CLI_OPERATIONS_H

#include "cli.h"

/* What the table may be sorted by, as one types it; the first is by total time. */
cli_choice operations_key;

/* Prints those that have calls, sorted by the nth key, at most so many. False without memory. */
bool operations_print(const struct tracer_snapshot *snapshot, size_t key, size_t most, FILE *file);

#endif
