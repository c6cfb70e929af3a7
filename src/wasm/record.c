/* Recording from JavaScript: one exported call per event, with names that JavaScript has allocated. */
#include "../core/site.h"
#include "../core/span.h"
#include "../core/tracer_tables.h"
#include "wasm.h"

#define NS_PER_MS 1e6

void tracer_wasm_event(struct tracer *tracer, uint32_t category, struct wasm_name *name, const char *detail,
                       uint32_t bytes)
{
    if (tracer_wants(tracer, (enum trace_category)category))
        tracer_event_at(tracer, &name->event_site, (enum trace_category)category, name->text, detail, bytes);
}

/* Events by this name have a label from now on: the call site knows no other id. */
void tracer_wasm_label(struct tracer *tracer, struct wasm_name *name, const char *label)
{
    site_remember(tracer, &name->event_site, table_name_labelled(tracer, name->text, label));
}

void tracer_wasm_counter(struct tracer *tracer, uint32_t category, struct wasm_name *name, double value)
{
    if (tracer_wants(tracer, (enum trace_category)category))
        tracer_counter_at(tracer, &name->event_site, (enum trace_category)category, name->text, value);
}

/* The id comes in two halves. */
void tracer_wasm_flow(struct tracer *tracer, uint32_t category, struct wasm_name *name, uint32_t low, uint32_t high,
                      bool in)
{
    if (tracer_wants(tracer, (enum trace_category)category))
        tracer_flow_at(tracer, &name->event_site, (enum trace_category)category, name->text, (uint64_t)high << 32 | low,
                       in);
}

/* The category may be any number: the recorder counts unknown ones. */
enum tracer_error tracer_wasm_event_ex(struct tracer *tracer, struct wasm_name *name, struct exchange *exchange)
{
    const double *numbers = exchange->numbers;
    const struct trace_event event = {
        .async_id = (uint64_t)numbers[EVENT_async_id],
        .parent = (uint64_t)numbers[EVENT_parent],
        .timestamp = numbers[EVENT_timestamp],
        .name = name->text,
        .detail = exchange->texts[0],
        .detail_size = exchange->text_bytes[0],
        .label = exchange->texts[1],
        .arguments = exchange->texts[2],
        .result = exchange->texts[3],
        .duration = numbers[EVENT_duration],
        .value = numbers[EVENT_value],
        .pid = (uint32_t)numbers[EVENT_pid],
        .track = (uint32_t)numbers[EVENT_track],
        .category = (enum trace_category)numbers[EVENT_category],
        .kind = (enum trace_kind)numbers[EVENT_kind],
        .has = (uint32_t)numbers[EVENT_has],
    };
    return exchange_fail(exchange, tracer_event_ex(tracer, &event));
}

/* -------------------------------------------------------------------- spans */

/* The id by which spans name their parents, unique in this memory; assigned on first use. */
double tracer_wasm_span_id(struct wasm_span *span)
{
    struct tracer *tracer = span->span.tracer;
    if (span->async_id == 0 && tracer)
        span->async_id = new_async_id(tracer);
    return (double)span->async_id;
}

void tracer_wasm_span_parent(struct wasm_span *span, double parent)
{
    span->parent = (uint64_t)parent;
}

static void begun(struct wasm_span *span, struct trace_span as)
{
    span->span = as;
    span->async_id = span->parent = 0;
}

void tracer_wasm_span_begin(struct tracer *tracer, uint32_t category, struct wasm_name *name, struct wasm_span *span)
{
    struct trace_token token = { 0, 0 };
    if (tracer_wants(tracer, (enum trace_category)category))
        token = tracer_span_begin_at(tracer, &name->event_site, (enum trace_category)category, name->text);
    begun(span, (struct trace_span){ .tracer = tracer, .start = token.start, .span_bits = token.span_bits });
}

/* A span that began nested turns out to go on across an await. */
void tracer_wasm_span_detach(struct wasm_span *span)
{
    span->span.span_bits = span_detach(span->span.tracer, span->span.start, span->span.span_bits);
    tracer_wasm_span_id(span);
}

/* Uses the id of the name, which may have a label. */
void tracer_wasm_span_begin_async(struct tracer *tracer, uint32_t category, struct wasm_name *name,
                                  struct wasm_span *span)
{
    tracer_wasm_span_begin(tracer, category, name, span);
    tracer_wasm_span_detach(span);
}

