/*
 * Who owns a lane: a random identity for each thread, and one for its process, because pids mean different things in
 * different namespaces and are reused. A lane is taken over only when its owner's death is proved; in doubt, the owner
 * lives.
 */
#ifndef RINGSCOPE_OWNER_H
#define RINGSCOPE_OWNER_H

#include "tracer_internal.h"

/* The calling thread's identity, drawn at its first use, and again in a forked child. */
uint64_t owner_self(void);
/* The identity of its process. */
uint64_t owner_process(void);
/* In a forked child: forgets both, which are its parent's. */
void owners_after_fork(void);

/* Writes down who has just become the lane's owner. */
void owner_sign(struct image_lane *lane, uint64_t owner);

/* Whether the lane's owner certainly never records again. owner: as read from the lane. */
bool owner_is_dead(const struct tracer *tracer, const struct image_lane *lane, uint64_t owner);

#endif
