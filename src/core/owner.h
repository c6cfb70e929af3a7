/*
 * Who owns a lane: a random identity for each thread, and one for its process, because pids mean different things in
 * different namespaces and are reused. A lane is taken over only when its owner's death is proved; in doubt, the owner
 * lives.
 */
#ifndef RINGSCOPE_OWNER_H
#define RINGSCOPE_OWNER_H

#include "tracer_internal.h"

#define OWNER_DRAWN (1ull << 63) /* in every identity of a process, so that none is 0 or a key without one: writer.h */

/* The identity of this process, drawn at its first use. */
uint64_t owner_process(const struct tracer *tracer);
/* Draws another, in a forked child whose memory was not emptied; does nothing if another thread has. */
void owner_process_renew(const struct tracer *tracer, uint64_t parent);
/* That of the calling thread. In a forked child it is another, because that of its process is. */
uint64_t owner_self(const struct tracer *tracer);

/* Whether this process created the tracer, and is no forked child. */
bool owner_is_creator(const struct tracer *tracer);

/* Writes down who has just become the lane's owner. */
void owner_sign(const struct tracer *tracer, struct image_lane *lane, uint64_t owner);

/* Whether the lane's owner certainly never records again. owner: as read from the lane. */
bool owner_is_dead(const struct tracer *tracer, const struct image_lane *lane, uint64_t owner);

#endif
