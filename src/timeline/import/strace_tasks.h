/*
 * The tasks in strace's text: the call that each is in, and the process that it belongs to.
 */
#ifndef RINGSCOPE_IMPORT_STRACE_TASKS_H
#define RINGSCOPE_IMPORT_STRACE_TASKS_H

#include "../builder.h"
#include "strace_line.h"

struct strace_task {
    uint64_t tid;
    uint32_t track;
    uint32_t parent; /* the task whose thread it is; UINT32_MAX: it is a process */
    uint32_t begun_by; /* for a process, the task that created it; UINT32_MAX: unknown */
    struct process_life life; /* its own, even if it is a thread */
    bool named; /* with -Y: comms rarely change */
    bool ended;
    /* A call that has not returned: */
    bool in_call;
    int64_t start_ns;
    uint32_t name;
    uint64_t line, byte; /* where it began */
    struct buffer arguments;
    struct buffer program; /* that its process executed */
};

struct strace_tasks {
    struct timeline_builder *builder;
    struct strace_task *all;
    uint32_t count, room, last;
    uint32_t alone; /* the task of lines without a pid, so far */
    struct hash_table by_tid;
    bool failed;
};

/* The index of a task, created if need be. UINT32_MAX without memory. */
uint32_t strace_task(struct strace_tasks *tasks, uint64_t tid);
/* The task of a line. Without -o, strace leaves out the pid while there is one task only. */
uint32_t strace_task_of(struct strace_tasks *tasks, const struct strace_stamp *stamp);
/* Learns about processes from a call that has returned: who created whom, and what they execute. item: the whole
 * call. */
void strace_learn(struct strace_tasks *tasks, uint32_t task, const struct strace_call *call,
                  const struct timeline_item *item);
/* Learns that a task ended; the call is that line. A leader that "superseded by execve in pid 7" ends goes on with the
 * call of that thread, and the process with it. */
void strace_learn_end(struct strace_tasks *tasks, uint32_t task, const struct strace_call *call, int64_t ns);
/* Assigns tracks to processes, and names them. */
void strace_settle(struct strace_tasks *tasks);
void strace_tasks_free(struct strace_tasks *tasks);

#endif
