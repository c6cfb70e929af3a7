/*
 * Whom events are about, for formats in which everything has a process and a thread.
 */
#ifndef RINGSCOPE_EXPORT_PLACES_H
#define RINGSCOPE_EXPORT_PLACES_H

#include "../read/snapshot.h"

struct place {
    uint32_t pid, tid;
};

/* A process is a track's pid, a thread its tid; both are at least 1, as viewers expect. */
struct place place_of(const struct tracer_snapshot *snapshot, uint32_t track);

#endif
