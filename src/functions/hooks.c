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

static inline struct call *push(struct calls *calls, uintptr_t address, uintptr_t frame)
{
    struct call *call = calls->innermost + 1;
    calls->innermost = call;
    ORDERED();
    call->function = address;
    call->frame = frame;
    call->token.span_bits = 0;
    call->not_kept = 0;
    return call;
}

/* Beyond the limit, a call has no span; beyond CALLS_MAX, it is only counted. */
static __attribute__((noinline)) void enter_deep(struct calls *calls, uintptr_t address, uintptr_t frame)
{
    if (calls->innermost + 1 < calls_last(calls)) {
        push(calls, address, frame);
        return;
    }
    calls->over++;
    calls->innermost = calls_last(calls);
}

static __attribute__((noinline)) void enter_unknown(struct call *call)
{
    struct function *function = function_find(call->function);
    if (function)
        tracer_function_begin(&call->token, &function->site, function->name);
}

/* Each way ends in a tail call, so that no register is saved. */
static inline void enter(struct calls *calls, uintptr_t address, uintptr_t frame)
{
    if (unlikely(calls->innermost >= calls->limit)) {
        enter_deep(calls, address, frame);
        return;
    }
    struct call *call = push(calls, address, frame);
    if (!trace_wants(TRACE_CUSTOM))
        return;
    struct function *function = function_place(address);
    if (unlikely(function->address != address || function_generation(function) != functions_generation))
        enter_unknown(call);
    else
        tracer_function_begin(&call->token, &function->site, function->name);
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
    struct call *call = calls_innermost(calls);
    if (calls->innermost > call) {
        if (frame <= call->frame) {
            if (--calls->over == 0)
                calls->innermost = call;
            calls_not_kept(calls, 1);
            return;
        }
        calls_end(calls, true);
    }
    while (call > calls->call && call->function != function)
        call--;
    if (call == calls->call) /* it began before there was memory to note it */
        return;
    while (calls->innermost > call)
        calls_end(calls, true);
    calls_end(calls, false);
}

void __cyg_profile_func_exit(void *function, void *call_site)
{
    struct calls *calls = thread_calls;
    (void)call_site;
    if (unlikely(!calls))
        return;
    struct call *call = calls->innermost;
    if (unlikely(call->function != (uintptr_t)function)) {
        exit_other(calls, (uintptr_t)function, (uintptr_t)__builtin_dwarf_cfa());
        return;
    }
    const struct trace_token token = call->token;
    if (unlikely((int64_t)token.span_bits <= 0 || (call->not_kept | calls->min_duration_ns))) {
        calls_end(calls, false);
        return;
    }
    ORDERED();
    calls->innermost = call - 1;
    tracer_span_end_at(NULL, token.start, token.span_bits, NULL, 0);
}
