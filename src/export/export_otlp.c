/*
 * "otlp": JSON for the OpenTelemetry Collector, one request per line, of spans (POST /v1/traces) or of metrics
 * (POST /v1/metrics). Sources: opentelemetry-proto, and the output of OpenTelemetry's JavaScript library.
 *
 *     {"resourceSpans":[{"resource":{ a process },"scopeSpans":[{"scope":{…},"spans":[ up to 200 ]}]}]}
 *
 * A span is kept until the next event of its thread begins after its end: until then it may be a parent, and the
 * instants inside it become its events. Instants beyond 128 per span, and those outside of spans, become spans of zero
 * duration. A span without a parent begins a trace. Ids are derived from the image, so exporting twice gives the same
 * ids.
 */
#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"
#include "export.h"
#include "otlp_lines.h"

#define EVENTS_MAX 128u /* per span; OpenTelemetry's own limit */
#define TRACKS_MANY 1000u /* from this many on, tracks without open spans free their memory */

struct otlp_ids {
    uint64_t trace, span; /* the other half of the trace's id is derived from this one */
};

/* A span that may still be a parent. */
struct otlp_span {
    struct otlp_text head, events, tail;
    uint64_t end_ns;
    struct otlp_ids ids;
    uint32_t event_count;
    uint32_t process;
};

/* The spans of a thread, the innermost last. Those beyond count keep their memory for reuse. */
struct otlp_stack {
    struct otlp_span *spans;
    uint32_t count, room;
};

struct otlp_export {
    struct otlp_stack *stacks; /* by track */
    uint32_t stack_count;
    uint64_t seed, origin_ns, end_ns;
    struct otlp_lines lines;
    uint64_t open_count;
};

/* ------------------------------------------------------------------------- spans */

static bool otlp_close(struct export *export, struct otlp_span *span)
{
    struct otlp_export *otlp = export->state;
    struct otlp_text *to = otlp_span_begin(&otlp->lines, span->process);
    otlp_append(to, &span->head);
    otlp_append(to, &span->events);
    otlp_append(to, &span->tail);
    return otlp_lines_flush_full(&otlp->lines, &export->out, span->process);
}

static void otlp_forget(struct otlp_stack *stack)
{
    for (uint32_t i = 0; i < stack->room; i++) {
        otlp_free(&stack->spans[i].head);
        otlp_free(&stack->spans[i].events);
        otlp_free(&stack->spans[i].tail);
    }
    free(stack->spans);
    *stack = (struct otlp_stack){ 0 };
}

/* Spans that have ended by then can no longer be parents. */
static bool otlp_close_ended(struct export *export, struct otlp_stack *stack, uint64_t by_ns)
{
    bool ok = true;
    while (ok && stack->count && stack->spans[stack->count - 1].end_ns <= by_ns)
        ok = otlp_close(export, &stack->spans[--stack->count]);
    if (stack->count == 0 && stack->spans && ((const struct otlp_export *)export->state)->stack_count > TRACKS_MANY)
        otlp_forget(stack);
    return ok;
}

/* The innermost span that contains all of it, or NULL. */
static struct otlp_span *otlp_holder(struct otlp_stack *stack, uint64_t end_ns)
{
    for (uint32_t i = stack->count; i-- > 0;)
        if (stack->spans[i].end_ns >= end_ns)
            return &stack->spans[i];
    return NULL;
}

/* The next span of a stack, empty; it is on the stack once count includes it. NULL without memory. */
static struct otlp_span *otlp_next(struct otlp_stack *stack)
{
    uint32_t room = stack->room;
    struct otlp_span *spans = array_grow(stack->spans, stack->count, &stack->room, sizeof *spans);
    if (!spans)
        return NULL;
    stack->spans = spans;
    memset(spans + room, 0, (size_t)(stack->room - room) * sizeof *spans);
    struct otlp_span *span = &spans[stack->count];
    span->head.bytes.used = span->events.bytes.used = span->tail.bytes.used = 0;
    span->event_count = 0;
    return span;
}

/* The attributes of a span or an event. */
static void otlp_put_attributes(struct otlp_text *to, const struct trace_event *event)
{
    const char *category = event->label ? event->label : trace_category_name(event->category);
    otlp_attribute_text(to, "ringscope.category", category, strlen(category));
    if (event->detail)
        otlp_attribute_text(to, "ringscope.detail", event->detail, event->detail_size);
    if (event->arguments)
        otlp_attribute_text(to, "ringscope.arguments", event->arguments, strlen(event->arguments));
    if (event->result)
        otlp_attribute_text(to, "ringscope.result", event->result, strlen(event->result));
    if (event->has & TRACE_HAS_ASYNC_ID)
        otlp_attribute_id(to, "ringscope.async.id", event->async_id);
    if (event->has & TRACE_HAS_PARENT)
        otlp_attribute_id(to, "ringscope.async.parent", event->parent);
    if (event->kind == TRACE_KIND_FLOW)
        otlp_attribute_id(to, event->has & TRACE_FLOW_IN ? "ringscope.flow.in" : "ringscope.flow.out", event->flow_id);
    if (event->has & TRACE_DETAIL_LOST)
        otlp_attribute_true(to, "ringscope.detail.lost");
    if (event->has & TRACE_DETAIL_TRUNCATED)
        otlp_attribute_true(to, "ringscope.detail.truncated");
}

