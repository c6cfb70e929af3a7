/* Sorts the events of a track; see time_order.h. */
#include "time_order.h"

#include <stdlib.h>

#include "builder.h"

/* A track's events being sorted. */
struct sorting {
    const struct layout *layout;
    uint32_t first; /* event */
    uint32_t count;
    struct radix_arrays *keys;
};

struct tie {
    int64_t rank;
    uint32_t index, place;
};

static int compare_ties(const void *a, const void *b)
{
    const struct tie *left = a, *right = b;
    if (left->rank != right->rank)
        return left->rank < right->rank ? -1 : 1;
    return left->place < right->place ? -1 : 1;
}

/* Sorts some of the indices by a rank, those of the same rank in arrival order. context: passed to rank_of. */
static bool sort_ties(uint32_t *index, uint32_t count, int64_t rank_of(void *context, uint32_t index), void *context)
{
    struct tie few[16], *ties = count <= 16 ? few : malloc(count * sizeof *ties);
    if (!ties)
        return false;
    for (uint32_t i = 0; i < count; i++)
        ties[i] = (struct tie){ rank_of(context, index[i]), index[i], i };
    qsort(ties, count, sizeof *ties, compare_ties);
    for (uint32_t i = 0; i < count; i++)
        index[i] = ties[i].index;
    if (ties != few)
        free(ties);
    return true;
}

/* Longer spans have lower ranks. In an image, one that never ended was around those that ended with the trace. */
static int64_t rank_by_length(void *context, uint32_t index)
{
    const struct sorting *sorting = context;
    const struct timeline *timeline = sorting->layout->timeline;
    const uint32_t event = sorting->first + index;
    const bool open = sorting->layout->newest_first && timeline->kinds[event] & TIMELINE_OPEN;
    return -2 * event_duration(timeline, event) - open;
}

/* Of equal spans the first one is outside; of spans that arrive by end, that is the one that ended last. Events without
 * a duration stay in order. */
static void reverse_instants(uint32_t *index, uint32_t count)
{
    for (uint32_t from = 0; from + 1 < count; from++) {
        uint32_t last = index[--count];
        index[count] = index[from];
        index[from] = last;
    }
}

/* How many of the spans of its time are around an event without a duration; all: if that is unknown. ranks: twice that
 * number for the events before it. */
static uint32_t count_around(const struct sorting *sorting, uint32_t index, uint32_t all, const uint32_t *ranks)
{
    const struct timeline *timeline = sorting->layout->timeline;
    const uint32_t around = timeline->parents[sorting->first + index], parent = around - sorting->first;
    int32_t among;
    if (around == AROUND_NOTHING)
        return 0;
    if (around_is_among(around, &among))
        return among < 0 ? 0 : (uint32_t)among < all ? (uint32_t)among : all;
    if (around < sorting->first || parent >= sorting->count)
        return all;
    return timeline->starts[around] == timeline->starts[sorting->first + index] ? (ranks[parent] + 1) / 2 : 0;
}

static int64_t rank_by_place(void *context, uint32_t index)
{
    return ((const struct sorting *)context)->keys->other_index[index];
}

/* Moves events without a duration, which follow the `all` spans of the same time, in front of those that are not around
 * them. */
static bool sort_by_place(struct sorting *sorting, uint32_t *index, uint32_t all, uint32_t count)
{
    uint32_t *ranks = sorting->keys->other_index;
    for (uint32_t i = all; i < count; i++)
        ranks[index[i]] = 0;
    for (uint32_t i = 0; i < count; i++)
        ranks[index[i]] = i < all ? 2 * i + 1 : 2 * count_around(sorting, index[i], all, ranks);
    return sort_ties(index, count, rank_by_place, sorting);
}

/* Sorts the events of one time. */
static bool sort_group(struct sorting *sorting, uint32_t *index, uint32_t count)
{
    bool rises = false;
    uint32_t spans = 0;
    for (uint32_t i = 1; i < count; i++)
        rises = rises || rank_by_length(sorting, index[i]) < rank_by_length(sorting, index[i - 1]);
    if (rises && !sort_ties(index, count, rank_by_length, sorting))
        return false;
    while (spans < count && rank_by_length(sorting, index[spans]) < 0)
        spans++;
    if (sorting->layout->newest_first)
        reverse_instants(index + spans, count - spans);
    return !sorting->layout->around || spans == 0 || spans == count || sort_by_place(sorting, index, spans, count);
}

static bool order_ties(struct sorting *sorting)
{
    const struct radix_arrays *keys = sorting->keys;
    for (uint32_t i = 0, end; i < sorting->count; i = end) {
        for (end = i + 1; end < sorting->count && keys->key[end] == keys->key[i];)
            end++;
        if (end - i > 1 && !sort_group(sorting, keys->index + i, end - i))
            return false;
    }
    return true;
}

bool time_order(const struct layout *layout, uint32_t first, struct radix_arrays *keys, uint32_t count)
{
    const struct timeline *timeline = layout->timeline;
    uint64_t bits = 0, before = 0;
    bool sorted = true;
    for (uint32_t i = 0; i < count; i++) {
        keys->key[i] = (uint64_t)timeline->starts[first + i];
        keys->index[i] = i;
        sorted = sorted && before <= keys->key[i];
        before = keys->key[i];
        bits |= before;
    }
    if (!sorted)
        radix_sort(keys, count, bits);
    return order_ties(&(struct sorting){ layout, first, count, keys });
}
