/* The throughput that programs keep while they are traced. */
#ifndef RINGSCOPE_BENCH_RECORD_KEPT_H
#define RINGSCOPE_BENCH_RECORD_KEPT_H

#include "bench.h"

extern const struct bench_group kept_rows;

#endif
