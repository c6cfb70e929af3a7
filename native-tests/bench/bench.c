/* Rounds, medians, time, and input that is the same in every run. */
#define _GNU_SOURCE
#include "bench.h"

#include <math.h>
#include <sched.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

bool bench_fail(struct bench_result *result, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(result->error, sizeof result->error, format, arguments);
    va_end(arguments);
    return false;
}

bool bench_ok(struct bench_result *result, enum tracer_error error, const struct tracer_message *message)
{
    if (error == TRACER_OK)
        return true;
    return bench_fail(result, "%s", message && message->text[0] ? message->text : tracer_error_text(error));
}

/* ------------------------------------------------------------------- time */

double bench_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e9 + (double)now.tv_nsec;
}

/* Processors are counted from the machine's last one, because the first does most of the kernel's work. */
bool bench_pin(unsigned which)
{
    cpu_set_t one;
    for (int processor = CPU_SETSIZE - 1; processor >= 0; processor--) {
        CPU_ZERO(&one);
        CPU_SET(processor, &one);
        if (sched_setaffinity(0, sizeof one, &one) == 0 && which-- == 0)
            return true;
    }
    return false;
}

void bench_unpin(void)
{
    cpu_set_t all;
    memset(&all, 0xff, sizeof all);
    sched_setaffinity(0, sizeof all, &all);
}

/* ------------------------------------------------------------------ rounds */

void bench_add(struct bench_samples *samples, double sample)
{
    samples->at[samples->count++] = sample;
}

static int ascending(const void *left, const void *right)
{
    double a = *(const double *)left, b = *(const double *)right;
    return (a > b) - (a < b);
}

/* The samples must be sorted. */
static double quantile(const struct bench_samples *samples, double part)
{
    return samples->at[(size_t)((double)(samples->count - 1) * part + 0.5)];
}

void bench_conclude(struct bench_samples *samples, struct bench_result *result)
{
    qsort(samples->at, samples->count, sizeof samples->at[0], ascending);
    result->value = quantile(samples, 0.5);
    result->spread = quantile(samples, 0.75) - quantile(samples, 0.25);
}

void bench_add_pair(struct bench_pairs *pairs, double value, double base)
{
    bench_add(&pairs->values, value);
    bench_add(&pairs->ratios, value / base);
}

void bench_conclude_pairs(struct bench_pairs *pairs, struct bench_result *result)
{
    bench_conclude(&pairs->ratios, result);
    result->ratio = result->value;
    bench_conclude(&pairs->values, result);
}

double bench_time(struct bench_loop loop, uint64_t count)
{
    double start = bench_now_ns();
    loop.run(loop.context, count);
    return (bench_now_ns() - start) / (double)count;
}

/* The first rounds warm up caches and branch predictors and are not counted. */
#define WARMING_ROUNDS 10

/*
 * A neighbour on the processor core's other hardware thread slows every instruction by two thirds, but not the clock,
 * and stays for seconds. So there are several sittings, and the one in which the subject was fastest counts: other load
 * can only add to a time. They end when the two fastest agree, for a single one may have been fast by chance, and one
 * that stands alone says that the others were disturbed.
 */
#define SITTINGS_MIN 5
#define SITTINGS_MAX 40
#define SITTINGS_AGREE 1.01
static const struct timespec between_sittings = { 0, 100000000 };

static void sit(struct bench_loop subject, struct bench_loop base, struct bench_result *result)
{
    struct bench_pairs pairs = { 0 };
    for (int round = -WARMING_ROUNDS; round < BENCH_ROUNDS; round++) {
        double base_ns = bench_time(base, BENCH_BATCH);
        double subject_ns = bench_time(subject, BENCH_BATCH);
        if (round >= 0)
            bench_add_pair(&pairs, subject_ns, base_ns);
    }
    bench_conclude_pairs(&pairs, result);
}

uint64_t bench_compare(struct bench_loop subject, struct bench_loop base, struct bench_result *result)
{
    struct bench_result best = { .value = INFINITY };
    double second_ns = INFINITY;
    int sittings = 0;
    for (; sittings < SITTINGS_MIN || (second_ns > best.value * SITTINGS_AGREE && sittings < SITTINGS_MAX);
         sittings++) {
        struct bench_result now = { 0 };
        if (sittings > 0)
            nanosleep(&between_sittings, NULL);
        sit(subject, base, &now);
        if (now.value < best.value) {
            second_ns = best.value;
            best = now;
        } else if (now.value < second_ns) {
            second_ns = now.value;
        }
    }
    *result = best;
    return (uint64_t)BENCH_BATCH * (BENCH_ROUNDS + WARMING_ROUNDS) * (uint64_t)sittings;
}

uint64_t bench_alone(struct bench_loop subject, struct bench_result *result)
{
    return bench_compare(subject, bench_empty(), result);
}

static bool all_recorded(struct tracer *tracer, uint64_t events, struct bench_result *result)
{
    struct trace_summary summary;
    uint64_t attempted = 0, recorded = 0;
    if (!bench_ok(result, tracer_summary(tracer, &summary), NULL))
        return false;
    for (int category = 0; category < TRACE_CATEGORY_COUNT; category++) {
        attempted += summary.losses.attempted[category];
        recorded += summary.losses.recorded[category];
    }
    if (attempted == events && recorded == events)
        return true;
    return bench_fail(result, "of %llu events, %llu were attempted and %llu recorded", (unsigned long long)events,
                      (unsigned long long)attempted, (unsigned long long)recorded);
}

bool bench_record(struct tracer *tracer, struct bench_loop subject, struct bench_loop base, struct bench_result *result)
{
    struct trace_summary summary;
    if (!bench_ok(result, tracer_summary(tracer, &summary), NULL))
        return false;
    subject.run(subject.context, summary.capacity);
    uint64_t events = summary.capacity + bench_compare(subject, base, result);
    return all_recorded(tracer, events, result);
}

/* ------------------------------------------------------------------- input */

uint64_t bench_random(uint64_t *state)
{
    *state ^= *state >> 12;
    *state ^= *state << 25;
    *state ^= *state >> 27;
    return *state * 0x2545f4914f6cdd1dull;
}

/* 4 to 23 bytes long, most with a common prefix, as names in a program have. */
void bench_names_init(struct bench_names *names)
{
    uint64_t seed = 1;
    for (int i = 0; i < BENCH_NAMES; i++)
        snprintf(names->text[i], sizeof names->text[i], "%.*s_%02d", 1 + i * 7 % 20, "request_handler_thread", i);
    for (int i = 0; i < BENCH_ORDER; i++)
        names->order[i] = (unsigned char)(bench_random(&seed) >> 32 & (BENCH_NAMES - 1));
}

bool bench_own_directory(char path[BENCH_PATH_MAX])
{
    ssize_t length = readlink("/proc/self/exe", path, BENCH_PATH_MAX - 1);
    if (length <= 0)
        return false;
    path[length] = '\0';
    *strrchr(path, '/') = '\0';
    return true;
}

void bench_path(char path[BENCH_PATH_MAX], const char *directory)
{
    snprintf(path, BENCH_PATH_MAX, "%s/ringscope-bench-%d.ring", directory, (int)getpid());
}
