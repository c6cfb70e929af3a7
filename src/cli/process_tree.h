/*
 * The processes of a trace as a tree, with facts from the table of processes and from the events.
 */
#ifndef RINGSCOPE_CLI_PROCESS_TREE_H
#define RINGSCOPE_CLI_PROCESS_TREE_H

#include "ringscope.h"

#define PROCESS_NONE UINT32_MAX

struct process_node {
    struct trace_process process;
    uint64_t start_ns, end_ns; /* the trace's, if unknown */
    uint64_t calls; /* spans */
    uint64_t on_cpu_ns; /* 0: unknown */
    uint64_t running_ns, runnable_ns, waiting_ns; /* of time slices, summed over all threads */
    bool has_slices;
    uint64_t critical_ns; /* the part of the critical path spent in this process itself */
    uint32_t parent, first_child, next; /* indices, children by start; or PROCESS_NONE */
    uint32_t depth;
    uint32_t threads;
    bool awaited; /* its parent was waiting when it ended */
    bool is_critical;
    /* While the path is being found: the time before this is not attributed yet. */
    uint64_t left_ns;
    bool is_taken;
};

struct process_tree {
    struct process_node *nodes;
    uint32_t count;
    uint32_t first; /* root; the others follow by `next`; PROCESS_NONE */
};

/* but_pid: of the recorder, which is left out; 0: none. False without memory. The tree borrows names from the
 * snapshot. */
bool process_tree_make(struct process_tree *tree, const struct tracer_snapshot *snapshot, uint32_t but_pid);
void process_tree_free(struct process_tree *tree);

/* The next node in preorder; PROCESS_NONE after the last. */
uint32_t process_tree_next(const struct process_tree *tree, uint32_t node);

#endif
