/* An Emscripten application with threads: each records, and the first one prints what all of them did. */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "ringscope.h"

#define THREADS 3
#define EVENTS_EACH 1000
#define ROUNDS 2

static void *record(void *argument)
{
    char text[32];
    trace_thread_name(argument);
    for (int i = 0; i < EVENTS_EACH; i++) {
        snprintf(text, sizeof text, "%s %d", (const char *)argument, i);
        trace_event(TRACE_FILE, "open", text);
        trace_op("read", 0.5, true);
    }
    return NULL;
}

static int run_threads(void)
{
    static char names[THREADS][8] = { "one", "two", "three" };
    pthread_t threads[THREADS];
    for (int i = 0; i < THREADS; i++) {
        if (pthread_create(&threads[i], NULL, record, names[i]) != 0)
            return EXIT_FAILURE;
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    return EXIT_SUCCESS;
}

int main(void)
{
    /* Lanes for as many threads as run at once, so that the second round needs those of the first. */
    const struct tracer_options options = { .capacity_events = 10000, .lanes = THREADS + 2 };
    if (trace_open(&options, NULL) != TRACER_OK || trace_enable() != TRACER_OK)
        return EXIT_FAILURE;
    for (int round = 0; round < ROUNDS; round++) {
        if (run_threads() != EXIT_SUCCESS)
            return EXIT_FAILURE;
    }
    trace_disable();
    struct tracer_snapshot *snapshot = trace_events(NULL);
    enum tracer_error error = tracer_export_file(snapshot, "json", stdout);
    tracer_snapshot_destroy(snapshot);
    return error == TRACER_OK ? EXIT_SUCCESS : EXIT_FAILURE;
}
