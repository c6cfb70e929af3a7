/* Sorts calibration pairs, finds the steps between them, and thins a full table. */
#include "calibration.h"

#include <string.h>

/* 500 parts per million: no crystal drifts further, and adjtimex() slews no clock faster. */
#define DRIFT_DIVISOR 2000u

static bool pair_sound(const struct image_calibration *pair)
{
    return pair->ns != 0 && pair->check == calibration_check(pair);
}

/* ------------------------------------------------------------------- order */

/* By time; of equal times the earlier entry first. Only entries that were reused are out of order, so insertion is
 * cheap. */
static void insert(struct calibration *to, const struct image_calibration *pair, uint32_t entry)
{
    uint32_t at = to->count++;
    for (; at > 0 && to->pairs[at - 1].ns > pair->ns; at--) {
        to->pairs[at] = to->pairs[at - 1];
        to->entry[at] = to->entry[at - 1];
    }
    to->pairs[at] = *pair;
    to->entry[at] = (uint8_t)entry;
}

static int64_t difference(uint64_t a, uint64_t b)
{
    uint64_t size = a > b ? a - b : b - a, most = size < INT64_MAX ? size : INT64_MAX;
    return a > b ? (int64_t)most : -(int64_t)most;
}

static uint64_t size_of(int64_t ns)
{
    return ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
}

static void note_step(struct calibration *c, uint64_t at_ns, int64_t by_ns)
{
    if (c->steps++ == 0 || size_of(by_ns) > size_of(c->largest.by_ns))
        c->largest = (struct calibration_step){ at_ns - c->pairs[0].ns, by_ns };
}

/* How far time has run ahead of what the line predicts for these ticks: the elapsed time, plus the ticks lost. */
static int64_t ahead_ns(const struct calibration *c, uint32_t kept, const struct image_calibration *pair)
{
    const struct image_calibration *first = &c->pairs[0], *last = &c->pairs[kept - 1];
    uint64_t back_ns = 0;
    if (kept > 1)
        back_ns = calibration_ns(last->ticks - pair->ticks,
                                 calibration_rate(last->ticks - first->ticks, last->ns - first->ns));
    return difference(add_saturating(pair->ns - last->ns, back_ns), 0);
}

/* A virtual machine was restored with an older counter: ticks that went back while time went on cannot be told from
 * those of before. Such pairs are left out until the counter passes its old value, which counts as one step. */
static void drop_backward(struct calibration *c)
{
    uint32_t kept = 1;
    bool back = false;
    for (uint32_t i = 1; i < c->count; i++) {
        const struct image_calibration *last = &c->pairs[kept - 1];
        if (c->pairs[i].ns > last->ns && c->pairs[i].ticks > last->ticks) {
            c->pairs[kept] = c->pairs[i];
            c->entry[kept++] = c->entry[i];
            back = false;
        } else if (c->pairs[i].ticks < last->ticks && !back) {
            back = true;
            note_step(c, c->pairs[i].ns, ahead_ns(c, kept, &c->pairs[i]));
        }
    }
    c->count = kept;
}

/* ------------------------------------------------------------------- steps */

/* How far the pair is ahead of the line through two others. */
static int64_t miss_ns(const struct image_calibration *from, const struct image_calibration *to,
                       const struct image_calibration *pair)
{
    uint64_t rate = calibration_rate(to->ticks - from->ticks, to->ns - from->ns);
    return difference(pair->ns - to->ns, calibration_ns(pair->ticks - to->ticks, rate));
}

/* How far a pair may be off the line without a step: the drift since the last pair, the windows of both readings, and,
 * the further the pair lies beyond the two that define the line, the windows of those. */
static uint64_t tolerance_ns(const struct image_calibration *from, const struct image_calibration *to,
                             const struct image_calibration *pair)
{
    uint64_t distance = pair->ns - to->ns, length = to->ns - from->ns;
    uint64_t readings = add_saturating(to->window_ns, pair->window_ns);
    uint64_t slope = wide_scale(add_saturating(from->window_ns, to->window_ns), distance, length);
    return add_saturating(add_saturating(distance / DRIFT_DIVISOR, readings), slope);
}

/* The rate of a piece is unknown before its second pair, which is therefore always on the line: a re-scaled clock
 * counts as one step, and so do two steps between three pairs. */
static void find_steps(struct calibration *c)
{
    uint32_t first = 0;
    memset(c->begins, 0, sizeof c->begins);
    for (uint32_t i = 2; i < c->count; i++) {
        if (i - first < 2)
            continue;
        const struct image_calibration *from = &c->pairs[first], *to = &c->pairs[i - 1];
        int64_t miss = miss_ns(from, to, &c->pairs[i]);
        if (size_of(miss) <= tolerance_ns(from, to, &c->pairs[i]))
            continue;
        c->begins[i] = true;
        first = i;
        note_step(c, c->pairs[i].ns, miss);
    }
}

bool calibration_sort(const struct image_calibration *table, uint32_t count, struct calibration *c)
{
    c->count = c->steps = 0;
    c->largest = (struct calibration_step){ 0, 0 };
    if (count == 0 || count > IMAGE_CALIBRATION_PAIRS || !pair_sound(&table[0]))
        return false;
    insert(c, &table[0], 0);
    for (uint32_t i = 1; i < count; i++) {
        if (pair_sound(&table[i]) && table[i].ns > table[0].ns)
            insert(c, &table[i], i);
    }
    drop_backward(c);
    find_steps(c);
    return true;
}

bool calibration_last_rate(const struct calibration *c, uint64_t *ns_per_tick_48)
{
    uint32_t last = c->count - 1, first = last;
    if (last == 0)
        return false;
    if (c->begins[last])
        last = first = last - 1; /* only the first pair of the new piece is known */
    while (first > 0 && !c->begins[first])
        first--;
    const struct image_calibration *from = &c->pairs[first], *to = &c->pairs[last];
    *ns_per_tick_48 = calibration_rate(to->ticks - from->ticks, to->ns - from->ns);
    return true;
}

/* ---------------------------------------------------------------- thinning */

static bool entry_is_used(const struct calibration *c, uint32_t entry)
{
    for (uint32_t i = 0; i < c->count; i++) {
        if (c->entry[i] == entry)
            return true;
    }
    return false;
}

/* The pair whose two neighbours are closest to each other; 0 if there is none. */
static uint32_t most_crowded(const struct calibration *c, bool may_end_a_step)
{
    uint32_t best = 0;
    uint64_t least = UINT64_MAX;
    for (uint32_t i = 1; i + 1 < c->count; i++) {
        uint64_t gap = c->pairs[i + 1].ns - c->pairs[i - 1].ns;
        if (gap < least && (may_end_a_step || (!c->begins[i] && !c->begins[i + 1]))) {
            best = i;
            least = gap;
        }
    }
    return best;
}

uint32_t calibration_victim(const struct calibration *c, uint32_t used)
{
    if (used < IMAGE_CALIBRATION_PAIRS)
        return used;
    for (uint32_t entry = 1; entry < IMAGE_CALIBRATION_PAIRS; entry++) {
        if (!entry_is_used(c, entry))
            return entry;
    }
    uint32_t pair = most_crowded(c, false);
    return c->entry[pair ? pair : most_crowded(c, true)];
}
