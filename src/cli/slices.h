/*
 * How long threads were running, runnable and waiting: sums of the time slices of `ringscope record --sched`.
 */
#ifndef RINGSCOPE_CLI_SLICES_H
#define RINGSCOPE_CLI_SLICES_H

#include "cli.h"

/* Prints them by thread, the longest running first, below a line of totals; nothing for an image without slices.
 * ERROR_MEMORY, and errors as for tracer_snapshot_create(). */
enum tracer_error slices_print(struct tracer_reader *reader, FILE *file);

/* The same as a JSON array of all threads, with times in ms. "" for an image without slices; NULL without memory, or if
 * it cannot be read. The caller frees it. */
char *slices_json(struct tracer_reader *reader);

#endif
