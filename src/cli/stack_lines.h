/*
 * Stacks as people and programs read them: " > /usr/lib/libc.so.6(read+0xe) [0x10]" a frame, as strace -k prints them, or as
 * a list of objects.
 */
#ifndef RINGSCOPE_CLI_STACK_LINES_H
#define RINGSCOPE_CLI_STACK_LINES_H

#include "../base/array.h"
#include "cli.h"

/* The frames of an event's stack, the innermost first; the caller's to free. NULL: it has none, or without memory, which
 * *ok says. */
struct trace_frame *stack_frames(const struct tracer_snapshot *snapshot, const struct trace_event *event, size_t *count,
                                 bool *ok);

/* False if that cannot be written, or without memory. */
bool stack_print(const struct tracer_snapshot *snapshot, const struct trace_event *event, FILE *file);
/* [{"name":"read+0xe","module":"/usr/lib/libc.so.6","address":"0x10"},…]; nothing without a stack. */
bool stack_print_json(const struct tracer_snapshot *snapshot, const struct trace_event *event, struct buffer *to);

#endif
