/* Percentiles with more threads than the pool of histograms can serve. */
#include <pthread.h>
#include <stdio.h>

#include "fixture.h"

static void call_20_operations(const struct fixture *fixture, double duration_ms)
{
    char name[32];
    for (int round = 0; round < 10; round++) {
        for (int i = 0; i < 20; i++) {
            snprintf(name, sizeof name, "operation %d", i);
            tracer_op(fixture->tracer, name, duration_ms, true);
        }
    }
}

/* Twelve threads start one after the other, in twelve lanes as long as none has ended: each waits for the next. */
struct chain {
    struct fixture *fixture;
    int left;
};

static void *fast_then_slow(void *argument)
{
    struct chain *chain = argument;
    call_20_operations(chain->fixture, chain->left > 9 ? 0.001 : 10);
    if (--chain->left > 0) {
        pthread_t next;
        assert_int_equal(pthread_create(&next, NULL, fast_then_slow, chain), 0);
        assert_int_equal(pthread_join(next, NULL), 0);
    }
    return NULL;
}

static struct trace_perf perf_of_operation(const struct fixture *fixture)
{
    struct trace_perf perf;
    assert_int_equal(tracer_op_stats(fixture->tracer, "operation 1", &perf), TRACER_OK);
    return perf;
}

static struct trace_perf run_chain(uint32_t histograms)
{
    struct tracer_options options = { .lanes = 16, .histograms = histograms };
    struct chain chain = { fixture_begin(options), 12 };
    fast_then_slow(&chain);
    struct trace_perf perf = perf_of_operation(chain.fixture);
    fixture_end(chain.fixture);
    assert_int_equal(perf.count, 120);
    return perf;
}

/* The pool serves the first three threads, which are fast, and part of the fourth: their p99 would be meaningless. */
static void percentiles_are_of_all_calls_or_none(void **state)
{
    (void)state;
    struct trace_perf some = run_chain(64), all = run_chain(20 * 12), by_default = run_chain(0);
    assert_false(some.has_percentiles);
    assert_int_equal(some.without_histogram, 80);
    assert_int_equal(some.log2_buckets[9], 0);
    assert_true(all.has_percentiles);
    assert_int_equal(all.without_histogram, 0);
    assert_true(all.p50 > 9.5 && all.p50 < 10.5);
    assert_true(by_default.has_percentiles); /* 256 operations in four lanes are more than 20 in twelve */
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(percentiles_are_of_all_calls_or_none) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
