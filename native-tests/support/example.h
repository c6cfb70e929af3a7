/* The state whose summary is the example in the specification. */
#ifndef RINGSCOPE_TEST_EXAMPLE_H
#define RINGSCOPE_TEST_EXAMPLE_H

#include "fixture.h"

static inline void example_calls(struct tracer *tracer)
{
    for (int i = 0; i < 100; i++)
        tracer_op(tracer, "read", 0.25, i != 7);
    for (int i = 0; i < 56; i++)
        tracer_op(tracer, "write", 0.5, i != 55);
}

/* 1000 ticks of 500 ms in total, the longest of 2.1 ms. */
static inline void example_ticks(struct tracer *tracer)
{
    assert_int_equal(tracer_tick(tracer, 4, 2.1), TRACER_OK);
    for (int i = 0; i < 998; i++)
        assert_int_equal(tracer_tick(tracer, 3, 0.498), TRACER_OK);
    assert_int_equal(tracer_tick(tracer, 2, 0.896), TRACER_OK);
}

static inline void example_kernel(struct tracer *tracer)
{
    for (int i = 0; i < 5; i++)
        tracer_process_spawned(tracer);
    for (int i = 0; i < 2; i++)
        tracer_process_exited(tracer);
    for (int i = 0; i < 3; i++)
        tracer_signal_delivered(tracer);
    for (int i = 0; i < 12; i++)
        tracer_timer_fired(tracer);
    tracer_task_spawned(tracer);
    tracer_task_spawned(tracer);
    tracer_task_completed(tracer);
    tracer_io(tracer, 4000, 1000);
    tracer_io(tracer, 96, 24);
}

/* The state of the example in the specification. */
static inline struct fixture *example_begin(void)
{
    struct fixture *fixture = fixture_begin((struct tracer_options){ 0 });
    for (int i = 0; i < 42; i++)
        tracer_event(fixture->tracer, (enum trace_category)(i % TRACE_CATEGORY_COUNT), "event", NULL);
    example_calls(fixture->tracer);
    example_ticks(fixture->tracer);
    example_kernel(fixture->tracer);
    fixture->now_ms = 1500;
    return fixture;
}

#endif
