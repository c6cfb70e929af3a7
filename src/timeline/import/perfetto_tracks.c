/* Keeps tracks, and finds their processes and threads. */
#include "perfetto_tracks.h"

#include <stdlib.h>

#include "../../base/hash.h"

/* No thread has a tid this high: for tracks that are not threads. */
#define OTHER_TIDS_FROM 0x80000000u
#define PARENTS_MAX 64u

static bool is_track(const void *owner, uint32_t id, const void *key)
{
    return ((const struct perfetto_tracks *)owner)->all[id].uuid == *(const uint64_t *)key;
}

uint32_t perfetto_track(struct perfetto_tracks *tracks, uint64_t uuid)
{
    uint64_t hash = hash_mix(0, uuid);
    uint32_t id = hash_table_find(&tracks->by_uuid, hash, is_track, tracks, &uuid);
    if (id != HASH_TABLE_NONE)
        return id;
    struct perfetto_track *all = array_grow(tracks->all, tracks->count, &tracks->room, sizeof *all);
    if (all)
        tracks->all = all;
    if (!all || !hash_table_add(&tracks->by_uuid, hash, tracks->count)) {
        tracks->failed = true;
        return UINT32_MAX;
    }
    all[tracks->count] = (struct perfetto_track){
        .uuid = uuid, .name = TIMELINE_NONE, .kind = "counter", .multiplier = 1, .resolved = TIMELINE_NONE
    };
    return tracks->count++;
}

/* ---------------------------------------------------------------- descriptors */

static uint32_t name_of(struct perfetto_tracks *tracks, const struct wire_field *field)
{
    size_t size;
    const char *text = wire_text(field, &size);
    return size ? timeline_builder_name(tracks->builder, text, size) : TIMELINE_NONE;
}

void perfetto_describe_process(struct perfetto_tracks *tracks, struct message descriptor, struct perfetto_track *track)
{
    struct wire_field field;
    const char *name = NULL;
    size_t size = 0;
    int64_t pid = 0;
    while (wire_next(&descriptor, &field)) {
        if (field.number == 1)
            pid = (int32_t)field.value;
        else if (field.number == 6 || (field.number == 2 && !name)) /* process_name; else the first of cmdline */
            name = wire_text(&field, &size);
    }
    if (name && size)
        timeline_builder_name_process(tracks->builder, pid, name, size);
    if (track) {
        track->process = true;
        track->pid = pid;
    }
}

void perfetto_describe_thread(struct perfetto_tracks *tracks, struct message descriptor, struct perfetto_track *track)
{
    struct wire_field field;
    const char *name = NULL;
    size_t size = 0;
    int64_t pid = 0, tid = 0;
    while (wire_next(&descriptor, &field)) {
        if (field.number == 1)
            pid = (int32_t)field.value;
        else if (field.number == 2)
            tid = (int64_t)field.value;
        else if (field.number == 5)
            name = wire_text(&field, &size);
    }
    if (name && size)
        timeline_builder_name_thread(tracks->builder, pid, tid, name, size);
    if (track) {
        track->thread = true;
        track->pid = pid;
        track->tid = tid;
    }
}

static void describe_counter(struct message descriptor, struct perfetto_track *track)
{
    struct wire_field field;
    track->counter = true;
    while (wire_next(&descriptor, &field)) {
        if (field.number == 1 && field.value)
            track->kind = field.value == 1 ? "thread_time" : "thread_instruction_count";
        else if (field.number == 4)
            track->multiplier = (double)(int64_t)field.value;
        else if (field.number == 5)
            track->incremental = field.value != 0;
    }
    if (track->multiplier == 0)
        track->multiplier = 1;
}

static uint64_t uuid_of(struct message descriptor)
{
    struct wire_field field;
    while (wire_next(&descriptor, &field))
        if (field.number == 1)
            return field.value;
    return 0;
}

