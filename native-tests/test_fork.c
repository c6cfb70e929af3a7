/* fork: parent and children keep recording, into one file image or into heap images of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "marked_check.h"
#include "platform/platform.h"

struct scene {
    char path[STRESS_PATH_BYTES];
    struct tracer *tracer;
};

static int setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    MUST(scene, "no memory");
    stress_path(scene->path);
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    struct scene *scene = *state;
    tracer_destroy(scene->tracer);
    stress_path_remove(scene->path);
    free(scene);
    return 0;
}

static void create(struct scene *scene, struct tracer_options options)
{
    struct tracer_message message = { "" };
    options.path = scene->path;
    MUST(tracer_create(&scene->tracer, &options, &message) == TRACER_OK, "%s", message.text);
    tracer_enable(scene->tracer);
}

static void record_many(struct tracer *tracer, uint32_t writer, uint64_t from, uint64_t to)
{
    for (uint64_t number = from; number < to; number++) {
        if (number % 8 == 3)
            marked_record_span(tracer, writer, number);
        else
            marked_record(tracer, writer, number);
    }
}

/* As sandboxes fork: the C library does not notice, and calls no fork handler. */
static pid_t raw_fork(void)
{
#ifdef __s390x__
    return (pid_t)syscall(SYS_clone, 0, SIGCHLD, 0, 0, 0);
#else
    return (pid_t)syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0);
#endif
}

static pid_t (*fork_function)(void);

static pid_t fork_now(void)
{
    fflush(NULL);
    pid_t child = fork_function();
    MUST(child >= 0, "fork");
    return child;
}

/* Whether the kernel empties memory in children, however they are forked. */
static bool kernel_empties(void)
{
#ifdef MADV_WIPEONFORK
    void *memory = platform_memory_allocate(4096);
    bool empties = memory && madvise(memory, 4096, MADV_WIPEONFORK) == 0;
    platform_memory_free(memory, 4096);
    return empties;
#else
    return false;
#endif
}

/* The contents of the file, as another process sees them. */
static void look(const struct scene *scene, struct marked_check *check, struct trace_summary *summary)
{
    struct tracer_reader *reader;
    struct tracer_message message = { "" };
    *check = (struct marked_check){ .times_may_cross = true };
    MUST(tracer_reader_open(&reader, scene->path, &message) == TRACER_OK, "%s", message.text);
    check_at_rest(check, reader, summary);
    tracer_reader_close(reader);
}

/* Both writers have a lane of their own. Returns how many events there are. */
static size_t look_at_lanes(struct tracer *tracer)
{
    struct tracer_snapshot *snapshot = tracer_events(tracer, NULL);
    struct trace_event event;
    uint32_t writer, lanes[2] = { UINT32_MAX, UINT32_MAX };
    uint64_t number;
    size_t count = 0;
    for (; tracer_snapshot_get(snapshot, count, &event); count++) {
        marked_parse(&event, &writer, &number);
        MUST(lanes[writer] == UINT32_MAX || lanes[writer] == event.lane, "writer %u was moved to another lane", writer);
        lanes[writer] = event.lane;
    }
    MUST(lanes[0] != lanes[1], "a child got the lane %u of a living thread", lanes[0]);
    tracer_snapshot_destroy(snapshot);
    return count;
}

static uint64_t lost(const struct trace_summary *summary)
{
    return sum_categories(summary->losses.attempted) - sum_categories(summary->losses.recorded);
}

/* ------------------------------------------------------------- one file image */

#define CHILDREN 6
#define EVENTS_EACH 4000u

/* Each child is listed as a process that this one started. */
static void look_for_children(const struct scene *scene, const pid_t children[CHILDREN])
{
    struct tracer_snapshot *snapshot = tracer_events(scene->tracer, NULL);
    struct trace_process process;
    unsigned found = 0;
    for (size_t i = 0; tracer_snapshot_process(snapshot, i, &process); i++) {
        for (unsigned child = 0; child < CHILDREN; child++) {
            if (process.pid != (uint32_t)children[child])
                continue;
            MUST_EQUAL(process.parent, platform_pid());
            found++;
        }
    }
    MUST_EQUAL(found, CHILDREN);
    tracer_snapshot_destroy(snapshot);
}

