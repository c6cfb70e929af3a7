/*
 * `ringscope record` as the command sees it: one call that records a program, processes or the whole
 * machine into an image.
 */
#ifndef RINGSCOPE_RECORD_RUN_H
#define RINGSCOPE_RECORD_RUN_H

#include "ringscope.h"
#include "selection.h"
#include "stacks.h"
#include "traced_functions.h"

#define RECORD_PIDS_MAX 64
#define RECORD_CONTENTS_MAX 480

struct record_request {
    const char *path; /* of the image */
    const char *filter; /* -e, or NULL */
    const char *backend; /* NULL: the best that is permitted */
    uint64_t events;
    char **command; /* or NULL */
    uint32_t pids[RECORD_PIDS_MAX];
    unsigned pid_count;
    bool whole_machine;
    bool slices; /* of time: what threads do on processors and off them, by the backend bpf alone */
    bool without_details;
    unsigned contents; /* bytes that are kept of what is read and written, at most RECORD_CONTENTS_MAX */
    double seconds; /* 0: no limit */
    struct selection selection; /* but for its paths */
    const char *const *paths; /* -P, ended by NULL; or NULL */
    const char *const *environment; /* of the command: "NAME=VALUE" sets, "NAME" removes; ended by NULL, or NULL */
    const struct traced_functions *functions; /* that are followed, by the backend bpf alone; NULL: none */
    const struct stacks_request *stacks; /* that are recorded, by the backend bpf alone; NULL: none */
    const char *user; /* that the command runs as; NULL: as ringscope does */
};

struct record_result {
    const char *backend; /* the one used */
    bool without_ticks; /* it has no time slices */
    int status; /* of the command, as waitpid() gives it */
    uint64_t lost, unmatched;
    uint64_t unreturned; /* recorded calls that never returned, as exit does not */
    uint64_t left_out, unsure; /* calls that the selection did not take; of these, those that could not be told */
    struct traced_calls function_calls;
    struct stacks_counts stacks;
    uint64_t minor_faults, major_faults;
};

/* 0, and *result; else the exit code, and why in message: 1, 2 for a filter that is wrong, 126 and 127
 * for a command that cannot be run. note, if not NULL, is told what is worth saying before it begins. */
int record_run(const struct record_request *request, struct record_result *result, void (*note)(const char *text),
               struct tracer_message *message);

/* The file of a command, as it would be found. 0, or an errno. */
int record_find_program(const char *name, char *path, size_t size);

#endif
