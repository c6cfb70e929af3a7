/*
 * The events that an image holds: the newest N over all lanes, from the newest to the oldest, with
 * the tables that say what they mean. Snapshots and summaries are both one walk.
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
    uint64_t held[TRACE_CATEGORY_COUNT]; /* events that have come */
    uint64_t newest_ns; /* the latest end of any event; 0 when there is none */
};

/* since: NULL, or the position in each lane from which on events are new; all of these come then,
 * not only the newest N. walk_free() in any case. ERROR_READ, ERROR_TRUNCATED, ERROR_DAMAGED, ERROR_MEMORY. */
enum tracer_error walk_init(struct walk *walk, const struct tracer_reader *reader, const uint64_t *since);
void walk_free(struct walk *walk);

/* The next older event, as merge_next() does; NULL at the end, or on an error: walk->merge.error. */
struct merge_lane *walk_next(struct walk *walk);

/* How many events can come at most. */
uint64_t walk_at_most(const struct walk *walk);

/*
 * Whether the counts of the lanes already say what is held: nothing was evicted, and nothing is in
 * flight. held is then filled without visiting the events.
 */
bool walk_counts_suffice(struct walk *walk);

/* Counts what a saved image holds of which some was evicted, as if all had come. False, and nothing has
 * changed, if that takes a walk: a lane's events are not in the order of their ends, or not all sound. */
bool walk_count_held(struct walk *walk);

#endif
