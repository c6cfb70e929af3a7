/*
 * Compares the reports of `ringscope record --sched` about threads with what the threads know about themselves.
 *
 *     slices sleeps        sleeps, computes, and prints its processor time meanwhile
 *     slices pingpong      two threads that wake each other, on one processor
 *     slices apart         the same on two processors, so that one may be woken while it falls asleep
 *     slices check IMAGE   checks all slices; with TID and NS also the output of "sleeps"
 */
#include <inttypes.h>
#include <linux/futex.h>
#include <pthread.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "ringscope.h"

#define SLEEPS 40
#define SLEEP_NS 2000000
#define ROUNDS 200
#define ROUNDS_APART 20000
#define COMPUTE_NS 60000000u

/* ----------------------------------------------------------------- programs */

static uint64_t cpu_ns(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_nsec;
}

/* A thread that shares its processor sometimes has to wait for it. */
static void stay_on_this_processor(void)
{
    cpu_set_t set;
    CPU_ZERO(&set);
    CPU_SET(sched_getcpu(), &set);
    sched_setaffinity(0, sizeof set, &set);
}

static void *sleep_and_compute(void *unused)
{
    const struct timespec time = { .tv_nsec = SLEEP_NS };
    (void)unused;
    syscall(SYS_getppid);
    uint64_t begin_ns = cpu_ns();
    for (int i = 0; i < SLEEPS; i++)
        clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
    while (cpu_ns() - begin_ns < COMPUTE_NS)
        ;
    uint64_t end_ns = cpu_ns();
    syscall(SYS_getppid);
    printf("%ld %" PRIu64 "\n", syscall(SYS_gettid), end_ns - begin_ns);
    return NULL;
}

static int sleeps(void)
{
    pthread_t threads[2];
    stay_on_this_processor();
    for (int i = 0; i < 2; i++) {
        if (pthread_create(&threads[i], NULL, sleep_and_compute, NULL) != 0)
            return 1;
    }
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);
    return 0;
}

static unsigned turn, rounds;
static bool apart;

/* Stays on the first or the last processor that is allowed. */
static void move_apart(unsigned last)
{
    cpu_set_t allowed, one;
    int found = -1;
    sched_getaffinity(0, sizeof allowed, &allowed);
    for (int cpu = 0; cpu < CPU_SETSIZE; cpu++) {
        if (CPU_ISSET((unsigned)cpu, &allowed) && (last || found < 0))
            found = cpu;
    }
    CPU_ZERO(&one);
    CPU_SET((unsigned)found, &one);
    sched_setaffinity(0, sizeof one, &one);
}

static void *play(void *argument)
{
    const unsigned mine = (unsigned)(uintptr_t)argument;
    if (apart)
        move_apart(mine);
    for (unsigned i = 0; i < rounds; i++) {
        while (__atomic_load_n(&turn, __ATOMIC_SEQ_CST) != mine)
            syscall(SYS_futex, &turn, FUTEX_WAIT, !mine, NULL, NULL, 0);
        __atomic_store_n(&turn, !mine, __ATOMIC_SEQ_CST);
        syscall(SYS_futex, &turn, FUTEX_WAKE, 1, NULL, NULL, 0);
    }
    return NULL;
}

static int pingpong(void)
{
    pthread_t other;
    if (!apart)
        stay_on_this_processor();
    if (pthread_create(&other, NULL, play, (void *)1) != 0)
        return 1;
    play(NULL);
    pthread_join(other, NULL);
    return 0;
}

/* ----------------------------------------------------------------- checking */

struct slice {
    uint64_t start_ns, end_ns;
    uint32_t track;
    int cpu; /* running; -1: not running */
};

struct image {
    struct tracer_snapshot *snapshot;
    struct slice *slices;
    size_t count;
    int failures;
};

static void fail(struct image *image, const char *what, uint64_t a, uint64_t b)
{
    if (image->failures++ < 10)
        printf("FAILED: %s: %" PRIu64 ", %" PRIu64 "\n", what, a, b);
}

