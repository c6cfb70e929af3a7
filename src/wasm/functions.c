/*
 * Records calls of an instrumented module's functions as spans. Open calls are kept on a stack: those above one that
 * ends were left without an end, by a trap that JavaScript caught. Calls that are too short, or deeper than the stack,
 * get no span; the enclosing call tells how many there were, or outside of all, the next one. The module itself counts the calls of functions that are
 * known beforehand to be too short; both hooks get that count.
 */
#include <stdio.h>
#include <string.h>

#include "../core/clock_read.h"
#include "../core/site.h"
#include "../core/span.h"
#include "../core/tracer_tables.h"
#include "wasm.h"

#define FUNCTION_LABEL "FUNCTION"
#define NOT_KEPT_BYTES 48

struct wasm_function {
    uint64_t site; /* the call site of the name */
    const char *name;
};

struct wasm_call {
    struct trace_token span;
    uint32_t
        not_kept; /* calls in it without a span; those that the module counts, less those that spans in it report */
    uint32_t counted; /* the module's count at the beginning */
};

/* One block of JavaScript's memory, which also holds the calls and the names: a worker has no malloc(). */
struct wasm_functions {
    struct tracer *tracer;
    int64_t min_duration_ns; /* INT64_MIN: keep all */
    uint32_t depth, depth_max;
    uint32_t count;
    uint32_t outside,
        outside_counted; /* calls outside of all spans since the last one ended; the module's count then */
    struct wasm_call *calls;
    struct wasm_function functions[];
};

static size_t bytes_without_names(uint32_t count, uint32_t depth_max)
{
    return sizeof(struct wasm_functions) + count * sizeof(struct wasm_function) + depth_max * sizeof(struct wasm_call);
}

double tracer_wasm_functions_bytes(uint32_t count, uint32_t depth_max, uint32_t name_bytes)
{
    return (double)count * sizeof(struct wasm_function) + (double)depth_max * sizeof(struct wasm_call) +
           (double)bytes_without_names(0, 0) + name_bytes;
}

void tracer_wasm_functions_init(struct wasm_functions *functions, struct tracer *tracer, uint32_t count,
                                double min_duration_ns, uint32_t depth_max, uint32_t counted)
{
    const char *name = (const char *)functions + bytes_without_names(count, depth_max);
    *functions = (struct wasm_functions){ .tracer = tracer,
                                          .min_duration_ns = min_duration_ns > 0 ? (int64_t)min_duration_ns : INT64_MIN,
                                          .depth_max = depth_max,
                                          .count = count,
                                          .outside_counted = counted };
    functions->calls = (struct wasm_call *)(void *)&functions->functions[count];
    for (uint32_t i = 0; i < count; i++) {
        functions->functions[i] = (struct wasm_function){ 0, name };
        name += strlen(name) + 1;
    }
}

/* The recorder would intern the name without a label, so the site gets the labelled id beforehand. */
static __attribute__((noinline)) void label_function(struct tracer *tracer, struct wasm_function *function)
{
    site_remember(tracer, &function->site, table_name_labelled(tracer, function->name, FUNCTION_LABEL));
}

static __attribute__((noinline)) void begin_slow_path(struct tracer *tracer, struct wasm_function *function,
                                                      struct trace_token *span)
{
    uint32_t id;
    if (!site_knows(tracer, &function->site, &id))
        label_function(tracer, function);
    *span = tracer_span_begin_at(tracer, &function->site, TRACE_CUSTOM, function->name);
}

/* As tracer_span_begin_at() does it, but stores the token where it is kept: half of the instructions. */
static inline void begin(struct tracer *tracer, struct wasm_function *function, struct trace_token *span)
{
    struct writer *writer;
    uint32_t id;
    if (likely(fast_path(tracer, &function->site, TRACE_CUSTOM, &writer, &id))) {
        uint64_t start = clock_read(tracer);
        if (likely(start != NO_TIME)) {
            *span = span_push(writer, start, span_bits_what(TRACE_CUSTOM, id));
            return;
        }
    }
    begin_slow_path(tracer, function, span);
}

