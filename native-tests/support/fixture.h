/*
 * The start of unit tests: a tracer under a clock that the test sets, and its events one by one.
 */
#ifndef RINGSCOPE_TEST_FIXTURE_H
#define RINGSCOPE_TEST_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ringscope.h"

/* Tests run one at a time: this is the current one's time and tracer. */
struct fixture {
    double now_ms;
    struct tracer *tracer;
    struct tracer_snapshot *events; /* from fixture_events() */
};

static inline double fixture_clock(void *fixture)
{
    return ((struct fixture *)fixture)->now_ms;
}

/* Returns a tracer that is enabled at time 0. */
static inline struct fixture *fixture_begin(struct tracer_options options)
{
    struct tracer_message message = { "" };
    struct fixture *fixture = calloc(1, sizeof *fixture);
    assert_non_null(fixture);
    options.clock = fixture_clock;
    options.clock_argument = fixture;
    if (tracer_create(&fixture->tracer, &options, &message) != TRACER_OK)
        fail_msg("%s", message.text);
    tracer_enable(fixture->tracer);
    return fixture;
}

static inline void fixture_end(struct fixture *fixture)
{
    tracer_snapshot_destroy(fixture->events);
    tracer_destroy(fixture->tracer);
    free(fixture);
}

/* Takes a new snapshot, which replaces the previous one. */
static inline size_t fixture_events(struct fixture *fixture, const struct tracer_query *query)
{
    tracer_snapshot_destroy(fixture->events);
    fixture->events = tracer_events(fixture->tracer, query);
    assert_non_null(fixture->events);
    return tracer_snapshot_count(fixture->events);
}

/* The event at an index of that snapshot. */
static inline struct trace_event fixture_event(const struct fixture *fixture, size_t index)
{
    struct trace_event event;
    if (!tracer_snapshot_get(fixture->events, index, &event))
        fail_msg("there is no event %zu", index);
    return event;
}

static inline struct trace_summary fixture_summary(const struct fixture *fixture)
{
    struct trace_summary summary;
    assert_int_equal(tracer_summary(fixture->tracer, &summary), TRACER_OK);
    return summary;
}

static inline uint64_t fixture_sum(const uint64_t counts[TRACE_CATEGORY_COUNT])
{
    uint64_t sum = 0;
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
        sum += counts[c];
    return sum;
}

/* attempted = lost + recorded, recorded = held + evicted: for every category. */
static inline void fixture_check_losses(const struct trace_losses *losses)
{
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        uint64_t lost = 0;
        for (unsigned reason = 0; reason < TRACE_LOSS_COUNT; reason++)
            lost += losses->lost[reason][c];
        assert_int_equal(losses->attempted[c], lost + losses->recorded[c]);
        assert_int_equal(losses->recorded[c], losses->held[c] + losses->evicted[c]);
    }
}

#endif
