/*
 * `ringscope record` as the command sees it: one call that records a program, processes or the whole machine into an
 * image.
 */
#ifndef RINGSCOPE_RECORD_RUN_H
#define RINGSCOPE_RECORD_RUN_H

#include "arguments.h"
#include "ringscope.h"
#include "selection.h"
#include "stacks.h"
#include "traced_functions.h"

#define RECORD_PIDS_MAX 64
#define RECORD_CONTENTS_MAX 480

struct capture_request {
    const char *path; /* of the image */
    const char *filter; /* -e, or NULL */
    const char *backend; /* NULL: the best one permitted */
    uint64_t events;
    char **command; /* or NULL */
    bool output_is_taken; /* standard output is the image's: the command's goes to standard error */
    uint32_t pids[RECORD_PIDS_MAX];
    unsigned pid_count;
    bool whole_machine;
    bool follows_daemons; /* record what the command leaves running, to its end */
    bool slices; /* record when threads run and wait; bpf only */
    bool without_details;
    struct kept kept;
    double seconds; /* 0: no limit */
    struct selection selection; /* without its paths */
    const char *const *paths; /* -P, NULL-terminated; or NULL */
    const char *const *environment; /* of the command: "NAME=VALUE" sets, "NAME" removes; NULL-terminated, or NULL */
    const struct traced_functions *functions; /* to follow; bpf only; NULL: none */
    const struct stacks_request *stacks; /* to record; bpf only; NULL: none */
    const char *user; /* to run the command as; NULL: ringscope's own */
};

struct capture_result {
    const char *backend; /* the one used */
    bool without_ticks; /* it cannot see time slices */
    int status; /* of the command, as waitpid() returns it */
    uint64_t lost, unmatched;
    uint64_t unreturned; /* recorded calls that never returned, such as exit */
    uint64_t left_out, unsure; /* calls not selected; those of them that could not be decided */
    struct traced_calls function_calls;
    struct stacks_counts stacks;
    uint64_t minor_faults, major_faults;
};

/* Returns 0, and *result; else the exit code, with the reason in message: 1, 2 for an invalid filter, 126 and 127 for a
 * command that cannot be run. note, if not NULL, is called with remarks before recording begins. */
int capture_run(const struct capture_request *request, struct capture_result *result, void (*note)(const char *text),
                struct tracer_message *message);

/* Finds the file of a command, the way it would be run. Returns 0, or an errno. */
int capture_find_program(const char *name, char *path, size_t size);

#endif
