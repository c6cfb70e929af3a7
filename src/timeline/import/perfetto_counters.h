/*
 * Counters' values that the events of other tracks bring along: a list of values and one of tracks, or the sequence's
 * tracks where the event has none.
 */
#ifndef RINGSCOPE_IMPORT_PERFETTO_COUNTERS_H
#define RINGSCOPE_IMPORT_PERFETTO_COUNTERS_H

#include "perfetto_events.h"

/* Whether a field of an event is such a list of values. */
bool perfetto_is_counters(uint32_t field);
/* Keeps the values of an event, each as an event of its own. */
void perfetto_take_counters(struct perfetto_events *events, const struct perfetto_context *context,
                            struct message event);

#endif
