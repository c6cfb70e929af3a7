/*
 * Whom events are about, for formats in which everything has a process and a thread, and when they were.
 */
#ifndef RINGSCOPE_EXPORT_PLACES_H
#define RINGSCOPE_EXPORT_PLACES_H

#include "../base/hash_table.h"
#include "../read/snapshot.h"

struct place {
    uint32_t pid, tid;
};

/* A process is a track's pid, a thread its tid; both are at least 1, as viewers expect. */
struct place place_of(const struct tracer_snapshot *snapshot, uint32_t track);

/* When time 0 of the snapshot was, in ns since 1970; 0: nobody knows. */
uint64_t origin_ns(const struct tracer_snapshot *snapshot);

/* What processes are called. */
struct pid_names {
    struct process_called *all;
    uint32_t count, room;
    struct hash_table ids;
};

/* As the program is called, else as the process was called last, else, if threads count, as its main thread is. False without
 * memory; to be freed then, too. The names are borrowed of the snapshot. */
bool pid_names_init(struct pid_names *names, const struct tracer_snapshot *snapshot, bool threads_count);
/* "": nobody knows. */
const char *process_name(const struct pid_names *names, uint32_t pid);
void pid_names_free(struct pid_names *names);

#endif
