/* Collects samples of Trace Event files, for flame charts. */
#include "chrome_samples.h"

#include <stdlib.h>
#include <string.h>

#include "../../base/hash.h"
#include "../builder.h"
#include "call_nodes.h"
#include "chrome_escapes.h"

#define MEMBER_BYTES_MAX ((size_t)1 << 30)

static void note(struct timeline_builder *builder, const char *text)
{
    const struct timeline_note said = { .text = text, .count = 1, .byte = TIMELINE_NO_BYTE };
    timeline_builder_add_note(builder, &said);
}

/* ------------------------------------------------------------------- collecting */

void chrome_samples_begin(struct chrome_samples *samples, const struct token *key)
{
    samples->collecting = token_is(key, "samples")       ? &samples->samples
                          : token_is(key, "stackFrames") ? &samples->frames
                                                         : NULL;
    if (samples->collecting)
        samples->collecting->used = 0;
}

void chrome_samples_collect(struct chrome_samples *samples, const char *at, const char *end)
{
    struct buffer *to = samples->collecting;
    size_t size = (size_t)(end - at);
    if (!to || size == 0)
        return;
    if (size > MEMBER_BYTES_MAX - to->used || !buffer_reserve(to, size)) {
        samples->failed = true;
        return;
    }
    memcpy(to->bytes + to->used, at, size);
    to->used += size;
}

/* --------------------------------------------------------------------- profiles */

static bool is_profile(const void *owner, uint32_t index, const void *key)
{
    const struct chrome_profile *profile = &((const struct chrome_samples *)owner)->profiles[index];
    const struct chrome_profile_event *event = key;
    return profile->id == event->id && profile->pid == event->pid;
}

static struct chrome_profile *profile_of(struct chrome_samples *samples, struct timeline_builder *builder,
                                         const struct chrome_profile_event *event, int64_t start_ns)
{
    const uint64_t hash = hash_mix(hash_mix(0, (uint64_t)event->pid), event->id);
    const uint32_t known = hash_table_find(&samples->profile_ids, hash, is_profile, samples, event);
    if (known != HASH_TABLE_NONE)
        return &samples->profiles[known];
    struct chrome_profile *profiles =
        array_grow(samples->profiles, samples->profile_count, &samples->profile_room, sizeof *profiles);
    struct v8_profile *v8 = profiles ? v8_profile_create(builder, event->track, start_ns) : NULL;
    if (profiles)
        samples->profiles = profiles;
    if (!v8 || !hash_table_add(&samples->profile_ids, hash, samples->profile_count)) {
        v8_profile_destroy(v8);
        samples->failed = true;
        return NULL;
    }
    profiles[samples->profile_count] = (struct chrome_profile){ event->pid, event->id, v8 };
    return &profiles[samples->profile_count++];
}

bool chrome_samples_take_profile(struct chrome_samples *samples, struct timeline_builder *builder,
                                 const struct chrome_profile_event *event)
{
    const bool whole = token_is(event->name, "CpuProfile");
    if ((!whole && !token_is(event->name, "ProfileChunk") && !token_is(event->name, "Profile")) || !event->args->at)
        return false;
    struct json_range args = { event->args->at, event->args->at + event->args->bytes };
    struct json_range data = json_member(args, "data"), profile = json_member(data, "cpuProfile");
    int64_t start_ns = event->start_ns, told_ns, base_ns;
    if (whole && !profile.at)
        return false;
    if (json_ns(json_member(whole ? profile : data, "startTime"), &told_ns) &&
        !__builtin_mul_overflow(event->base_us, 1000, &base_ns))
        start_ns = time_bounded(told_ns) - time_bounded(base_ns);
    struct chrome_profile *kept = profile_of(samples, builder, event, start_ns);
    if (!kept)
        return true;
    v8_profile_add_nodes(kept->v8, json_member(profile, "nodes"));
    struct json_range deltas = json_member(data, "timeDeltas");
    v8_profile_add_samples(kept->v8, json_member(profile, "samples"),
                           deltas.at ? deltas : json_member(profile, "timeDeltas"));
    return true;
}

/* ------------------------------------------------------- samples and stackFrames */

