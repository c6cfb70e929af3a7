/*
 * The tasks in ftrace's text: a track each. A thread's process is often known only after its first lines.
 */
#ifndef RINGSCOPE_IMPORT_FTRACE_TASKS_H
#define RINGSCOPE_IMPORT_FTRACE_TASKS_H

#include "../builder.h"
#include "ftrace_line.h"

struct ftrace_task {
    int64_t tid, pid; /* pid: FTRACE_PID_UNKNOWN until something says it */
    uint32_t track;
    bool certain; /* the kernel said its pid, not a mark of the program, whose namespace may have other pids */
};

/* All zero except the builder: none. */
struct ftrace_tasks {
    struct timeline_builder *builder;
    struct ftrace_task *all;
    uint32_t count, room, last;
    struct hash_table by_tid;
    struct interned comms; /* "tid name" of tasks that were named */
    bool failed;
};

/* The task of a line, created if need be; borrowed until the next call. NULL without memory. */
struct ftrace_task *ftrace_task(struct ftrace_tasks *tasks, const struct ftrace_line *line);
/* Learns a task's process from its mark. */
void ftrace_learn(struct ftrace_task *task, int64_t pid);
/* Assigns tracks to processes. */
void ftrace_settle(const struct ftrace_tasks *tasks);
void ftrace_tasks_free(struct ftrace_tasks *tasks);

#endif
