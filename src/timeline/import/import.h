/*
 * Fills a builder from a trace of any format that has a door (door.h), in pieces of any size.
 */
#ifndef RINGSCOPE_IMPORT_H
#define RINGSCOPE_IMPORT_H

#include "door.h"

struct trace_import;

/* The builder is borrowed until trace_import_destroy(). NULL: no memory. */
struct trace_import *trace_import_create(struct timeline_builder *builder);
void trace_import_destroy(struct trace_import *import);

/* Takes the next bytes. ERROR_NOT_AN_IMAGE, with a message in plain words, if no door recognizes them, ERROR_FORMAT if
 * its reader cannot read them, ERROR_MEMORY; later calls then return the same. */
enum tracer_error trace_import_feed(struct trace_import *import, const char *bytes, size_t size_bytes,
                                    struct tracer_message *message);
/* Call after the last bytes. */
enum tracer_error trace_import_end(struct trace_import *import, struct tracer_message *message);

/* The recognized format; NULL: none yet. */
const struct door *trace_import_door(const struct trace_import *import);

#endif
