/* What a successful call does to the descriptors and the directory of its thread. */
#ifndef RINGSCOPE_EFFECTS_H
#define RINGSCOPE_EFFECTS_H

#include "calls.h"
#include "passed.h"
#include "tasks.h"

/* Those that make or change some, which are to be known when the call is shown; and those that end some, afterwards. */
void effects_before_shown(const struct call *call, const struct kernel_event *event, struct task *task,
                          struct passed_files *passed);
void effects_after_shown(const struct call *call, const struct kernel_event *event, struct task *task);

/* Of FD_SOCKET: whether it makes a socket, rather than giving addresses to one that is there. */
bool effects_makes_socket(const struct call *call);

/* Whether the first argument stands for a timer. */
bool effects_is_timer(const struct kernel_event *event, const struct task *task);

#endif
