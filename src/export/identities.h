/*
 * The process, thread and absolute time of events, for formats in which everything has them.
 */
#ifndef RINGSCOPE_EXPORT_IDENTITIES_H
#define RINGSCOPE_EXPORT_IDENTITIES_H

#include "../base/hash_table.h"
#include "../read/snapshot.h"

struct identity {
    uint32_t pid, tid;
};

/* Viewers expect ids from 1 on. Process 0 becomes 1, and thread 0 gets its process's id, as if it were its main thread;
 * where the trace has a process 1, or a process both threads, they get an id that nothing else has. */
struct identities {
    const struct tracer_snapshot *snapshot;
    uint32_t process_0; /* the id of process 0 */
    uint32_t thread_0; /* the id of threads 0; 0: that of their process */
};

/* False without memory. */
bool identities_find(struct identities *identities, const struct tracer_snapshot *snapshot);
uint32_t process_id(const struct identities *identities, uint32_t pid);
/* A process is a track's pid, a thread its tid. */
struct identity identity_of(const struct identities *identities, uint32_t track);

/* The snapshot's time 0 in ns since 1970; 0: unknown. */
uint64_t origin_ns(const struct tracer_snapshot *snapshot);

/* The names of processes. */
struct pid_names {
    struct process_called *all;
    uint32_t count, room;
    struct hash_table ids;
};

/* The program's name, else the process's last name, else, if threads_count, that of its main thread. False without
 * memory; must be freed in any case. The names are borrowed from the snapshot. */
bool pid_names_init(struct pid_names *names, const struct tracer_snapshot *snapshot, bool threads_count);
/* "" if unknown. */
const char *process_name(const struct pid_names *names, uint32_t pid);
void pid_names_free(struct pid_names *names);

#endif
