/*
 * The BPF programs of trace.bpf.c in the kernel, and what the backend needs of them, whichever way they got there:
 *
 *     light    a BPF program that loads the others: the kernel itself finds its types, in half the time (Linux 5.17)
 *     full     libbpf finds them, in the kernel's BTF, which it reads and parses first
 */
#ifndef RINGSCOPE_PROGRAMS_H
#define RINGSCOPE_PROGRAMS_H

#include <stdbool.h>
#include <stdint.h>

#include "../calls.h"

#define PROGRAMS_TRACEPOINTS 16

/* What trace.bpf.c has to know before it is loaded. */
struct programs_options {
    uint32_t own_pid, cpus;
    uint64_t wake_bytes;
    bool whole_machine;
    const struct calls *calls;
};

struct programs {
    int rings, cpus, tasks; /* maps; borrowed, as all that follows */
    int mark_tasks; /* the iterator */
    int tracepoints[PROGRAMS_TRACEPOINTS]; /* programs that are each attached to the one that they are for */
    int links[PROGRAMS_TRACEPOINTS]; /* to the tracepoints */
    unsigned count, attached;
    int uring_submit, uring_complete; /* programs that are attached where the kernel has their tracepoints */
    int uring_links[2]; /* 0: it has not */
    volatile unsigned *mark_pid, *marked, *mark_quietly; /* variables of theirs */
    void *skeleton;
    void (*unload)(void *skeleton);
};

/* 0, or an errno: nothing is loaded then. */
int programs_load_light(struct programs *programs, const struct programs_options *options);
int programs_load_full(struct programs *programs, const struct programs_options *options);
/* The light way, else the full one. */
int programs_load(struct programs *programs, const struct programs_options *options);

int programs_attach(struct programs *programs);
void programs_detach(struct programs *programs);
/* Harmless for those that were not loaded. */
void programs_unload(struct programs *programs);

/* Runs the iterator over all tasks once; how many it marked, negative on failure. pid: of this process alone; 0: of all. */
int programs_mark(struct programs *programs, uint32_t pid);

/* Runs an iterator over all tasks once. 0, or an errno. */
int programs_iterate(int iterator);

/* How often the kernel did not run one of them, for it was running one. */
uint64_t programs_left_out(const struct programs *programs);

/* The rules of all calls, as the programs have them. */
void programs_copy_rules(struct call_rule *rules, const struct calls *calls);

#endif
