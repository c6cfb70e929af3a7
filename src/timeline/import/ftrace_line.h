/*
 * Parses lines of ftrace, as /sys/kernel/tracing/trace and trace-cmd report print them:
 *
 *     bash-1234  (  1230) [001] d..2.  100.000001: sched_switch: prev_comm=bash …
 *     task-tid   (tgid)   [cpu] flags  time        event: text, or: function <-caller
 */
#ifndef RINGSCOPE_IMPORT_FTRACE_LINE_H
#define RINGSCOPE_IMPORT_FTRACE_LINE_H

#include "lines.h"

#define FTRACE_PID_UNKNOWN (-1)

struct ftrace_line {
    const char *comm, *comm_end;
    int64_t pid, tid; /* pid: FTRACE_PID_UNKNOWN if it is not given */
    int64_t ns;
    const char *event, *event_end;
    const char *text, *text_end;
    bool is_function; /* the event is a function */
};

/* False: it is not the line of an event. */
bool ftrace_line(const char *at, const char *end, struct ftrace_line *line);
/* Whether a line is an event's but for its time, which is a whole number and so not in seconds. */
bool ftrace_has_ticks(const char *at, const char *end);
/* Android's systrace writes HTML, in which the lines are between two tags. */
bool ftrace_is_html(const char *at, const char *end);
bool ftrace_begins_data(const char *at, const char *end);
/* Whether a beginning is ftrace's. */
bool ftrace_recognises(const char *head, size_t size);

#endif
