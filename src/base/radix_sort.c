/* Radix sort, least significant digit first (Knuth, TAOCP 3, 5.2.5). */
#include "radix_sort.h"

#define DIGIT_BITS 11u
#define DIGITS (1u << DIGIT_BITS)

static void swap_arrays(struct radix_arrays *arrays)
{
    struct radix_arrays old = *arrays;
    *arrays = (struct radix_arrays){ old.other_key, old.key, old.other_index, old.index };
}

/* One stable pass. */
static void sort_by_digit(struct radix_arrays *arrays, uint32_t count, unsigned shift)
{
    uint32_t places[DIGITS] = { 0 }, place = 0;
    for (uint32_t i = 0; i < count; i++)
        places[arrays->key[i] >> shift & (DIGITS - 1)]++;
    for (uint32_t digit = 0; digit < DIGITS; digit++) {
        uint32_t size = places[digit];
        places[digit] = place;
        place += size;
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t to = places[arrays->key[i] >> shift & (DIGITS - 1)]++;
        arrays->other_key[to] = arrays->key[i];
        arrays->other_index[to] = arrays->index[i];
    }
    swap_arrays(arrays);
}

void radix_sort(struct radix_arrays *arrays, uint32_t count, uint64_t bits)
{
    for (unsigned shift = 0; shift < 64 && bits >> shift; shift += DIGIT_BITS)
        sort_by_digit(arrays, count, shift);
}
