/*
 * What traces have counted, as Prometheus reads it (text exposition format 0.0.4).
 */
#ifndef RINGSCOPE_CLI_METRICS_H
#define RINGSCOPE_CLI_METRICS_H

#include "../base/array.h"
#include "ringscope.h"

#define METRICS_TYPE "text/plain; version=0.0.4; charset=utf-8"

struct measured;

/* All zero: of no trace. metrics_free() in any case. */
struct metrics {
    struct measured *all;
    uint32_t count, room;
    struct buffer valid;
    FILE *out; /* what is being printed to */
};

/* Reads the counts of a trace. file: a label, NULL where there is but one. As tracer_snapshot_create(). */
enum tracer_error metrics_add(struct metrics *metrics, struct tracer_reader *reader, const char *file);
/* Whether that succeeds, the file knows. */
void metrics_print(struct metrics *metrics, FILE *out);
void metrics_free(struct metrics *metrics);

/* The text of one image, for free(); NULL, and why. */
char *metrics_of_image(const char *path, size_t *size, struct tracer_message *message);

#endif