uint32_t tracer_wasm_function_enter(struct wasm_functions *functions, uint32_t number, uint32_t counted)
{
    struct tracer *tracer = functions->tracer;
    uint32_t depth = functions->depth++;
    if (unlikely(depth >= functions->depth_max || number >= functions->count))
        return depth;
    struct wasm_call *call = &functions->calls[depth];
    call->span.span_bits = 0;
    call->not_kept = 0;
    call->counted = counted;
    if (likely(tracer_wants(tracer, TRACE_CUSTOM)))
        begin(tracer, &functions->functions[number], &call->span);
    return depth;
}

static void count_not_kept(struct wasm_functions *functions, uint32_t depth, uint32_t calls)
{
    if (depth > 0)
        functions->calls[depth - 1].not_kept += calls;
    else
        functions->outside += calls;
}

/* The calls outside of all spans until this one began, of which only the next span can tell. */
static uint32_t take_outside(struct wasm_functions *functions, uint32_t counted_before, uint32_t counted)
{
    uint32_t calls = functions->outside + counted_before - functions->outside_counted;
    functions->outside = 0;
    functions->outside_counted = counted;
    return calls;
}

/* Ends a call that contains others without a span or comes after such, or whose name is not in the image. */
static __attribute__((noinline)) void end_slow_path(struct tracer *tracer, struct trace_token span, uint64_t now,
                                                    uint32_t not_kept, uint32_t before)
{
    char detail[NOT_KEPT_BYTES] = "";
    if (before)
        snprintf(detail, sizeof detail, "%u calls not kept, %u before", (unsigned)not_kept, (unsigned)before);
    else if (not_kept)
        snprintf(detail, sizeof detail, "%u calls not kept", (unsigned)not_kept);
    const struct trace_span ended = { .tracer = tracer, .start = span.start, .span_bits = span.span_bits };
    const struct trace_event event = { .detail = detail[0] ? detail : NULL, .detail_size = strlen(detail) };
    span_end_event(tracer, &ended, now, &event);
}

void tracer_wasm_function_exit(struct wasm_functions *functions, uint32_t depth, uint32_t counted)
{
    functions->depth = depth;
    if (unlikely(depth >= functions->depth_max)) {
        count_not_kept(functions, functions->depth_max, 1);
        return;
    }
    const struct wasm_call *call = &functions->calls[depth];
    struct tracer *tracer = functions->tracer;
    uint32_t inside = counted - call->counted;
    if (unlikely(!call->span.span_bits)) {
        count_not_kept(functions, depth, 0 - inside);
        return;
    }
    uint64_t now = clock_read(tracer);
    if ((int64_t)(now - call->span.start) < functions->min_duration_ns) {
        span_drop(tracer, call->span);
        count_not_kept(functions, depth, call->not_kept + 1);
        return;
    }
    uint32_t before = depth == 0 ? take_outside(functions, call->counted, counted) : 0;
    if (depth > 0)
        count_not_kept(functions, depth, 0 - inside);
    if (call->not_kept + inside + before || (int64_t)call->span.span_bits < 0)
        end_slow_path(tracer, call->span, now, call->not_kept + inside, before);
    else
        span_end_read(tracer, call->span, now, NULL, 0);
}

/* No call is running any more: a trap has left those that are still open. They are counted as calls without a span. */
void tracer_wasm_functions_left(struct wasm_functions *functions, uint32_t counted)
{
    int64_t min_duration_ns = functions->min_duration_ns;
    functions->min_duration_ns = INT64_MAX;
    while (functions->depth > 0)
        tracer_wasm_function_exit(functions, functions->depth - 1, counted);
    functions->min_duration_ns = min_duration_ns;
}
