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

/* How a command is traced. COUNTED: not at all, but counter.h counts the calls of all processes meanwhile. */
enum tracing { PLAIN, COUNTED, BPF, BPF_RARE, PTRACE, PTRACE_RARE, STRACE, PERF_TRACE };

/* The command with its tracer. */
struct command traced(enum tracing by, const char *const *arguments);

/* Runs it to its end, as command_run() does. */
bool traced_run(enum tracing by, const char *const *arguments, struct run *run, struct bench_result *result);

/* The number after a text in what the program said. */
bool number_after(const char *text, const struct run *run, double *number, struct bench_result *result);

/* Keeps all processors busy with other work until busy_end(). */
bool busy_begin(struct bench_result *result);
void busy_end(void);

/* The path of the image that recordings are written to. */
const char *image_path(void);

/* The time that dd itself reports for 2 * blocks calls, in s. */
bool dd_seconds(enum tracing by, unsigned blocks, bool pinned, double *seconds, struct bench_result *result);

/* Runs this program's own work (work.h), and returns the number that it prints. */
bool work_result(enum tracing by, const char *name, double *number, struct bench_result *result);

#endif
