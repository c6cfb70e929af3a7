/*
 * For readers that parse a text only when it is complete.
 */
#ifndef RINGSCOPE_IMPORT_WHOLE_H
#define RINGSCOPE_IMPORT_WHOLE_H

#include <stdlib.h>
#include <string.h>

#include "../../base/array.h"
#include "door.h"

struct whole {
    struct timeline_builder *builder;
    struct buffer text;
};

static inline void *whole_create(struct timeline_builder *builder)
{
    struct whole *whole = calloc(1, sizeof *whole);
    if (whole)
        whole->builder = builder;
    return whole;
}

static inline void whole_destroy(void *reader)
{
    struct whole *whole = reader;
    buffer_free(&whole->text);
    free(whole);
}

static inline enum tracer_error whole_feed(void *reader, const char *bytes, size_t size, struct tracer_message *message)
{
    struct whole *whole = reader;
    (void)message;
    if (!buffer_reserve(&whole->text, size))
        return TRACER_ERROR_MEMORY;
    if (size)
        memcpy(whole->text.bytes + whole->text.used, bytes, size);
    whole->text.used += size;
    return TRACER_OK;
}

#endif
