/*
 * Which of the calls that were watched are recorded, by what came of them and what they were about: -z, -Z, --slower,
 * --fd and -P. They are known when a call has ended, so that both backends have the same rule.
 */
#ifndef RINGSCOPE_SELECTION_H
#define RINGSCOPE_SELECTION_H

#include <stdbool.h>
#include <stdint.h>

#define SELECTION_FDS_MAX 64

#include "paths.h"

struct call;
struct task;
struct kernel_event;

/* All zero: every call. What was given must all hold; of several descriptors or paths, any. */
struct selection {
    uint64_t slower_ns; /* calls that took at least so long */
    uint32_t fds[SELECTION_FDS_MAX];
    unsigned fd_count;
    struct paths *paths; /* NULL: any */
    bool ok, failed; /* only those that returned without an error, or with one */
};

enum selected {
    SELECTED,
    SELECTED_NOT,
    SELECTED_UNSURE /* too little of its memory was taken to tell: it is left out */
};

/* Before the call's effects on descriptors. failed: it returned with an error. */
enum selected selection_takes(const struct selection *selection, const struct call *call,
                              const struct kernel_event *event, const struct task *task, bool failed);

#endif
