/* Assembles the calls of a profile, in whatever order nodes and samples arrive. */
#include "v8_profile.h"

#include <stdlib.h>
#include <string.h>

#include "../../base/hash.h"
#include "../builder.h"
#include "call_nodes.h"

struct taken_sample {
    int64_t time_ns;
    uint32_t node;
};

struct v8_profile {
    struct timeline_builder *builder;
    struct samples *samples;
    uint32_t track;
    int64_t time_ns; /* of the last sample */
    struct call_node *nodes;
    uint32_t node_count, node_room;
    struct hash_table by_id;
    struct taken_sample *taken;
    uint32_t taken_count, taken_room;
    struct buffer scratch;
    bool failed;
};

struct v8_profile *v8_profile_create(struct timeline_builder *builder, uint32_t track, int64_t start_ns)
{
    struct v8_profile *profile = calloc(1, sizeof *profile);
    if (profile)
        profile->samples = samples_create(builder);
    if (!profile || !profile->samples) {
        free(profile);
        return NULL;
    }
    samples_without_gaps(profile->samples);
    profile->builder = builder;
    profile->track = track;
    profile->time_ns = time_bounded(start_ns);
    return profile;
}

void v8_profile_destroy(struct v8_profile *profile)
{
    if (!profile)
        return;
    samples_destroy(profile->samples);
    free(profile->nodes);
    hash_table_free(&profile->by_id);
    free(profile->taken);
    buffer_free(&profile->scratch);
    free(profile);
}

static void note(struct v8_profile *profile, const char *text)
{
    const struct timeline_note note = { .text = text, .count = 1, .byte = TIMELINE_NO_BYTE };
    timeline_builder_add_note(profile->builder, &note);
}

/* ----------------------------------------------------------------------- nodes */

static bool is_node(const void *owner, uint32_t index, const void *key)
{
    return ((const struct v8_profile *)owner)->nodes[index].id == *(const int64_t *)key;
}

/* The node of an id, created if need be; NO_CALL without memory. */
static uint32_t node_of(struct v8_profile *profile, int64_t id)
{
    uint64_t hash = hash_mix(0, (uint64_t)id);
    uint32_t index = hash_table_find(&profile->by_id, hash, is_node, profile, &id);
    if (index != HASH_TABLE_NONE)
        return index;
    struct call_node *nodes = array_grow(profile->nodes, profile->node_count, &profile->node_room, sizeof *nodes);
    if (nodes)
        profile->nodes = nodes;
    if (!nodes || !hash_table_add(&profile->by_id, hash, profile->node_count)) {
        profile->failed = true;
        return NO_CALL;
    }
    nodes[profile->node_count] = (struct call_node){ .id = id, .parent = NO_CALL, .frame = CALL_NOT_FRAMED };
    return profile->node_count++;
}

/* "file:///srv/app/server.js" has the category server.js; functions without a source are V8's own. */
static uint8_t category_of(struct v8_profile *profile, struct json_range url)
{
    const char *text = "";
    size_t bytes = 0;
    if (!json_text(url, &profile->scratch, &text, &bytes) || bytes == 0)
        return (uint8_t)timeline_builder_category(profile->builder, "native", 6);
    size_t first = bytes;
    while (first > 0 && text[first - 1] != '/')
        first--;
    if (first == bytes)
        first = 0;
    return (uint8_t)timeline_builder_category(profile->builder, text + first, bytes - first);
}

static void name_node(struct v8_profile *profile, uint32_t index, struct json_range call)
{
    const char *name = "", *anonymous = "(anonymous)";
    size_t bytes = 0;
    struct call_node *node = &profile->nodes[index];
    if (!json_text(json_member(call, "functionName"), &profile->scratch, &name, &bytes) || bytes == 0) {
        name = anonymous;
        bytes = strlen(anonymous);
    }
    node->name = timeline_builder_name(profile->builder, name, bytes);
    node->category = category_of(profile, json_member(call, "url"));
    node->known = true;
}

static void add_children(struct v8_profile *profile, uint32_t parent, struct json_range children)
{
    struct json_range walk = json_inside(children), child;
    int64_t id;
    while (json_next_element(&walk, &child)) {
        uint32_t index = json_integer(child, &id) ? node_of(profile, id) : NO_CALL;
        if (index != NO_CALL)
            profile->nodes[index].parent = parent;
    }
}

static void add_node(struct v8_profile *profile, struct json_range object)
{
    int64_t id, parent;
    uint32_t index = json_integer(json_member(object, "id"), &id) ? node_of(profile, id) : NO_CALL;
    if (index == NO_CALL) {
        note(profile, "A call of the profile without an id is left out");
        return;
    }
    name_node(profile, index, json_member(object, "callFrame"));
    add_children(profile, index, json_member(object, "children"));
    if (json_integer(json_member(object, "parent"), &parent)) {
        uint32_t above = node_of(profile, parent);
        profile->nodes[index].parent = above;
    }
}

void v8_profile_add_nodes(struct v8_profile *profile, struct json_range nodes)
{
    struct json_range walk = json_inside(nodes), node;
    while (!profile->failed && json_next_element(&walk, &node))
        add_node(profile, node);
}

/* --------------------------------------------------------------------- samples */

void v8_profile_add_samples(struct v8_profile *profile, struct json_range samples, struct json_range deltas)
{
    struct json_range walk = json_inside(samples), times = json_inside(deltas), value;
    int64_t id, delta_ns;
    while (!profile->failed && json_next_element(&walk, &value)) {
        struct taken_sample *taken =
            array_grow(profile->taken, profile->taken_count, &profile->taken_room, sizeof *taken);
        if (!taken) {
            profile->failed = true;
            return;
        }
        profile->taken = taken;
        bool known = json_integer(value, &id);
        if (!json_next_element(&times, &value) || !json_ns(value, &delta_ns)) {
            note(profile, "A sample of the profile without a time is left out");
            continue;
        }
        profile->time_ns = time_bounded(profile->time_ns + time_bounded(delta_ns));
        uint32_t node = known ? node_of(profile, id) : NO_CALL;
        if (node != NO_CALL)
            taken[profile->taken_count++] = (struct taken_sample){ profile->time_ns, node };
    }
}

/* ------------------------------------------------------------------------- end */

static bool frame_nodes(struct v8_profile *profile)
{
    for (uint32_t i = 0; i < profile->node_count; i++)
        if (!profile->nodes[i].known)
            name_node(profile, i, (struct json_range){ NULL, NULL });
    return call_nodes_frame(profile->samples, profile->nodes, profile->node_count);
}

bool v8_profile_end(struct v8_profile *profile)
{
    if (profile->failed || !frame_nodes(profile))
        return false;
    for (uint32_t i = 0; i < profile->taken_count; i++)
        samples_add(profile->samples, profile->track, profile->taken[i].time_ns,
                    profile->nodes[profile->taken[i].node].frame);
    return samples_end(profile->samples);
}
