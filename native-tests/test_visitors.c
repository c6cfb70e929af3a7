/* Thousands of short-lived threads. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "marked_check.h"

#define VISITORS 3000ull
#define VISITORS_AT_ONCE 5
#define EVENTS_OF_A_VISIT 7

struct visit {
    struct tracer *tracer;
    uint64_t first;
    pthread_t thread;
    uint32_t writer;
    pthread_key_t farewell; /* its destructor records as well */
};

static void *visit(void *argument)
{
    struct visit *self = argument;
    pthread_setspecific(self->farewell, self);
    for (uint64_t i = 0; i < EVENTS_OF_A_VISIT - 1; i++)
        marked_record(self->tracer, self->writer, self->first + i);
    return NULL;
}

/* Runs before or after the thread's lane was released. */
static void say_farewell(void *argument)
{
    struct visit *self = argument;
    marked_record(self->tracer, self->writer, self->first + EVENTS_OF_A_VISIT - 1);
}

static void receive_visitors(struct tracer *tracer, uint32_t rounds)
{
    struct visit visits[VISITORS_AT_ONCE];
    pthread_key_t farewell;
    MUST_EQUAL(pthread_key_create(&farewell, say_farewell), 0);
    for (uint64_t round = 0; round < rounds; round++) {
        for (uint32_t i = 0; i < VISITORS_AT_ONCE; i++) {
            visits[i] = (struct visit){ tracer, round * EVENTS_OF_A_VISIT, 0, i, farewell };
            MUST_EQUAL(pthread_create(&visits[i].thread, NULL, visit, &visits[i]), 0);
        }
        for (uint32_t i = 0; i < VISITORS_AT_ONCE; i++)
            MUST_EQUAL(pthread_join(visits[i].thread, NULL), 0);
    }
    pthread_key_delete(farewell);
}

static void lanes_of_threads_that_ended_are_reused_and_their_records_stay(void **state)
{
    struct tracer *tracer;
    struct tracer_reader *reader;
    struct tracer_info info;
    struct trace_summary summary;
    struct marked_check check = { .times_may_cross = true };
    const uint32_t rounds = VISITORS / VISITORS_AT_ONCE;
    (void)state;
    MUST_WORK(tracer_create(&tracer,
                            &(struct tracer_options){ .capacity_events = VISITORS * EVENTS_OF_A_VISIT,
                                                      .lanes = VISITORS_AT_ONCE + 1, /* the last is shared */
                                                      .tracks = VISITORS + 8 },
                            NULL));
    tracer_enable(tracer);
    receive_visitors(tracer, rounds);
    MUST_WORK(tracer_reader_attach(&reader, tracer));
    check_at_rest(&check, reader, &summary);
    MUST_EQUAL(check.events, VISITORS * EVENTS_OF_A_VISIT);
    MUST_EQUAL(summary.losses.tracks_overflowed, 0);
    for (uint32_t i = 0; i < VISITORS_AT_ONCE; i++)
        MUST_EQUAL(check.by_writer[i], rounds * EVENTS_OF_A_VISIT);
    MUST_WORK(tracer_reader_info(reader, &info));
    MUST(info.lanes_used <= VISITORS_AT_ONCE, "%u lanes were used by %d threads at a time", info.lanes_used,
         VISITORS_AT_ONCE);
    MUST_EQUAL(info.tracks_used, VISITORS);
    tracer_reader_close(reader);
    tracer_destroy(tracer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lanes_of_threads_that_ended_are_reused_and_their_records_stay),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
