/*
 * Who a lane belongs to: a random identity for each thread, and one for its process, for pids mean different things in
 * different namespaces and are used again. A lane is taken over only when its owner's death is proved; a doubt means
 * that it lives.
 */
#ifndef RINGSCOPE_OWNER_H
#define RINGSCOPE_OWNER_H

#include "tracer_internal.h"

/* The calling thread's, drawn at its first use; in a forked child, anew. */
uint64_t owner_self(void);
/* Its process's. */
uint64_t owner_process(void);
/* In a forked child: both are its parent's. */
void owners_after_fork(void);

/* Says who has just become the lane's owner. */
void owner_sign(struct image_lane *lane, uint64_t owner);

/* Whether it is certain that the lane's owner never records again. owner: as it was read from the lane. */
bool owner_is_dead(const struct tracer *tracer, const struct image_lane *lane, uint64_t owner);

#endif