static void otlp_put_thread(struct otlp_text *to, const struct export *export, const struct trace_event *event)
{
    const struct trace_track track = otlp_track(export->snapshot, event->track);
    otlp_attribute_number(to, "thread.id", track.tid);
    if (track.name[0])
        otlp_attribute_text(to, "thread.name", track.name, strlen(track.name));
}

static void otlp_put_status(struct otlp_text *to, const struct trace_event *event)
{
    bool failed = (event->has & TRACE_FAILED) != 0;
    otlp_put(to, failed ? "],\"droppedEventsCount\":0,\"status\":{\"code\":2"
                        : "],\"droppedEventsCount\":0,\"status\":{\"code\":0");
    if (failed && event->detail) {
        otlp_put(to, ",\"message\":");
        otlp_string(to, event->detail, event->detail_size);
    }
    otlp_put(to, "},\"links\":[],\"droppedLinksCount\":0,\"flags\":257}");
}

static void otlp_print(struct export *export, struct otlp_span *span, const struct otlp_span *parent,
                       const struct trace_event *event, bool open)
{
    const struct otlp_export *otlp = export->state;
    struct otlp_text *to = &span->head;
    otlp_put(to, "{\"traceId\":\"");
    otlp_id(to, hash_mix(otlp->seed, span->ids.trace));
    otlp_id(to, span->ids.trace);
    otlp_put(to, "\",\"spanId\":\"");
    otlp_id(to, span->ids.span);
    if (parent) {
        otlp_put(to, "\",\"parentSpanId\":\"");
        otlp_id(to, parent->ids.span);
    }
    otlp_put(to, "\",\"name\":");
    otlp_string(to, event->name, strlen(event->name));
    otlp_put(to, ",\"kind\":1");
    otlp_time(to, "startTimeUnixNano", otlp->origin_ns + event->time_ns);
    otlp_time(to, "endTimeUnixNano", otlp->origin_ns + span->end_ns);
    otlp_put(to, ",");
    otlp_attributes_begin(to);
    otlp_put_thread(to, export, event);
    otlp_put_attributes(to, event);
    if (open)
        otlp_attribute_true(to, "ringscope.open");
    otlp_attributes_end(to);
    otlp_put(to, ",\"droppedAttributesCount\":0,\"events\":[");
    otlp_put_status(&span->tail, event);
}

/* An id is never 0, which would mean none. */
static uint64_t otlp_span_id(const struct otlp_export *otlp, const struct trace_event *event, bool open)
{
    uint64_t id = open ? hash_mix(hash_mix(~otlp->seed, event->time_ns), event->track + ((uint64_t)event->lane << 32))
                       : hash_mix(hash_mix(otlp->seed, event->lane), event->sequence);
    return id ? id : 1;
}

static bool otlp_begin_span(struct export *export, const struct trace_event *event, uint64_t end_ns, bool open)
{
    struct otlp_export *otlp = export->state;
    struct otlp_stack *stack = &otlp->stacks[event->track < otlp->stack_count ? event->track : 0];
    bool nests = !(event->has & TRACE_HAS_ASYNC_ID);
    struct otlp_span *span = otlp_next(stack);
    uint32_t process = otlp_lines_process(&otlp->lines, event->track);
    if (!span || process == OTLP_NO_PROCESS)
        return false;
    const struct otlp_span *parent = nests ? otlp_holder(stack, end_ns) : NULL;
    span->process = process;
    span->end_ns = end_ns;
    span->ids.span = otlp_span_id(otlp, event, open);
    span->ids.trace = parent ? parent->ids.trace : span->ids.span;
    otlp_print(export, span, parent, event, open);
    if (!nests)
        return otlp_close(export, span);
    stack->count++;
    return true;
}

static void otlp_put_event(const struct otlp_export *otlp, struct otlp_span *span, const struct trace_event *event)
{
    struct otlp_text *to = &span->events;
    otlp_put(to, span->event_count++ ? ",{" : "{");
    otlp_attributes_begin(to);
    otlp_put_attributes(to, event);
    otlp_attributes_end(to);
    otlp_put(to, ",\"name\":");
    otlp_string(to, event->name, strlen(event->name));
    otlp_time(to, "timeUnixNano", otlp->origin_ns + event->time_ns);
    otlp_put(to, ",\"droppedAttributesCount\":0}");
}

