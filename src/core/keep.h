/*
 * Keeps the file of an image that is recorded in memory, so that nobody who truncates the file, punches holes into it
 * or fills its disk can end the program by SIGBUS: from time to time a thread copies the image there, if anything is
 * new. A copy is a sealed image of its own, written beside the path and renamed. All but the last are marked as having
 * a living writer, so that the path is as well protected as that of an image written in place.
 */
#ifndef RINGSCOPE_KEEP_H
#define RINGSCOPE_KEEP_H

#include "tracer_internal.h"

/* Makes the first copy, replacing what may be replaced, and starts the thread. Errors as for tracer_create(). */
enum tracer_error keep_begin(struct tracer *tracer, const char *path, struct tracer_message *message);

/* Makes the last copy. Does nothing in a forked child, because the file is its parent's. Harmless when called twice. */
void keep_end(struct tracer *tracer);

/* Writes one copy over whatever is at the path, and leaves it open. Defined in read/, which core/ does not know. */
enum tracer_error keep_write(struct tracer *tracer, const char *path, struct platform_kept_file *copy,
                             struct tracer_message *message);

#endif
