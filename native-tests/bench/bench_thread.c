/* Recording with two threads at once, each on a processor of its own. */
#include "bench.h"

#include <pthread.h>

/* Longer than other batches, so that both threads are recording nearly all of the time. */
#define BATCH 100000
#define WARMING_ROUNDS 5

/* The second thread, and the points where it meets the first. */
struct partner {
    pthread_t thread;
    pthread_barrier_t barrier;
    unsigned arrived; /* both threads, once per round */
    bool pinned;
    double ns;
};

static void event_loop(void *context, uint64_t count)
{
    (void)context;
    for (uint64_t i = 0; i < count; i++, bench_barrier())
        trace_event(TRACE_FILE, "open", NULL);
}

static const struct bench_loop subject = { event_loop, NULL };

/* The barrier lets the other thread sleep while one is measured alone, but wakes them one after the other; so they then
 * spin until both are awake. */
static void start_together(struct partner *partner, unsigned round)
{
    pthread_barrier_wait(&partner->barrier);
    __atomic_fetch_add(&partner->arrived, 1, __ATOMIC_ACQ_REL);
    while (__atomic_load_n(&partner->arrived, __ATOMIC_ACQUIRE) < 2 * (round + 1))
        ;
}

static void *run_partner(void *argument)
{
    struct partner *partner = argument;
    partner->pinned = bench_pin(1);
    for (unsigned round = 0; round < WARMING_ROUNDS + BENCH_ROUNDS; round++) {
        start_together(partner, round);
        partner->ns = bench_time(subject, BATCH);
        pthread_barrier_wait(&partner->barrier);
    }
    return NULL;
}

static void run_rounds(struct partner *partner, struct bench_pairs *pairs)
{
    for (unsigned round = 0; round < WARMING_ROUNDS + BENCH_ROUNDS; round++) {
        double alone_ns = bench_time(subject, BATCH);
        start_together(partner, round);
        double together_ns = bench_time(subject, BATCH);
        pthread_barrier_wait(&partner->barrier);
        if (round >= WARMING_ROUNDS)
            bench_add_pair(pairs, (together_ns + partner->ns) / 2, alone_ns);
    }
}

static bool check_recorded(struct bench_result *result)
{
    struct trace_summary summary;
    const uint64_t expected = 3ull * BATCH * (WARMING_ROUNDS + BENCH_ROUNDS);
    if (!bench_ok(result, trace_summary(&summary), NULL))
        return false;
    uint64_t recorded = summary.losses.recorded[TRACE_FILE];
    return recorded == expected || bench_fail(result, "of %llu events, %llu were recorded",
                                              (unsigned long long)expected, (unsigned long long)recorded);
}

static bool measure_two_threads(struct bench_result *result)
{
    const struct tracer_options options = { .prefault = true };
    struct tracer_message message;
    struct partner partner = { .arrived = 0 };
    struct bench_pairs pairs = { 0 };
    if (!bench_ok(result, trace_open(&options, &message), &message))
        return false;
    trace_enable();
    pthread_barrier_init(&partner.barrier, NULL, 2);
    if (pthread_create(&partner.thread, NULL, run_partner, &partner) != 0) {
        trace_close();
        return bench_fail(result, "no second thread");
    }
    run_rounds(&partner, &pairs);
    pthread_join(partner.thread, NULL);
    bench_conclude_pairs(&pairs, result);
    bool ok = check_recorded(result);
    trace_close();
    if (ok && !partner.pinned)
        ok = bench_fail(result, "there is only one processor");
    return ok;
}

static const struct bench threads[] = {
    { "threads.two", "ns", BOUND_RATIO, 1.1, "threads.one", measure_two_threads },
};
const struct bench_group thread_benches = BENCH_GROUP(threads);
