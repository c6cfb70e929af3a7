/*
 * Which process of a trace began which, and when each began and ended, as far as the trace knows.
 */
#ifndef RINGSCOPE_TIMELINE_LIVES_H
#define RINGSCOPE_TIMELINE_LIVES_H

#include "../read/tables.h"
#include "builder.h"

/* For processes that had the same pid one after the other: the start of the first, the end and parent of the last.
 * Skips processes without a track in the builder. */
void lives_load(struct timeline_builder *builder, const struct process_table *processes);
/* The same for one process, whose times have the items' origin. */
void lives_tell(struct timeline_builder *builder, int64_t pid, const struct process_life *life);
/* Converts parents' pids to indexes, and times to the timeline's origin. False without memory. */
bool lives_settle(struct timeline *timeline);

#endif
