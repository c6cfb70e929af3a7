/* Chooses the processes of a sealed image: those of its tracks, those that have changed, and their ancestors. */
#include <stdlib.h>

#include "../base/hash.h"
#include "../base/hash_table.h"
#include "seal.h"

struct pids {
    struct hash_table table;
    uint32_t *pids; /* with room for all that can be added */
    uint32_t count;
};

#define PROBES_MAX 1024u

static bool is_pid(const void *owner, uint32_t id, const void *key)
{
    return ((const struct pids *)owner)->pids[id] == *(const uint32_t *)key;
}

static bool has_pid(const struct pids *pids, uint32_t pid)
{
    return hash_table_find(&pids->table, hash_mix(0, pid), is_pid, pids, &pid) != HASH_TABLE_NONE;
}

static bool add_pid(struct pids *pids, uint32_t pid)
{
    if (has_pid(pids, pid))
        return true;
    pids->pids[pids->count] = pid;
    return hash_table_add(&pids->table, hash_mix(0, pid), pids->count++);
}

/* Events without a track belong to the program. */
static bool add_pids_of_tracks(struct pids *pids, const struct seal *seal)
{
    const struct track_table *tracks = &seal->snapshot->tracks;
    bool ok = !seal->without_track || add_pid(pids, (uint32_t)seal->snapshot->header.pid);
    for (uint32_t id = 0; ok && id < tracks->count; id++)
        ok = !seal->tracks[id] || add_pid(pids, (uint32_t)tracks->entries[id].pid_tid);
    return ok;
}

/* The newest first, because a process comes after its parent. */
static bool use_processes(struct seal *seal, struct pids *pids)
{
    const struct tracer_snapshot *snapshot = seal->snapshot;
    for (uint32_t i = snapshot->processes.count; i-- > 0;) {
        const struct image_process *process = &snapshot->processes.entries[i];
        bool changed = snapshot->changed_processes && snapshot->changed_processes[i];
        seal->processes[i] = changed || has_pid(pids, process_pid(process));
        if (!seal->processes[i])
            continue;
        seal->process_count++;
        seal_use_name(seal, process_name_id(process));
        if (process_parent(process) && !add_pid(pids, process_parent(process)))
            return false;
    }
    return true;
}

bool seal_use_processes(struct seal *seal)
{
    const struct tracer_snapshot *snapshot = seal->snapshot;
    size_t most = (size_t)snapshot->tracks.count + snapshot->processes.count + 1;
    struct pids pids = { .table = { .probes_max = PROBES_MAX }, .pids = malloc(most * sizeof(uint32_t)) };
    bool ok = pids.pids && add_pids_of_tracks(&pids, seal) && use_processes(seal, &pids);
    hash_table_free(&pids.table);
    free(pids.pids);
    return ok;
}
