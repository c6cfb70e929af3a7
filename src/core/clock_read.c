/* The recording side of time: choosing and measuring the clock, and calibrating the image's ticks. */
#include <string.h>

#include "clock_read.h"
#include "clock_source.h"

/* At creation: long enough for the rate to be known to some 50 parts per million from the start. */
#define CALIBRATION_SPIN_NS 200000u

#define NS_PER_S 1000000000u
#define MS_PER_S 1000u

uint64_t tracer_clock_ticks(const struct tracer *tracer)
{
    uint64_t ticks = clock_read(tracer);
    return ticks == NO_TIME ? 0 : ticks;
}

/* ------------------------------------------------------------- calibration */

static void store_pair(struct image_calibration *to, const struct image_calibration *pair)
{
    atomic64_store(&to->check, 0);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    atomic64_store(&to->ticks, pair->ticks);
    atomic64_store(&to->ns, pair->ns);
    atomic64_store(&to->window_ns, pair->window_ns);
    atomic64_store_release(&to->check, pair->check);
}

static void add_pair(struct tracer *tracer, uint32_t entry, const struct image_calibration *pair)
{
    store_pair(&tracer->image_calibration[entry], pair);
    if (atomic64_load(&tracer->header->calibration_used) <= entry)
        atomic64_store_release(&tracer->header->calibration_used, entry + 1);
}

/* Copies the table from the image, where a forked child may have added pairs, or anybody anything. */
static uint32_t copy_table(const struct tracer *tracer, struct image_calibration table[IMAGE_CALIBRATION_PAIRS])
{
    uint64_t used = atomic64_load(&tracer->header->calibration_used);
    uint32_t count = used < IMAGE_CALIBRATION_PAIRS ? (uint32_t)used : IMAGE_CALIBRATION_PAIRS;
    for (uint32_t i = 0; i < count; i++) {
        const struct image_calibration *from = &tracer->image_calibration[i];
        table[i] = (struct image_calibration){
            atomic64_load(&from->ticks),
            atomic64_load(&from->ns),
            atomic64_load(&from->window_ns),
            atomic64_load_acquire(&from->check),
        };
    }
    return count;
}

/* Whenever the trace has doubled in length, so that at least half of it is always calibrated, and once a second, so
 * that a step is located to the second; a full table is thinned. */
static uint64_t next_due(const struct tracer *tracer, const struct image_calibration *pair)
{
    uint64_t elapsed_ns = pair->ns - tracer->zero_ns;
    uint64_t wait_ns = elapsed_ns < NS_PER_S ? elapsed_ns : NS_PER_S;
    return pair->ticks + wide_scale(wait_ns, tracer->ticks_per_s, NS_PER_S);
}

static void calibrate_now(struct tracer *tracer)
{
    uint32_t used = copy_table(tracer, tracer->calibration_table);
    struct image_calibration pair = clock_pair_now();
    if (calibration_sort(tracer->calibration_table, used, &tracer->calibration))
        add_pair(tracer, calibration_victim(&tracer->calibration, used), &pair);
    atomic64_store(&tracer->calibration_due, next_due(tracer, &pair));
}

void tracer_calibrate(struct tracer *tracer, enum calibrate when)
{
    if (tracer->clock != IMAGE_CLOCK_TSC)
        return;
    if (when == CALIBRATE_IF_DUE && arch_ticks() < atomic64_load(&tracer->calibration_due))
        return;
    if (__atomic_exchange_n(&tracer->calibrating, 1, __ATOMIC_ACQUIRE))
        return;
    calibrate_now(tracer);
    __atomic_store_n(&tracer->calibrating, 0, __ATOMIC_RELEASE);
}

/* While another thread calibrates, and in case a signal handler never returned from it, events go on for a millisecond
 * before they check again. */
__attribute__((noinline)) void writer_calibrate(struct writer *writer)
{
    struct tracer *tracer = writer->tracer;
    tracer_calibrate(tracer, CALIBRATE_IF_DUE);
    uint64_t due = atomic64_load(&tracer->calibration_due), now = arch_ticks();
    atomic64_store(&writer->calibration_due, due > now ? due : now + tracer->ticks_per_s / MS_PER_S);
}

/* ------------------------------------------------------------------- times */

