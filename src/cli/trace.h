/*
 * The trace that view and report pass on to the page: an image, or any format that an importer knows
 * (timeline/import/door.h), possibly compressed.
 */
#ifndef RINGSCOPE_CLI_TRACE_H
#define RINGSCOPE_CLI_TRACE_H

#include "cli.h"

/* Its bytes at the time they were taken: in a file, or, for a live image, a sound copy in memory. */
struct trace_bytes {
    int file; /* -1: in memory */
    void *memory; /* NULL: in the file */
    uint64_t size;
    bool live; /* the image's writer lives */
};

/* ERROR_NOT_AN_IMAGE for any other file, and errors as for tracer_reader_open(). */
enum tracer_error trace_take(struct trace_bytes *bytes, const char *path, struct tracer_message *message);
/* Whether it is an image that a program is writing; and whether in place, so that whoever has it open sees new
 * events. */
bool trace_is_live(const char *path);
bool trace_grows(const char *path);
/* Reads a piece of them; false: it is not there, or no longer. */
bool trace_read(const struct trace_bytes *bytes, uint64_t offset, void *to, size_t size);
/* Whether they are already compressed. */
bool trace_is_gzip(const struct trace_bytes *bytes);
void trace_release(struct trace_bytes *bytes);

/* A path for the call's first argument; for standard input, that of a copy. NULL, and *code, on failure. */
const char *trace_path(const struct cli_call *call, int *code);
/* Its name in messages. */
const char *trace_name(const struct cli_call *call);
/* What it is called where its folder does not matter. */
const char *trace_base_name(const char *path);

#endif
