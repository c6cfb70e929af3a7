/* The state of the ptrace backend, and its work at a stop. */
#ifndef RINGSCOPE_PTRACER_H
#define RINGSCOPE_PTRACER_H

#include "tracees.h"

struct ptracer {
    struct recording *recording;
    struct tracees tracees;
    struct seccomp_filter *filter;
    bool by_seccomp; /* threads stop only at wanted calls */
};

/* Handles a report of waitpid(). */
void ptracer_stopped(struct ptracer *ptracer, pid_t tid, int status);

/* The same of a thread that is let go now: the call that it is in is unfinished. */
void ptracer_last_stop(struct ptracer *ptracer, pid_t tid, int status);

#endif
