/*
 * Where in the program an event was recorded. A timeline keeps no stacks, which few events are asked for: they are
 * looked up in the image that it was loaded from.
 */
#ifndef RINGSCOPE_TIMELINE_STACK_H
#define RINGSCOPE_TIMELINE_STACK_H

#include "timeline.h"

/* The events of the image around this one, for tracer_snapshot_stack(), and the id of its stack there; NULL and 0 if it
 * has none. The caller owns *snapshot. The errors of tracer_snapshot_create(). */
enum tracer_error timeline_stack(const struct timeline *timeline, uint32_t event, struct tracer_reader *reader,
                                 struct tracer_snapshot **snapshot, uint64_t *stack);

#endif