static bool is_slice(const struct trace_event *event)
{
    return event->category == TRACE_SCHEDULER && event->has & TRACE_HAS_ASYNC_ID && event->kind == TRACE_KIND_SPAN;
}

static int cpu_of(const struct trace_event *event)
{
    return strcmp(event->name, "running") == 0 && event->detail ? (int)strtol(event->detail + 4, NULL, 10) : -1;
}

static bool collect(struct image *image)
{
    struct trace_event event;
    image->slices = calloc(tracer_snapshot_count(image->snapshot) + 1, sizeof *image->slices);
    for (size_t i = 0; image->slices && tracer_snapshot_get(image->snapshot, i, &event); i++) {
        if (is_slice(&event))
            image->slices[image->count++] =
                (struct slice){ event.time_ns, event.time_ns + event.duration_ns, event.track, cpu_of(&event) };
    }
    return image->slices != NULL;
}

static int by_times(const struct slice *first, const struct slice *second)
{
    if (first->start_ns != second->start_ns)
        return first->start_ns < second->start_ns ? -1 : 1;
    return first->end_ns < second->end_ns ? -1 : first->end_ns > second->end_ns;
}

static int by_track(const void *a, const void *b)
{
    const struct slice *first = a, *second = b;
    return first->track != second->track ? (first->track < second->track ? -1 : 1) : by_times(first, second);
}

static int by_cpu(const void *a, const void *b)
{
    const struct slice *first = a, *second = b;
    return first->cpu != second->cpu ? (first->cpu < second->cpu ? -1 : 1) : by_times(first, second);
}

/* A thread does one thing after another, with no gaps. */
static void check_threads(struct image *image)
{
    qsort(image->slices, image->count, sizeof *image->slices, by_track);
    for (size_t i = 1; i < image->count; i++) {
        const struct slice *before = &image->slices[i - 1], *slice = &image->slices[i];
        if (before->track == slice->track && before->end_ns != slice->start_ns)
            fail(image, "a slice does not begin where the one before ended", before->end_ns, slice->start_ns);
    }
}

/* A processor runs one thread at a time. Where the kernel does not report a switch, the start of a slice is known only
 * from the time it was charged for. */
static void check_processors(struct image *image)
{
    uint64_t running_ns = 0, twice_ns = 0;
    qsort(image->slices, image->count, sizeof *image->slices, by_cpu);
    for (size_t i = 1; i < image->count; i++) {
        const struct slice *before = &image->slices[i - 1], *slice = &image->slices[i];
        running_ns += slice->cpu >= 0 ? slice->end_ns - slice->start_ns : 0;
        if (slice->cpu >= 0 && before->cpu == slice->cpu && before->end_ns > slice->start_ns)
            twice_ns += before->end_ns - slice->start_ns;
    }
    if (twice_ns > running_ns / 50)
        fail(image, "two threads run on one processor", twice_ns, running_ns);
}

/* A wakeup leads from another thread to the one that was waiting until then. */
static void check_wakeups(struct image *image)
{
    struct trace_event event, before = { .name = "" };
    uint64_t wakeups = 0;
    for (size_t i = 0; tracer_snapshot_get(image->snapshot, i, &event); i++) {
        if (event.kind != TRACE_KIND_FLOW)
            continue;
        if (event.has & TRACE_FLOW_IN) {
            wakeups++;
            if (before.flow_id != event.flow_id || before.track == event.track || before.time_ns != event.time_ns)
                fail(image, "a wakeup does not come from another thread", before.track, event.track);
        }
        before = event;
    }
    printf("%zu slices, %" PRIu64 " wakeups\n", image->count, wakeups);
}

static uint64_t inside(const struct slice *slice, uint64_t from_ns, uint64_t to_ns)
{
    uint64_t start_ns = slice->start_ns > from_ns ? slice->start_ns : from_ns;
    uint64_t end_ns = slice->end_ns < to_ns ? slice->end_ns : to_ns;
    return end_ns > start_ns ? end_ns - start_ns : 0;
}

