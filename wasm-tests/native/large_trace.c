/*
 * Writes an image of many spans for the benchmark of the page: large_trace FILE EVENTS. 50 threads of six
 * processes, each doing the same frame again and again: three short spans within a longer one.
 */
#include <stdio.h>
#include <stdlib.h>

#include "ringscope.h"

#define THREADS 50u
#define NAMES 40u
#define FRAME_SPANS 4u
#define FRAME_MS 0.04

static double no_time(void *argument)
{
    (void)argument;
    return 0;
}

static void record(struct tracer *tracer, uint32_t track, uint64_t index)
{
    char name[32];
    unsigned step = (unsigned)(index % FRAME_SPANS);
    uint64_t frame = index / FRAME_SPANS;
    double frame_ms = (double)frame * FRAME_MS;
    bool outer = step == FRAME_SPANS - 1; /* it ends last */
    snprintf(name, sizeof name, "step %u", (unsigned)(index % NAMES));
    const struct trace_event event = {
        .timestamp = outer ? frame_ms : frame_ms + 0.001 + step * 0.01,
        .duration = outer ? 0.038 : 0.008,
        .name = name,
        .track = track,
        .category = (enum trace_category)(index % TRACE_CATEGORY_COUNT),
        .has = TRACE_HAS_TIMESTAMP | TRACE_HAS_DURATION | TRACE_HAS_TRACK,
    };
    tracer_event_ex(tracer, &event);
}

int main(int count, char **arguments)
{
    uint32_t tracks[THREADS];
    struct tracer *tracer;
    uint64_t events = count == 3 ? strtoull(arguments[2], NULL, 10) : 0;
    const struct tracer_options options = {
        .capacity_events = events, .path = arguments[1], .lanes = 1, .detail_bytes = 4096, .clock = no_time
    };
    if (events == 0 || tracer_create(&tracer, &options, NULL) != TRACER_OK)
        return EXIT_FAILURE;
    tracer_enable(tracer);
    for (uint32_t i = 0; i < THREADS; i++)
        tracks[i] = tracer_track(tracer, 1 + i / 10, 100 + i, "worker");
    for (uint64_t i = 0; i < events; i++)
        record(tracer, tracks[i % THREADS], i / THREADS);
    tracer_destroy(tracer);
    return EXIT_SUCCESS;
}
