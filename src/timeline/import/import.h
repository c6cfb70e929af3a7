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

/* Takes the next bytes. ERROR_NOT_AN_IMAGE with a message in plain words for what no door recognises, ERROR_FORMAT
 * for what its reader cannot read, ERROR_MEMORY; later calls then return the same. */
enum tracer_error trace_import_feed(struct trace_import *import, const char *bytes, size_t size_bytes,
                                    struct tracer_message *message);
/* After the last bytes. */
enum tracer_error trace_import_end(struct trace_import *import, struct tracer_message *message);

/* What was recognised; NULL: nothing yet. */
const struct door *trace_import_door(const struct trace_import *import);

#endif
