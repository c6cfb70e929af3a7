/*
 * What an image knows of itself beside its events: losses, notes, where functions begin, how finely its clock counts.
 */
#ifndef RINGSCOPE_TIMELINE_LOAD_FACTS_H
#define RINGSCOPE_TIMELINE_LOAD_FACTS_H

#include "timeline.h"

/* evicted: what made room for newer events is told as well. */
void load_facts(struct timeline_builder *builder, const struct tracer_snapshot *snapshot, bool evicted);

#endif
