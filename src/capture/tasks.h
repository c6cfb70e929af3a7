/*
 * The traced threads and their processes, as known from events: by thread id, with the image's track and the process's
 * descriptors.
 */
#ifndef RINGSCOPE_TASKS_H
#define RINGSCOPE_TASKS_H

#include <stddef.h>

#include "files.h"
#include "place.h"

/* The arguments of a program that a task has just executed. */
struct executed {
    uint32_t tid; /* 0: none */
    uint32_t bytes;
    char text[256]; /* each with its NUL */
};
#define EXECUTED_KEPT 16u

struct process {
    uint32_t pid;
    uint32_t threads;
    uint64_t minor_faults, major_faults; /* of its threads that have ended */
    uint64_t on_cpu_ns; /* likewise */
    bool on_cpu_unknown; /* it is unknown for one of them */
    bool ended; /* its end is recorded, though others of its threads may still report theirs */
    int last_signal; /* the newest delivered */
    uint32_t entry; /* in the image's processes; 0: the table was full */
};

struct task {
    uint32_t tid;
    uint32_t track;
    uint32_t stack; /* of the call in progress; 0: none */
    struct process *process;
    struct files *files; /* its table of descriptors, which others may share */
    struct place *directory; /* its current directory, likewise */
    const struct executed *executed; /* until the call returns; NULL: none. Of this task if it has its tid */
    struct task *next; /* in the same bucket */
};

#define TASK_BUCKETS 4096u

struct tasks {
    struct task *buckets[TASK_BUCKETS];
    struct task *last; /* the next event is usually of the same task */
    uint32_t processes;
    struct executed executed[EXECUTED_KEPT]; /* the last ones, by tid */
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

/* Adds a thread of the process pid. If it is the first, it begins the process (*is_process) and has its own table and
 * directory; else it shares those of another thread. NULL without memory. */
struct task *tasks_add(struct tasks *tasks, uint32_t pid, uint32_t tid, bool *is_process);

/* Forgets a thread, and its process together with its last thread. */
void tasks_remove(struct tasks *tasks, uint32_t tid);

/* An exec by a thread other than the first, which takes on the process's id. */
void tasks_change_tid(struct tasks *tasks, uint32_t from, uint32_t to);

/* The process with this id, or NULL. */
struct process *tasks_process(const struct tasks *tasks, uint32_t pid);

/* Whether any of the processes is such a one. */
bool tasks_any(const struct tasks *tasks, bool (*matches)(void *argument, const struct process *process),
               void *argument);

/* Descriptors and directory of a thread, if there is one, but not what was seen of them. */
void tasks_forget_known_files(struct tasks *tasks, uint32_t tid);

/* Of all of them: descriptors and directories, as in files.h. */
void tasks_forget_files(struct tasks *tasks);
void tasks_see_files(struct tasks *tasks);
void tasks_watch_files(struct tasks *tasks);
void tasks_settle_files(struct tasks *tasks);

void tasks_clear(struct tasks *tasks);

#endif
