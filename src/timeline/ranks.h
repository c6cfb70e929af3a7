/*
 * Values by their rank, without sorting all of them.
 */
#ifndef RINGSCOPE_TIMELINE_RANKS_H
#define RINGSCOPE_TIMELINE_RANKS_H

#include <stddef.h>
#include <stdint.h>

/* The value of a rank, from 0 for the smallest. Moves the values: smaller ones stand before it. */
int64_t value_at_rank(int64_t *values, size_t count, size_t rank);
/* The value that so many per cent are at most (nearest rank); there is one. */
uint64_t value_at_percentile(int64_t *values, size_t count, unsigned per_cent);

#endif
