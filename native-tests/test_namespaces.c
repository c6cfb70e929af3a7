/* Processes that record into one image, each of them process 1 of its own PID namespace: guarantees 1 and 2. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <sched.h>
#include <sys/mman.h>

#include "marked_check.h"

#define WRITERS 3u
#define SKIPPED 77

struct diary {
    uint64_t recorded[WRITERS][8]; /* each in a cache line of its own */
    uint64_t outside; /* pids of writers that are not 1 */
};

static uint64_t recorded_by(const struct diary *diary, uint32_t writer)
{
    return __atomic_load_n(diary->recorded[writer], __ATOMIC_ACQUIRE);
}

static uint64_t recorded_by_all(const struct diary *diary)
{
    uint64_t sum = 0;
    for (uint32_t i = 0; i < WRITERS; i++)
        sum += recorded_by(diary, i);
    return sum;
}

/* The first process of a container. */
static void write_events(struct tracer *tracer, struct diary *diary, uint32_t writer, uint64_t count)
{
    if (getpid() != 1)
        __atomic_fetch_add(&diary->outside, 1, __ATOMIC_RELAXED);
    for (uint64_t number = 0; number < count; number++) {
        if (number % 16 == 5)
            marked_record_span(tracer, writer, number);
        else
            marked_record(tracer, writer, number);
        __atomic_store_n(diary->recorded[writer], number + 1, __ATOMIC_RELEASE);
    }
}

/* unshare() makes a namespace for children only. */
static pid_t start_writer(struct tracer *tracer, struct diary *diary, uint32_t writer, uint64_t count)
{
    fflush(NULL);
    pid_t child = fork();
    MUST(child >= 0, "fork");
    if (child > 0)
        return child;
    if (unshare(CLONE_NEWPID) != 0)
        _exit(SKIPPED);
    pid_t inner = fork();
    MUST(inner >= 0, "fork");
    if (inner == 0) {
        write_events(tracer, diary, writer, count);
        _exit(0);
    }
    stress_wait(inner);
    _exit(0);
}

static void look(const char *path, uint64_t *views, uint64_t *events)
{
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot;
    struct trace_summary summary;
    struct tracer_message message = { "" };
    struct marked_check check = { .details_may_be_lost = true };
    MUST(tracer_reader_open(&reader, path, &message) == TRACER_OK, "%s", message.text);
    MUST_WORK(tracer_snapshot_create(&snapshot, reader, NULL));
    tracer_snapshot_summary(snapshot, &summary);
    check_snapshot(&check, snapshot);
    MUST(check.skipped <= summary.losses.missed, "%" PRIu64 " are not there, %" PRIu64 " missed", check.skipped,
         summary.losses.missed);
    *views += 1;
    *events += check.events;
    tracer_snapshot_destroy(snapshot);
    tracer_reader_close(reader);
}

static bool can_make_namespaces(void)
{
    int status = 0;
    fflush(NULL);
    pid_t child = fork();
    if (child == 0)
        _exit(unshare(CLONE_NEWPID) == 0 ? 0 : 1);
    return child > 0 && waitpid(child, &status, 0) == child && status == 0;
}

/* Reads until every writer has ended. */
static void look_on(const char *path, const pid_t *writers)
{
    uint64_t views = 0, events = 0;
    for (uint32_t i = 0; i < WRITERS; i++) {
        int status = 0;
        pid_t ended;
        while ((ended = waitpid(writers[i], &status, WNOHANG)) == 0)
            look(path, &views, &events);
        MUST(ended == writers[i] && status == 0, "writer %u: status %#x", i, (unsigned)status);
    }
    look(path, &views, &events);
    printf("%" PRIu64 " snapshots of %" PRIu64 " events\n", views, events);
}

static void each_process_1_has_a_lane_of_its_own(void **state)
{
    char path[STRESS_PATH_BYTES];
    struct tracer *tracer;
    struct trace_summary summary;
    struct tracer_reader *reader;
    struct marked_check check = { 0 };
    pid_t writers[WRITERS];
    uint64_t count = stress_number("RINGSCOPE_STRESS_RECORDS", 300000) / WRITERS + 1;
    struct diary *diary = mmap(NULL, sizeof *diary, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    (void)state;
    MUST(diary != MAP_FAILED, "no memory");
    stress_path(path);
    MUST_WORK(tracer_create(&tracer, &(struct tracer_options){ .capacity_events = 4095, .path = path }, NULL));
    tracer_enable(tracer);
    for (uint32_t i = 0; i < WRITERS; i++)
        writers[i] = start_writer(tracer, diary, i, count);
    look_on(path, writers);
    MUST_EQUAL(diary->outside, 0);
    MUST_EQUAL(recorded_by_all(diary), WRITERS * count);
    MUST_WORK(tracer_reader_attach(&reader, tracer));
    check_at_rest(&check, reader, &summary);
    MUST_EQUAL(sum_categories(summary.losses.attempted), WRITERS * count);
    MUST_EQUAL(sum_categories(summary.losses.recorded), WRITERS * count);
    printf("%" PRIu64 " events of %u namespaces\n", WRITERS * count, WRITERS);
    tracer_reader_close(reader);
    tracer_destroy(tracer);
    munmap(diary, sizeof *diary);
    stress_path_remove(path);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_process_1_has_a_lane_of_its_own),
    };
    if (!can_make_namespaces()) {
        puts("SKIPPED: namespaces: this user may not make PID namespaces");
        return SKIPPED;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
