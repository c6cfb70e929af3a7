/*
 * The summary of an image, from a live copy and a walk.
 */
#ifndef RINGSCOPE_SUMMARY_H
#define RINGSCOPE_SUMMARY_H

#include "walk.h"

/* From a walk that has reached its end, or whose counts suffice. calls and errors: totals of all operations. */
void summary_fill(struct trace_summary *summary, const struct walk *walk, uint64_t calls, uint64_t errors);

#endif
