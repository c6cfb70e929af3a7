/*
 * The file of an image that is recorded in memory, so that nobody who truncates the file, punches holes into it or fills
 * its disk can end the program by SIGBUS: a thread copies the image there now and then, if there is anything new. A copy
 * is a sealed image of its own, written beside the path and renamed. It is marked as its living writer's until the last
 * one, so that the path is as well protected as that of an image that is written in place.
 */
#ifndef RINGSCOPE_KEEP_H
#define RINGSCOPE_KEEP_H

#include "tracer_internal.h"

/* Makes the first copy, in place of what may be replaced, and starts the thread. As tracer_create(). */
enum tracer_error keep_begin(struct tracer *tracer, const char *path, struct tracer_message *message);

/* Makes the last copy. In a forked child it does nothing: the file is its parent's. Harmless when called twice. */
void keep_end(struct tracer *tracer);

/* Writes one copy over whatever is at the path, and leaves it open. Of read/, which core/ does not know. */
enum tracer_error keep_write(struct tracer *tracer, const char *path, struct platform_kept_file *copy,
                             struct tracer_message *message);

#endif
