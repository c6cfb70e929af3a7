/*
 * Writes an image of many spans for the benchmark of the page: large_trace FILE EVENTS SHAPE. 50 threads of six
 * processes. frames: each repeats the same pattern, three short spans inside a longer one. bursts: spans and gaps of
 * any length, thousands of times denser in some places than in others.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

#define BURST_SPANS 1000u

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15ull);
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9ull;
    z = (z ^ z >> 27) * 0x94d049bb133111ebull;
    return z ^ z >> 31;
}

/* Any power of two of ns is equally likely. */
static double length_ms(uint64_t *random, unsigned bits)
{
    uint64_t drawn = next_random(random);
    return (double)((drawn >> 8) & ((2ull << drawn % bits) - 1)) / 1e6;
}

struct thread {
    uint32_t track;
    double at_ms;
    uint64_t random;
};

static void record_burst(struct tracer *tracer, struct thread *thread, uint64_t index)
{
    char name[32];
    snprintf(name, sizeof name, "step %u", (unsigned)(index % NAMES));
    thread->at_ms += length_ms(&thread->random, index % BURST_SPANS ? 16 : 34);
    const struct trace_event event = {
        .timestamp = thread->at_ms,
        .duration = length_ms(&thread->random, 20),
        .name = name,
        .track = thread->track,
        .category = (enum trace_category)(next_random(&thread->random) % TRACE_CATEGORY_COUNT),
        .has = TRACE_HAS_TIMESTAMP | TRACE_HAS_DURATION | TRACE_HAS_TRACK,
    };
    thread->at_ms += event.duration;
    tracer_event_ex(tracer, &event);
}

static void record_frame(struct tracer *tracer, struct thread *thread, uint64_t index)
{
    char name[32];
    unsigned step = (unsigned)(index % FRAME_SPANS);
    uint64_t frame = index / FRAME_SPANS;
    double frame_ms = (double)frame * FRAME_MS;
    bool outer = step == FRAME_SPANS - 1; /* the outer span ends last */
    snprintf(name, sizeof name, "step %u", (unsigned)(index % NAMES));
    const struct trace_event event = {
        .timestamp = outer ? frame_ms : frame_ms + 0.001 + step * 0.01,
        .duration = outer ? 0.038 : 0.008,
        .name = name,
        .track = thread->track,
        .category = (enum trace_category)(index % TRACE_CATEGORY_COUNT),
        .has = TRACE_HAS_TIMESTAMP | TRACE_HAS_DURATION | TRACE_HAS_TRACK,
    };
    tracer_event_ex(tracer, &event);
}

int main(int count, char **arguments)
{
    struct thread threads[THREADS];
    struct tracer *tracer;
    uint64_t events = count == 4 ? strtoull(arguments[2], NULL, 10) : 0;
    const struct tracer_options options = {
        .capacity_events = events, .path = arguments[1], .lanes = 1, .detail_bytes = 4096, .clock = no_time
    };
    if (events == 0 || tracer_create(&tracer, &options, NULL) != TRACER_OK)
        return EXIT_FAILURE;
    tracer_enable(tracer);
    for (uint32_t i = 0; i < THREADS; i++)
        threads[i] = (struct thread){ .track = tracer_add_track(tracer, 1 + i / 10, 100 + i, "worker"), .random = i };
    for (uint64_t i = 0; i < events; i++)
        (strcmp(arguments[3], "bursts") == 0 ? record_burst : record_frame)(tracer, &threads[i % THREADS], i / THREADS);
    tracer_destroy(tracer);
    return EXIT_SUCCESS;
}
