/*
 * The old form of track events, which Chrome's and V8's macros still write: a kind as in Trace Event JSON.
 */
#ifndef RINGSCOPE_IMPORT_PERFETTO_LEGACY_H
#define RINGSCOPE_IMPORT_PERFETTO_LEGACY_H

#include "perfetto_events.h"

/* Sets the event's name, type, duration and track, what it is paired by, and its flows. Its other fields are set. */
void perfetto_take_legacy(struct perfetto_events *events, const struct perfetto_context *context,
                          struct message message, struct perfetto_event *event);

#endif
