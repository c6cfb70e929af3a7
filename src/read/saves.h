/*
 * Saves of a running trace into a folder: the newest few are kept, at least a second apart, so that a trigger that
 * keeps firing fills no disk and takes no processor.
 */
#ifndef RINGSCOPE_SAVES_H
#define RINGSCOPE_SAVES_H

#include "snapshot.h"

#define SAVES_KEEP_DEFAULT 5u
#define SAVES_INTERVAL_MS 1000u

/* For one thread at a time. Times are ms of a clock that never goes back. */
struct saves {
    char prefix[PLATFORM_PATH_BYTES - 32]; /* DIRECTORY/PROGRAM; the program's name, made fit for a file name */
    uint32_t keep;
    uint64_t after_ms; /* delay between the request and the save, so that the save includes the aftermath */
    uint64_t due_ms; /* of the requested save */
    uint64_t made_ms; /* when the last one was made */
    uint64_t requests_seen;
    bool asked, made;
};

/* Makes a text fit for a file name: unsuitable characters become _, and so does a leading dot, which would hide the
 * file, or dash, which would make it look like an option. */
void saves_name(char *name, size_t size, const char *text);

/* program: "" if unknown; keep: 0 for the default. ERROR_ARGUMENT: the directory's path is too long. */
enum tracer_error saves_init(struct saves *saves, const char *directory, const char *program, uint32_t keep,
                             uint64_t after_ms);

/* Requests a save, unless one is due, which will then cover this as well. Returns whether it is a new request. */
bool saves_ask(struct saves *saves, uint64_t now_ms);

/* Whether `ringscope ctl` has requested a save since the last call. False for an image that cannot be read. */
bool saves_were_requested(struct saves *saves, const struct tracer_reader *reader);

bool saves_are_due(const struct saves *saves, uint64_t now_ms);

/* Makes the requested save as DIRECTORY/PROGRAM.N.ring, N from 1 to the number kept: the first that is free, or in
 * place of the oldest. path: PLATFORM_PATH_BYTES for the file's name, set whether or not this succeeds. Errors as for
 * tracer_save(); a failed save is not retried. */
enum tracer_error saves_make(struct saves *saves, const struct tracer_snapshot *snapshot, uint64_t now_ms, char *path,
                             struct tracer_message *message);

#endif
