/* Takes pairs of (ticks, ns), and turns a table of them into a reader's conversion of ticks. */
#include "clock.h"

#include "../platform/arch.h"
#include "../platform/platform.h"

#define READINGS_PER_PAIR 5

static void add_piece(struct clock_rate *rate, uint64_t ticks, uint64_t ns, uint64_t ns_per_tick_48)
{
    rate->pieces[rate->count++] = (struct clock_piece){ ticks, ns, ns_per_tick_48 };
}

/* Rates are rounded down, so that each piece ends before the next one begins. */
static bool pieces_of(const struct calibration *calibration, struct clock_rate *rate)
{
    const struct image_calibration *pairs = calibration->pairs;
    uint64_t last_rate, last = calibration->count - 1;
    if (!calibration_last_rate(calibration, &last_rate))
        return false;
    for (uint32_t i = 0; i < last; i++)
        add_piece(rate, pairs[i].ticks, pairs[i].ns - pairs[0].ns,
                  calibration_rate(pairs[i + 1].ticks - pairs[i].ticks, pairs[i + 1].ns - pairs[i].ns));
    add_piece(rate, pairs[last].ticks, pairs[last].ns - pairs[0].ns, last_rate);
    rate->pairs = calibration->count;
    rate->steps = calibration->steps;
    rate->largest_step = calibration->largest;
    return true;
}

bool clock_rate_of(const struct image_header *header, const struct image_calibration *table, uint32_t used,
                   struct clock_rate *rate)
{
    struct calibration calibration;
    *rate = (struct clock_rate){ 0 };
    if (header->clock == IMAGE_CLOCK_TSC)
        return calibration_sort(table, used, &calibration) && pieces_of(&calibration, rate);
    add_piece(rate, header->origin_ticks, 0, 1ull << CLOCK_RATE_SHIFT);
    return true;
}

/* The last piece that begins no later than the ticks; the first one for ticks before time 0. */
uint32_t clock_piece_of(const struct clock_rate *rate, uint64_t ticks)
{
    uint32_t from = 0, to = rate->count;
    while (to - from > 1) {
        uint32_t middle = from + (to - from) / 2;
        if (rate->pieces[middle].ticks <= ticks)
            from = middle;
        else
            to = middle;
    }
    return from;
}

static uint32_t piece_at(const struct clock_rate *rate, uint64_t ns)
{
    uint32_t piece = rate->count - 1;
    while (piece > 0 && rate->pieces[piece].ns > ns)
        piece--;
    return piece;
}

/* Rounded up, so that converting back never gives an earlier time. Saturates, also at a rate of 0. */
static uint64_t ticks_for(uint64_t ns, uint64_t ns_per_tick_48)
{
    struct wide scaled = wide_product(ns, 1ull << CLOCK_RATE_SHIFT);
    uint64_t ticks, up = ns_per_tick_48 ? ns_per_tick_48 - 1 : 0;
    scaled.low += up;
    scaled.high += scaled.low < up;
    return wide_quotient(scaled, ns_per_tick_48, &ticks) || ns ? ticks : 0;
}

uint64_t clock_ticks_at(const struct clock_rate *rate, uint64_t ns)
{
    uint32_t index = piece_at(rate, ns);
    const struct clock_piece *piece = &rate->pieces[index];
    uint64_t limit = index + 1 < rate->count ? piece[1].ticks - piece->ticks : UINT64_MAX - piece->ticks;
    uint64_t ticks = ticks_for(ns - piece->ns, piece->ns_per_tick_48);
    return piece->ticks + (ticks > limit ? limit : ticks);
}

struct reading {
    uint64_t before, ns, after; /* ticks before and after reading the time */
};

static struct reading read_both(void)
{
    struct reading reading;
    reading.before = arch_ticks();
    reading.ns = platform_monotonic_ns();
    reading.after = arch_ticks();
    return reading;
}

/* Converts ticks to ns by how the two clocks advanced from one reading to another. */
static uint64_t ticks_ns(uint64_t ticks, const struct reading *from, const struct reading *to)
{
    uint64_t passed = to->before - from->before, ns = to->ns - from->ns;
    return passed ? wide_scale(ticks, ns, passed) : 0;
}

/* The tightest of a few tries: the others were interrupted, or cold. */
struct image_calibration clock_pair_now(void)
{
    struct reading first = read_both(), best = first, last = first;
    for (int i = 1; i < READINGS_PER_PAIR; i++) {
        last = read_both();
        if (last.after - last.before < best.after - best.before)
            best = last;
    }
    uint64_t window = best.after - best.before;
    struct image_calibration pair = { best.before + window / 2, best.ns, ticks_ns(window, &first, &last), 0 };
    pair.check = calibration_check(&pair);
    return pair;
}
