/*
 * A build that was recorded with its details: the size of its events in other tools' formats.
 */
#ifndef RINGSCOPE_BENCH_RECORDED_H
#define RINGSCOPE_BENCH_RECORDED_H

#include "bench.h"

/* The size of an export, in bytes per event. Skipped if the build cannot be recorded. */
bool recorded_event_bytes(const char *command, const char *format, struct bench_result *result);

/* Removes the trace, if there is one. */
void recorded_end(void);

#endif
