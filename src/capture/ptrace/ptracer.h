/* The ptrace backend's state, and what it does at a stop. */
#ifndef RINGSCOPE_PTRACER_H
#define RINGSCOPE_PTRACER_H

#include "tracees.h"

struct ptracer {
    struct recording *recording;
    struct tracees tracees;
    struct seccomp_filter *filter;
    bool by_seccomp; /* threads stop only at the calls that are wanted */
};

/* What waitpid() has told. */
void ptracer_stopped(struct ptracer *ptracer, pid_t tid, int status);

#endif