/* If ticks are calibrated against another clock, reads that clock itself. */
bool clock_now_ns(const struct tracer *tracer, uint64_t *ns)
{
    uint64_t now = tracer->clock == IMAGE_CLOCK_TSC ? platform_monotonic_ns() : clock_call(tracer);
    *ns = now > tracer->zero_ns ? now - tracer->zero_ns : 0;
    return now != NO_TIME;
}

/* A clock that counts ns needs no pairs. */
uint64_t clock_ticks_of(const struct tracer *tracer, uint64_t ns)
{
    struct image_calibration table[IMAGE_CALIBRATION_PAIRS];
    struct clock_rate rate;
    uint32_t used = copy_table(tracer, table);
    if (clock_rate_of(tracer->header, table, used, &rate))
        return clock_ticks_at(&rate, ns);
    return tracer->zero_ticks + wide_scale(ns, tracer->ticks_per_s, NS_PER_S);
}

uint64_t clock_ticks_ns(const struct tracer *tracer, uint64_t ticks)
{
    return tracer->clock == IMAGE_CLOCK_TSC ? wide_scale(ticks, NS_PER_S, tracer->ticks_per_s) : ticks;
}

/* --------------------------------------------------------------- beginning */

/* The smallest step that the clock was seen to take. */
static uint64_t measure_resolution_ns(const struct tracer *tracer)
{
    uint64_t least = UINT64_MAX, before = tracer_clock_ticks(tracer);
    for (int i = 0; i < 100; i++) {
        uint64_t now = tracer_clock_ticks(tracer);
        if (now > before && now - before < least)
            least = now - before;
        before = now;
    }
    if (least == UINT64_MAX)
        return 1;
    uint64_t ns = clock_ticks_ns(tracer, least);
    return ns ? ns : 1;
}

static void begin_ticks(struct tracer *tracer)
{
    struct image_calibration first = clock_pair_now(), second;
    do {
        second = clock_pair_now();
    } while (second.ns - first.ns < CALIBRATION_SPIN_NS || second.ticks <= first.ticks);
    add_pair(tracer, 0, &first);
    add_pair(tracer, 1, &second);
    tracer->zero_ticks = first.ticks;
    tracer->zero_ns = first.ns;
    tracer->ticks_per_s = wide_scale(second.ticks - first.ticks, NS_PER_S, second.ns - first.ns);
    tracer->calibration_due = next_due(tracer, &second);
}

static void begin(struct tracer *tracer, const struct clock_choice *choice)
{
    struct image_header *header = tracer->header;
    tracer->clock = choice->clock;
    tracer->zero_ticks = tracer->zero_ns = 0;
    tracer->ticks_per_s = NS_PER_S;
    tracer->calibration_due = UINT64_MAX;
    header->clock = choice->clock;
    header->calibration_used = 0;
    header->clock_resolution_ns = 1;
    memcpy(header->clock_reason, choice->reason, sizeof header->clock_reason);
    if (choice->clock == IMAGE_CLOCK_TSC)
        begin_ticks(tracer);
    else if (choice->clock != IMAGE_CLOCK_PROGRAM)
        tracer->zero_ticks = tracer->zero_ns = platform_monotonic_ns();
    header->origin_ticks = tracer->zero_ticks;
    if (choice->clock != IMAGE_CLOCK_PROGRAM)
        header->clock_resolution_ns = measure_resolution_ns(tracer);
    for (uint32_t i = 0; tracer->writers && i < tracer->lanes; i++)
        tracer->writers[i].calibration_due = tracer->calibration_due;
}

void clock_init(struct tracer *tracer)
{
    struct platform_clock machine = platform_clock();
    struct clock_choice choice = { .clock = IMAGE_CLOCK_PROGRAM };
    if (!tracer->program_clock) {
        const char *environment = platform_environment("RINGSCOPE_CLOCK");
        choice = clock_choose(&machine, clock_wanted(environment, tracer->clock_source));
        if (PLATFORM_HAS_FILES)
            clock_note_unknown(&choice, environment);
    }
    begin(tracer, &choice);
}

void clock_init_monotonic(struct tracer *tracer)
{
    const struct clock_choice choice = { .clock = IMAGE_CLOCK_MONOTONIC, .reason = "the kernel's" };
    begin(tracer, &choice);
}