/* ----------------------------------------------------------------------- samples */

static bool otlp_put_sample(struct export *export, const struct trace_event *event)
{
    struct otlp_export *otlp = export->state;
    uint32_t process = otlp_lines_process(&otlp->lines, event->track);
    if (process == OTLP_NO_PROCESS)
        return false;
    struct otlp_text *to = otlp_sample_begin(&otlp->lines, process, event->name);
    otlp_put(to, "{");
    otlp_attributes_begin(to);
    otlp_put_thread(to, export, event);
    otlp_attributes_end(to);
    otlp_time(to, "startTimeUnixNano", otlp->origin_ns);
    otlp_time(to, "timeUnixNano", otlp->origin_ns + event->time_ns);
    otlp_put(to, ",\"asDouble\":");
    otlp_double(to, event->value);
    otlp_put(to, "}");
    return otlp_lines_flush_full(&otlp->lines, &export->out, process);
}

/* ------------------------------------------------------------------------- whole */

static bool otlp_open_span(struct export *export, const struct trace_open_span *span, bool first)
{
    struct otlp_export *otlp = export->state;
    uint64_t end_ns = span->start_ns > otlp->end_ns ? span->start_ns : otlp->end_ns;
    const struct trace_event event = { .name = span->name,
                                       .category = span->category,
                                       .track = span->track,
                                       .lane = span->lane,
                                       .sequence = otlp->open_count++,
                                       .time_ns = span->start_ns,
                                       .has = span->async ? TRACE_HAS_ASYNC_ID : 0 };
    struct otlp_stack *stack = &otlp->stacks[span->track < otlp->stack_count ? span->track : 0];
    (void)first;
    return otlp_close_ended(export, stack, span->start_ns) && otlp_begin_span(export, &event, end_ns, true);
}

static bool otlp_event(struct export *export, const struct trace_event *event, bool first)
{
    struct otlp_export *otlp = export->state;
    struct otlp_stack *stack = &otlp->stacks[event->track < otlp->stack_count ? event->track : 0];
    uint64_t end_ns = add_saturating(event->time_ns, event->kind == TRACE_KIND_SPAN ? event->duration_ns : 0);
    (void)first;
    if (event->kind == TRACE_KIND_SAMPLE)
        return otlp_put_sample(export, event);
    if (!otlp_close_ended(export, stack, event->time_ns))
        return false;
    struct otlp_span *holder = event->kind == TRACE_KIND_SPAN ? NULL : otlp_holder(stack, event->time_ns);
    if (!holder || holder->event_count >= EVENTS_MAX)
        return otlp_begin_span(export, event, end_ns, false);
    otlp_put_event(otlp, holder, event);
    return true;
}

static bool otlp_begin(struct export *export)
{
    struct otlp_export *otlp = export->state;
    const struct tracer_snapshot *snapshot = export->snapshot;
    const struct image_header *header = &snapshot->header;
    otlp->stack_count = snapshot->tracks.count ? snapshot->tracks.count : 1;
    otlp->stacks = calloc(otlp->stack_count, sizeof *otlp->stacks);
    if (!otlp->stacks)
        return false;
    otlp->lines.snapshot = snapshot;
    otlp->origin_ns = origin_ns(snapshot);
    otlp->end_ns = export_end_ns(snapshot);
    otlp->seed = hash_mix(hash_mix(hash_bytes(header->boot_id, strnlen(header->boot_id, sizeof header->boot_id)),
                                   header->created_realtime_ns),
                          header->pid);
    return pid_names_init(&otlp->lines.names, snapshot, true);
}

static bool otlp_end(struct export *export)
{
    struct otlp_export *otlp = export->state;
    bool ok = true;
    for (uint32_t i = 0; ok && i < otlp->stack_count; i++)
        ok = otlp_close_ended(export, &otlp->stacks[i], UINT64_MAX);
    return ok && otlp_lines_end(&otlp->lines, &export->out, otlp->origin_ns + otlp->end_ns);
}

static void otlp_release(struct export *export)
{
    struct otlp_export *otlp = export->state;
    for (uint32_t i = 0; otlp->stacks && i < otlp->stack_count; i++)
        otlp_forget(&otlp->stacks[i]);
    free(otlp->stacks);
    otlp_lines_free(&otlp->lines);
}

const struct exporter export_otlp = {
    .name = "otlp",
    .by_start = true,
    .state_bytes = sizeof(struct otlp_export),
    .begin = otlp_begin,
    .event = otlp_event,
    .open_span = otlp_open_span,
    .end = otlp_end,
    .release = otlp_release,
};