void chrome_samples_take_event(struct chrome_samples *samples, uint32_t track, int64_t time_ns, const struct token *id)
{
    struct event_sample *events =
        array_grow(samples->events, samples->event_count, &samples->event_room, sizeof *events);
    uint32_t frame = interned_id(&samples->frame_ids, id->at, id->bytes);
    if (events)
        samples->events = events;
    if (!events || frame == UINT32_MAX) {
        samples->failed = true;
        return;
    }
    events[samples->event_count++] = (struct event_sample){ time_ns, track, frame };
}

struct stacks {
    struct timeline_builder *builder;
    struct samples *samples;
    struct interned *ids; /* of frames: indices of the nodes */
    struct call_node *nodes;
    uint32_t node_count, node_room;
    struct hash_table by_tid; /* of threads: the first track of each number */
    uint32_t tracks_known; /* how many of the builder's tracks are in it */
    struct buffer scratch;
    bool failed;
};

/* The node with this index, created if need be; NO_CALL without memory. */
static uint32_t node_at(struct stacks *stacks, uint32_t index)
{
    while (index != UINT32_MAX && index >= stacks->node_count) {
        struct call_node *nodes = array_grow(stacks->nodes, stacks->node_count, &stacks->node_room, sizeof *nodes);
        if (!nodes)
            break;
        stacks->nodes = nodes;
        nodes[stacks->node_count++] = (struct call_node){ .parent = NO_CALL, .frame = CALL_NOT_FRAMED };
    }
    stacks->failed |= index >= stacks->node_count;
    return index < stacks->node_count ? index : NO_CALL;
}

/* The node of an id, created if need be; NO_CALL if it is not an id, and without memory. */
static uint32_t node_of(struct stacks *stacks, struct json_range id)
{
    if (!id.at || json_is_object(id) || json_is_array(id))
        return NO_CALL;
    const char *text = id.at;
    size_t bytes = (size_t)(id.end - id.at);
    json_text(id, &stacks->scratch, &text, &bytes);
    return node_at(stacks, interned_id(stacks->ids, text, bytes));
}

static const char *text_or(struct stacks *stacks, struct json_range value, const char *other, size_t *bytes)
{
    const char *text;
    if (json_text(value, &stacks->scratch, &text, bytes) && *bytes)
        return text;
    *bytes = strlen(other);
    return other;
}

static void add_frame(struct stacks *stacks, struct json_range id, struct json_range frame)
{
    size_t bytes;
    uint32_t index = node_of(stacks, id), parent = node_of(stacks, json_member(frame, "parent"));
    if (index == NO_CALL)
        return;
    struct call_node *node = &stacks->nodes[index];
    node->parent = parent;
    node->known = true;
    const char *text = text_or(stacks, json_member(frame, "name"), "?", &bytes);
    node->name = timeline_builder_name(stacks->builder, text, bytes);
    text = text_or(stacks, json_member(frame, "category"), "(none)", &bytes);
    node->category = (uint8_t)timeline_builder_category(stacks->builder, text, bytes);
}

static bool has_tid(const void *owner, uint32_t track, const void *key)
{
    const struct timeline_builder *builder = owner;
    return builder->tracks[track].tid == *(const int64_t *)key;
}

/* HASH_TABLE_NONE: no events have it. */
static uint32_t track_with_tid(const struct stacks *stacks, int64_t tid)
{
    return hash_table_find(&stacks->by_tid, hash_mix(0, (uint64_t)tid), has_tid, stacks->builder, &tid);
}

static void learn_threads(struct stacks *stacks)
{
    const struct timeline_builder *builder = stacks->builder;
    for (; stacks->tracks_known < builder->track_count && !stacks->failed; stacks->tracks_known++) {
        int64_t tid = builder->tracks[stacks->tracks_known].tid;
        bool is_new = builder->tracks[stacks->tracks_known].counter == TIMELINE_NONE &&
                      track_with_tid(stacks, tid) == HASH_TABLE_NONE;
        stacks->failed = is_new && !hash_table_add(&stacks->by_tid, hash_mix(0, (uint64_t)tid), stacks->tracks_known);
    }
}

/* Samples of perf and the like name only the thread: uses a thread with that number that has events, in any process. */
static uint32_t track_of_thread(struct stacks *stacks, int64_t tid)
{
    learn_threads(stacks);
    uint32_t track = track_with_tid(stacks, tid);
    return track != HASH_TABLE_NONE ? track : timeline_builder_track(stacks->builder, 0, tid, TIMELINE_NONE);
}

