/*
 * The BPF programs of trace.bpf.c in the kernel, and what the backend needs from them, in either way of loading:
 *
 *     light    a BPF program loads the others: the kernel itself finds its types, in half the time (Linux 5.17)
 *     full     libbpf finds the types in the kernel's BTF, which it reads and parses first
 */
#ifndef RINGSCOPE_PROGRAMS_H
#define RINGSCOPE_PROGRAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "../calls.h"
#include "../kernel_event.h"

#define PROGRAMS_TRACEPOINTS 16

/* What trace.bpf.c must know before it is loaded. */
struct programs_options {
    uint32_t own_pid, cpus;
    uint64_t wake_bytes;
    bool whole_machine;
    struct calls *calls;
};

struct programs {
    int rings, cpus, tasks, requests; /* maps; borrowed, like all that follows */
    int visit_tasks; /* the iterator */
    int tracepoints[PROGRAMS_TRACEPOINTS]; /* one program for each tracepoint */
    int links[PROGRAMS_TRACEPOINTS]; /* to the tracepoints */
    unsigned count, attached;
    int uring_submit, uring_complete; /* programs for tracepoints that not every kernel has */
    int uring_links[2]; /* 0: it does not have it */
    volatile unsigned *mark_pid, *marked, *mark_quietly, *finishing; /* the programs' variables */
    void *skeleton;
    void (*unload)(void *skeleton);
};

/* Return 0, or an errno, in which case nothing is loaded. */
int programs_load_light(struct programs *programs, const struct programs_options *options);
int programs_load_full(struct programs *programs, const struct programs_options *options);
/* The light way, or else the full one. */
int programs_load(struct programs *programs, const struct programs_options *options);

int programs_attach(struct programs *programs);
void programs_detach(struct programs *programs);
/* Harmless for those that were not loaded. */
void programs_unload(struct programs *programs);

/* Runs the iterator over all tasks once; returns how many it marked, negative on failure. pid: only this process; 0:
 * all. */
int programs_mark(struct programs *programs, uint32_t pid);

/* Reports the calls that have not returned, after programs_detach(). */
void programs_finish(const struct programs *programs);

/* Passes on the operations of io_uring of which no completion was seen, after programs_detach(). */
void programs_finish_uring(const struct programs *programs, void (*handle)(void *argument, const struct kernel_event *),
                           void *argument);

/* Runs an iterator over all tasks once. Returns 0, or an errno. */
int programs_iterate(int iterator);

/* How often the kernel did not run one of them because one was already running. */
uint64_t programs_left_out(const struct programs *programs);

/* Copies the rules of all calls in the programs' form. */
void programs_copy_rules(struct call_rule *rules, struct calls *calls);

#endif
