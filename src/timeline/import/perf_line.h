/*
 * Lines of perf script, taken apart.
 */
#ifndef RINGSCOPE_PERF_LINE_H
#define RINGSCOPE_PERF_LINE_H

#include "lines.h"

/* The contents of an event's line. */
struct perf_header {
    const char *comm, *comm_end;
    uint64_t pid, tid;
    int64_t ns;
    const char *event, *event_end;
    const char *rest, *rest_end; /* behind the event's colon */
    bool has_period; /* it was sampled */
};

struct perf_stack_line {
    const char *symbol, *symbol_end;
    const char *dso, *dso_end;
};

bool perf_header(const char *at, const char *end, struct perf_header *header);
/* A line of a stack that says where in the source the one before it is. */
bool perf_source_line(const char *at, const char *end);
/* "comm  1234 " or "comm  1234 cycles: ": as perf writes it where the times were left out. */
bool perf_lacks_time(const char *at, const char *end);
bool perf_stack_line(const char *at, const char *end, struct perf_stack_line *line);
/* Whether a line that can be one of a stack is an event's. */
bool perf_is_event(const char *at, const char *end, const struct perf_stack_line *line);
bool perf_has_differences(const char *head, size_t size);
/* Whether a beginning is perf script's text. */
bool perf_recognises(const char *head, size_t size);

#endif
