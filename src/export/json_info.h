/*
 * Facts about an image, as JSON.
 */
#ifndef RINGSCOPE_JSON_INFO_H
#define RINGSCOPE_JSON_INFO_H

#include "../ringscope.h"

/* One line, in memory for free(); NULL without memory. snapshot: NULL, or its counts of held and lost events are added,
 * and its open spans, processes and notes.
 * origin: NULL, or the clock at time 0, as text because a double cannot hold it. */
char *info_json(const struct tracer_info *info, const struct tracer_snapshot *snapshot, const char *origin);

/* Sums over all categories. */
uint64_t losses_lost(const struct trace_losses *losses);
uint64_t losses_evicted(const struct trace_losses *losses);

#endif
