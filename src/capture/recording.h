/*
 * One run of `ringscope record`: what it traces, until when, and the backend that does it.
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
    struct seccomp_filter *seccomp; /* the child installs it before it begins; NULL: none */
    char **command; /* NULL: none */
    bool output_is_taken; /* its standard output goes to standard error */
    const char *const *environment; /* changes to its environment; NULL: none */
    struct paths paths; /* -P */
    struct identity identity; /* the user it runs as */
    sigset_t mask; /* of blocked signals, as it was when ringscope started, for the command */
    uint32_t pids[RECORDING_PIDS_MAX]; /* -p */
    unsigned pid_count;
    const struct traced_functions *functions; /* NULL: none */
    bool whole_machine;
    bool slices; /* record time slices too */
    bool follows_daemons; /* go on until no process is left that the command began */
    double seconds; /* 0: no limit */

    pid_t child; /* of the command; 0: none */
    int go; /* a byte written here lets the child begin; -1: none */
    int go_read; /* the other end, open as long, so that a child that was killed makes the write no SIGPIPE */
    int signals; /* signalfd */
    int status; /* of the child, once it has ended */
    bool ended;
    uint64_t ended_ns; /* when that was noticed */
    uint64_t deadline_ns; /* 0: none */
    bool stop; /* asked to */
};

/* Backends attach, call recording_started() once everything is being watched, and return when recording_done() is true.
 * ERROR_PERMISSION and ERROR_UNSUPPORTED: this backend cannot be used here, and nothing has begun. */
struct backend {
    const char *name;
    bool has_ticks;
    enum tracer_error (*run)(struct recording *recording, struct tracer_message *message);
};
extern const struct backend backend_bpf, backend_ptrace;

/* ------------------------------------------------------- the command: command.c */

/* Finds the program and forks a child that waits to begin. Returns 0, else a shell's exit code: 127 if there is no such
 * program, 126 if it cannot be run; message has the reason. */
int command_prepare(struct recording *recording, struct tracer_message *message);

/* Lets the child begin. */
void command_begin(struct recording *recording);

/* Ends a child that never began. */
void command_abandon(struct recording *recording);

/* Waits for the child's end, passing signals on, after recording has ended first. */
void command_wait(struct recording *recording);

/* Whether the child has ended; stores its status. */
bool command_reap(struct recording *recording);

/* ---------------------------------------------------- the loop: recording.c */

/* Opens the descriptors that recording_wait() waits for. */
enum tracer_error recording_open(struct recording *recording, struct tracer_message *message);
void recording_close(struct recording *recording);

/* Reads the traced processes from /proc, and lets the command begin. */
void recording_started(struct recording *recording);

/* Handles pending signals: passes on the command's, and notes ringscope's own. */
void recording_signals(struct recording *recording);

/* Whether the command has ended, the time is up, or somebody asked to stop. */
bool recording_done(struct recording *recording);

#endif
