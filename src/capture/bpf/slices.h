/*
 * Loads sched.bpf.c beside the other programs, if time slices are to be recorded, and attaches it.
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

/* Before the others are attached: what a thread did last is to be told before its end. */
enum tracer_error slices_attach(struct slices_probes *probes, const struct programs *programs,
                                const struct programs_options *options, struct tracer_message *message);
/* What tasks that are traced already are in the middle of begins now. These and the following do nothing without a
 * skeleton. */
void slices_begin(const struct slices_probes *probes);
/* Tells what each task is in the middle of, and is detached. */
void slices_finish(struct slices_probes *probes);
/* How often the kernel did not run one of them, for it was running it. */
uint64_t slices_left_out(const struct slices_probes *probes);
void slices_unload(struct slices_probes *probes);

#endif
