/*
 * The hooks called by code compiled with -finstrument-functions: a span for each call. Both read the clock as close to
 * the function's own code as possible. A signal handler may call them between any two instructions: the depth is
 * changed before an entry is written, and after it was read.
 */
#include "calls.h"

#define HOOK __attribute__((visibility("default"), no_instrument_function))
#define unlikely(condition) __builtin_expect(!!(condition), 0)
#define likely(condition) __builtin_expect(!!(condition), 1)
#define ORDERED() __atomic_signal_fence(__ATOMIC_SEQ_CST)

HOOK void __cyg_profile_func_enter(void *function, void *call_site);
HOOK void __cyg_profile_func_exit(void *function, void *call_site);

/* Deeper than what is kept: only counted. */
static __attribute__((noinline)) void enter_over(struct calls *calls)
{
    calls->over++;
}

static inline void enter(struct calls *calls, uintptr_t address, uintptr_t frame)
{
    uint32_t depth = calls->depth + 1;
    if (unlikely(depth > CALLS_MAX)) {
        enter_over(calls);
        return;
    }
    struct call *call = &calls->call[depth];
    calls->depth = depth;
    ORDERED();
    call->function = address;
    call->frame = frame;
    call->span_bits = 0;
    call->not_kept = 0;
    if (!trace_wants(TRACE_CUSTOM) || unlikely(depth > calls->limit))
        return;
    struct function *function = function_place(address);
    if (unlikely(function->address != address || function_generation(function) != functions_generation)) {
        function = function_find(address);
        if (!function)
            return;
    }
    struct trace_token token = tracer_span_begin_at(NULL, &function->site, TRACE_CUSTOM, function->name);
    call->start = token.start;
    call->span_bits = token.span_bits;
}

/* A thread's first call. */
static __attribute__((noinline)) void enter_first(uintptr_t address, uintptr_t frame)
{
    struct calls *calls = calls_create();
    if (calls)
        enter(calls, address, frame);
}

void __cyg_profile_func_enter(void *function, void *call_site)
{
    struct calls *calls = thread_calls;
    uintptr_t frame = (uintptr_t)__builtin_dwarf_cfa();
    (void)call_site;
    if (likely(calls))
        enter(calls, (uintptr_t)function, frame);
    else
        enter_first((uintptr_t)function, frame);
}

/* The hook at a function's end is often called when the function's stack is gone: its caller's stack is then above the
 * function's. So the frame only shows that a call which is not kept cannot be the one. */
static __attribute__((noinline)) void exit_other(struct calls *calls, uintptr_t function, uintptr_t frame)
{
    uint32_t index = calls->depth;
    if (calls->over > 0 && frame <= calls->call[index].frame) {
        calls->over--;
        calls_not_kept(calls, 1);
        return;
    }
    calls_not_kept(calls, calls->over);
    calls->over = 0;
    while (index > 0 && calls->call[index].function != function)
        index--;
    if (index == 0) /* it began before there was memory to note it */
        return;
    while (calls->depth > index)
        calls_end(calls, true);
    calls_end(calls, false);
}

void __cyg_profile_func_exit(void *function, void *call_site)
{
    struct calls *calls = thread_calls;
    (void)call_site;
    if (unlikely(!calls))
        return;
    uint32_t depth = calls->depth;
    const struct call *call = &calls->call[depth];
    if (unlikely(call->function != (uintptr_t)function || calls->over)) {
        exit_other(calls, (uintptr_t)function, (uintptr_t)__builtin_dwarf_cfa());
        return;
    }
    uint64_t start = call->start, span_bits = call->span_bits;
    if (unlikely((int64_t)span_bits <= 0 || (call->not_kept | calls->min_duration_ns))) {
        calls_end(calls, false);
        return;
    }
    ORDERED();
    calls->depth = depth - 1;
    tracer_span_end_at(NULL, start, span_bits, NULL, 0);
}
