/*
 * One run of `ringscope record`: whom it traces, until when, and the backend that watches them.
 */
#ifndef RINGSCOPE_RECORDING_H
#define RINGSCOPE_RECORDING_H

#include <signal.h>
#include <sys/types.h>

#include "identity.h"
#include "platform/platform.h"
#include "session.h"

#define RECORDING_PIDS_MAX 64

struct recording {
    struct session session;
    struct calls *calls;
    struct seccomp_filter *seccomp; /* what the child binds itself to before it begins; NULL: nothing */
    char **command; /* NULL: none */
    const char *const *environment; /* what is different in its environment; NULL: nothing */
    struct paths paths; /* -P */
    struct identity identity; /* that it takes on */
    sigset_t mask; /* of blocked signals, as ringscope was started with it: the command's */
    uint32_t pids[RECORDING_PIDS_MAX]; /* -p */
    unsigned pid_count;
    const struct traced_functions *functions; /* NULL: none */
    bool whole_machine;
    bool slices; /* time slices are recorded, too */
    double seconds; /* 0: no limit */

    pid_t child; /* of the command; 0: none */
    int go; /* a byte written here lets it begin; -1: none */
    int signals; /* signalfd */
    int status; /* of the child, once it has ended */
    bool ended;
    uint64_t deadline_ns; /* 0: none */
    bool stop; /* asked to */
};

/* Backends. They attach, call recording_started() once everything is watched, and return when
 * recording_done() says so. ERROR_PERMISSION and ERROR_UNSUPPORTED: not here, and nothing has begun. */
struct backend {
    const char *name;
    bool has_ticks;
    enum tracer_error (*run)(struct recording *recording, struct tracer_message *message);
};
extern const struct backend backend_bpf, backend_ptrace;

/* ------------------------------------------------------- the command: command.c */

/* Finds the program and forks a child that waits to begin. 0; else the exit code that a shell would
 * give: 127 there is none, 126 it cannot be run; message says why. */
int command_prepare(struct recording *recording, struct tracer_message *message);

/* Lets the child begin. */
void command_begin(struct recording *recording);

/* Ends a child that never began. */
void command_abandon(struct recording *recording);

/* Waits for the child's end, passing signals on: recording was over before it. */
void command_wait(struct recording *recording);

/* Whether the child has ended; keeps its status. */
bool command_reap(struct recording *recording);

/* ---------------------------------------------------- the loop: recording.c */

/* Opens what recording_wait() waits for. */
enum tracer_error recording_open(struct recording *recording, struct tracer_message *message);
void recording_close(struct recording *recording);

/* Reads the traced processes from /proc, and lets the command begin. */
void recording_started(struct recording *recording);

/* Reads the signals that have come: passes on what is the command's, notes what is ringscope's. */
void recording_signals(struct recording *recording);

/* Whether the command has ended, the time is up, or somebody said so. */
bool recording_done(struct recording *recording);

#endif
