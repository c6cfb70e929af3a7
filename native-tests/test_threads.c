/* Writers on every core while readers read: guarantees 1 and 2, on every snapshot. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>

#include "marked_check.h"

#define WRITERS_MAX 32
#define READERS 2

/* A writer's number of recorded events; alone in its cache line. */
struct progress {
    uint64_t recorded;
    uint64_t reserved[7];
};

/* The completion times of a writer's newest events, by a clock that never returns the same time twice. */
#define ENDS 65536u
struct ends {
    uint64_t tick[ENDS];
};

struct stage {
    struct tracer *tracer;
    struct ends *ends; /* of each writer, or NULL */
    const char *path; /* of a file image */
    unsigned writers;
    bool own_lanes; /* every writer has its own lane, so that nothing may be lost */
    double seconds;
    bool stop;
    pthread_barrier_t start, rest; /* writers start; writers have ended */
    struct progress progress[WRITERS_MAX];
    uint64_t views, full_views, details, details_lost; /* of all readers */
};

struct role {
    struct stage *stage;
    uint32_t index;
    pthread_t thread;
};

static bool stopped(struct stage *stage)
{
    return __atomic_load_n(&stage->stop, __ATOMIC_ACQUIRE);
}

static uint64_t recorded_by(struct stage *stage, unsigned writer)
{
    return __atomic_load_n(&stage->progress[writer].recorded, __ATOMIC_ACQUIRE);
}

static uint64_t recorded_by_all(struct stage *stage)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < stage->writers; i++)
        sum += recorded_by(stage, i);
    return sum;
}

/* Whether every reader and writer has done something: on one busy processor that may take a while. */
static bool is_under_way(struct stage *stage)
{
    for (unsigned i = 0; i < stage->writers; i++) {
        if (recorded_by(stage, i) == 0)
            return false;
    }
    return __atomic_load_n(&stage->views, __ATOMIC_RELAXED) > 0 &&
           __atomic_load_n(&stage->details, __ATOMIC_RELAXED) > 0;
}

static void *write_events(void *argument)
{
    const struct role *role = argument;
    struct stage *stage = role->stage;
    pthread_barrier_wait(&stage->start);
    for (uint64_t number = 0; !stopped(stage); number++) {
        if (number % 16 == 5)
            marked_record_span(stage->tracer, role->index, number);
        else
            marked_record(stage->tracer, role->index, number);
        __atomic_store_n(&stage->progress[role->index].recorded, number + 1, __ATOMIC_RELEASE);
    }
    return NULL;
}

/* ----------------------------------------------------------------- readers */

/* Everything that a writer had recorded before must be there, if any of its events is: among the newest N it may only
 * be left out as a whole. */
static void check_newest(const struct stage *stage, const struct marked_check *check, const uint64_t *before,
                         uint64_t missed)
{
    for (unsigned i = 0; i < stage->writers && stage->own_lanes && check->details_lost == 0; i++) {
        if (check->number[i])
            MUST(check->number[i] + missed >= before[i], "writer %u: the newest is %" PRIu64 " of %" PRIu64, i,
                 check->number[i], before[i]);
    }
}

/* Counts are copied at some moment in between, give or take one event in flight per lane. */
static void check_counts(struct stage *stage, const struct trace_summary *summary, const uint64_t *before)
{
    uint64_t sum = 0, attempted = sum_categories(summary->losses.attempted);
    for (unsigned i = 0; i < stage->writers; i++)
        sum += before[i];
    MUST(attempted >= sum, "%" PRIu64 " counted, %" PRIu64 " were recorded before", attempted, sum);
    sum = recorded_by_all(stage) + stage->writers;
    MUST(attempted <= sum, "%" PRIu64 " counted, %" PRIu64 " were recorded after", attempted, sum);
}

/* Newest N: everything that a writer had recorded before the oldest of its events in the snapshot, or before the read
 * if it has none there, ended before the oldest event of the snapshot. */
