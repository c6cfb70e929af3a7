/*
 * The counts of traces, in Prometheus's text exposition format 0.0.4.
 */
#ifndef RINGSCOPE_CLI_METRICS_H
#define RINGSCOPE_CLI_METRICS_H

#include "../base/array.h"
#include "ringscope.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct measured;

/* All zero: no trace. Call metrics_free() in any case. */
struct metrics {
    struct measured *all;
    uint32_t count, room;
    struct buffer valid;
    FILE *out; /* where to print */
};

/* Adds the counts of a trace. file: a label, NULL if there is only one. Errors as for tracer_snapshot_create(). */
enum tracer_error metrics_add(struct metrics *metrics, struct tracer_reader *reader, const char *file);
/* Errors are those of the file. */
void metrics_print(struct metrics *metrics, FILE *out);
void metrics_free(struct metrics *metrics);

/* The text for one image, for free(); NULL with a message. */
char *metrics_of_image(const char *path, size_t *size, struct tracer_message *message);

#endif
