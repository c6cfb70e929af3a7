/*
 * The lists of a snapshot besides its events, as arrays of JSON.
 */
#ifndef RINGSCOPE_JSON_LISTS_H
#define RINGSCOPE_JSON_LISTS_H

#include "json.h"

/* Each in memory for free(); NULL without memory. ringscope.h documents the keys. */
char *open_spans_json(const struct tracer_snapshot *snapshot);
char *processes_json(const struct tracer_snapshot *snapshot);
char *notes_json(const struct tracer_snapshot *snapshot);
char *frames_json(const struct tracer_snapshot *snapshot);

/* All lists as fields of one object. They are freed after the object is printed. */
struct json_lists {
    char *open_spans, *processes, *notes, *frames;
};
/* Adds them and returns their length in bytes. ok: set to false without memory. */
size_t json_lists_add(struct json_lists *lists, struct json_object *object, const struct tracer_snapshot *snapshot,
                      bool *ok);
void json_lists_free(struct json_lists *lists);

#endif
