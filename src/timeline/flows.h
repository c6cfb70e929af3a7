/*
 * Arrows between spans: the ends of each id, joined in the order of time, at the spans where they are.
 */
#ifndef RINGSCOPE_TIMELINE_FLOWS_H
#define RINGSCOPE_TIMELINE_FLOWS_H

#include "builder.h"

/* After the events were laid out. remap: by the builder's track the timeline's, TIMELINE_NONE where that has no events.
 * What is at no span, or has no other end, is noted. Sorts the ends. False without memory. */
bool flows_join(struct timeline *timeline, struct timeline_builder *builder, const uint32_t *remap);

#endif