static void check_oldest(struct stage *stage, const struct tracer_snapshot *snapshot, const struct marked_check *check,
                         const uint64_t *before)
{
    struct trace_event oldest;
    if (!stage->ends || check->details_lost || !tracer_snapshot_get(snapshot, 0, &oldest))
        return;
    uint64_t oldest_tick = (oldest.time_ns + oldest.duration_ns) / 1000000;
    for (unsigned i = 0; i < stage->writers; i++) {
        uint64_t number = check->number[i] ? check->oldest[i] : before[i];
        if (number == 0)
            continue;
        uint64_t tick = __atomic_load_n(&stage->ends[i].tick[(number - 1) % ENDS], __ATOMIC_ACQUIRE);
        if (recorded_by(stage, i) < number - 1 + ENDS)
            MUST(tick < oldest_tick, "writer %u: event %" PRIu64 " ended at %" PRIu64 ", the oldest here at %" PRIu64,
                 i, number - 1, tick, oldest_tick);
    }
}

static void look(struct stage *stage, struct tracer_reader *reader)
{
    struct tracer_snapshot *snapshot;
    struct trace_summary summary;
    struct marked_check check = { .details_may_be_lost = true, .times_may_cross = !stage->own_lanes };
    uint64_t before[WRITERS_MAX] = { 0 };
    for (unsigned i = 0; i < stage->writers; i++)
        before[i] = recorded_by(stage, i);
    MUST_WORK(tracer_snapshot_create(&snapshot, reader, NULL));
    tracer_snapshot_summary(snapshot, &summary);
    check_counts(stage, &summary, before);
    check_snapshot(&check, snapshot);
    check_losses(&summary.losses);
    MUST(check.events <= summary.capacity, "%" PRIu64 " events", check.events);
    MUST(check.skipped <= summary.losses.missed, "%" PRIu64 " are not there, %" PRIu64 " missed", check.skipped,
         summary.losses.missed);
    check_newest(stage, &check, before, summary.losses.missed);
    check_oldest(stage, snapshot, &check, before);
    __atomic_fetch_add(&stage->views, 1, __ATOMIC_RELAXED);
    __atomic_fetch_add(&stage->full_views, check.events == summary.capacity, __ATOMIC_RELAXED);
    __atomic_fetch_add(&stage->details, check.events, __ATOMIC_RELAXED);
    __atomic_fetch_add(&stage->details_lost, check.details_lost, __ATOMIC_RELAXED);
    tracer_snapshot_destroy(snapshot);
}

struct follower {
    struct tracer_cursor *cursor;
    struct marked_check check;
    uint64_t missed;
};

static uint64_t follow(struct tracer_reader *reader, struct follower *follower)
{
    struct tracer_snapshot *snapshot;
    uint64_t missed = 0;
    MUST_WORK(tracer_read_since(&snapshot, reader, follower->cursor, &missed));
    uint64_t events = tracer_snapshot_count(snapshot);
    check_snapshot(&follower->check, snapshot);
    follower->missed += missed;
    tracer_snapshot_destroy(snapshot);
    return events;
}

static struct tracer_reader *open_reader(const struct stage *stage, bool by_path)
{
    struct tracer_reader *reader;
    struct tracer_message message = { "" };
    enum tracer_error error =
        by_path ? tracer_reader_open(&reader, stage->path, &message) : tracer_reader_attach(&reader, stage->tracer);
    MUST(error == TRACER_OK, "%s", message.text);
    return reader;
}

/* Alternates snapshots and reads since a cursor; at the end, every event was either read or missed. */
static void *read_events(void *argument)
{
    const struct role *role = argument;
    struct stage *stage = role->stage;
    struct tracer_reader *reader = open_reader(stage, stage->path && role->index % 2);
    struct follower follower = { .check = { .details_may_be_lost = true, .times_may_cross = !stage->own_lanes } };
    MUST_WORK(tracer_cursor_create(&follower.cursor, reader));
    MUST_EQUAL(follow(reader, &follower), 0);
    pthread_barrier_wait(&stage->start);
    while (!stopped(stage)) {
        look(stage, reader);
        follow(reader, &follower);
    }
    pthread_barrier_wait(&stage->rest);
    follow(reader, &follower);
    MUST_EQUAL(follow(reader, &follower), 0);
    if (stage->own_lanes)
        MUST_EQUAL(follower.check.events + follower.missed, recorded_by_all(stage));
    tracer_cursor_destroy(follower.cursor);
    tracer_reader_close(reader);
    return NULL;
}

