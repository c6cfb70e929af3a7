/*
 * The processes of a trace as a tree, with what is known of each from the table of processes and from the events.
 */
#ifndef RINGSCOPE_CLI_PROCESS_TREE_H
#define RINGSCOPE_CLI_PROCESS_TREE_H

#include "ringscope.h"

#define PROCESS_NONE UINT32_MAX

struct process_node {
    struct trace_process process;
    uint64_t start_ns, end_ns; /* where they are not known, the trace's */
    uint64_t calls; /* spans */
    uint64_t on_cpu_ns; /* 0: not known */
    uint64_t running_ns, runnable_ns, waiting_ns; /* of time slices, of all threads together */
    bool has_slices;
    uint64_t critical_ns; /* of the critical path: what passed in this process itself */
    uint32_t parent, first_child, next; /* by index, children by their start; or PROCESS_NONE */
    uint32_t depth;
    uint32_t threads;
    bool awaited; /* its parent waited for something when it ended */
    bool is_critical;
    /* While the path is looked for: what is not yet told apart lies before, and the process is gone on with. */
    uint64_t left_ns;
    bool is_taken;
};

struct process_tree {
    struct process_node *nodes;
    uint32_t count;
    uint32_t first; /* root, of which the others are `next`; PROCESS_NONE */
};

/* but_pid: of the process that recorded, which is none of them; 0: none. False without memory. The tree borrows names
 * from the snapshot. */
bool process_tree_make(struct process_tree *tree, const struct tracer_snapshot *snapshot, uint32_t but_pid);
void process_tree_free(struct process_tree *tree);

/* The node after this one when each comes before its children, PROCESS_NONE after the last. */
uint32_t process_tree_next(const struct process_tree *tree, uint32_t node);

#endif
