/*
 * The lists of a trace besides its events, as text on standard output.
 */
#ifndef RINGSCOPE_CLI_LISTS_H
#define RINGSCOPE_CLI_LISTS_H

#include <stdio.h>

#include "ringscope.h"

/* Prints one note as a line. */
void note_print(const struct trace_note *note, FILE *out);

/* Each prints a section, or nothing if its list is empty. */
void open_spans_print(const struct tracer_snapshot *snapshot);
void processes_print(const struct tracer_snapshot *snapshot);
void notes_print(const struct tracer_snapshot *snapshot);

#endif
