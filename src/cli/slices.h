/*
 * How long threads ran, could have run, and waited: sums of the time slices of `ringscope record --sched`.
 */
#ifndef RINGSCOPE_CLI_SLICES_H
#define RINGSCOPE_CLI_SLICES_H

#include "cli.h"

/* Prints them by thread, those that ran longest first, below a line of all together; nothing of an image without slices.
 * ERROR_MEMORY, and as tracer_snapshot_create(). */
enum tracer_error slices_print(struct tracer_reader *reader, FILE *file);

/* The same as a JSON array of all threads, with times in ms. "" of an image without slices; NULL without memory or if it
 * cannot be read. The caller frees it. */
char *slices_json(struct tracer_reader *reader);

#endif
