/* Shared by the files of the session. */
#ifndef RINGSCOPE_SESSION_PARTS_H
#define RINGSCOPE_SESSION_PARTS_H

#include "session.h"

/* The text that follows the event, or NULL. */
static inline const char *text_of(const struct kernel_event *event)
{
    return event->bytes ? ((const struct text_event *)(const void *)event)->text : NULL;
}

/* ---------------------------------------------- tasks: session_tasks.c */

/* Turns a command line as the kernel keeps it, arguments that end in NUL, into words. */
void session_join_words(char *line, size_t length);

/* The thread; an unknown one is looked up in /proc. NULL without memory. */
struct task *session_task(struct session *session, uint32_t pid, uint32_t tid);
/* The track of a thread that may have ended: it wakes those that wait for its end, say. */
uint32_t session_track(struct session *session, uint32_t pid, uint32_t tid);
/* parent and start_ns are those of its process, if it is the process's first thread; 0: unknown. */
struct task *session_add_task(struct session *session, uint32_t pid, uint32_t tid, const char *name, uint32_t parent,
                              uint64_t start_ns);

/* Names the track "dd: dd if=/dev/zero", bounded, or, for a thread, by its name alone. A process is named as its first
 * thread. */
void session_name_track(struct session *session, const struct task *task, const char *name, const char *command_line);

void session_count_spawn(struct session *session, bool is_process);

/* ------------------------------- processes and signals: session_events.c */

void session_take_spawn(struct session *session, const struct kernel_event *event);
void session_take_exec(struct session *session, const struct kernel_event *event);
void session_take_exit(struct session *session, const struct kernel_event *event);
void session_take_signal(struct session *session, const struct kernel_event *event);
void session_take_rename(struct session *session, const struct kernel_event *event);

/* ------------------------------------ functions: session_functions.c */

void session_take_function(struct session *session, const struct kernel_event *event);

/* ------------------------------------------- stacks: session_stacks.c */

void session_take_stack(struct session *session, const struct kernel_event *event);
void session_take_sample(struct session *session, const struct kernel_event *event);
/* The stack reported for the beginning of a call; 0: none. */
uint32_t session_stack_of(struct session *session, struct task *task, const struct kernel_event *event);

/* ------------------------------------ time slices: session_slices.c */

void session_take_slice(struct session *session, const struct kernel_event *event);

/* --------------------------- operations of io_uring: session_uring.c */

void session_take_uring(struct session *session, const struct kernel_event *event);

#endif
