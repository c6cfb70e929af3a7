/*
 * Sorts indices by 64-bit keys, in time proportional to their number and to the number of bits in use.
 */
#ifndef RINGSCOPE_BASE_RADIX_SORT_H
#define RINGSCOPE_BASE_RADIX_SORT_H

#include <stdint.h>

/* Two arrays of each kind, because a pass moves from one to the other. The caller owns all four. */
struct radix_arrays {
    uint64_t *key, *other_key;
    uint32_t *index, *other_index;
};

/* Sorts key and index by key; equal keys keep their order. The pointers may be swapped with other_key and other_index
 * afterwards. bits: a superset of the bits that are set in any key. */
void radix_sort(struct radix_arrays *arrays, uint32_t count, uint64_t bits);

#endif
