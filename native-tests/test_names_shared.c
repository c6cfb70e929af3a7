/* A full table of names, reset while several threads, or processes that share a file image, add names to it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <pthread.h>
#include <signal.h>
#include <unistd.h>

#include "stress.h"

#define NAMES 16u
#define SHARES 8u /* this multiple of the names finds room in total, apart from the names of a share */
#define THREADS 3
#define EVENTS_EACH 4000u
#define TEXTS_BYTES (EVENTS_EACH * 128ull) /* room for all of them: none is overwritten while a slow reader copies it */
#define RESETS 40

struct namer {
    struct tracer *tracer;
    unsigned number;
    uint32_t running;
};

static void record_named(struct tracer *tracer, unsigned writer, unsigned number)
{
    char name[32];
    snprintf(name, sizeof name, "name %u of %u", number, writer);
    tracer_event(tracer, TRACE_FILE, name, name);
}

/* Each event has its name as its detail as well. */
static size_t check_names(struct tracer_snapshot *snapshot)
{
    struct trace_event event;
    size_t count = 0;
    MUST(snapshot, "no snapshot");
    for (; tracer_snapshot_get(snapshot, count, &event); count++)
        MUST(event.detail && strcmp(event.name, event.detail) == 0, "\"%s\" has the detail \"%s\"", event.name,
             event.detail ? event.detail : "(none)");
    return count;
}

static void check_tracer(struct tracer *tracer)
{
    struct tracer_snapshot *snapshot = tracer_events(tracer, NULL);
    check_names(snapshot);
    tracer_snapshot_destroy(snapshot);
}

static uint32_t limit(struct tracer *tracer)
{
    struct tracer_reader *reader;
    struct tracer_info info;
    MUST_WORK(tracer_reader_attach(&reader, tracer));
    MUST_WORK(tracer_reader_info(reader, &info));
    tracer_reader_close(reader);
    return info.names;
}

static uint64_t overflowed(struct tracer *tracer)
{
    struct trace_summary summary;
    MUST_WORK(tracer_summary(tracer, &summary));
    return summary.losses.names_overflowed;
}

static struct tracer *create(const struct tracer_options *options)
{
    struct tracer_message message = { "" };
    struct tracer *tracer;
    MUST(tracer_create(&tracer, options, &message) == TRACER_OK, "%s", message.text);
    tracer_enable(tracer);
    return tracer;
}

/* ------------------------------------------------------------------ threads */

/* Names that recur for a while, and then new ones. */
static void *add_names(void *argument)
{
    struct namer *namer = argument;
    for (unsigned i = 0; i < EVENTS_EACH; i++)
        record_named(namer->tracer, namer->number, i / 50 + i % 5);
    __atomic_store_n(&namer->running, 0, __ATOMIC_RELEASE);
    return NULL;
}

