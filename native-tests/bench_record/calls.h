/* The time that recording adds to calls. */
#ifndef RINGSCOPE_BENCH_RECORD_CALLS_H
#define RINGSCOPE_BENCH_RECORD_CALLS_H

#include "bench.h"

extern const struct bench_group call_rows;

#endif
