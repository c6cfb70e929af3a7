/*
 * Arrows between spans: joins the ends of each flow id in order of time, at the spans where they occur.
 */
#ifndef RINGSCOPE_TIMELINE_FLOWS_H
#define RINGSCOPE_TIMELINE_FLOWS_H

#include "builder.h"

/* Call after layout. remap: maps the builder's tracks to the timeline's, TIMELINE_NONE for those without events. Notes
 * ends that are in no span or have no other end. Sorts the ends. False without memory. */
bool flows_join(struct timeline *timeline, struct timeline_builder *builder, const uint32_t *remap);

#endif