/* Whether a thread ran throughout a call that sleeps: only possible if the machine stalled until the sleep was over. */
static bool ran_through(const struct image *image, const struct trace_event *call)
{
    uint64_t running_ns = 0, end_ns = call->time_ns + call->duration_ns;
    size_t beside = 0;
    for (size_t i = 0; i < image->count; i++) {
        const struct slice *slice = &image->slices[i];
        if (slice->track != call->track || !inside(slice, call->time_ns, end_ns))
            continue;
        running_ns += slice->cpu >= 0 ? inside(slice, call->time_ns, end_ns) : 0;
        beside += slice->cpu < 0;
    }
    return beside == 0 || running_ns >= call->duration_ns;
}

/* Checks the processor time that a thread reported between two calls. Clocks differ, and a thread is charged from a
 * moment before or after the moment of the switch. */
static void check_times(struct image *image, uint32_t tid, uint64_t used_ns)
{
    struct trace_event event;
    struct trace_track track;
    uint64_t from_ns = 0, to_ns = 0, running_ns = 0, sleeps = 0, awake = 0;
    for (size_t i = 0; tracer_snapshot_get(image->snapshot, i, &event); i++) {
        if (!tracer_snapshot_track(image->snapshot, event.track, &track) || track.tid != tid || is_slice(&event))
            continue;
        if (strcmp(event.name, "getppid") == 0) {
            from_ns = from_ns ? from_ns : event.time_ns;
            to_ns = event.time_ns + event.duration_ns;
        } else if (strcmp(event.name, "clock_nanosleep") == 0) {
            sleeps++;
            awake += ran_through(image, &event);
        }
    }
    for (size_t i = 0; i < image->count; i++) {
        tracer_snapshot_track(image->snapshot, image->slices[i].track, &track);
        running_ns += track.tid == tid && image->slices[i].cpu >= 0 ? inside(&image->slices[i], from_ns, to_ns) : 0;
    }
    if (sleeps != SLEEPS)
        fail(image, "another number of sleeps", sleeps, SLEEPS);
    if (awake > SLEEPS / 8)
        fail(image, "a thread runs while it sleeps", awake, sleeps);
    if (running_ns + 5000000 + used_ns / 20 < used_ns)
        fail(image, "ran for less than it was charged for", running_ns, used_ns);
    printf("thread %u ran for %" PRIu64 " ns, and says %" PRIu64 "\n", tid, running_ns, used_ns);
}

static int check(int count, char **arguments)
{
    const struct tracer_query all = { 0 };
    struct tracer_message message = { "" };
    struct tracer_reader *reader;
    struct image image = { .snapshot = NULL };
    if (tracer_reader_open(&reader, arguments[0], &message) != TRACER_OK ||
        tracer_snapshot_create(&image.snapshot, reader, &all) != TRACER_OK || !collect(&image)) {
        printf("FAILED: %s\n", message.text);
        return 1;
    }
    check_threads(&image);
    check_processors(&image);
    check_wakeups(&image);
    for (int i = 1; i + 1 < count; i += 2)
        check_times(&image, (uint32_t)strtoul(arguments[i], NULL, 10), strtoull(arguments[i + 1], NULL, 10));
    free(image.slices);
    tracer_snapshot_destroy(image.snapshot);
    tracer_reader_close(reader);
    return image.failures > 0;
}

int main(int count, char **arguments)
{
    if (count == 2 && strcmp(arguments[1], "sleeps") == 0)
        return sleeps();
    apart = count == 2 && strcmp(arguments[1], "apart") == 0;
    rounds = apart ? ROUNDS_APART : ROUNDS;
    if (apart || (count == 2 && strcmp(arguments[1], "pingpong") == 0))
        return pingpong();
    if (count > 2 && strcmp(arguments[1], "check") == 0)
        return check(count - 2, arguments + 2);
    fputs("usage: slices sleeps | pingpong | apart | check IMAGE [TID NS]...\n", stderr);
    return 2;
}
