/*
 * Loads stacks.bpf.c beside the other programs, for calls, samples or both, and reads mappings.
 */
#ifndef RINGSCOPE_BPF_STACKS_H
#define RINGSCOPE_BPF_STACKS_H

#include "../stacks.h"
#include "mapped.h"
#include "programs.h"

#define STACKS_LINKS_MAX 1025 /* a clock per processor, and the entry of calls */

struct stacks_probes {
    void *skeleton; /* NULL: none */
    int links[STACKS_LINKS_MAX];
    int clocks[STACKS_LINKS_MAX];
    unsigned links_count, clocks_count;
    struct mapped mapped;
};

/* Call before the others are attached: a stack comes before its call. stacks may be NULL. */
enum tracer_error stacks_attach(struct stacks_probes *probes, const struct programs *programs,
                                const struct programs_options *options, struct stacks *stacks,
                                struct tracer_message *message);
/* Reads new mappings; call before the rings are read. */
void stacks_read(struct stacks_probes *probes, struct stacks *stacks);
void stacks_detach(struct stacks_probes *probes);
/* Adds what the kernel had no room for to the counts. */
void stacks_count(const struct stacks_probes *probes, struct stacks *stacks);
/* Harmless if nothing is attached. */
void stacks_unload(struct stacks_probes *probes);

#endif
