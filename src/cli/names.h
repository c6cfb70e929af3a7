/*
 * Statistics of a trace without operations, such as those of other tools: its events by name.
 */
#ifndef RINGSCOPE_CLI_NAMES_H
#define RINGSCOPE_CLI_NAMES_H

#include "asked.h"
#include "operations.h"

/* Counts of events, with exact percentiles and self times. The rows' texts live as long as it does. */
struct names;

/* Counts the events that match an expression; NULL: all. ERROR_MEMORY, and errors as for tracer_snapshot_create(). */
enum tracer_error names_count(struct names **result, struct tracer_reader *reader, const struct expression *expression);
void names_destroy(struct names *names);

struct operation_table *names_table(struct names *names);
/* Like tracer_operations_json(), with self_time. NULL without memory. The caller frees it. */
char *names_json(const struct names *names);

/* Whether an image has events but no operations. Errors as for tracer_reader_summary(). */
enum tracer_error names_wanted(struct tracer_reader *reader, bool *wanted);

#endif
