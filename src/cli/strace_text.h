/*
 * What was recorded, as strace -f -ttt -T writes it, for programs that read that.
 */
#ifndef RINGSCOPE_CLI_STRACE_TEXT_H
#define RINGSCOPE_CLI_STRACE_TEXT_H

#include <stdio.h>

#include "ringscope.h"

/* Calls, signals and ends of processes, by when they began: a line is whole even if others began before its call
 * returned. TRACER_ERROR_MEMORY. */
enum tracer_error strace_text_print(const struct tracer_snapshot *snapshot, const struct tracer_info *info, FILE *file);

#endif
