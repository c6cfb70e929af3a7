/* What this benchmark does as the program that is recorded: `bench_record --work NAME`. */
#ifndef RINGSCOPE_BENCH_RECORD_WORK_H
#define RINGSCOPE_BENCH_RECORD_WORK_H

/* Does the work of this name, and prints its result, a number, on standard error. Returns the exit code. */
int work(const char *name);

#endif
