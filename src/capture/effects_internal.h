/* What effects.c and effects_sockets.c share. */
#ifndef RINGSCOPE_EFFECTS_INTERNAL_H
#define RINGSCOPE_EFFECTS_INTERNAL_H

#include "effects.h"

/* Whether a call's flags say that its descriptors are closed on exec. */
bool effects_close_on_exec(const struct call *call, const struct kernel_event *event);

/* For FD_SOCKET: names the socket that the call creates, or gives addresses. */
void effects_take_socket(const struct call *call, const struct kernel_event *event, struct task *task);
/* Whether that is needed to show the call: listen only has its descriptor, which may get bound by the call itself. */
bool effects_is_named_before(const struct call *call);

/* For FD_PAIR. */
void effects_make_pair(const struct call *call, const struct kernel_event *event, struct task *task);

/* For FD_BINDS: names the socket, if it has an address now. */
void effects_name_sender(const struct call *call, const struct kernel_event *event, struct task *task);
/* For FD_SENDS: the same, and keeps the names of the descriptors that a message passes on. */
void effects_send(const struct call *call, const struct kernel_event *event, struct task *task,
                  struct passed_files *passed);
/* For FD_RECEIVES: received descriptors get their sender's names, or the kernel's for sockets; previous files with
 * their numbers are gone. */
void effects_receive(const struct call *call, const struct kernel_event *event, struct task *task,
                     const struct passed_files *passed);

#endif
