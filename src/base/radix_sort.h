/*
 * Sorts indices by keys of 64 bits, in time that grows with their number and the bits in use.
 */
#ifndef RINGSCOPE_BASE_RADIX_SORT_H
#define RINGSCOPE_BASE_RADIX_SORT_H

#include <stdint.h>

/* Two arrays of each, because sorting moves from one to the other. The caller owns all four. */
struct radix_arrays {
    uint64_t *key, *other_key;
    uint32_t *index, *other_index;
};

/* Sorts key and index, which afterwards may point to what other_key and other_index did; equal keys keep
 * their order. bits: all that are set in any key, or more. */
void radix_sort(struct radix_arrays *arrays, uint32_t count, uint64_t bits);

#endif
