/* Selects values by their rank. */
#include "ranks.h"

static void swap(int64_t *a, int64_t *b)
{
    int64_t old = *a;
    *a = *b;
    *b = old;
}

/* A value from a random place in [low, high): with durations that rise and fall, fixed places would pick the greatest
 * value again and again, taking hours instead of seconds. */
static int64_t pivot_of(const int64_t *values, size_t low, size_t high, uint64_t *random)
{
    *random = *random * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407); /* Knuth's MMIX */
    return values[low + (size_t)((*random >> 32) % (high - low))];
}

/* Hoare's quickselect. */
int64_t value_at_rank(int64_t *values, size_t count, size_t rank)
{
    size_t low = 0, high = count;
    uint64_t random = count;
    while (high - low > 1) {
        int64_t pivot = pivot_of(values, low, high, &random);
        size_t less = low, at = low, greater = high;
        while (at < greater) {
            if (values[at] < pivot)
                swap(&values[less++], &values[at++]);
            else if (values[at] > pivot)
                swap(&values[at], &values[--greater]);
            else
                at++;
        }
        if (rank < less)
            high = less;
        else if (rank >= greater)
            low = greater;
        else
            break;
    }
    return values[rank];
}

uint64_t value_at_percentile(int64_t *values, size_t count, unsigned per_cent)
{
    size_t rank = (size_t)(((uint64_t)count * per_cent + 99) / 100); /* size_t has 32 bits in the page */
    return (uint64_t)value_at_rank(values, count, rank ? rank - 1 : 0);
}
