/*
 * The program that the benchmark of the page follows: live_trace FILE PER_SECOND. Eight threads record a million
 * events, report it with a line, and then go on at the given rate until standard input ends; each thread is always
 * inside a span. Then a line reports the number of events and of bytes of text.
 */
#define _GNU_SOURCE
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "ringscope.h"

#define THREADS 8u
#define BEFORE 1000000u
#define CAPACITY 2000000u
#define DETAIL_BYTES (4u << 20)
#define DETAIL "/etc/passwd"
#define PAUSE_NS 2000000

struct worker {
    pthread_t thread;
    unsigned index;
    double per_ns;
    uint64_t events, text_bytes;
};

static bool ended;
static pthread_barrier_t ready;

static double now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Every fourth event has a text. */
static void record(struct worker *worker, uint64_t until)
{
    for (; worker->events < until; worker->events++) {
        if (worker->events % 4 == 0) {
            trace_event(TRACE_FILE, "open", DETAIL);
            worker->text_bytes += sizeof DETAIL - 1;
        } else {
            TRACE_SCOPE(TRACE_SYSCALL, "read");
        }
    }
}

static void *work(void *argument)
{
    struct worker *worker = argument;
    const struct timespec pause = { 0, PAUSE_NS };
    char name[32];
    snprintf(name, sizeof name, "worker %u", worker->index);
    trace_thread_name(name);
    struct trace_span serving = trace_span_begin(TRACE_IPC, "serving");
    record(worker, BEFORE / THREADS);
    pthread_barrier_wait(&ready);
    double began_ns = now_ns();
    while (!__atomic_load_n(&ended, __ATOMIC_RELAXED)) {
        record(worker, BEFORE / THREADS + (uint64_t)((now_ns() - began_ns) * worker->per_ns));
        nanosleep(&pause, NULL);
    }
    trace_span_end(&serving);
    worker->events++;
    return NULL;
}

int main(int count, char **arguments)
{
    static struct worker workers[THREADS];
    const struct tracer_options options = {
        .path = count == 3 ? arguments[1] : NULL,
        .capacity_events = CAPACITY,
        .detail_bytes = DETAIL_BYTES,
        .lanes = THREADS + 1,
    };
    struct tracer_message message;
    uint64_t events = 0, text_bytes = 0;
    if (count != 3 || trace_open(&options, &message) != TRACER_OK) {
        fprintf(stderr, "live_trace: %s\n", count == 3 ? message.text : "FILE PER_SECOND");
        return count == 3 ? 1 : 2;
    }
    trace_enable();
    pthread_barrier_init(&ready, NULL, THREADS + 1);
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i] = (struct worker){ .index = i, .per_ns = strtod(arguments[2], NULL) / THREADS / 1e9 };
        if (pthread_create(&workers[i].thread, NULL, work, &workers[i]) != 0)
            return 1;
    }
    pthread_barrier_wait(&ready);
    puts("ready");
    fflush(stdout);
    while (getchar() != EOF)
        ;
    __atomic_store_n(&ended, true, __ATOMIC_RELAXED);
    for (unsigned i = 0; i < THREADS; i++) {
        pthread_join(workers[i].thread, NULL);
        events += workers[i].events;
        text_bytes += workers[i].text_bytes;
    }
    trace_close();
    printf("%" PRIu64 " %" PRIu64 "\n", events, text_bytes);
    return 0;
}