static void parent_and_children_record_into_one_file(void **state)
{
    struct scene *scene = *state;
    struct marked_check check;
    struct trace_summary summary;
    pid_t children[CHILDREN];
    create(scene, (struct tracer_options){ .capacity_events = (CHILDREN + 1) * EVENTS_EACH + 100, .lanes = 16 });
    record_many(scene->tracer, CHILDREN, 0, 100);
    for (uint32_t i = 0; i < CHILDREN; i++) {
        children[i] = fork_now();
        if (children[i] == 0) {
            record_many(scene->tracer, i, 0, EVENTS_EACH);
            _exit(0);
        }
    }
    record_many(scene->tracer, CHILDREN, 100, EVENTS_EACH + 100);
    for (uint32_t i = 0; i < CHILDREN; i++)
        stress_wait(children[i]);
    look(scene, &check, &summary);
    MUST_EQUAL(lost(&summary), 0);
    MUST_EQUAL(check.events, (CHILDREN + 1) * EVENTS_EACH + 100);
    for (uint32_t i = 0; i < CHILDREN; i++)
        MUST_EQUAL(check.by_writer[i], EVENTS_EACH);
    MUST_EQUAL(check.by_writer[CHILDREN], EVENTS_EACH + 100);
    look_for_children(scene, children);
}

/* Names and operations that each process uses for the first time after the fork. */
static void names_and_operations_of_after_the_fork_are_told_apart(void **state)
{
    struct scene *scene = *state;
    struct trace_perf perf = { 0 };
    struct tracer_snapshot *snapshot;
    struct trace_event event;
    char name[32];
    create(scene, (struct tracer_options){ 0 });
    pid_t child = fork_now();
    const char *who = child == 0 ? "child" : "parent";
    for (int i = 0; i < 50; i++) {
        snprintf(name, sizeof name, "%s %d", i % 2 ? "both" : who, i);
        tracer_event(scene->tracer, TRACE_CUSTOM, name, name);
        tracer_op(scene->tracer, "common", child == 0 && i > 0 ? 3 : 1, true);
        tracer_op(scene->tracer, "read", 1, true);
    }
    if (child == 0)
        _exit(0);
    stress_wait(child);
    snapshot = tracer_events(scene->tracer, NULL);
    MUST_EQUAL(tracer_snapshot_count(snapshot), 100);
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++)
        MUST(event.detail && strcmp(event.name, event.detail) == 0, "\"%s\" has the name \"%s\"", event.detail,
             event.name);
    tracer_snapshot_destroy(snapshot);
    MUST_WORK(tracer_op_stats(scene->tracer, "read", &perf));
    MUST_EQUAL(perf.count, 100);
    MUST_WORK(tracer_op_stats(scene->tracer, "common", &perf));
    MUST_EQUAL(perf.count, 100);
    MUST(perf.has_percentiles && perf.min_time == 1 && perf.max_time == 3, "%f to %f ms", perf.min_time, perf.max_time);
    MUST(perf.p90 > 2.8 && perf.p50 < 1.1, "p50 %f, p90 %f", perf.p50, perf.p90);
}

/* ---------------------------------------------------------------- heap images */

static void a_heap_image_is_the_childs_own_after_fork(void **state)
{
    struct tracer *tracer;
    struct marked_check check = { 0 };
    struct trace_summary summary;
    struct tracer_reader *reader;
    (void)state;
    MUST_WORK(tracer_create(&tracer, &(struct tracer_options){ .capacity_events = 1000 }, NULL));
    tracer_enable(tracer);
    record_many(tracer, 0, 0, 100);
    pid_t child = fork_now();
    record_many(tracer, child == 0 ? 1 : 2, 0, 300);
    MUST_WORK(tracer_reader_attach(&reader, tracer));
    check_at_rest(&check, reader, &summary);
    MUST_EQUAL(check.by_writer[0], 100);
    MUST_EQUAL(check.by_writer[1], child == 0 ? 300 : 0);
    MUST_EQUAL(check.by_writer[2], child == 0 ? 0 : 300);
    MUST_EQUAL(lost(&summary), 0);
    tracer_reader_close(reader);
    tracer_destroy(tracer);
    if (child == 0)
        _exit(0);
    stress_wait(child);
}

/* ---------------------------------------------------- a parent with threads */

#define THREADS 3
#define FORKS 60
#define EVENTS_OF_A_FORK 40u

struct busy {
    struct tracer *tracer;
    bool *stop;
    pthread_t thread;
    uint32_t writer;
    uint64_t recorded;
};

static void *be_busy(void *argument)
{
    struct busy *busy = argument;
    while (!__atomic_load_n(busy->stop, __ATOMIC_ACQUIRE)) {
        record_many(busy->tracer, busy->writer, busy->recorded, busy->recorded + 1);
        busy->recorded++;
    }
    return NULL;
}

/* Records on a thread of the child's own as well. */
static void *record_in_child(void *argument)
{
    const struct busy *busy = argument;
    record_many(busy->tracer, busy->writer, busy->recorded, busy->recorded + EVENTS_OF_A_FORK);
    return NULL;
}

