/* A timeline of segments equals that of the file, even if several threads record at the same time. */
#include <pthread.h>
#include <semaphore.h>

#include "same_timeline.h"
#include "sealed_timeline.h"
#include "timeline/live.h"

#define THREADS 3u
#define STEPS 300u

/* Threads that record one event each time they are asked to. */
struct thread {
    pthread_t id;
    sem_t go, done;
    struct fixture *fixture;
    const struct trace_event *event; /* NULL: end the thread */
};

static void *record(void *argument)
{
    struct thread *thread = argument;
    for (;;) {
        sem_wait(&thread->go);
        if (!thread->event)
            return NULL;
        tracer_event_ex(thread->fixture->tracer, thread->event);
        sem_post(&thread->done);
    }
}

static void begin_thread(struct thread *thread, struct fixture *fixture)
{
    thread->fixture = fixture;
    assert_int_equal(sem_init(&thread->go, 0, 0), 0);
    assert_int_equal(sem_init(&thread->done, 0, 0), 0);
    assert_int_equal(pthread_create(&thread->id, NULL, record, thread), 0);
}

static void tell(struct thread *thread, const struct trace_event *event)
{
    thread->event = event;
    sem_post(&thread->go);
    if (event)
        sem_wait(&thread->done);
    else
        pthread_join(thread->id, NULL);
}

static uint64_t next_random(uint64_t *random)
{
    *random = *random * 6364136223846793005u + 1442695040888963407u;
    return *random >> 33;
}

/* There are few times, so that many are equal, within a thread and between threads. */
static void record_any(struct thread *threads, uint64_t *random)
{
    char name[8], detail[8];
    struct fixture *fixture = threads[0].fixture;
    fixture->now_ms += next_random(random) % 3 == 0 ? 1 : 0;
    snprintf(name, sizeof name, "n%u", (unsigned)next_random(random) % 20);
    snprintf(detail, sizeof detail, "d%u", (unsigned)next_random(random) % 100);
    const struct trace_event event = {
        .category = TRACE_FILE,
        .name = name,
        .detail = next_random(random) % 2 ? detail : NULL,
        .duration = (double)(next_random(random) % 4),
        .has = next_random(random) % 3 ? TRACE_HAS_DURATION : 0,
    };
    tell(&threads[next_random(random) % THREADS], &event);
}

static void feed(struct timeline_live *live, struct tracer_reader *reader, struct tracer_cursor *cursor)
{
    struct tracer_snapshot *snapshot;
    uint64_t bytes;
    assert_int_equal(tracer_read_since(&snapshot, reader, cursor, NULL), TRACER_OK);
    void *segment = snapshot->has_news ? seal_to_memory(snapshot, &bytes) : NULL;
    tracer_snapshot_destroy(snapshot);
    if (segment)
        assert_int_equal(timeline_live_add(live, segment, (size_t)bytes, NULL), TRACER_OK);
}

static void check_trace(uint64_t seed)
{
    struct fixture *fixture =
        fixture_begin((struct tracer_options){ .capacity_events = UINT64_C(2) * STEPS, .lanes = 5 });
    struct thread threads[THREADS];
    struct timeline_live *live = timeline_live_create(UINT64_MAX);
    struct tracer_reader *reader = reading_attach(fixture);
    struct tracer_cursor *cursor;
    struct timeline *of_segments;
    uint64_t random = seed, each = 1 + next_random(&random) % 40;
    assert_int_equal(tracer_cursor_create(&cursor, reader), TRACER_OK);
    for (unsigned i = 0; i < THREADS; i++)
        begin_thread(&threads[i], fixture);
    for (unsigned i = 0; i < STEPS; i++) {
        record_any(threads, &random);
        if (next_random(&random) % each == 0)
            feed(live, reader, cursor);
    }
    feed(live, reader, cursor);
    for (unsigned i = 0; i < THREADS; i++)
        tell(&threads[i], NULL);
    assert_int_equal(timeline_live_build(&of_segments, live, NULL), TRACER_OK);
    struct timeline *of_file = sealed_timeline(tracer_events(fixture->tracer, NULL));
    assert_int_equal(of_file->track_count, THREADS);
    check_same_columns(of_segments, of_file);
    check_same_tables(of_segments, of_file);
    timeline_destroy(of_segments);
    timeline_destroy(of_file);
    tracer_cursor_destroy(cursor);
    tracer_reader_close(reader);
    timeline_live_destroy(live);
    fixture_end(fixture);
}

static void segments_of_several_lanes_say_what_the_file_says(void **state)
{
    (void)state;
    for (uint64_t seed = 1; seed <= 20; seed++)
        check_trace(seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(segments_of_several_lanes_say_what_the_file_says) };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
