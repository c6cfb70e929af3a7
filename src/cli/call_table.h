/*
 * The table of system calls that `ringscope record -c` ends with, as strace -c has it.
 */
#ifndef RINGSCOPE_CLI_CALL_TABLE_H
#define RINGSCOPE_CLI_CALL_TABLE_H

#include "cli.h"

/* Those that returned, by total time, and a line for all together. False without memory. */
bool call_table_print(const struct tracer_snapshot *snapshot, FILE *file);

#endif
