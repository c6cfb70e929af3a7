/*
 * Binary search in anything sorted.
 */
#ifndef RINGSCOPE_BASE_LOWER_BOUND_H
#define RINGSCOPE_BASE_LOWER_BOUND_H

#include <stdbool.h>
#include <stdint.h>

/* True up to some position and false from there on. */
typedef bool is_below(const void *context, uint64_t position);

/* The first position of [from, to) that is not below, or to. Inlined, so that the predicate is inlined too. */
__attribute__((always_inline)) static inline uint64_t lower_bound(uint64_t from, uint64_t to, is_below *below,
                                                                  const void *context)
{
    while (from < to) {
        uint64_t middle = from + (to - from) / 2;
        if (below(context, middle))
            from = middle + 1;
        else
            to = middle;
    }
    return from;
}

#endif
