/*
 * CPU profiles of V8: a tree of calls, the call that each sample was in, and its time since the previous sample.
 * A .cpuprofile has them in one piece, a Trace Event file in chunks.
 */
#ifndef RINGSCOPE_IMPORT_V8_PROFILE_H
#define RINGSCOPE_IMPORT_V8_PROFILE_H

#include "json_walk.h"
#include "samples.h"

struct v8_profile;

/* For a thread's track, from a time on. NULL without memory. */
struct v8_profile *v8_profile_create(struct timeline_builder *builder, uint32_t track, int64_t start_ns);
void v8_profile_destroy(struct v8_profile *profile);

/* Nodes: {"id", "callFrame": {"functionName", "url"}, "children": [ids] or "parent": id}. */
void v8_profile_add_nodes(struct v8_profile *profile, struct json_range nodes);
/* Node ids, and µs since the previous sample. */
void v8_profile_add_samples(struct v8_profile *profile, struct json_range samples, struct json_range deltas);

/* Adds the spans to the builder; notes inconsistencies. False without memory. */
bool v8_profile_end(struct v8_profile *profile);

#endif
