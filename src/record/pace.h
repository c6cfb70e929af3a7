/*
 * How the ptrace backend waits for the next stop: this decides what tracing costs, for most of it is
 * two programs waking each other.
 */
#ifndef RINGSCOPE_PACE_H
#define RINGSCOPE_PACE_H

#include <sys/types.h>

struct pace {
    int unused;
};

void pace_begin(struct pace *pace);
void pace_end(struct pace *pace);

/* waitpid() for any thread. */
pid_t pace_wait(struct pace *pace, int *status);

#endif
