/*
 * Parses a line of strace: its task, its time, and its contents.
 */
#ifndef RINGSCOPE_IMPORT_STRACE_LINE_H
#define RINGSCOPE_IMPORT_STRACE_LINE_H

#include "lines.h"

/* How strace was told to write the time. */
enum strace_clock {
    STRACE_NO_CLOCK,
    STRACE_SINCE_1970, /* -ttt */
    STRACE_OF_DAY, /* -t, -tt */
    STRACE_RELATIVE, /* -r: since the line before */
};

struct strace_stamp {
    uint64_t tid; /* 0: strace did not say */
    bool bracket; /* it said "[pid 7]", as it does on a terminal while there are several tasks */
    const char *comm; /* with -Y; NULL: none */
    size_t comm_bytes;
    enum strace_clock clock;
    int64_t ns;
    const char *rest; /* the text after the time */
};

/* False: the line does not begin as strace's do. */
bool strace_stamp(const char *at, const char *end, struct strace_stamp *stamp);

/* A call that returned. */
struct strace_call {
    const char *name, *name_end;
    const char *arguments, *arguments_end; /* with their parentheses */
    const char *result, *result_end;
    int64_t duration_ns; /* -1: not given */
    bool failed;
};

enum strace_what {
    STRACE_OTHER, /* nothing that strace writes about a task */
    STRACE_CALL,
    STRACE_UNFINISHED, /* name and arguments, as far as they go */
    STRACE_RESUMED, /* name, the rest of the arguments, and the result */
    STRACE_SIGNAL, /* arguments: the text between the dashes */
    STRACE_EXIT, /* arguments: the text between the pluses */
};

/* Parses the text after the time. */
enum strace_what strace_take_apart(const char *at, const char *end, struct strace_call *call);

/* A line of the stack of the call before it. */
bool strace_stack_line(const char *at, const char *end);
/* A line of what a call has read or written. */
bool strace_data_line(const char *at, const char *end);

/* Whether a beginning is strace's text, with times or without. */
bool strace_recognises(const char *head, size_t size);

#endif
