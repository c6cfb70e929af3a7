/* Writes events as JSON. */
#include "json_event.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../image/clock.h"

void json_events_free(struct json_events *events)
{
    buffer_free(&events->name);
    buffer_free(&events->label);
    buffer_free(&events->detail);
    buffer_free(&events->arguments);
    buffer_free(&events->result);
}

static uint64_t exact_ns(uint64_t ns, double ms)
{
    uint64_t rounded = 0;
    return ns || !clock_ns_from_ms(ms, &rounded) ? ns : rounded;
}

uint64_t event_time_ns(const struct trace_event *event)
{
    return exact_ns(event->time_ns, event->timestamp);
}

uint64_t event_duration_ns(const struct trace_event *event)
{
    return exact_ns(event->duration_ns, event->duration);
}

static size_t detail_bytes(const struct trace_event *event)
{
    if (!event->detail)
        return 0;
    return event->detail_size ? event->detail_size : strlen(event->detail);
}

/* The id in hex, as text: as a number it would lose its low digits in many readers. */
static void json_add_flow(struct json_events *events, const struct trace_event *event)
{
    snprintf(events->flow_id, sizeof events->flow_id, "0x%" PRIx64, event->flow_id);
    json_add_text(&events->object, "flow", event->has & TRACE_FLOW_IN ? "in" : "out");
    json_add_text(&events->object, "flow_id", events->flow_id);
}

static bool add_field_text(struct json_events *events, struct buffer *scratch, const char *key, const char *text,
                           size_t *bytes)
{
    const char *valid = text ? json_valid(scratch, text, strlen(text)) : "";
    if (valid && text) {
        json_add_text(&events->object, key, valid);
        *bytes += strlen(valid);
    }
    return valid != NULL;
}

/* Arguments and result are JSON as text: consumers parse them if they want their parts. */
static bool json_add_fields(struct json_events *events, const struct trace_event *event, size_t *bytes)
{
    struct json_object *object = &events->object;
    if ((event->has & TRACE_HAS_ASYNC_ID) || event->async_id)
        json_add_integer(object, "async_id", event->async_id);
    if ((event->has & TRACE_HAS_PARENT) || event->parent)
        json_add_integer(object, "parent", event->parent);
    if ((event->has & TRACE_HAS_STACK) || event->stack)
        json_add_integer(object, "stack", event->stack);
    return add_field_text(events, &events->arguments, "arguments", event->arguments, bytes) &&
           add_field_text(events, &events->result, "result", event->result, bytes);
}

bool json_event(struct json_events *events, struct buffer *to, const struct trace_event *event)
{
    struct json_object *object = &events->object;
    const char *given = event->name ? event->name : "", *detail = NULL;
    const char *name = json_valid(&events->name, given, strlen(given));
    if (event->detail)
        detail = json_valid(&events->detail, event->detail, detail_bytes(event));
    if (!name || (event->detail && !detail))
        return false;
    json_begin(object);
    json_add_fixed(object, "timestamp", event_time_ns(event), 6);
    json_add_text(object, "category", trace_category_name(event->category));
    json_add_text(object, "name", name);
    size_t field_bytes = 0;
    if (!add_field_text(events, &events->label, "label", event->label, &field_bytes))
        return false;
    if (detail)
        json_add_text(object, "detail", detail);
    if ((event->has & TRACE_HAS_PID) || event->pid)
        json_add_integer(object, "pid", event->pid);
    if ((event->has & TRACE_HAS_DURATION) || event->duration != 0)
        json_add_fixed(object, "duration", event_duration_ns(event), 6);
    if (event->kind == TRACE_KIND_SAMPLE)
        json_add_double(object, "value", event->value);
    if (event->kind == TRACE_KIND_FLOW)
        json_add_flow(events, event);
    if (event->has & TRACE_FAILED)
        json_add_bool(object, "failed", true);
    if (!json_add_fields(events, event, &field_bytes))
        return false;
    if (event->has & TRACE_DETAIL_LOST)
        json_add_bool(object, "detail_lost", true);
    if (event->has & TRACE_DETAIL_TRUNCATED)
        json_add_bool(object, "detail_truncated", true);
    return json_print(to, object, strlen(name) + (detail ? strlen(detail) : 0) + field_bytes);
}

bool json_open_span(struct json_events *events, struct buffer *to, const struct trace_open_span *span)
{
    struct json_object *object = &events->object;
    const char *name = json_valid(&events->name, span->name, strlen(span->name));
    if (!name)
        return false;
    json_begin(object);
    json_add_fixed(object, "timestamp", span->start_ns, 6);
    json_add_text(object, "category", trace_category_name(span->category));
    json_add_text(object, "name", name);
    json_add_bool(object, "open", true);
    if (span->async)
        json_add_bool(object, "async", true);
    if (span->parent_ended)
        json_add_bool(object, "parent_ended", true);
    return json_print(to, object, strlen(name));
}

static char *print_alone(const struct trace_event *event)
{
    struct json_events events;
    struct buffer to = { 0 };
    memset(&events, 0, sizeof events);
    if (!json_event(&events, &to, event))
        buffer_free(&to);
    json_events_free(&events);
    return to.bytes;
}

/* The detail of a caller's event need not be NUL-terminated if it has a size, unlike those in snapshots. */
char *tracer_event_json(const struct trace_event *event)
{
    if (!event)
        return NULL;
    struct trace_event own = *event;
    if (!event->detail || event->detail_size == 0)
        return print_alone(event);
    char *detail = malloc(event->detail_size + 1);
    if (!detail)
        return NULL;
    memcpy(detail, event->detail, event->detail_size);
    detail[event->detail_size] = '\0';
    own.detail = detail;
    char *json = print_alone(&own);
    free(detail);
    return json;
}