static void add_at(struct stacks *stacks, uint32_t track, int64_t time_ns, uint32_t node)
{
    if (node == NO_CALL || !stacks->nodes[node].known)
        note(stacks->builder, "A sample whose stack is missing is left out");
    else
        samples_add(stacks->samples, track, time_ns, stacks->nodes[node].frame);
}

static void add_sample(struct stacks *stacks, struct json_range sample, int64_t base_ns)
{
    int64_t pid, tid = 0, time_ns;
    uint32_t node = node_of(stacks, json_member(sample, "sf"));
    json_integer(json_member(sample, "tid"), &tid);
    if (!json_ns(json_member(sample, "ts"), &time_ns)) {
        note(stacks->builder, "A sample without a time is left out");
        return;
    }
    bool has_pid = json_integer(json_member(sample, "pid"), &pid);
    uint32_t track =
        has_pid ? timeline_builder_track(stacks->builder, pid, tid, TIMELINE_NONE) : track_of_thread(stacks, tid);
    add_at(stacks, track, time_bounded(time_ns) - base_ns, node);
}

static void add_events(struct stacks *stacks, const struct chrome_samples *kept)
{
    for (uint32_t i = 0; i < kept->event_count && !stacks->failed; i++)
        add_at(stacks, kept->events[i].track, kept->events[i].time_ns, node_at(stacks, kept->events[i].frame));
}

/* The kept text, which may be empty. */
static struct json_range value_of(const struct buffer *kept)
{
    return kept->used ? json_value(kept->bytes, kept->bytes + kept->used) : (struct json_range){ NULL, NULL };
}

static bool add_stacks(struct stacks *stacks, const struct chrome_samples *kept, int64_t base_ns)
{
    struct json_range frames = value_of(&kept->frames);
    struct json_range samples = value_of(&kept->samples);
    struct json_range walk = json_inside(frames), id, value;
    while (!stacks->failed && kept->frames.used && json_next_member(&walk, &id, &value))
        add_frame(stacks, id, value);
    uint32_t unknown = timeline_builder_name(stacks->builder, "?", 1);
    for (uint32_t i = 0; i < stacks->node_count; i++)
        if (!stacks->nodes[i].known)
            stacks->nodes[i].name = unknown;
    if (stacks->failed || !call_nodes_frame(stacks->samples, stacks->nodes, stacks->node_count))
        return false;
    walk = json_inside(samples);
    while (!stacks->failed && json_next_element(&walk, &value))
        add_sample(stacks, value, base_ns);
    add_events(stacks, kept);
    return !stacks->failed && samples_end(stacks->samples);
}

static bool finish_stacks(struct chrome_samples *kept, struct timeline_builder *builder, int64_t base_ns)
{
    struct stacks stacks = { .builder = builder, .samples = samples_create(builder), .ids = &kept->frame_ids };
    bool ok = stacks.samples && add_stacks(&stacks, kept, base_ns);
    samples_destroy(stacks.samples);
    free(stacks.nodes);
    hash_table_free(&stacks.by_tid);
    buffer_free(&stacks.scratch);
    return ok;
}

/* -------------------------------------------------------------------------- end */

bool chrome_samples_finish(struct chrome_samples *samples, struct timeline_builder *builder, int64_t base_us)
{
    int64_t base_ns;
    bool ok = !samples->failed;
    if (__builtin_mul_overflow(base_us, 1000, &base_ns))
        base_ns = 0;
    base_ns = time_bounded(base_ns);
    for (uint32_t i = 0; ok && i < samples->profile_count; i++)
        ok = v8_profile_end(samples->profiles[i].v8);
    bool any = samples->samples.used || samples->event_count;
    return ok && (!any || finish_stacks(samples, builder, base_ns));
}

void chrome_samples_free(struct chrome_samples *samples)
{
    for (uint32_t i = 0; i < samples->profile_count; i++)
        v8_profile_destroy(samples->profiles[i].v8);
    free(samples->profiles);
    hash_table_free(&samples->profile_ids);
    free(samples->events);
    interned_free(&samples->frame_ids);
    buffer_free(&samples->samples);
    buffer_free(&samples->frames);
}
