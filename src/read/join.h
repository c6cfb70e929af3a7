/*
 * Joins snapshots of independent tracers into one, such as those of workers that share no memory.
 */
#ifndef RINGSCOPE_JOIN_H
#define RINGSCOPE_JOIN_H

#include "snapshot.h"

struct join_part {
    const struct tracer_snapshot *snapshot;
    const char *name; /* for its first thread, unless that has one; NULL: none */
};

/*
 * All events in order of completion, on the clock of the part that was created first. Statistics are added up. A thread
 * whose number is taken by another part gets the next free one; the ids by which spans name their parents are kept
 * apart, except for those beyond JOIN_OWN_IDS, which the program chose itself. The caller owns *result, which borrows
 * nothing. ERROR_ARGUMENT for no part, ERROR_UNSUPPORTED for parts with stacks, ERROR_TOO_LARGE for more lanes, names
 * or threads than fit into an image, ERROR_MEMORY.
 */
#define JOIN_OWN_IDS 0xffffffffull
enum tracer_error snapshot_join(struct tracer_snapshot **result, const struct join_part *parts, size_t count);

#endif