static void record_as_child(struct tracer *tracer, uint64_t round)
{
    struct busy thread = { .tracer = tracer, .writer = THREADS + 1, .recorded = round * EVENTS_OF_A_FORK };
    record_many(tracer, THREADS, round * EVENTS_OF_A_FORK, (round + 1) * EVENTS_OF_A_FORK);
    if (STRESS_ASAN || STRESS_TSAN) {
        /* Their runtimes' locks may have been held by another thread of the parent, so don't start a thread here. */
        record_in_child(&thread);
    } else {
        MUST_EQUAL(pthread_create(&thread.thread, NULL, record_in_child, &thread), 0);
        MUST_EQUAL(pthread_join(thread.thread, NULL), 0);
    }
    _exit(0);
}

static void children_of_a_parent_with_threads_record_in_lanes_that_are_reused(void **state)
{
    struct scene *scene = *state;
    struct busy busy[THREADS];
    struct marked_check check;
    struct trace_summary summary;
    bool stop = false;
    uint64_t sum = 0;
    /* Three threads, one child and its thread: five lanes, and the shared one, which may stay unused. */
    create(scene, (struct tracer_options){ .capacity_events = 1u << 17, .lanes = 6 });
    for (uint32_t i = 0; i < THREADS; i++) {
        busy[i] = (struct busy){ .tracer = scene->tracer, .stop = &stop, .writer = i };
        MUST_EQUAL(pthread_create(&busy[i].thread, NULL, be_busy, &busy[i]), 0);
    }
    for (uint64_t round = 0; round < FORKS; round++) {
        pid_t child = fork_now();
        if (child == 0)
            record_as_child(scene->tracer, round);
        stress_wait(child);
    }
    __atomic_store_n(&stop, true, __ATOMIC_RELEASE);
    for (uint32_t i = 0; i < THREADS; i++) {
        MUST_EQUAL(pthread_join(busy[i].thread, NULL), 0);
        sum += busy[i].recorded;
    }
    look(scene, &check, &summary);
    MUST_EQUAL(lost(&summary), 0);
    MUST_EQUAL(sum_categories(summary.losses.recorded), sum + 2ull * FORKS * EVENTS_OF_A_FORK);
    if (check.events < summary.capacity) {
        MUST_EQUAL(check.by_writer[THREADS], FORKS * EVENTS_OF_A_FORK);
        MUST_EQUAL(check.by_writer[THREADS + 1], FORKS * EVENTS_OF_A_FORK);
    }
}

/* ----------------------------------------------- what a child must leave alone */

/* Ends the child as soon as its original thread has ended, with everything that threads do at their end.
 * ThreadSanitizer does not know that thread in the child, so joining it may fail. */
static void *end_child(void *thread)
{
    while (!platform_has_ended(thread))
        sched_yield();
    _exit(0);
}

static void *end_a_thread_in_a_child(void *argument)
{
    pthread_t other;
    struct scene *scene = argument;
    marked_record(scene->tracer, 0, 0);
    pid_t child = fork_now();
    if (child == 0) {
        static struct platform_task this_thread;
        this_thread = platform_self(false);
        MUST_EQUAL(pthread_create(&other, NULL, end_child, &this_thread), 0);
        return NULL;
    }
    stress_wait(child);
    marked_record(scene->tracer, 0, 1);
    struct tracer_snapshot *snapshot = tracer_events(scene->tracer, NULL);
    tracer_snapshot_destroy(snapshot);
    /* A thread that records now must not get this thread's lane. */
    child = fork_now();
    if (child == 0) {
        marked_record(scene->tracer, 1, 0);
        _exit(0);
    }
    stress_wait(child);
    marked_record(scene->tracer, 0, 2);
    return NULL;
}

static void a_child_that_records_nothing_leaves_its_parents_lane_alone(void **state)
{
    struct scene *scene = *state;
    pthread_t thread;
    create(scene, (struct tracer_options){ 0 });
    MUST_EQUAL(pthread_create(&thread, NULL, end_a_thread_in_a_child, scene), 0);
    MUST_EQUAL(pthread_join(thread, NULL), 0);
    MUST_EQUAL(look_at_lanes(scene->tracer), 4);
}

static void a_child_that_closes_its_tracer_leaves_the_image_live(void **state)
{
    struct scene *scene = *state;
    struct tracer_reader *reader;
    struct tracer_info info;
    create(scene, (struct tracer_options){ 0 });
    marked_record(scene->tracer, 0, 0);
    pid_t child = fork_now();
    if (child == 0) {
        tracer_destroy(scene->tracer);
        _exit(0);
    }
    stress_wait(child);
    MUST_WORK(tracer_reader_open(&reader, scene->path, NULL));
    MUST_WORK(tracer_reader_info(reader, &info));
    MUST(info.live && !info.closed, "live %d, closed %d", info.live, info.closed);
    tracer_reader_close(reader);
}

