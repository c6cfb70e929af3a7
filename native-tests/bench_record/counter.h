/*
 * What tracing calls costs at least: bare programs at the two raw tracepoints of system calls, which only count.
 */
#ifndef RINGSCOPE_BENCH_RECORD_COUNTER_H
#define RINGSCOPE_BENCH_RECORD_COUNTER_H

#include "bench.h"

/* Counts the calls of all processes from now on. False if the system does not allow it, with the reason in result, and
 * then the row is skipped. */
bool counter_begin(struct bench_result *result);
/* How many calls there were since then. */
unsigned long long counter_end(void);

#endif
