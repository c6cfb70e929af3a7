/*
 * Statistics of a trace without operations, such as those that other tools record: of its events by name.
 */
#ifndef RINGSCOPE_CLI_NAMES_H
#define RINGSCOPE_CLI_NAMES_H

#include "asked.h"
#include "operations.h"

/* Counted of events, percentiles of them all, self times included. The rows' texts live as long as it does. */
struct names;

/* Of what an expression takes; NULL: of all. ERROR_MEMORY, and as tracer_snapshot_create(). */
enum tracer_error names_count(struct names **result, struct tracer_reader *reader, const struct expression *expression);
void names_destroy(struct names *names);

struct operation_table *names_table(struct names *names);
/* As tracer_operations_json(), with self_time. NULL without memory. The caller frees it. */
char *names_json(const struct names *names);

/* Whether an image has no operations, and events. As tracer_reader_summary(). */
enum tracer_error names_wanted(struct tracer_reader *reader, bool *wanted);

#endif