void tracer_wasm_span_fail(struct wasm_span *span)
{
    trace_span_fail(&span->span);
}

/* Ends a span at a given time. Spans with a name's id and at most a detail, which are nearly all, have a faster way of
 * their own. */
static void end_at(struct wasm_span *span, uint64_t now, const struct texts *texts, const char *arguments,
                   const char *result)
{
    struct trace_span *ended = &span->span;
    if ((int64_t)ended->span_bits > 0 && !(span->async_id || span->parent || arguments || result || ended->has_pid)) {
        span_end_read(ended->tracer, (struct trace_token){ ended->start, ended->span_bits }, now, texts->detail,
                      texts->detail_bytes);
    } else if (ended->span_bits) {
        const struct trace_event event = { .detail = texts->detail,
                                           .detail_size = texts->detail_bytes,
                                           .async_id = span->async_id,
                                           .parent = span->parent,
                                           .arguments = arguments,
                                           .result = result };
        span_end_event(ended->tracer, ended, now, &event);
    }
    ended->span_bits = 0;
}

/* Drops a span whose beginning JavaScript could not complete, for lack of stack: nobody would end it. */
void tracer_wasm_span_drop(struct wasm_span *span)
{
    struct trace_span *dropped = &span->span;
    if (dropped->span_bits)
        span_drop(dropped->tracer, (struct trace_token){ dropped->start, dropped->span_bits });
    dropped->span_bits = 0;
    span->name = NULL;
}

void tracer_wasm_span_end(struct wasm_span *span, const char *detail, uint32_t bytes)
{
    if (span->span.span_bits)
        end_at(span, tracer_clock_ticks(span->span.tracer), &(struct texts){ .detail = detail, .detail_bytes = bytes },
               NULL, NULL);
}

void tracer_wasm_span_end_pid(struct wasm_span *span, const char *detail, uint32_t bytes, uint32_t pid)
{
    span->span.pid = pid;
    span->span.has_pid = 1;
    tracer_wasm_span_end(span, detail, bytes);
}

/* A call is a span and one call of an operation, whether or not the span is wanted; both share the span's beginning. */
bool tracer_wasm_call_begin(struct tracer *tracer, uint32_t category, struct wasm_name *name, struct wasm_span *span)
{
    tracer_wasm_span_begin(tracer, category, name, span);
    span->name = name;
    span->start_ticks = span->span.span_bits ? span->span.start : tracer_clock_ticks(tracer);
    return span->span.span_bits != 0;
}

/* Reads the clock once, for both. Ended twice, it counts once: if JavaScript's stack overflows in here, it calls
 * again. */
void tracer_wasm_call_end(struct tracer *tracer, struct wasm_span *span, bool ok, const char *detail, uint32_t bytes,
                          const char *arguments, const char *result)
{
    struct wasm_name *name = span->name;
    if (!name)
        return;
    uint64_t now = tracer_clock_ticks(tracer);
    int64_t ticks = (int64_t)(now - span->start_ticks);
    if (!ok)
        trace_span_fail(&span->span);
    end_at(span, now, &(struct texts){ .detail = detail, .detail_bytes = bytes }, arguments, result);
    tracer_op_at(tracer, &name->operation_site, name->text, (double)(ticks > 0 ? ticks : 0) / NS_PER_MS, ok);
    span->name = NULL;
}

/* --------------------------------------------------------------- statistics */

void tracer_wasm_op(struct tracer *tracer, struct wasm_name *name, double duration_ms, bool ok)
{
    tracer_op_at(tracer, &name->operation_site, name->text, duration_ms, ok);
}

enum tracer_error tracer_wasm_tick(struct tracer *tracer, double tasks_polled, double duration_ms)
{
    uint64_t polled;
    if (!exchange_integer(tasks_polled, &polled))
        return TRACER_ERROR_ARGUMENT;
    return tracer_tick(tracer, polled, duration_ms);
}

enum tracer_error tracer_wasm_io(struct tracer *tracer, double bytes_read, double bytes_written)
{
    uint64_t got, put;
    if (!exchange_integer(bytes_read, &got) || !exchange_integer(bytes_written, &put))
        return TRACER_ERROR_ARGUMENT;
    tracer_io(tracer, got, put);
    return TRACER_OK;
}
