/* What recording costs as a whole. */
#ifndef RINGSCOPE_BENCH_RECORD_ROWS_H
#define RINGSCOPE_BENCH_RECORD_ROWS_H

#include "bench.h"

extern const struct bench_group record_rows;

#endif
