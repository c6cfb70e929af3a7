/* Traces of ten million events on 50 tracks for the benchmark of the timeline, the same in every run. */
#ifndef RINGSCOPE_BENCH_TIMELINE_TRACES_H
#define RINGSCOPE_BENCH_TIMELINE_TRACES_H

#include "bench.h"
#include "timeline/timeline.h"

#define TRACE_EVENTS BENCH_LARGE_EVENTS
#define TRACE_TRACKS 50u

enum trace_shape {
    SHAPE_NESTED, /* frames of spans in spans, evenly spread */
    SHAPE_BURSTS /* one row per track: lengths and gaps from ns to ms, in bursts */
};

/* Returns the trace and the view of all of it. Made on the first call and kept; false on failure, with the reason. */
bool trace_of(enum trace_shape shape, const struct timeline **timeline, const struct timeline_view **view,
              struct bench_result *result);
/* Frees the kept traces. */
void traces_free(void);

/* The times of adding count events to a builder, and of building. */
bool trace_build(enum trace_shape shape, uint32_t count, struct timeline **timeline, double *added_ns,
                 double *built_ns);

#endif
