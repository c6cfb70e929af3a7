/* Takes pairs of (ticks, ns), and turns them into the rate by which a reader converts ticks. */
#include "clock.h"

#include "../platform/arch.h"
#include "../platform/platform.h"

#define READINGS_PER_PAIR 5

static bool pair_sound(const struct image_calibration *pair)
{
    return pair->ns != 0 && pair->check == (pair->ticks ^ pair->ns ^ IMAGE_MAGIC);
}

/* The latest sound pair after the first; NULL if there is none. */
static const struct image_calibration *latest_pair(const struct image_header *header)
{
    const struct image_calibration *latest = NULL;
    for (int i = 1; i < 3; i++) {
        const struct image_calibration *pair = &header->calibration[i];
        if (pair_sound(pair) && (!latest || pair->ticks > latest->ticks))
            latest = pair;
    }
    return latest;
}

bool clock_rate_of(const struct image_header *header, struct clock_rate *rate)
{
    rate->origin_ticks = header->origin_ticks;
    rate->ns_per_tick_32 = 1ull << 32;
    if (header->clock != IMAGE_CLOCK_TSC)
        return true;
    const struct image_calibration *first = &header->calibration[0];
    const struct image_calibration *last = latest_pair(header);
    if (!pair_sound(first) || !last || last->ticks <= first->ticks || last->ns <= first->ns)
        return false;
    struct wide ns_32 = wide_product(last->ns - first->ns, 1ull << 32);
    uint64_t per_tick;
    if (!wide_quotient(ns_32, last->ticks - first->ticks, &per_tick) || per_tick == 0)
        return false;
    rate->ns_per_tick_32 = per_tick;
    return true;
}

uint64_t clock_ticks_at(const struct clock_rate *rate, uint64_t ns)
{
    /* Rounded up, so that converting back never gives a smaller time. */
    struct wide ns_32 = wide_product(ns, 1ull << 32);
    ns_32.low += rate->ns_per_tick_32 - 1;
    ns_32.high += ns_32.low < rate->ns_per_tick_32 - 1;
    uint64_t ticks;
    wide_quotient(ns_32, rate->ns_per_tick_32, &ticks);
    return rate->origin_ticks + ticks;
}

/* The two clocks at one moment: of a few tries the one with the least time in between. */
struct image_calibration clock_pair_now(void)
{
    struct image_calibration best = { 0, 0, 0 };
    uint64_t least = UINT64_MAX;
    for (int i = 0; i < READINGS_PER_PAIR; i++) {
        uint64_t before = arch_ticks(), ns = platform_monotonic_ns(), after = arch_ticks();
        if (after - before < least) {
            least = after - before;
            best.ticks = before + least / 2;
            best.ns = ns;
        }
    }
    best.check = best.ticks ^ best.ns ^ IMAGE_MAGIC;
    return best;
}
