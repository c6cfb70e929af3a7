/*
 * The spans that an image has open: of a program that was killed, what it was inside of.
 */
#ifndef RINGSCOPE_CLI_OPEN_SPANS_H
#define RINGSCOPE_CLI_OPEN_SPANS_H

#include "cli.h"

/* A section of text, if there are any. Errors as tracer_snapshot_create(). */
enum tracer_error open_spans_print(struct tracer_reader *reader);

#endif