/* ------------------------------------------------------------------- stage */

static void start_role(struct role *role, struct stage *stage, uint32_t index, void *(*part)(void *))
{
    *role = (struct role){ .stage = stage, .index = index };
    MUST_EQUAL(pthread_create(&role->thread, NULL, part, role), 0);
}

static void play(struct stage *stage, void *(*write)(void *))
{
    struct role writers[WRITERS_MAX] = { { .stage = NULL } }, readers[READERS] = { { .stage = NULL } };
    MUST_EQUAL(pthread_barrier_init(&stage->start, NULL, stage->writers + READERS + 1), 0);
    MUST_EQUAL(pthread_barrier_init(&stage->rest, NULL, READERS + 1), 0);
    for (uint32_t i = 0; i < READERS; i++)
        start_role(&readers[i], stage, i, read_events);
    for (uint32_t i = 0; i < stage->writers; i++)
        start_role(&writers[i], stage, i, write);
    pthread_barrier_wait(&stage->start);
    usleep((useconds_t)(stage->seconds * 1e6));
    while (!is_under_way(stage) || recorded_by_all(stage) < stress_records())
        usleep(1000);
    __atomic_store_n(&stage->stop, true, __ATOMIC_RELEASE);
    for (uint32_t i = 0; i < stage->writers; i++)
        MUST_EQUAL(pthread_join(writers[i].thread, NULL), 0);
    pthread_barrier_wait(&stage->rest);
    for (uint32_t i = 0; i < READERS; i++)
        MUST_EQUAL(pthread_join(readers[i].thread, NULL), 0);
    pthread_barrier_destroy(&stage->start);
    pthread_barrier_destroy(&stage->rest);
    printf("%" PRIu64 " events, %" PRIu64 " snapshots (%" PRIu64 " full) of %" PRIu64 " events, %" PRIu64
           " details lost\n",
           recorded_by_all(stage), stage->views, stage->full_views, stage->details, stage->details_lost);
}

static uint64_t lost_to_contention(const struct trace_summary *summary)
{
    return sum_categories(summary->losses.lost[TRACE_LOSS_CONTENTION]);
}

/* At rest, everything adds up. */
static void check_rest(struct stage *stage, struct marked_check *check)
{
    struct trace_summary summary;
    struct tracer_reader *reader = open_reader(stage, stage->path != NULL);
    check_at_rest(check, reader, &summary);
    MUST_EQUAL(sum_categories(summary.losses.attempted), recorded_by_all(stage));
    for (unsigned i = 0; i < stage->writers && stage->own_lanes; i++) {
        if (check->number[i])
            MUST_EQUAL(check->number[i], recorded_by(stage, i));
    }
    if (stage->own_lanes)
        MUST_EQUAL(lost_to_contention(&summary), 0);
    MUST_EQUAL(sum_categories(summary.losses.recorded) + lost_to_contention(&summary), recorded_by_all(stage));
    tracer_reader_close(reader);
}

static unsigned cores(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 2 ? 2 : count > WRITERS_MAX - 2 ? WRITERS_MAX - 2 : (unsigned)count;
}

static void open_stage(struct stage *stage, const struct tracer_options *options)
{
    struct tracer_message message = { "" };
    MUST(tracer_create(&stage->tracer, options, &message) == TRACER_OK, "%s", message.text);
    tracer_enable(stage->tracer);
}

/* Half of the readers open the file, as another process would. */
static void every_view_of_a_file_that_is_written_is_sound(void **state)
{
    char path[STRESS_PATH_BYTES];
    struct stage stage = { .path = path, .writers = cores(), .own_lanes = true, .seconds = stress_seconds() / 4 };
    struct marked_check check = { 0 };
    (void)state;
    stress_path(path);
    /* Only one slot more than events: the writers are always right behind the readers. */
    open_stage(&stage, &(struct tracer_options){ .capacity_events = 4095, .path = path });
    play(&stage, write_events);
    check_rest(&stage, &check);
    tracer_destroy(stage.tracer);
    stress_path_remove(path);
}

