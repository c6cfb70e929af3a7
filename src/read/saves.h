/*
 * Saves of a trace that goes on, in a folder: the newest few are kept, and between two of them a second passes at least, so
 * that what asks for saves all the time fills no disk and takes no processor.
 */
#ifndef RINGSCOPE_SAVES_H
#define RINGSCOPE_SAVES_H

#include "snapshot.h"

#define SAVES_KEEP_DEFAULT 5u
#define SAVES_INTERVAL_MS 1000u

/* One thread at a time. Times are ms of a clock that goes forward. */
struct saves {
    char prefix[PLATFORM_PATH_BYTES - 32]; /* DIRECTORY/PROGRAM; the program's name, as far as it can be a file's */
    uint32_t keep;
    uint64_t after_ms; /* from what asked for a save until it is made, so that it has what came of it */
    uint64_t due_ms; /* of one that was asked for */
    uint64_t made_ms; /* the last one */
    bool asked, made;
};

/* As far as a text can be part of a file's name: other letters become _, as do a first point, which would hide the file,
 * and a first -, by which it would be taken for an option. */
void saves_name(char *name, size_t size, const char *text);

/* program: "" where it is not known; keep: 0 for the default. ERROR_ARGUMENT: the directory's path is too long. */
enum tracer_error saves_init(struct saves *saves, const char *directory, const char *program, uint32_t keep,
                             uint64_t after_ms);

/* Asks for a save, if none is due already, which will have this as well. Whether it is the first to ask. */
bool saves_ask(struct saves *saves, uint64_t now_ms);

bool saves_are_due(const struct saves *saves, uint64_t now_ms);

/* Makes the save that was asked for, as DIRECTORY/PROGRAM.N.ring, N from 1 to how many are kept: the first that is not
 * there, else in place of the oldest. path: how it is called, of PLATFORM_PATH_BYTES, whether that succeeds or not. As
 * tracer_save(); one that fails is not tried again. */
enum tracer_error saves_make(struct saves *saves, const struct tracer_snapshot *snapshot, uint64_t now_ms, char *path,
                             struct tracer_message *message);

#endif
