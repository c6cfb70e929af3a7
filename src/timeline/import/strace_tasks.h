/*
 * The tasks that strace tells of: what each is in the middle of, and which process it turns out to be of.
 */
#ifndef RINGSCOPE_IMPORT_STRACE_TASKS_H
#define RINGSCOPE_IMPORT_STRACE_TASKS_H

#include "../builder.h"
#include "strace_line.h"

struct strace_task {
    uint64_t tid;
    uint32_t track;
    uint32_t parent; /* the task whose thread it is; UINT32_MAX: it is a process */
    uint32_t begun_by; /* of a process, the task that did it; UINT32_MAX: that is not known */
    struct process_life life; /* of its own, whatever it is of */
    bool named; /* with -Y: comms change seldom */
    /* A call that has not returned: */
    bool in_call;
    int64_t start_ns;
    uint32_t name;
    uint64_t line, byte; /* where it began */
    struct buffer arguments;
    struct buffer program; /* that its process became */
};

struct strace_tasks {
    struct timeline_builder *builder;
    struct strace_task *all;
    uint32_t count, room, last;
    struct hash_table by_tid;
    bool failed;
};

/* The index of a task, made if it is new. UINT32_MAX without memory. */
uint32_t strace_task(struct strace_tasks *tasks, uint64_t tid);
/* What a call that has returned tells of processes: which began which, and what they execute. item: the whole call. */
void strace_learn(struct strace_tasks *tasks, uint32_t task, const struct strace_call *call,
                  const struct timeline_item *item);
/* That a task ended, of which the call is the line. */
void strace_learn_end(struct strace_tasks *tasks, uint32_t task, const struct strace_call *call, int64_t ns);
/* Whose tracks are of which process, and what it is called. */
void strace_settle(struct strace_tasks *tasks);
void strace_tasks_free(struct strace_tasks *tasks);

#endif
