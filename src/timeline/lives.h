/*
 * Which process of a trace began which, and when each began and ended, where the trace knows.
 */
#ifndef RINGSCOPE_TIMELINE_LIVES_H
#define RINGSCOPE_TIMELINE_LIVES_H

#include "../read/tables.h"
#include "builder.h"

/* Of processes that had one pid after the other: the first one's start, the last one's end and parent. Those that the
 * builder has no track of are left out. */
void lives_load(struct timeline_builder *builder, const struct process_table *processes);
/* The same of one process, whose times have the items' origin. */
void lives_tell(struct timeline_builder *builder, int64_t pid, const struct process_life *life);
/* Pids of parents become indexes, and times count from the timeline's origin. False without memory. */
bool lives_settle(struct timeline *timeline);

#endif
