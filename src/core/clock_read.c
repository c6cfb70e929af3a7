/* The recording side of time: reading the clock, measuring it, and calibrating the image's ticks. */
#include "recorder.h"

/* At creation: long enough that the rate is known to some 50 parts in a million at once. */
#define CALIBRATION_SPIN_NS 200000u

uint64_t tracer_ticks(const struct tracer *tracer)
{
    uint64_t ticks = clock_read(tracer);
    return ticks == NO_TIME ? 0 : ticks;
}

static void store_pair(struct image_calibration *to, const struct image_calibration *pair)
{
    word_store(&to->check, 0);
    __atomic_thread_fence(__ATOMIC_RELEASE);
    word_store(&to->ticks, pair->ticks);
    word_store(&to->ns, pair->ns);
    word_store_release(&to->check, pair->check);
}

/* Into the older of the two, so that one sound pair is there at any instant. */
void tracer_calibrate(struct tracer *tracer)
{
    if (tracer->clock != IMAGE_CLOCK_TSC || __atomic_exchange_n(&tracer->calibrating, 1, __ATOMIC_ACQUIRE))
        return;
    struct image_calibration *pairs = tracer->header->calibration;
    struct image_calibration pair = clock_pair_now();
    store_pair(word_load(&pairs[1].ticks) < word_load(&pairs[2].ticks) ? &pairs[1] : &pairs[2], &pair);
    __atomic_store_n(&tracer->calibrating, 0, __ATOMIC_RELEASE);
}

/* The least step that the clock was seen to take. */
static uint64_t measure_resolution_ns(const struct tracer *tracer)
{
    uint64_t least = UINT64_MAX, before = tracer_ticks(tracer);
    for (int i = 0; i < 100; i++) {
        uint64_t now = tracer_ticks(tracer);
        if (now > before && now - before < least)
            least = now - before;
        before = now;
    }
    if (least == UINT64_MAX)
        return 1;
    uint64_t ns = clock_duration_ns(&tracer->rate, least);
    return ns ? ns : 1;
}

static void calibrate_twice(struct image_header *header)
{
    struct image_calibration first = clock_pair_now(), second;
    do {
        second = clock_pair_now();
    } while (second.ns - first.ns < CALIBRATION_SPIN_NS);
    store_pair(&header->calibration[0], &first);
    store_pair(&header->calibration[1], &second);
    header->origin_ticks = first.ticks;
}

void clock_init(struct tracer *tracer)
{
    struct image_header *header = tracer->header;
    header->clock = tracer->clock;
    header->origin_ticks = 0;
    header->clock_resolution_ns = 1;
    if (tracer->clock == IMAGE_CLOCK_TSC)
        calibrate_twice(header);
    else if (tracer->clock != IMAGE_CLOCK_PROGRAM)
        header->origin_ticks = platform_monotonic_ns();
    clock_rate_of(header, &tracer->rate);
    if (tracer->clock != IMAGE_CLOCK_PROGRAM)
        header->clock_resolution_ns = measure_resolution_ns(tracer);
}
