/*
 * Values by their rank, without sorting all of them.
 */
#ifndef RINGSCOPE_TIMELINE_RANKS_H
#define RINGSCOPE_TIMELINE_RANKS_H

#include <stddef.h>
#include <stdint.h>

/* The value of a rank, from 0 for the smallest. Reorders the values: smaller ones come before it. */
int64_t value_at_rank(int64_t *values, size_t count, size_t rank);
/* The per_cent-th percentile (nearest rank); count must not be 0. */
uint64_t value_at_percentile(int64_t *values, size_t count, unsigned per_cent);

#endif
