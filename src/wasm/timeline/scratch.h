/* A trace's memory for results that stay valid until the next call. */
#ifndef RINGSCOPE_WASM_SCRATCH_H
#define RINGSCOPE_WASM_SCRATCH_H

#include <stdlib.h>

#include "timeline_wasm.h"

/* At least this many bytes, with their previous contents; NULL without memory. */
static inline void *scratch_reserve(struct wasm_trace *trace, size_t bytes)
{
    if (bytes <= trace->scratch_bytes)
        return trace->scratch;
    void *scratch = realloc(trace->scratch, bytes);
    if (!scratch)
        return NULL;
    trace->scratch = scratch;
    trace->scratch_bytes = bytes;
    return scratch;
}

/* Makes the scratch the call's result. */
static inline enum tracer_error scratch_give(struct wasm_trace *trace, struct exchange *exchange)
{
    exchange->result = trace->scratch;
    return TRACER_OK;
}

#endif
