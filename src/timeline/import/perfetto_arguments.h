/*
 * Debug annotations of a Perfetto event, as JSON text.
 */
#ifndef RINGSCOPE_IMPORT_PERFETTO_ARGUMENTS_H
#define RINGSCOPE_IMPORT_PERFETTO_ARGUMENTS_H

#include "perfetto_events.h"

/* Appends "key":value to the details, after a comma unless it is the first. */
void perfetto_add_argument(struct perfetto_events *events, const struct perfetto_context *context,
                           struct message annotation, bool first);
/* Appends literal text to the details. */
void perfetto_append(struct perfetto_events *events, const char *text, size_t bytes);

#endif
