/*
 * A recording: turns a backend's reports (struct kernel_event) into events and counts of an image.
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

/* Names of events, known from the first slice on. */
struct session_slices {
    bool known;
    uint32_t names[SLICE_KINDS], wakeup;
    uint64_t wakeups; /* flows so far; the next one's id */
};

/* An operation of io_uring, known from its first use on. */
#define URING_OPERATIONS 256u /* a power of two */
struct uring_operation {
    const struct call
        *call; /* the call that does, or passes on, the same, and whose form it takes; NULL: not known yet */
    uint32_t name, operation_id;
    char word[36];
};

struct session {
    struct tracer *tracer;
    struct calls *calls;
    struct tasks tasks;
    struct passed_files passed;
    uint64_t minor_faults, major_faults; /* of threads that have ended */
    uint64_t unmatched, lost;
    bool files_in_doubt; /* since events were lost; the backend may clear it when it has read /proc again */
    uint64_t unreturned; /* recorded calls that never returned, such as exit */
    uint64_t left_out, unsure; /* calls not selected; those of them that could not be decided */
    struct selection selection;
    uint32_t spawn_id, exec_id, exit_id, signal_id; /* names of events */
    bool without_ticks; /* the backend has no ticks */
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

/* Also records calls of these functions, which are borrowed; NULL: none. False without memory. */
bool session_follow_functions(struct session *session, const struct traced_functions *functions);
void session_forget_functions(struct session *session);

/* Also records stacks. request is borrowed; NULL: none. False without memory. */
bool session_follow_stacks(struct session *session, const struct stacks_request *request, bool whole_machine);

/* Adds a running process, whose threads, names and descriptors are read from /proc. */
void session_add_process(struct session *session, uint32_t pid, bool spawned);
/* Adds all processes except but_pid. */
void session_add_all(struct session *session, uint32_t but_pid);

/* Handles a report, borrowed for the call, which is followed by its text if its flags say so. */
void session_handle(struct session *session, const struct kernel_event *event);

/* Lets the kernel prepare many pages of the image at a time from now on. A short recording would only wait for that. */
void session_expect_many(const struct session *session);

/* Counts lost events of this category. True if they may have changed descriptors and directories: what was known about
 * these is then forgotten. */
bool session_lost(struct session *session, enum trace_category category, uint64_t count);

#endif
