/*
 * Selects which of the watched calls to record, by their results and arguments: -z, -Z, --slower, --fd and -P. This is
 * decided after a call has ended, so that both backends have the same rule.
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

/* All zero: every call. All given conditions must hold; of several descriptors or paths, any. */
struct selection {
    uint64_t slower_ns; /* the least duration */
    uint32_t fds[SELECTION_FDS_MAX];
    unsigned fd_count;
    struct paths *paths; /* NULL: any */
    bool ok, failed; /* only calls that returned without an error, or with one */
};

enum selected {
    SELECTED,
    SELECTED_NOT,
    SELECTED_UNSURE /* too little of its memory was taken to decide: left out */
};

/* Called before the call's effects on descriptors are applied. failed: it returned an error. */
enum selected selection_takes(const struct selection *selection, const struct call *call,
                              const struct kernel_event *event, const struct task *task, bool failed);

#endif
