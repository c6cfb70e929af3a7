/*
 * Lines of `ringscope events`: as trace_event_print() writes them; for recorded and imported programs, also with the
 * process and the duration: "[60.85] 812/815 worker 2.22us FILE read: ...".
 */
#ifndef RINGSCOPE_CLI_EVENT_LINES_H
#define RINGSCOPE_CLI_EVENT_LINES_H

#include "../base/array.h"
#include "cli.h"

struct known_process;

struct event_lines {
    const struct tracer_snapshot *snapshot;
    struct known_process *processes; /* by pid; none for a program's own trace */
    size_t count;
    uint64_t began_realtime_ns; /* 0: lines have the time since the trace began */
    bool outside; /* the trace is of other programs */
    bool wall;
    FILE *memory; /* in which a line is built */
    char *line;
    size_t line_bytes;
};

/* For one snapshot, which it borrows; wall: lines have the time of day. False without memory. */
bool event_lines_begin(struct event_lines *lines, const struct tracer_snapshot *snapshot,
                       const struct tracer_info *info, bool wall);
void event_lines_end(struct event_lines *lines);

/* The name of the process with that pid, or "". Borrowed from the snapshot. */
const char *event_lines_process(const struct event_lines *lines, uint32_t pid);

/* Prints the event and a newline. False without memory, or if it cannot be written. */
bool event_lines_print(struct event_lines *lines, const struct trace_event *event, FILE *file);
/* Prints its stack, one frame per line; nothing if it has none. */
bool event_lines_print_stack(const struct event_lines *lines, const struct trace_event *event, FILE *file);
/* Prints the event as a JSON object. Those of recorded and imported programs also have tid, thread, process, errno and
 * frames. */
bool event_lines_print_json(const struct event_lines *lines, const struct trace_event *event, FILE *file);

#endif