static void threads_that_add_names_while_it_is_reset_keep_theirs(void **state)
{
    struct tracer *tracer =
        create(&(struct tracer_options){ .names = NAMES, .lanes = THREADS + 2, .detail_bytes = TEXTS_BYTES });
    struct namer namers[THREADS];
    pthread_t threads[THREADS];
    uint32_t running = 1, before = NAMES;
    (void)state;
    for (unsigned i = 0; i < THREADS; i++) {
        namers[i] = (struct namer){ tracer, i, 1 };
        MUST(pthread_create(&threads[i], NULL, add_names, &namers[i]) == 0, "pthread_create");
    }
    for (int reset = 0; reset < RESETS || running; reset++) {
        tracer_reset(tracer);
        check_tracer(tracer);
        uint32_t now = limit(tracer);
        MUST(now >= before && now <= SHARES * NAMES && now % NAMES == 0, "%u names after %u", now, before);
        before = now;
        for (unsigned i = running = 0; i < THREADS; i++)
            running |= __atomic_load_n(&namers[i].running, __ATOMIC_ACQUIRE);
    }
    for (unsigned i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    check_tracer(tracer);
    tracer_destroy(tracer);
}

/* Of several simultaneous resets, one finds the table full. */
static void *reset_once(void *argument)
{
    tracer_reset(argument);
    return NULL;
}

static void resets_at_once_make_room_once(void **state)
{
    struct tracer *tracer = create(&(struct tracer_options){ .names = NAMES });
    pthread_t threads[THREADS];
    (void)state;
    for (uint32_t share = 1; share < SHARES; share++) {
        for (unsigned i = 0; i <= NAMES; i++)
            record_named(tracer, share, i);
        MUST(overflowed(tracer) > 0, "the table is not full");
        for (unsigned i = 0; i < THREADS; i++)
            MUST(pthread_create(&threads[i], NULL, reset_once, tracer) == 0, "pthread_create");
        for (unsigned i = 0; i < THREADS; i++)
            pthread_join(threads[i], NULL);
        MUST_EQUAL(limit(tracer), (share + 1) * NAMES);
    }
    tracer_destroy(tracer);
}

/* ---------------------------------------------------------------- processes */

struct scene {
    char path[STRESS_PATH_BYTES];
    struct tracer *tracer;
    int to_child[2], to_parent[2];
};

static int setup(void **state)
{
    struct scene *scene = calloc(1, sizeof *scene);
    MUST(scene, "no memory");
    stress_path(scene->path);
    MUST(pipe(scene->to_child) == 0 && pipe(scene->to_parent) == 0, "pipe");
    scene->tracer = create(&(struct tracer_options){ .names = NAMES, .lanes = 4, .path = scene->path });
    *state = scene;
    return 0;
}

static int teardown(void **state)
{
    struct scene *scene = *state;
    for (int end = 0; end < 2; end++) {
        close(scene->to_child[end]);
        close(scene->to_parent[end]);
    }
    tracer_destroy(scene->tracer);
    stress_path_remove(scene->path);
    free(scene);
    return 0;
}

static void tell(const int pipe[2])
{
    MUST(write(pipe[1], "x", 1) == 1, "write");
}

static void await(const int pipe[2])
{
    char byte;
    MUST(read(pipe[0], &byte, 1) == 1, "read");
}

static pid_t fork_now(void)
{
    fflush(NULL);
    pid_t child = fork();
    MUST(child >= 0, "fork");
    return child;
}

/* The table is full for both; the parent resets, and both find room again. */
static void processes_that_share_an_image_find_room_after_one_of_them_reset(void **state)
{
    struct scene *scene = *state;
    pid_t child = fork_now();
    if (child == 0) {
        for (unsigned i = 0; i < 2 * NAMES; i++)
            record_named(scene->tracer, 1, i);
        tell(scene->to_parent);
        await(scene->to_child);
        record_named(scene->tracer, 1, 0); /* a name that it already had */
        for (unsigned i = 0; i < NAMES / 2; i++)
            record_named(scene->tracer, 3, i);
        _exit(0);
    }
    await(scene->to_parent);
    record_named(scene->tracer, 0, 0);
    MUST(overflowed(scene->tracer) > NAMES, "the table is not full");
    check_tracer(scene->tracer);
    tracer_reset(scene->tracer);
    tell(scene->to_child);
    stress_wait(child);
    for (unsigned i = 0; i < NAMES / 2; i++)
        record_named(scene->tracer, 2, i);
    MUST_EQUAL(overflowed(scene->tracer), 0);
    struct tracer_snapshot *snapshot = tracer_events(scene->tracer, NULL);
    MUST_EQUAL(check_names(snapshot), NAMES + 1);
    tracer_snapshot_destroy(snapshot);
}

/* From another process, as ringscope ctl does. */
static void a_reset_through_the_file_makes_room(void **state)
{
    struct scene *scene = *state;
    struct tracer_message message = { "" };
    for (unsigned i = 0; i < 2 * NAMES; i++)
        record_named(scene->tracer, 0, i);
    MUST(tracer_control_file(scene->path, &(struct tracer_command){ .reset = true }, &message) == TRACER_OK, "%s",
         message.text);
    MUST_EQUAL(limit(scene->tracer), 2 * NAMES);
    for (unsigned i = 0; i < NAMES; i++)
        record_named(scene->tracer, 1, i);
    MUST_EQUAL(overflowed(scene->tracer), 0);
    check_tracer(scene->tracer);
}

/* Wherever it is killed, names stay right, and later resets work. */
static void a_process_that_is_killed_while_it_resets_leaves_sound_names(void **state)
{
    struct scene *scene = *state;
    pid_t child = fork_now();
    if (child == 0) {
        for (unsigned round = 0;; round++) {
            for (unsigned i = 0; i < 2 * NAMES; i++)
                record_named(scene->tracer, round + 1, i);
            tracer_reset(scene->tracer);
            tell(scene->to_parent);
        }
    }
    for (int round = 0; round < 5; round++)
        await(scene->to_parent);
    MUST(kill(child, SIGKILL) == 0, "kill");
    MUST(waitpid(child, NULL, 0) == child, "waitpid");
    check_tracer(scene->tracer);
    for (unsigned round = 0; round < SHARES + 1; round++) {
        for (unsigned i = 0; i < 2 * NAMES; i++)
            record_named(scene->tracer, 0, round * 2 * NAMES + i);
        check_tracer(scene->tracer);
        tracer_reset(scene->tracer);
    }
    MUST_EQUAL(limit(scene->tracer), SHARES * NAMES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_that_add_names_while_it_is_reset_keep_theirs),
        cmocka_unit_test(resets_at_once_make_room_once),
        cmocka_unit_test_setup_teardown(processes_that_share_an_image_find_room_after_one_of_them_reset, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(a_reset_through_the_file_makes_room, setup, teardown),
        cmocka_unit_test_setup_teardown(a_process_that_is_killed_while_it_resets_leaves_sound_names, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
