/*
 * The trace that view and report pass on to the page: an image, or a trace of any format that
 * has a door (timeline/import/door.h), which may be compressed.
 */
#ifndef RINGSCOPE_CLI_TRACE_H
#define RINGSCOPE_CLI_TRACE_H

#include "cli.h"

/* Its bytes, as they were when they were taken: in a file, or of a live image a sound copy in memory. */
struct trace_bytes {
    int file; /* -1: in memory */
    void *memory; /* NULL: in the file */
    uint64_t size;
    bool live; /* the image's writer lives */
};

/* ERROR_NOT_AN_IMAGE for what is neither, and as tracer_reader_open(). */
enum tracer_error trace_take(struct trace_bytes *bytes, const char *path, struct tracer_message *message);
/* Whether it is an image that a program writes, and in place: whoever has it open then sees what comes. */
bool trace_is_live(const char *path);
bool trace_grows(const char *path);
/* A piece of them; false: it is not there, or no longer. */
bool trace_read(const struct trace_bytes *bytes, uint64_t offset, void *to, size_t size);
/* Whether they are compressed already. */
bool trace_is_gzip(const struct trace_bytes *bytes);
void trace_release(struct trace_bytes *bytes);

/* A path for the call's first argument: of standard input that of a copy. NULL, and *code, if it cannot be. */
const char *trace_path(const struct cli_call *call, int *code);
/* What to call it in messages. */
const char *trace_name(const struct cli_call *call);

#endif
