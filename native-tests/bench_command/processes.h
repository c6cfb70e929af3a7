/*
 * Programs that are measured as a whole: the processor's time and the most memory of a process.
 */
#ifndef RINGSCOPE_BENCH_PROCESSES_H
#define RINGSCOPE_BENCH_PROCESSES_H

#include "bench.h"

struct used {
    double cpu_s, peak_mib;
};

/* Before a program that reports on standard error what nobody wants to know here. */
#define WITHOUT_ERRORS "sh", "-c", "exec \"$0\" \"$@\" 2>/dev/null"

/* Runs a program to its end, without its output. arguments end with NULL. */
bool run(const char *const arguments[], struct used *used, struct bench_result *result);

/* A path of this process's own, for each suffix another. */
void own_path(char path[BENCH_PATH_MAX], const char *suffix);

/* Rounds of one command and then of another, which runs times times. */
bool compare(const char *const subject[], const char *const base[], int times, struct bench_result *result);

#endif
