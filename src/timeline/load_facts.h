/*
 * Facts about an image besides its events: losses, notes, where functions begin, the resolution of its clock.
 */
#ifndef RINGSCOPE_TIMELINE_LOAD_FACTS_H
#define RINGSCOPE_TIMELINE_LOAD_FACTS_H

#include "timeline.h"

/* evicted: also reports events that were evicted. */
void load_facts(struct timeline_builder *builder, const struct tracer_snapshot *snapshot, bool evicted);

#endif
