/* The effects of a successful call on the descriptors and the directory of its thread. */
#ifndef RINGSCOPE_EFFECTS_H
#define RINGSCOPE_EFFECTS_H

#include "calls.h"
#include "passed.h"
#include "tasks.h"

/* Effects that create or change descriptors, needed to show the call; and those that end some, applied afterwards. */
void effects_before_shown(const struct call *call, const struct kernel_event *event, struct task *task,
                          struct passed_files *passed);
void effects_after_shown(const struct call *call, const struct kernel_event *event, struct task *task);

/* For FD_MAKES: whether the result is a descriptor. */
bool effects_makes_file(const struct call *call, const struct kernel_event *event);

/* For FD_SOCKET: whether the call creates a socket, rather than giving an existing one addresses. */
bool effects_makes_socket(const struct call *call);

/* Whether the first argument is a timer. */
bool effects_is_timer(const struct kernel_event *event, const struct task *task);

#endif
