/*
 * What a snapshot has beside its events, as arrays of JSON.
 */
#ifndef RINGSCOPE_JSON_LISTS_H
#define RINGSCOPE_JSON_LISTS_H

#include "json.h"

/* Each in memory for free(); NULL without memory. The keys stand in ringscope.h. */
char *open_spans_json(const struct tracer_snapshot *snapshot);
char *processes_json(const struct tracer_snapshot *snapshot);
char *notes_json(const struct tracer_snapshot *snapshot);
char *frames_json(const struct tracer_snapshot *snapshot);

/* All of them as fields of one object; what they print is freed at the end, after the object is printed. */
struct json_lists {
    char *open_spans, *processes, *notes, *frames;
};
/* Adds them and returns how many bytes of text they are. ok: set to false without memory. */
size_t json_lists_add(struct json_lists *lists, struct json_object *object, const struct tracer_snapshot *snapshot,
                      bool *ok);
void json_lists_free(struct json_lists *lists);

#endif
