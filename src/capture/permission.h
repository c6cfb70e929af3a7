/* Explains why tracing is not permitted, and what to do about it. */
#ifndef RINGSCOPE_PERMISSION_H
#define RINGSCOPE_PERMISSION_H

#include "ringscope.h"

/* Adds the setting that forbids BPF to the message, which says what failed with that errno. If it is none that a setting
 * leads to, adds nothing. */
void permission_explain_bpf(struct tracer_message *message, int error);

/* The same for ptrace. */
void permission_explain_ptrace(struct tracer_message *message);

/* Whether /proc may be read about traced programs: false, with a message, if it belongs to another pid namespace, where
 * their numbers are other programs', or if it is needed and not there. */
bool permission_check_proc(bool needed, struct tracer_message *message);

/* Whether ringscope has this capability now. */
bool permission_has(unsigned capability);

#endif
