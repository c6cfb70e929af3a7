/*
 * The statistics of an image, summed over its lanes: operations with percentiles, and the shared counters of the
 * header.
 */
#ifndef RINGSCOPE_READ_COUNTERS_H
#define RINGSCOPE_READ_COUNTERS_H

#include "live_copy.h"
#include "tables.h"

/* The operations in table order; "(other)" is last, and only there if it has calls. */
struct operations {
    struct text_table names;
    struct trace_perf *perf; /* names borrowed from the table */
    size_t count;
    bool has_other; /* the last one is "(other)" */
    struct image_histogram *histograms; /* of the operations with percentiles, in their order */
    size_t histogram_count;
};

/* ERROR_MEMORY, ERROR_READ, ERROR_TRUNCATED. The caller frees it. */
enum tracer_error counters_read(struct operations *operations, const struct tracer_reader *reader,
                                const struct live_copy *copy);
void counters_free(struct operations *operations);

/* Calls and errors of all operations, without names and percentiles. */
enum tracer_error counters_total(const struct tracer_reader *reader, const struct live_copy *copy, uint64_t *calls,
                                 uint64_t *errors);

#endif
