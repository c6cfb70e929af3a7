/* The table of traced threads and processes; see tasks.h. */
#include "tasks.h"

#include <stdlib.h>

/* Any thread of a process. */
static const struct task *thread_of(const struct tasks *tasks, uint32_t pid)
{
    for (const struct task *task = tasks->buckets[pid % TASK_BUCKETS]; task; task = task->next) {
        if (task->tid == pid)
            return task;
    }
    /* Its first thread has ended before others, which is rare. */
    for (unsigned i = 0; i < TASK_BUCKETS; i++) {
        for (const struct task *task = tasks->buckets[i]; task; task = task->next) {
            if (task->process->pid == pid)
                return task;
        }
    }
    return NULL;
}

struct process *tasks_process(const struct tasks *tasks, uint32_t pid)
{
    const struct task *task = thread_of(tasks, pid);
    return task ? task->process : NULL;
}

static struct process *process_create(struct tasks *tasks, uint32_t pid)
{
    struct process *process = calloc(1, sizeof *process);
    if (!process)
        return NULL;
    process->pid = pid;
    tasks->processes++;
    return process;
}

static void process_release(struct tasks *tasks, struct process *process)
{
    if (--process->threads > 0)
        return;
    free(process);
    tasks->processes--;
}

static void link_task(struct tasks *tasks, struct task *task)
{
    struct task **bucket = &tasks->buckets[task->tid % TASK_BUCKETS];
    task->next = *bucket;
    *bucket = task;
    tasks->last = task;
}

static struct task *unlink_task(struct tasks *tasks, uint32_t tid)
{
    for (struct task **at = &tasks->buckets[tid % TASK_BUCKETS]; *at; at = &(*at)->next) {
        struct task *task = *at;
        if (task->tid != tid)
            continue;
        *at = task->next;
        if (tasks->last == task)
            tasks->last = NULL;
        return task;
    }
    return NULL;
}

struct task *tasks_add(struct tasks *tasks, uint32_t pid, uint32_t tid, bool *is_process)
{
    const struct task *other = pid == tid ? NULL : thread_of(tasks, pid);
    struct process *process = other ? other->process : NULL;
    struct task *task = calloc(1, sizeof *task);
    tasks_remove(tasks, tid); /* its end was missed, and the id is in use again */
    *is_process = !process;
    if (task && !process)
        process = process_create(tasks, pid);
    if (!task || !process) {
        free(task);
        return NULL;
    }
    process->threads++;
    *task = (struct task){ .tid = tid, .process = process };
    task->files = other ? files_share(other->files) : files_create();
    task->directory = other ? place_share(other->directory) : place_create("");
    link_task(tasks, task);
    return task;
}

void tasks_remove(struct tasks *tasks, uint32_t tid)
{
    struct task *task = unlink_task(tasks, tid);
    if (!task)
        return;
    process_release(tasks, task->process);
    files_release(task->files);
    place_release(task->directory);
    free(task);
}

void tasks_change_tid(struct tasks *tasks, uint32_t from, uint32_t to)
{
    if (from == to)
        return;
    tasks_remove(tasks, to);
    struct task *task = unlink_task(tasks, from);
    if (!task)
        return;
    task->tid = to;
    link_task(tasks, task);
}

bool tasks_any(const struct tasks *tasks, bool (*matches)(void *argument, const struct process *process),
               void *argument)
{
    for (unsigned i = 0; tasks->processes && i < TASK_BUCKETS; i++) {
        for (const struct task *task = tasks->buckets[i]; task; task = task->next) {
            if (matches(argument, task->process))
                return true;
        }
    }
    return false;
}

static void for_each(struct tasks *tasks, void (*act)(struct task *task))
{
    for (unsigned i = 0; i < TASK_BUCKETS; i++) {
        for (struct task *task = tasks->buckets[i]; task; task = task->next)
            act(task);
    }
}

static void forget_files(struct task *task)
{
    files_forget(task->files);
    place_forget(task->directory);
}

static void see_files(struct task *task)
{
    files_see(task->files, task->tid);
    place_see(task->directory, task->tid);
}

static void watch_files(struct task *task)
{
    files_watch(task->files);
    place_watch(task->directory);
}

static void settle_files(struct task *task)
{
    files_settle(task->files);
    place_settle(task->directory);
}

void tasks_forget_known_files(struct tasks *tasks, uint32_t tid)
{
    struct task *task = tasks_find(tasks, tid);
    if (!task)
        return;
    files_forget_known(task->files);
    place_forget_known(task->directory);
}

void tasks_forget_files(struct tasks *tasks)
{
    for_each(tasks, forget_files);
}

void tasks_see_files(struct tasks *tasks)
{
    for_each(tasks, see_files);
}

void tasks_watch_files(struct tasks *tasks)
{
    for_each(tasks, watch_files);
}

void tasks_settle_files(struct tasks *tasks)
{
    for_each(tasks, settle_files);
}

void tasks_clear(struct tasks *tasks)
{
    for (unsigned i = 0; i < TASK_BUCKETS; i++) {
        while (tasks->buckets[i])
            tasks_remove(tasks, tasks->buckets[i]->tid);
    }
}
