/*
 * Loads functions.bpf.c beside the other programs, and attaches it to the followed functions.
 */
#ifndef RINGSCOPE_BPF_FUNCTIONS_H
#define RINGSCOPE_BPF_FUNCTIONS_H

#include "../traced_functions.h"
#include "programs.h"
#include "ringscope.h"

#define FUNCTIONS_LINKS_MAX 1024

struct functions_probes {
    void *skeleton; /* NULL: none */
    int links[FUNCTIONS_LINKS_MAX];
    unsigned links_count;
    uint32_t refused; /* functions that the kernel does not let us probe */
    const char *refused_name; /* the first of them */
};

/* Call before the others are attached, so that it sees a thread's end before they do. command: its pid, or 0. functions
 * may be NULL. */
enum tracer_error functions_attach(struct functions_probes *probes, const struct programs *programs,
                                   const struct programs_options *options, const struct traced_functions *functions,
                                   uint32_t command, struct tracer_message *message);
/* Counts functions that are not recorded; functions may be NULL. */
void functions_count_refused(const struct functions_probes *probes, const struct traced_functions *functions,
                             struct traced_calls *calls);
void functions_detach(struct functions_probes *probes);
/* How often the kernel did not run it because it was already running. */
uint64_t functions_left_out(const struct functions_probes *probes);
/* Harmless if nothing is attached. */
void functions_unload(struct functions_probes *probes);

#endif
