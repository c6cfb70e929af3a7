/* The workload that readers are measured on: events of every kind, from one thread or several at once. */
#define _GNU_SOURCE
#include "bench.h"

#include <pthread.h>
#include <sched.h>
#include <unistd.h>

struct recorder {
    pthread_t thread;
    struct tracer *tracer;
    const struct bench_names *names;
    uint64_t events;
    unsigned index;
    bool alone;
};

/* Of four events, one has a detail, one is a span, and one has one of many names. */
static void record_four(struct tracer *tracer, const char *name)
{
    tracer_event(tracer, TRACE_FILE, BENCH_COMMON_NAME, "/etc/passwd");
    TRACER_SPAN (tracer, TRACE_SYSCALL, "read") {
        bench_barrier();
    }
    tracer_event(tracer, TRACE_MEMORY, name, NULL);
    tracer_event(tracer, TRACE_IPC, "send", NULL);
}

/* When there are more threads than processors they take turns often, so that their events are interleaved as finely as
 * if each had its own processor. */
#define TURN 4

static void *record(void *argument)
{
    const struct recorder *recorder = argument;
    const struct bench_names *names = recorder->names;
    if (!recorder->alone)
        bench_pin(recorder->index % 2);
    for (uint64_t i = 0; i < recorder->events / 4; i++) {
        record_four(recorder->tracer, names->text[names->order[i % BENCH_ORDER]]);
        if (!recorder->alone && i % TURN == 0)
            sched_yield();
    }
    return NULL;
}

bool bench_record_mixed(struct tracer *tracer, unsigned threads, uint64_t events_each, struct bench_result *result)
{
    struct bench_names names;
    struct recorder recorders[BENCH_THREADS_MAX];
    bench_names_init(&names);
    for (unsigned i = 0; i < threads; i++) {
        struct recorder *recorder = &recorders[i];
        *recorder = (struct recorder){
            .tracer = tracer, .names = &names, .index = i, .events = events_each, .alone = threads == 1
        };
        if (pthread_create(&recorder->thread, NULL, record, recorder) != 0)
            return bench_fail(result, "no more threads");
    }
    for (unsigned i = 0; i < threads; i++)
        pthread_join(recorders[i].thread, NULL);
    return true;
}

/* The ring of text is full, or nearly so: 24 bytes for every fourth event of one thread. */
#define DETAIL_BYTES (64ull << 20)

bool bench_save_mixed(const char *path, unsigned threads, uint64_t events_each, struct bench_result *result)
{
    const struct tracer_options options = {
        .path = path,
        .capacity_events = BENCH_LARGE_EVENTS,
        .detail_bytes = DETAIL_BYTES,
        .lanes = threads == 1 ? 1 : threads + 1, /* the last one is for threads without one */
    };
    struct tracer *tracer;
    struct tracer_message message;
    if (!bench_ok(result, tracer_create(&tracer, &options, &message), &message))
        return false;
    tracer_enable(tracer);
    bool ok = bench_record_mixed(tracer, threads, events_each, result);
    tracer_destroy(tracer);
    return ok;
}
