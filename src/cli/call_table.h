/*
 * The table of system calls at the end of `ringscope record -c`, as strace -c prints it.
 */
#ifndef RINGSCOPE_CLI_CALL_TABLE_H
#define RINGSCOPE_CLI_CALL_TABLE_H

#include "cli.h"

/* Calls that returned, by total time, and a line of totals. False without memory. */
bool call_table_print(const struct tracer_snapshot *snapshot, FILE *file);

#endif
