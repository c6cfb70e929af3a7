/*
 * The doors: formats that a trace may come in, each with its reader. One table (doors.c) for the page and the command.
 *
 * A reader is fed in pieces of any size, and what comes of them never depends on where they were cut. What it cannot
 * take as it stands it leaves in the builder's notes, with the byte.
 */
#ifndef RINGSCOPE_IMPORT_DOOR_H
#define RINGSCOPE_IMPORT_DOOR_H

#include <stdio.h>

#include "../timeline.h"

/* Formats are recognised by so much of the beginning, or by all of a shorter input. */
#define DOOR_HEAD_BYTES ((size_t)64 << 10)

struct door {
    const char *name; /* as it is told to programs: "chrome" */
    const char *title; /* as it is told to people: "Trace Event JSON" */
    /* Whether a beginning is of this format; by content, never by a file's name. */
    bool (*recognises)(const char *head, size_t size_bytes);
    /* A reader, which borrows the builder; NULL without memory. */
    void *(*create)(struct timeline_builder *builder);
    /* ERROR_FORMAT with a message, ERROR_MEMORY; later calls then return the same. */
    enum tracer_error (*feed)(void *reader, const char *bytes, size_t size_bytes, struct tracer_message *message);
    enum tracer_error (*end)(void *reader, struct tracer_message *message);
    void (*destroy)(void *reader);
};

/* ERROR_FORMAT, with these words as its message. */
static inline enum tracer_error import_fail(struct tracer_message *message, const char *words)
{
    if (message)
        snprintf(message->text, sizeof message->text, "%s", words);
    return TRACER_ERROR_FORMAT;
}

/* The door that recognises a beginning; NULL: none does. */
const struct door *door_of(const char *head, size_t size_bytes);

#endif
