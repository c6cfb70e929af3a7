/*
 * Records calls of an instrumented module's functions as spans. Open calls are kept on a stack: those above one that
 * ends were left without an end, by a trap that JavaScript caught. Calls that are too short, or deeper than the stack,
 * get no span; the enclosing call tells how many there were.
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
    uint32_t not_kept; /* calls in it without a span */
};

/* One block of JavaScript's memory, which also holds the calls and the names: a worker has no malloc(). */
struct wasm_functions {
    struct tracer *tracer;
    uint64_t min_duration_ns;
    uint32_t depth, depth_max;
    uint32_t count;
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
                                double min_duration_ns, uint32_t depth_max)
{
    const char *name = (const char *)functions + bytes_without_names(count, depth_max);
    *functions = (struct wasm_functions){
        .tracer = tracer, .min_duration_ns = (uint64_t)min_duration_ns, .depth_max = depth_max, .count = count
    };
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

uint32_t tracer_wasm_function_enter(struct wasm_functions *functions, uint32_t number)
{
    struct tracer *tracer = functions->tracer;
    uint32_t depth = functions->depth++, id;
    if (unlikely(depth >= functions->depth_max || number >= functions->count))
        return depth;
    struct wasm_call *call = &functions->calls[depth];
    *call = (struct wasm_call){ { 0, 0 }, 0 };
    if (unlikely(!tracer_wants(tracer, TRACE_CUSTOM)))
        return depth;
    struct wasm_function *function = &functions->functions[number];
    if (unlikely(!site_knows(tracer, &function->site, &id)))
        label_function(tracer, function);
    call->span = tracer_span_begin_at(tracer, &function->site, TRACE_CUSTOM, function->name);
    return depth;
}

static void count_not_kept(struct wasm_functions *functions, uint32_t depth, uint32_t calls)
{
    if (depth > 0)
        functions->calls[depth - 1].not_kept += calls;
}

static void end_unnamed(const struct wasm_functions *functions, const struct wasm_call *call)
{
    struct trace_span span = { .tracer = functions->tracer,
                               .start = call->span.start,
                               .span_bits = call->span.span_bits };
    trace_span_end(&span);
}

/* Ends a call that contains others without a span, or that may be too short for one. */
static __attribute__((noinline)) void end_call(struct wasm_functions *functions, uint32_t depth)
{
    char detail[NOT_KEPT_BYTES];
    const struct wasm_call *call = &functions->calls[depth];
    struct tracer *tracer = functions->tracer;
    uint64_t now = clock_read(tracer);
    if ((int64_t)(now - call->span.start) < (int64_t)functions->min_duration_ns) {
        span_drop(tracer, call->span);
        count_not_kept(functions, depth, call->not_kept + 1);
        return;
    }
    if ((int64_t)call->span.span_bits < 0) { /* its name is not in the image */
        end_unnamed(functions, call);
        return;
    }
    int length = call->not_kept ? snprintf(detail, sizeof detail, "%u calls not kept", (unsigned)call->not_kept) : 0;
    span_end_read(tracer, call->span, now, length ? detail : NULL, (size_t)length);
}

void tracer_wasm_function_exit(struct wasm_functions *functions, uint32_t depth)
{
    functions->depth = depth;
    if (unlikely(depth >= functions->depth_max)) {
        count_not_kept(functions, functions->depth_max, 1);
        return;
    }
    const struct wasm_call *call = &functions->calls[depth];
    if (unlikely(!call->span.span_bits))
        return;
    if (functions->min_duration_ns || call->not_kept || (int64_t)call->span.span_bits < 0)
        end_call(functions, depth);
    else
        tracer_span_end_at(functions->tracer, call->span.start, call->span.span_bits, NULL, 0);
}
