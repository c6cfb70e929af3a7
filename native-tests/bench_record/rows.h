/* The rows of this benchmark, and its work as the program that is recorded. */
#ifndef RINGSCOPE_BENCH_RECORD_ROWS_H
#define RINGSCOPE_BENCH_RECORD_ROWS_H

#include "bench.h"

extern const struct bench_group record_rows;

int rows_weigh(void);
int rows_miss(void);

#endif