/* A killed child keeps neither a lane of its own nor the shared one. */
static void kill_children_that_record(struct scene *scene, uint32_t lanes)
{
    struct marked_check check;
    struct trace_summary summary;
    create(scene, (struct tracer_options){ .capacity_events = 10000, .lanes = lanes });
    record_many(scene->tracer, 1, 0, 1);
    for (uint64_t round = 0; round < 50; round++) {
        pid_t child = fork_now();
        if (child == 0) {
            record_many(scene->tracer, 0, round * 20, (round + 1) * 20);
            raise(SIGKILL);
        }
        int status = 0;
        MUST(waitpid(child, &status, 0) == child && WIFSIGNALED(status), "status %#x", (unsigned)status);
    }
    look(scene, &check, &summary);
    MUST_EQUAL(lost(&summary), 0);
    MUST_EQUAL(check.by_writer[0], 1000);
    MUST_EQUAL(check.by_writer[1], 1);
}

static void lanes_of_children_that_were_killed_are_reused(void **state)
{
    kill_children_that_record(*state, 3);
}

static void the_shared_lane_of_children_that_were_killed_is_reused(void **state)
{
    kill_children_that_record(*state, 2);
}

/* The parent goes on as the child does, each at full speed. */
static void a_child_beside_its_parent_writes_to_a_lane_of_its_own(void **state)
{
    struct scene *scene = *state;
    struct marked_check check;
    struct trace_summary summary;
    const uint64_t count = STRESS_ASAN ? 20000 : 100000;
    create(scene, (struct tracer_options){ .capacity_events = 1u << 18, .lanes = 4 });
    record_many(scene->tracer, 1, 0, 1);
    pid_t child = fork_now();
    record_many(scene->tracer, child == 0 ? 0 : 1, 1, count);
    if (child == 0)
        _exit(0);
    stress_wait(child);
    look(scene, &check, &summary);
    MUST_EQUAL(lost(&summary), 0);
    MUST_EQUAL(check.by_writer[0], count - 1);
    MUST_EQUAL(check.by_writer[1], count);
}

/* The process has one identity for all of its tracers, so the first one to record draws the other's too. */
static void a_child_leaves_its_parents_lane_in_every_tracer(void **state)
{
    struct scene *scene = *state, other = { .tracer = NULL };
    struct scene *const scenes[] = { scene, &other };
    struct marked_check check;
    struct trace_summary summary;
    const uint64_t count = 2000;
    stress_path(other.path);
    for (unsigned i = 0; i < 2; i++) {
        create(scenes[i], (struct tracer_options){ .capacity_events = 1u << 14, .lanes = 4 });
        record_many(scenes[i]->tracer, 1, 0, 1);
    }
    pid_t child = fork_now();
    for (unsigned i = 0; i < 2; i++)
        record_many(scenes[i]->tracer, child == 0 ? 0 : 1, 1, count);
    if (child == 0)
        _exit(0);
    stress_wait(child);
    for (unsigned i = 0; i < 2; i++) {
        MUST_EQUAL(look_at_lanes(scenes[i]->tracer), 2 * count - 1);
        look(scenes[i], &check, &summary);
        MUST_EQUAL(lost(&summary), 0);
        MUST_EQUAL(check.by_writer[0], count - 1);
        MUST_EQUAL(check.by_writer[1], count);
    }
    tracer_destroy(other.tracer);
    stress_path_remove(other.path);
}

#define SCENE(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

/* With either way of forking. A raw fork of a process with threads leaves the child the locks of the C library. */
#define SCENES                                                                                                     \
    SCENE(parent_and_children_record_into_one_file), SCENE(names_and_operations_of_after_the_fork_are_told_apart), \
        cmocka_unit_test(a_heap_image_is_the_childs_own_after_fork),                                               \
        SCENE(a_child_that_closes_its_tracer_leaves_the_image_live),                                               \
        SCENE(lanes_of_children_that_were_killed_are_reused),                                                      \
        SCENE(the_shared_lane_of_children_that_were_killed_is_reused),                                             \
        SCENE(a_child_beside_its_parent_writes_to_a_lane_of_its_own),                                              \
        SCENE(a_child_leaves_its_parents_lane_in_every_tracer)

int main(void)
{
    const struct CMUnitTest tests[] = {
        SCENES,
        SCENE(children_of_a_parent_with_threads_record_in_lanes_that_are_reused),
        SCENE(a_child_that_records_nothing_leaves_its_parents_lane_alone),
    };
    const struct CMUnitTest raw_tests[] = { SCENES };
    fork_function = fork;
    int failed = cmocka_run_group_tests(tests, NULL, NULL);
    if (STRESS_TSAN)
        puts("SKIPPED: fork, raw: ThreadSanitizer does not notice such a child");
    else if (!kernel_empties())
        puts("SKIPPED: fork, raw: this kernel empties no memory in children");
    if (STRESS_TSAN || !kernel_empties())
        return failed;
    fork_function = raw_fork;
    return failed + cmocka_run_group_tests(raw_tests, NULL, NULL);
}
