/*
 * The results of a search: one bit per position of the view, counted in blocks.
 */
#ifndef RINGSCOPE_SEARCH_H
#define RINGSCOPE_SEARCH_H

#include "sieve.h"
#include "view.h"

struct timeline_search {
    const struct timeline_view *view;
    struct expression *expression; /* owned */
    struct sieve sieve;
    uint32_t row; /* of the next position */
    uint64_t *found; /* bits */
    uint32_t *before; /* hits before each block of SEARCH_BLOCK positions, as far as searched */
    uint32_t looked; /* positions searched so far */
    uint32_t hits;
};

#define SEARCH_BLOCK 512u

/* The number of hits among the positions [first, end). */
uint32_t search_count(const struct timeline_search *search, uint32_t first, uint32_t end);

/* Whether a row's track is not what the scope counts: calls, or samples. */
static inline bool scope_leaves_out(const struct timeline_scope *scope, const struct timeline *timeline, uint32_t row)
{
    return scope->only != TIMELINE_ALL &&
           timeline->tracks[timeline->row_track[row]].sampled != (scope->only == TIMELINE_SAMPLES);
}

#endif
