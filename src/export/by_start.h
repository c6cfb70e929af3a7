/*
 * The order in which the events of a snapshot began, as an index of 4 bytes per event.
 */
#ifndef RINGSCOPE_BY_START_H
#define RINGSCOPE_BY_START_H

#include "../read/snapshot.h"

/* Event numbers by start, the earliest first; ties in the order of the snapshot, except that spans come before those
 * that they enclose. In memory for free(); NULL without memory. At most 2^32 - 1 events. */
uint32_t *events_by_start(const struct tracer_snapshot *snapshot);

#endif
