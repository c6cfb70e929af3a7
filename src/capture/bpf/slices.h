/*
 * Loads and attaches sched.bpf.c beside the other programs, if time slices are to be recorded.
 */
#ifndef RINGSCOPE_BPF_SLICES_H
#define RINGSCOPE_BPF_SLICES_H

#include "programs.h"
#include "ringscope.h"

#define SLICES_LINKS 4

struct slices_probes {
    void *skeleton; /* NULL: none */
    int links[SLICES_LINKS];
    unsigned links_count;
};

/* Call before the others are attached: a thread's last slice must be reported before its end. */
enum tracer_error slices_attach(struct slices_probes *probes, const struct programs *programs,
                                const struct programs_options *options, struct tracer_message *message);
/* Begins the slices that traced tasks are in. This and the following functions do nothing without a skeleton. */
void slices_begin(const struct slices_probes *probes);
/* Reports the slice that each task is in, and detaches. */
void slices_finish(struct slices_probes *probes);
/* How often the kernel did not run one of the programs because it was already running. */
uint64_t slices_left_out(const struct slices_probes *probes);
void slices_unload(struct slices_probes *probes);

#endif
