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

/* A process is a track's pid, a thread its tid; both are at least 1, as viewers expect. */
struct identity identity_of(const struct tracer_snapshot *snapshot, uint32_t track);

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
