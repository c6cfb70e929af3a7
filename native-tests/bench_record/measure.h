/* Running programs, alone and recorded, and what they took. */
#ifndef RINGSCOPE_BENCH_RECORD_MEASURE_H
#define RINGSCOPE_BENCH_RECORD_MEASURE_H

#include "bench.h"

#define COMMAND_MAX 48

/* A command in parts: what traces, and what is traced. */
struct command {
    const char *arguments[COMMAND_MAX];
    size_t count;
};
void command_add(struct command *command, const char *const *arguments);

struct run {
    const char *directory; /* to run in; NULL: here */
    bool pinned; /* tracer and traced on one processor */
    double wall_s, cpu_s; /* user and system time, of all processes waited for */
    char said[4096]; /* standard error */
};

/* Runs it to its end. False if it could not be run, or failed, with the reason in result. */
bool command_run(const struct command *command, struct run *run, struct bench_result *result);

/* What precedes a command to trace it. */
enum tracing { PLAIN, BPF, BPF_RARE, PTRACE, PTRACE_RARE, STRACE };
struct command traced(enum tracing by, const char *const *arguments);

/* The image that recordings go to. */
const char *image_path(void);

/* dd's own time for 2 * blocks calls of it, in s. */
bool dd_seconds(enum tracing by, unsigned blocks, bool pinned, double *seconds, struct bench_result *result);

#endif
