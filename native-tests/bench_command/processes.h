/*
 * Programs that are measured as a whole: processor time and peak memory of a process.
 */
#ifndef RINGSCOPE_BENCH_PROCESSES_H
#define RINGSCOPE_BENCH_PROCESSES_H

#include "bench.h"

struct used {
    double cpu_s, peak_mib;
};

/* Prefix for a program whose reports on standard error are not wanted here. */
#define WITHOUT_ERRORS "sh", "-c", "exec \"$0\" \"$@\" 2>/dev/null"

/* Runs a program to its end and discards its output. arguments ends with NULL. */
bool run(const char *const arguments[], struct used *used, struct bench_result *result);

/* A path of this process's own, different for each suffix. */
void own_path(char path[BENCH_PATH_MAX], const char *suffix);

/* Runs one command alternately with another, which runs `times` times per round. */
bool compare(const char *const subject[], const char *const base[], int times, struct bench_result *result);

#endif
