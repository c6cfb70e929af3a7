/*
 * Stacks, printed one frame per line: " > /usr/lib/libc.so.6(read+0xe) [0x10]", as strace -k does, or as a list of JSON
 * objects.
 */
#ifndef RINGSCOPE_CLI_STACK_LINES_H
#define RINGSCOPE_CLI_STACK_LINES_H

#include "../base/array.h"
#include "cli.h"

/* The frames of an event's stack, the innermost first; the caller frees them. NULL: it has none, or, if !*ok, there is
 * no memory. */
struct trace_frame *stack_frames(const struct tracer_snapshot *snapshot, const struct trace_event *event, size_t *count,
                                 bool *ok);

/* False without memory, or if it cannot be written. */
bool stack_print(const struct tracer_snapshot *snapshot, const struct trace_event *event, FILE *file);
/* [{"name":"read+0xe","module":"/usr/lib/libc.so.6","address":"0x10"},…]; nothing if there is no stack. */
bool stack_print_json(const struct tracer_snapshot *snapshot, const struct trace_event *event, struct buffer *to);

#endif
