/* Building a small C project, recorded and not. */
#ifndef RINGSCOPE_BENCH_RECORD_BUILD_H
#define RINGSCOPE_BENCH_RECORD_BUILD_H

#include "bench.h"

bool build_cpu(struct bench_result *result);
bool build_wall(struct bench_result *result);
/* The wall time beside other work on all processors. */
bool build_busy(struct bench_result *result);

#endif
