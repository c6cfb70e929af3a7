/* Keeps tasks; see ftrace_tasks.h. */
#include "ftrace_tasks.h"

#include <stdlib.h>

#include "../../base/hash.h"

static bool is_task(const void *owner, uint32_t id, const void *key)
{
    return ((const struct ftrace_tasks *)owner)->all[id].tid == *(const int64_t *)key;
}

/* The index of a task, created if need be; UINT32_MAX without memory. */
static uint32_t find(struct ftrace_tasks *tasks, int64_t tid)
{
    const uint64_t hash = hash_mix(0, (uint64_t)tid);
    if (tasks->last < tasks->count && tasks->all[tasks->last].tid == tid)
        return tasks->last;
    uint32_t id = hash_table_find(&tasks->by_tid, hash, is_task, tasks, &tid);
    if (id != HASH_TABLE_NONE)
        return id;
    struct ftrace_task *all = array_grow(tasks->all, tasks->count, &tasks->room, sizeof *all);
    if (all)
        tasks->all = all;
    if (!all || !hash_table_add(&tasks->by_tid, hash, tasks->count))
        return UINT32_MAX;
    all[tasks->count] = (struct ftrace_task){
        .tid = tid,
        .pid = FTRACE_PID_UNKNOWN,
        .track = timeline_builder_track(tasks->builder, tid, tid, TIMELINE_NONE),
    };
    return tasks->count++;
}

/* The kernel writes <...> for a name that it has forgotten. */
static void name(struct ftrace_tasks *tasks, const struct ftrace_line *line)
{
    char key[96];
    size_t bytes = (size_t)(line->comm_end - line->comm);
    if (bytes == 5 && memcmp(line->comm, "<...>", 5) == 0)
        return;
    int used = snprintf(key, sizeof key, "%lld %.*s", (long long)line->tid, bytes < 64 ? (int)bytes : 64, line->comm);
    uint32_t known = tasks->comms.count, id = interned_id(&tasks->comms, key, (size_t)used);
    tasks->failed |= id == UINT32_MAX;
    if (id == known)
        timeline_builder_name_thread(tasks->builder, line->tid, line->tid, line->comm, bytes);
}

struct ftrace_task *ftrace_task(struct ftrace_tasks *tasks, const struct ftrace_line *line)
{
    uint32_t id = find(tasks, line->tid);
    tasks->failed |= id == UINT32_MAX;
    if (tasks->failed)
        return NULL;
    struct ftrace_task *task = &tasks->all[tasks->last = id];
    name(tasks, line);
    if (line->pid != FTRACE_PID_UNKNOWN) {
        task->pid = line->pid;
        task->certain = true;
    }
    return task;
}

void ftrace_learn(struct ftrace_task *task, int64_t pid)
{
    if (!task->certain)
        task->pid = pid;
}

void ftrace_settle(const struct ftrace_tasks *tasks)
{
    for (uint32_t i = 0; i < tasks->count && !tasks->failed; i++) {
        const struct ftrace_task *task = &tasks->all[i];
        if (task->pid != FTRACE_PID_UNKNOWN && task->track != UINT32_MAX)
            builder_move_track(tasks->builder, task->track, task->pid);
    }
}

void ftrace_tasks_free(struct ftrace_tasks *tasks)
{
    free(tasks->all);
    hash_table_free(&tasks->by_tid);
    interned_free(&tasks->comms);
}
