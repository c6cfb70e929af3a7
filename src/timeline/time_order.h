/*
 * The order of a track's events: by start; of those that start together, longer ones first, else as they arrived.
 * Spans without a duration come before those of the same time that are known not to be around them. Those of which
 * nothing but the time is known are beside each other: an order in a file does not say that one is inside of the other.
 */
#ifndef RINGSCOPE_TIMELINE_TIME_ORDER_H
#define RINGSCOPE_TIMELINE_TIME_ORDER_H

#include "../base/radix_sort.h"
#include "layout.h"

/* Puts the order of a track's events into keys->index, as offsets from the first. False without memory. */
bool time_order(const struct layout *layout, uint32_t first, struct radix_arrays *keys, uint32_t count);

#endif
