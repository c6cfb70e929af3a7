/*
 * Events as JSON objects: the keys of CONTRACT.md, and ringscope's beside them.
 */
#ifndef RINGSCOPE_JSON_EVENT_H
#define RINGSCOPE_JSON_EVENT_H

#include "json.h"

/* Converts events to JSON, one after the other. All zero: ready for use. */
struct json_events {
    struct json_object object;
    struct buffer name, label, detail, arguments, result; /* copies made valid */
    char flow_id[24];
};
void json_events_free(struct json_events *events);

/* Appends the event as one line without its newline. False without memory. */
bool json_event(struct json_events *events, struct buffer *to, const struct trace_event *event);

/* The same for a span that is still open. */
bool json_open_span(struct json_events *events, struct buffer *to, const struct trace_open_span *span);

/* The event's times in ns: exact if a reader returned it, else converted from ms. */
uint64_t event_time_ns(const struct trace_event *event);
uint64_t event_duration_ns(const struct trace_event *event);

#endif
