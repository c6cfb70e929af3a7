/* The rows of the benchmark of the timeline. */
#ifndef RINGSCOPE_BENCH_TIMELINE_ROWS_H
#define RINGSCOPE_BENCH_TIMELINE_ROWS_H

#include "bench.h"

extern const struct bench_group opening_rows, asking_rows, import_rows, chrome_rows;

#endif
