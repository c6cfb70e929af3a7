/*
 * A recording: turns what a backend tells (struct kernel_event) into events and counts of an image.
 */
#ifndef RINGSCOPE_SESSION_H
#define RINGSCOPE_SESSION_H

#include "calls.h"
#include "detail.h"
#include "passed.h"
#include "selection.h"
#include "stacks.h"
#include "tasks.h"
#include "traced_functions.h"

/* Names of events, once there is a slice. */
struct session_slices {
    bool known;
    uint32_t names[SLICE_KINDS], wakeup;
    uint64_t wakeups; /* flows so far: the next one's id */
};

/* An operation of io_uring, once there was one. */
#define URING_OPERATIONS 256u /* a power of two */
struct uring_operation {
    const struct call *call; /* that does the same, or hands it over: it is recorded as that is; NULL: not known yet */
    uint32_t name;
    char word[36];
};

struct session {
    struct tracer *tracer;
    struct calls *calls;
    struct tasks tasks;
    struct passed_files passed;
    uint64_t minor_faults, major_faults; /* of threads that have ended */
    uint64_t unmatched, lost;
    uint64_t unreturned; /* recorded calls that never returned, as exit does not */
    uint64_t left_out, unsure; /* calls that the selection does not take; of these, those it could not tell of */
    struct selection selection;
    uint32_t spawn_id, exec_id, exit_id, signal_id; /* names of events */
    bool without_ticks; /* the backend has none */
    struct session_slices slices;
    struct uring_operation uring[URING_OPERATIONS];
    uint64_t uring_operations; /* so far */
    struct detail detail;
    struct session_functions *functions; /* NULL: none */
    struct traced_calls function_calls;
    struct stacks *stacks; /* NULL: none */
};

/* tracer and calls are borrowed. */
void session_begin(struct session *session, struct tracer *tracer, struct calls *calls,
                   const struct selection *selection);
void session_end(struct session *session);

/* Calls of these functions are recorded as well; borrowed, and NULL: none. False without memory. */
bool session_follow_functions(struct session *session, const struct traced_functions *functions);
void session_forget_functions(struct session *session);

/* Stacks are recorded as well; borrowed, and NULL: none. False without memory. */
bool session_follow_stacks(struct session *session, const struct stacks_request *request, bool whole_machine);

/* A process that is there already: its threads, names and descriptors are read from /proc. */
void session_add_process(struct session *session, uint32_t pid, bool spawned);
/* All processes but pid. */
void session_add_all(struct session *session, uint32_t but_pid);

/* Borrowed for the call. It is followed by its text if its flags say so. */
void session_take(struct session *session, const struct kernel_event *event);

/* The kernel may prepare many pages of the image at a time from now on, which a short recording would only wait for. */
void session_expect_many(const struct session *session);

/* Events of this category that never came; what was known of descriptors is in doubt then. */
void session_lost(struct session *session, enum trace_category category, uint64_t count);

#endif
