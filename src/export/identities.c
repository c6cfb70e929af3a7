/* Finds the process and the thread of a track. */
#include "identities.h"

#include <stdlib.h>

#include "../base/hash.h"

/* ------------------------------------------------------------------------- ids */

/* No system gives such an id: it is odd and greater than Linux's and macOS's are. */
#define UNUSED_ID 2147483647u

static int by_pid(const void *left, const void *right)
{
    const uint32_t a = *(const uint32_t *)left, b = *(const uint32_t *)right;
    return (a > b) - (a < b);
}

/* The pids of threads 0, ascending; NULL without memory. The caller frees them with free(). */
static uint32_t *pids_of_threads_0(const struct tracer_snapshot *snapshot, size_t *count)
{
    uint32_t *pids = malloc(((size_t)snapshot->tracks.count + 1) * sizeof *pids);
    struct trace_track track;
    *count = 0;
    for (uint32_t id = 1; pids && id < snapshot->tracks.count; id++)
        if (tracer_snapshot_track(snapshot, id, &track) && track.tid == 0)
            pids[(*count)++] = track.pid;
    if (pids)
        qsort(pids, *count, sizeof *pids, by_pid);
    return pids;
}

bool identities_find(struct identities *identities, const struct tracer_snapshot *snapshot)
{
    struct trace_process process;
    struct trace_track track;
    bool taken = false;
    size_t count;
    uint32_t *pids = pids_of_threads_0(snapshot, &count);
    for (size_t i = 0; tracer_snapshot_process(snapshot, i, &process); i++)
        taken |= process.pid == 1;
    for (uint32_t id = 1; id < snapshot->tracks.count; id++)
        taken |= tracer_snapshot_track(snapshot, id, &track) && track.pid == 1;
    /* In WebAssembly the program is process 1, and what has no process belongs to it. */
    *identities = (struct identities){ snapshot, taken && snapshot->header.pid != 1 ? UNUSED_ID : 1, 0 };
    for (uint32_t id = 1; pids && id < snapshot->tracks.count; id++)
        if (tracer_snapshot_track(snapshot, id, &track) && track.tid == process_id(identities, track.pid) &&
            bsearch(&track.pid, pids, count, sizeof *pids, by_pid))
            identities->thread_0 = UNUSED_ID;
    free(pids);
    return pids != NULL;
}

uint32_t process_id(const struct identities *identities, uint32_t pid)
{
    return pid ? pid : identities->process_0;
}

struct identity identity_of(const struct identities *identities, uint32_t track)
{
    const uint32_t pid = (uint32_t)identities->snapshot->header.pid;
    struct trace_track found = { "", pid, pid };
    tracer_snapshot_track(identities->snapshot, track, &found);
    const uint32_t process = process_id(identities, found.pid);
    const uint32_t thread_0 = identities->thread_0 ? identities->thread_0 : process;
    return (struct identity){ process, found.tid ? found.tid : thread_0 };
}

uint64_t origin_ns(const struct tracer_snapshot *snapshot)
{
    return snapshot->header.clock == IMAGE_CLOCK_PROGRAM ? 0 : snapshot->header.created_realtime_ns;
}

/* ------------------------------------------------------------------------- names */

struct process_called {
    uint32_t pid;
    const char *name;
};

static bool is_called(const void *owner, uint32_t id, const void *pid)
{
    return ((const struct pid_names *)owner)->all[id].pid == *(const uint32_t *)pid;
}

static uint32_t find_called(const struct pid_names *names, uint32_t pid)
{
    return hash_table_find(&names->ids, hash_mix(0, pid), is_called, names, &pid);
}

/* again: replaces the name that it already has. */
static bool call_process(struct pid_names *names, uint32_t pid, const char *name, bool again)
{
    uint32_t id = find_called(names, pid);
    if (!name[0] || (id != HASH_TABLE_NONE && !again))
        return true;
    if (id != HASH_TABLE_NONE) {
        names->all[id].name = name;
        return true;
    }
    struct process_called *all = array_grow(names->all, names->count, &names->room, sizeof *all);
    if (!all)
        return false;
    names->all = all;
    all[names->count] = (struct process_called){ pid, name };
    return hash_table_add(&names->ids, hash_mix(0, pid), names->count++);
}

bool pid_names_init(struct pid_names *names, const struct tracer_snapshot *snapshot, bool threads_count)
{
    struct trace_process process;
    struct trace_track track;
    const uint32_t program = (uint32_t)snapshot->header.pid; /* 0: imported, and its name is that of a format */
    bool ok = call_process(names, program, snapshot->header.program, false);
    for (size_t i = 0; ok && tracer_snapshot_process(snapshot, i, &process); i++)
        ok = (process.pid == program && program) || call_process(names, process.pid, process.name, true);
    for (uint32_t id = 1; ok && threads_count && id < snapshot->tracks.count; id++)
        if (tracer_snapshot_track(snapshot, id, &track) && track.pid == track.tid)
            ok = call_process(names, track.pid, track.name, false);
    return ok;
}

const char *process_name(const struct pid_names *names, uint32_t pid)
{
    uint32_t id = find_called(names, pid);
    return id == HASH_TABLE_NONE ? "" : names->all[id].name;
}

void pid_names_free(struct pid_names *names)
{
    free(names->all);
    hash_table_free(&names->ids);
}
