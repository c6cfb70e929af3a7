/*
 * The traced threads and their processes, as the events tell of them: by thread id, with the image's
 * track, and the descriptors of the process.
 */
#ifndef RINGSCOPE_TASKS_H
#define RINGSCOPE_TASKS_H

#include <stddef.h>

#include "files.h"
#include "place.h"

struct process {
    uint32_t pid;
    uint32_t threads;
    uint64_t minor_faults, major_faults; /* of its threads that have ended */
    uint64_t on_cpu_ns; /* likewise */
    bool on_cpu_unknown; /* of one of them it is not known */
    int last_signal; /* the newest delivered */
    uint32_t entry; /* of the image's processes; 0: the table was full */
};

struct task {
    uint32_t tid;
    uint32_t track;
    uint32_t stack; /* of the call that has begun; 0: none */
    struct process *process;
    struct files *files; /* its table of descriptors, which it may share with anybody */
    struct place *directory; /* where it is, likewise */
    struct task *next; /* of the same bucket */
};

#define TASK_BUCKETS 4096u

struct tasks {
    struct task *buckets[TASK_BUCKETS];
    struct task *last; /* most often the next event is of the same task */
    uint32_t processes;
};

static inline struct task *tasks_find(struct tasks *tasks, uint32_t tid)
{
    struct task *task = tasks->last;
    if (task && task->tid == tid)
        return task;
    for (task = tasks->buckets[tid % TASK_BUCKETS]; task; task = task->next) {
        if (task->tid == tid)
            return tasks->last = task;
    }
    return NULL;
}

/* A thread of the process that has the id pid, which it begins if it is the first; *is_process says so. It has a table
 * and a place of its own then, and shares those of another thread otherwise. NULL without memory. */
struct task *tasks_add(struct tasks *tasks, uint32_t pid, uint32_t tid, bool *is_process);

/* Forgets a thread, and its process with its last thread. */
void tasks_remove(struct tasks *tasks, uint32_t tid);

/* An exec by another thread than the first: it goes on with the process's id. */
void tasks_change_tid(struct tasks *tasks, uint32_t from, uint32_t to);

/* The thread of any other id of the process, NULL if it has none. */
struct process *tasks_process(const struct tasks *tasks, uint32_t pid);

void tasks_forget_files(struct tasks *tasks);
void tasks_clear(struct tasks *tasks);

#endif