void perfetto_describe_track(struct perfetto_tracks *tracks, struct message descriptor)
{
    struct wire_field field;
    uint32_t index = perfetto_track(tracks, uuid_of(descriptor));
    if (index == UINT32_MAX)
        return;
    struct perfetto_track *track = &tracks->all[index];
    track->described = true;
    while (wire_next(&descriptor, &field)) {
        switch (field.number) {
        case 2: /* name */
        case 10: /* static_name */
            track->name = name_of(tracks, &field);
            break;
        case 3:
            perfetto_describe_process(tracks, field.bytes, track);
            break;
        case 4:
            perfetto_describe_thread(tracks, field.bytes, track);
            break;
        case 5:
            track->parent = field.value;
            track->has_parent = true;
            break;
        case 8:
            describe_counter(field.bytes, track);
            break;
        default:
            break;
        }
    }
}

static void take_process(struct perfetto_tracks *tracks, struct message process)
{
    struct wire_field field;
    const char *name = NULL;
    size_t size = 0;
    int64_t pid = 0;
    while (wire_next(&process, &field)) {
        if (field.number == 1)
            pid = (int32_t)field.value;
        else if (field.number == 3 && !name)
            name = wire_text(&field, &size);
    }
    if (name && size)
        timeline_builder_name_process(tracks->builder, pid, name, size);
}

static void take_thread(struct perfetto_tracks *tracks, struct message thread)
{
    struct wire_field field;
    const char *name = NULL;
    size_t size = 0;
    int64_t pid = 0, tid = 0;
    while (wire_next(&thread, &field)) {
        if (field.number == 1)
            tid = (int32_t)field.value;
        else if (field.number == 3)
            pid = (int32_t)field.value;
        else if (field.number == 2)
            name = wire_text(&field, &size);
    }
    if (name && size)
        timeline_builder_name_thread(tracks->builder, pid, tid, name, size);
}

void perfetto_take_process_tree(struct perfetto_tracks *tracks, struct message tree)
{
    struct wire_field field;
    while (wire_next(&tree, &field)) {
        if (field.number == 1 && field.type == WIRE_BYTES)
            take_process(tracks, field.bytes);
        else if (field.number == 2 && field.type == WIRE_BYTES)
            take_thread(tracks, field.bytes);
    }
}

/* ------------------------------------------------------------------ resolving */

/* The nearest enclosing track, or the track itself, that is a thread or a process; NULL: none is. */
static const struct perfetto_track *owner_of(struct perfetto_tracks *tracks, uint32_t index)
{
    for (unsigned steps = 0; steps < PARENTS_MAX; steps++) {
        const struct perfetto_track *track = &tracks->all[index];
        if (track->thread || track->process || !track->has_parent)
            return track->thread || track->process ? track : NULL;
        index = perfetto_track(tracks, track->parent);
        if (index == UINT32_MAX)
            return NULL;
    }
    return NULL;
}

static uint32_t resolve_other(struct perfetto_tracks *tracks, const struct perfetto_track *track, int64_t pid)
{
    const char *name = track->process ? "process" : track->described ? "track" : "unknown track";
    int64_t tid = OTHER_TIDS_FROM + (int64_t)tracks->next_tid++;
    if (track->name != TIMELINE_NONE)
        name = interned_text(&tracks->builder->names, track->name);
    uint32_t to = timeline_builder_track(tracks->builder, pid, tid, TIMELINE_NONE);
    timeline_builder_name_thread(tracks->builder, pid, tid, name, strlen(name));
    return to;
}

uint32_t perfetto_resolve(struct perfetto_tracks *tracks, uint32_t index)
{
    if (tracks->all[index].resolved != TIMELINE_NONE)
        return tracks->all[index].resolved;
    const struct perfetto_track *owner = owner_of(tracks, index); /* may add a track, and move them all */
    int64_t pid = owner ? owner->pid : 0, tid = owner && owner->thread ? owner->tid : 0;
    struct perfetto_track *track = &tracks->all[index];
    if (track->counter) {
        if (track->name == TIMELINE_NONE)
            track->name = timeline_builder_name(tracks->builder, track->kind, strlen(track->kind));
        track->resolved = timeline_builder_track(tracks->builder, pid, tid, track->name);
    } else if (track->thread) {
        track->resolved = timeline_builder_track(tracks->builder, pid, tid, TIMELINE_NONE);
    } else {
        track->resolved = resolve_other(tracks, track, pid);
    }
    return track->resolved;
}

void perfetto_tracks_free(struct perfetto_tracks *tracks)
{
    free(tracks->all);
    hash_table_free(&tracks->by_uuid);
}
