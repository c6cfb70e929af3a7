/*
 * CPU profiles of V8: a tree of calls, which call each sample was in, and how long after the one before it was taken.
 * A .cpuprofile has them as a whole, a Trace Event file in chunks.
 */
#ifndef RINGSCOPE_IMPORT_V8_PROFILE_H
#define RINGSCOPE_IMPORT_V8_PROFILE_H

#include "json_walk.h"
#include "samples.h"

struct v8_profile;

/* Of a thread's track, from a time on. NULL without memory. */
struct v8_profile *v8_profile_create(struct timeline_builder *builder, uint32_t track, int64_t start_ns);
void v8_profile_destroy(struct v8_profile *profile);

/* Nodes: {"id", "callFrame": {"functionName", "url"}, "children": [ids] or "parent": id}. */
void v8_profile_add_nodes(struct v8_profile *profile, struct json_range nodes);
/* Node ids, and µs since the sample before. */
void v8_profile_add_samples(struct v8_profile *profile, struct json_range samples, struct json_range deltas);

/* Adds the spans to the builder; notes what does not fit together. False without memory. */
bool v8_profile_end(struct v8_profile *profile);

#endif
