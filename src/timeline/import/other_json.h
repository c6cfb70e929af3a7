/*
 * JSON that is no trace, or one of a format that has no door: it is said what it is, and what to do.
 */
#ifndef RINGSCOPE_IMPORT_OTHER_JSON_H
#define RINGSCOPE_IMPORT_OTHER_JSON_H

#include "door.h"

extern const struct door other_json_door;

/* ERROR_FORMAT, with what a text is, or an object of its keys. */
enum tracer_error other_json_refuse(const char *text, size_t size, struct tracer_message *message);

#endif
