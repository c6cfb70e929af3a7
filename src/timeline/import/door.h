/*
 * The doors: the formats of traces, each with its reader. One table (doors.c) for the page and the command.
 *
 * A reader is fed in pieces of any size, and its results never depend on where they were cut. Anything that it cannot
 * take literally is in the builder's notes, with the byte.
 */
#ifndef RINGSCOPE_IMPORT_DOOR_H
#define RINGSCOPE_IMPORT_DOOR_H

#include <stdio.h>

#include "../timeline.h"

/* Formats are recognized by this much of the beginning, or by all of a shorter input. */
#define DOOR_HEAD_BYTES ((size_t)64 << 10)

struct door {
    const char *name; /* for programs: "chrome" */
    const char *title; /* for people: "Trace Event JSON" */
    const char *unit; /* what its notes number: "line" */
    /* Whether a beginning is of this format; by content, never by a file's name. */
    bool (*recognises)(const char *head, size_t size_bytes);
    /* A reader, which borrows the builder; NULL without memory. */
    void *(*create)(struct timeline_builder *builder);
    /* ERROR_FORMAT with a message, ERROR_MEMORY; later calls then return the same. */
    enum tracer_error (*feed)(void *reader, const char *bytes, size_t size_bytes, struct tracer_message *message);
    enum tracer_error (*end)(void *reader, struct tracer_message *message);
    void (*destroy)(void *reader);
};

/* Returns ERROR_FORMAT, with these words as the message. */
static inline enum tracer_error import_fail(struct tracer_message *message, const char *words)
{
    if (message)
        snprintf(message->text, sizeof message->text, "%s", words);
    return TRACER_ERROR_FORMAT;
}

/* The door that recognizes a beginning; NULL: none does. */
const struct door *door_of(const char *head, size_t size_bytes);

#endif
