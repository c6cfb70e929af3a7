/*
 * Joining: snapshots of tracers that knew nothing of each other, as workers have that share no memory, as one.
 */
#ifndef RINGSCOPE_JOIN_H
#define RINGSCOPE_JOIN_H

#include "snapshot.h"

struct join_part {
    const struct tracer_snapshot *snapshot;
    const char *name; /* of its first thread, unless that has one; NULL: none */
};

/*
 * All events in the order of their completion, on the clock of the part that was made first. Statistics are added up. A
 * thread whose number another part has gets the next free one; ids by which spans name their parents are kept apart,
 * but for those beyond JOIN_OWN_IDS, which a program chose itself. The caller owns *result, which borrows nothing.
 * ERROR_ARGUMENT for no part, ERROR_UNSUPPORTED for parts with stacks, ERROR_TOO_LARGE for more lanes, names or threads
 * than an image has, ERROR_MEMORY.
 */
#define JOIN_OWN_IDS 0xffffffffull
enum tracer_error snapshot_join(struct tracer_snapshot **result, const struct join_part *parts, size_t count);

#endif
