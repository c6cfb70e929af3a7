/* A program with threads that use everything at once, to be compiled with -fsanitize=thread and linked with a library
 * that is not: any report is a false alarm, or a real bug. */
#include <pthread.h>

#include <ringscope.h>

#define THREADS 8
#define ROUNDS 40

static int ended;

static void record(const char *name, int number)
{
    TRACE_SCOPE_AS(scope, TRACE_FILE, name);
    TRACE_OP(TRACE_SYSCALL, name);
    trace_event(TRACE_CUSTOM, "step", name);
    trace_event(TRACE_CUSTOM, name, NULL);
    trace_eventf(TRACE_FILE, "formatted", "%d", number);
    trace_op("read", 1, number % 5 != 0);
    trace_span_detail(&scope, name);
    struct trace_span async = trace_span_begin_async(TRACE_IPC, name);
    trace_span_end_detail(&async, name);
}

static void *work(void *argument)
{
    char name[32];
    const int number = *(const int *)argument;
    snprintf(name, sizeof name, "worker %d", number);
    trace_thread_name(name);
    for (int i = 0; i < 10; i++)
        record(name, i);
    return NULL;
}

static void *look(void *unused)
{
    while (!__atomic_load_n(&ended, __ATOMIC_RELAXED)) {
        struct trace_event event;
        struct trace_summary summary;
        struct trace_perf perf;
        struct tracer_snapshot *events = trace_events(NULL);
        for (size_t i = 0; tracer_snapshot_get(events, i, &event); i++)
            ;
        tracer_snapshot_destroy(events);
        if (trace_summary(&summary) != TRACER_OK || trace_op_stats("read", &perf) != TRACER_OK)
            return unused;
    }
    return NULL;
}

int main(void)
{
    /* Few names, so that most threads find the table full, and few lanes, so that threads share the last one. */
    const struct tracer_options options = { .names = 32, .lanes = 4 };
    pthread_t reader, threads[THREADS];
    int numbers[THREADS];
    if (trace_open(&options, NULL) != TRACER_OK || trace_enable() != TRACER_OK ||
        pthread_create(&reader, NULL, look, NULL) != 0)
        return 1;
    for (int round = 0; round < ROUNDS; round++) {
        for (int i = 0; i < THREADS; i++) {
            numbers[i] = round * THREADS + i;
            if (pthread_create(&threads[i], NULL, work, &numbers[i]) != 0)
                return 1;
        }
        for (int i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        if (round == ROUNDS / 2)
            trace_reset();
    }
    __atomic_store_n(&ended, 1, __ATOMIC_RELAXED);
    pthread_join(reader, NULL);
    trace_close();
    puts("done");
    return 0;
}
