/* Keeps tasks. Which process a thread is of is known once the call that made it has returned, often after its first. */
#include "strace_tasks.h"

#include <stdlib.h>
#include <string.h>

#include "../../base/hash.h"

static bool is_task(const void *owner, uint32_t id, const void *key)
{
    return ((const struct strace_tasks *)owner)->all[id].tid == *(const uint64_t *)key;
}

uint32_t strace_task(struct strace_tasks *tasks, uint64_t tid)
{
    if (tasks->last < tasks->count && tasks->all[tasks->last].tid == tid)
        return tasks->last;
    uint64_t hash = hash_mix(0, tid);
    uint32_t id = hash_table_find(&tasks->by_tid, hash, is_task, tasks, &tid);
    if (id == HASH_TABLE_NONE) {
        struct strace_task *all = array_grow(tasks->all, tasks->count, &tasks->room, sizeof *all);
        if (all)
            tasks->all = all;
        if (!all || !hash_table_add(&tasks->by_tid, hash, tasks->count)) {
            tasks->failed = true;
            return UINT32_MAX;
        }
        id = tasks->count++;
        all[id] = (struct strace_task){ .tid = tid, .parent = UINT32_MAX };
        all[id].track = timeline_builder_track(tasks->builder, (int64_t)tid, (int64_t)tid, TIMELINE_NONE);
    }
    tasks->last = id;
    return id;
}

void strace_is_thread(struct strace_tasks *tasks, uint32_t parent, uint64_t tid)
{
    uint32_t last = tasks->last, child = strace_task(tasks, tid);
    tasks->last = last;
    if (child != UINT32_MAX && child != parent)
        tasks->all[child].parent = parent;
}

/* Of damaged text, tasks may have begun each other. */
static uint32_t process_of(const struct strace_tasks *tasks, uint32_t task)
{
    for (uint32_t steps = 0; tasks->all[task].parent != UINT32_MAX && steps < tasks->count; steps++)
        task = tasks->all[task].parent;
    return task;
}

void strace_settle(struct strace_tasks *tasks)
{
    for (uint32_t i = 0; i < tasks->count; i++) {
        const struct strace_task *task = &tasks->all[i], *leader = &tasks->all[process_of(tasks, i)];
        if (leader != task && task->track != UINT32_MAX)
            builder_move_track(tasks->builder, task->track, (int64_t)leader->tid);
        if (task->program.used)
            timeline_builder_name_process(tasks->builder, (int64_t)leader->tid, task->program.bytes,
                                          task->program.used);
    }
}

void strace_tasks_free(struct strace_tasks *tasks)
{
    for (uint32_t i = 0; i < tasks->count; i++) {
        buffer_free(&tasks->all[i].arguments);
        buffer_free(&tasks->all[i].program);
    }
    free(tasks->all);
    hash_table_free(&tasks->by_tid);
}
