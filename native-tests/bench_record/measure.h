/* Running programs, plain and recorded, and measuring their time. */
#ifndef RINGSCOPE_BENCH_RECORD_MEASURE_H
#define RINGSCOPE_BENCH_RECORD_MEASURE_H

#include "bench.h"

#define COMMAND_MAX 48

/* A command in two parts: the tracer and the traced program. */
struct command {
    const char *arguments[COMMAND_MAX];
    size_t count;
};
void command_add(struct command *command, const char *const *arguments);

struct run {
    const char *directory; /* to run in; NULL: here */
    bool pinned; /* tracer and traced on one processor */
    double wall_s, cpu_s; /* user and system time, of all processes waited for */
    char said[4096]; /* its standard error */
};

/* Runs the command to its end. False if it could not be run or failed, with the reason in result. */
bool command_run(const struct command *command, struct run *run, struct bench_result *result);

/* The prefix that traces a command. */
enum tracing { PLAIN, BPF, BPF_RARE, PTRACE, PTRACE_RARE, STRACE };
struct command traced(enum tracing by, const char *const *arguments);

/* The path of the image that recordings are written to. */
const char *image_path(void);

/* The time that dd itself reports for 2 * blocks calls, in s. */
bool dd_seconds(enum tracing by, unsigned blocks, bool pinned, double *seconds, struct bench_result *result);

#endif
