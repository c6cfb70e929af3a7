/*
 * Walks the events of an image: the newest N over all lanes, from the newest to the oldest. Snapshots and summaries are
 * both made by one walk.
 */
#ifndef RINGSCOPE_WALK_H
#define RINGSCOPE_WALK_H

#include "merge.h"
#include "tables.h"

struct walk {
    const struct tracer_reader *reader;
    struct live_copy copy;
    struct merge merge;
    uint64_t limit; /* events that may still come */
    uint64_t held[TRACE_CATEGORY_COUNT]; /* events so far */
    uint64_t newest_ns; /* the latest end of any event; 0 if there are none */
};

/* since: NULL, or the first new position of each lane; the walk then yields all new events, not only the newest N.
 * walk_free() in any case. ERROR_READ, ERROR_TRUNCATED, ERROR_DAMAGED, ERROR_MEMORY. */
enum tracer_error walk_init(struct walk *walk, const struct tracer_reader *reader, const uint64_t *since);
void walk_free(struct walk *walk);

/* The next older event, like merge_next(); NULL at the end, or on an error: walk->merge.error. */
struct merge_lane *walk_next(struct walk *walk);

/* An upper bound of the number of events. */
uint64_t walk_at_most(const struct walk *walk);

/*
 * Whether the lanes' counts alone tell how many events are held: nothing was evicted, and nothing is in flight. Then
 * fills in held without visiting the events.
 */
bool walk_counts_suffice(struct walk *walk);

/* Counts the events held by a saved image of which some were evicted, as if all had been visited. False, with nothing
 * changed, if that takes a walk: a lane is not ordered by end, or not all of its events are sound. */
bool walk_count_held(struct walk *walk);

#endif