static void every_view_of_this_process_is_sound(void **state)
{
    struct stage stage = { .writers = cores(), .own_lanes = true, .seconds = stress_seconds() / 4 };
    struct marked_check check = { 0 };
    (void)state;
    open_stage(&stage, &(struct tracer_options){ .capacity_events = 1000 });
    play(&stage, write_events);
    check_rest(&stage, &check);
    tracer_destroy(stage.tracer);
}

static void threads_without_a_lane_lose_events_that_are_counted(void **state)
{
    struct stage stage = { .writers = cores() + 2, .seconds = stress_seconds() / 4 };
    struct marked_check check = { .times_may_cross = true };
    (void)state;
    open_stage(&stage, &(struct tracer_options){ .capacity_events = 2000, .lanes = 3 });
    play(&stage, write_events);
    check_rest(&stage, &check);
    tracer_destroy(stage.tracer);
}

/* ------------------------------------------ the newest N, by a clock that counts */

#define ORDERED_EVENTS 777

static __thread uint64_t own_tick;

/* Never returns the same time twice. */
static double count_ticks(void *argument)
{
    own_tick = __atomic_add_fetch((uint64_t *)argument, 1, __ATOMIC_RELAXED);
    return (double)own_tick;
}

static void *write_ordered(void *argument)
{
    const struct role *role = argument;
    struct stage *stage = role->stage;
    pthread_barrier_wait(&stage->start);
    for (uint64_t number = 0; !stopped(stage); number++) {
        if (number % 16 == 5)
            marked_record_span(stage->tracer, role->index, number);
        else
            marked_record(stage->tracer, role->index, number);
        __atomic_store_n(&stage->ends[role->index].tick[number % ENDS], own_tick, __ATOMIC_RELEASE);
        __atomic_store_n(&stage->progress[role->index].recorded, number + 1, __ATOMIC_RELEASE);
    }
    return NULL;
}

static int by_value_downwards(const void *a, const void *b)
{
    uint64_t left = *(const uint64_t *)a, right = *(const uint64_t *)b;
    return left < right ? 1 : left > right ? -1 : 0;
}

/* The completion times of the newest events of all writers, newest first; returns their number. */
static size_t newest_ends(struct stage *stage, uint64_t *ticks)
{
    size_t count = 0;
    for (unsigned i = 0; i < stage->writers; i++) {
        uint64_t recorded = recorded_by(stage, i);
        for (uint64_t n = recorded > ORDERED_EVENTS ? recorded - ORDERED_EVENTS : 0; n < recorded; n++)
            ticks[count++] = stage->ends[i].tick[n % ENDS];
    }
    qsort(ticks, count, sizeof *ticks, by_value_downwards);
    return count < ORDERED_EVENTS ? count : ORDERED_EVENTS;
}

static void check_ends(struct stage *stage)
{
    static uint64_t ticks[WRITERS_MAX * ORDERED_EVENTS];
    struct tracer_snapshot *snapshot = tracer_events(stage->tracer, NULL);
    struct trace_event event;
    size_t count = newest_ends(stage, ticks);
    MUST_EQUAL(tracer_snapshot_count(snapshot), count);
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++)
        MUST_EQUAL((event.time_ns + event.duration_ns) / 1000000, ticks[count - 1 - i]);
    tracer_snapshot_destroy(snapshot);
}

static void a_snapshot_is_the_newest_by_completion_across_lanes(void **state)
{
    static struct ends ends[WRITERS_MAX];
    struct stage stage = { .ends = ends, .writers = cores() + 2, .own_lanes = true, .seconds = stress_seconds() / 4 };
    struct marked_check check = { 0 };
    uint64_t ticks = 0;
    (void)state;
    open_stage(&stage, &(struct tracer_options){ .capacity_events = ORDERED_EVENTS,
                                                 .lanes = stage.writers + 1, /* the last is shared */
                                                 .clock = count_ticks,
                                                 .clock_argument = &ticks });
    play(&stage, write_ordered);
    check_rest(&stage, &check);
    check_ends(&stage);
    tracer_destroy(stage.tracer);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_view_of_a_file_that_is_written_is_sound),
        cmocka_unit_test(every_view_of_this_process_is_sound),
        cmocka_unit_test(threads_without_a_lane_lose_events_that_are_counted),
        cmocka_unit_test(a_snapshot_is_the_newest_by_completion_across_lanes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
