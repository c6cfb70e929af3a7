/*
 * JSON that is not a trace, or of a format without a door: says what it is, and what to do.
 */
#ifndef RINGSCOPE_IMPORT_OTHER_JSON_H
#define RINGSCOPE_IMPORT_OTHER_JSON_H

#include "door.h"

extern const struct door other_json_door;

/* ERROR_FORMAT, with a message about the text, which may be an object of only its keys. */
enum tracer_error other_json_refuse(const char *text, size_t size, struct tracer_message *message);

#endif
