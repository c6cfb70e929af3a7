/* The tracks and processes of a builder, found by their ids. */
#include "builder.h"

struct track_key {
    int64_t pid, tid;
    uint32_t counter;
};

static bool is_track(const void *builder, uint32_t id, const void *key)
{
    const struct track_entry *track = &((const struct timeline_builder *)builder)->tracks[id];
    const struct track_key *wanted = key;
    return track->pid == wanted->pid && track->tid == wanted->tid && track->counter == wanted->counter;
}

static uint32_t add_track(struct timeline_builder *builder, uint64_t hash, const struct track_key *key)
{
    struct track_entry *tracks =
        array_grow(builder->tracks, builder->track_count, &builder->track_room, sizeof *tracks);
    if (tracks)
        builder->tracks = tracks;
    uint32_t process = builder_process(builder, key->pid);
    if (!tracks || process == UINT32_MAX || !hash_table_add(&builder->track_ids, hash, builder->track_count)) {
        builder->failed = true;
        return UINT32_MAX;
    }
    tracks[builder->track_count] =
        (struct track_entry){ .pid = key->pid, .tid = key->tid, .counter = key->counter, .process = process };
    return builder->track_count++;
}

uint32_t timeline_builder_track(struct timeline_builder *builder, int64_t pid, int64_t tid, uint32_t counter)
{
    const struct track_key key = { pid, tid, counter };
    uint32_t last = builder->last_track;
    if (last < builder->track_count && is_track(builder, last, &key))
        return last;
    /* Each is mixed separately: combined, the equal numbers of a process and its main thread would cancel out. */
    uint64_t hash = hash_mix(hash_mix(hash_mix(0, (uint64_t)pid), (uint64_t)tid), counter);
    uint32_t track = hash_table_find(&builder->track_ids, hash, is_track, builder, &key);
    if (track == HASH_TABLE_NONE)
        track = add_track(builder, hash, &key);
    builder->last_track = track;
    return track;
}

uint32_t builder_process(struct timeline_builder *builder, int64_t pid)
{
    const uint32_t found = builder_find_process(builder, pid);
    if (found != UINT32_MAX)
        return found;
    struct process_entry *processes =
        array_grow(builder->processes, builder->process_count, &builder->process_room, sizeof *processes);
    if (processes)
        builder->processes = processes;
    if (!processes || !hash_table_add(&builder->process_ids, hash_mix(0, (uint64_t)pid), builder->process_count)) {
        builder->failed = true;
        return UINT32_MAX;
    }
    processes[builder->process_count] = (struct process_entry){ .pid = pid,
                                                                .life = { LIFE_UNKNOWN, LIFE_UNKNOWN, LIFE_UNKNOWN, 0 },
                                                                .parent = TIMELINE_NONE };
    return builder->process_count++;
}

void builder_move_track(struct timeline_builder *builder, uint32_t track, int64_t pid)
{
    uint32_t process = builder_process(builder, pid);
    if (process == UINT32_MAX)
        return;
    builder->tracks[track].pid = pid;
    builder->tracks[track].process = process;
}

void timeline_builder_name_process(struct timeline_builder *builder, int64_t pid, const char *text, size_t bytes)
{
    uint32_t process = builder_process(builder, pid);
    if (process != UINT32_MAX)
        builder->processes[process].name = builder_add_label(builder, text, bytes);
}

void timeline_builder_label_process(struct timeline_builder *builder, int64_t pid, const char *text, size_t bytes)
{
    uint32_t process = builder_process(builder, pid);
    if (process != UINT32_MAX)
        builder->processes[process].label = builder_add_label(builder, text, bytes);
}

void timeline_builder_name_thread(struct timeline_builder *builder, int64_t pid, int64_t tid, const char *text,
                                  size_t bytes)
{
    uint32_t track = timeline_builder_track(builder, pid, tid, TIMELINE_NONE);
    if (track != UINT32_MAX)
        builder->tracks[track].name = builder_add_label(builder, text, bytes);
}

void timeline_builder_sort_process(struct timeline_builder *builder, int64_t pid, int64_t sort)
{
    uint32_t process = builder_process(builder, pid);
    if (process != UINT32_MAX)
        builder->processes[process].sort = sort;
}

void timeline_builder_sort_thread(struct timeline_builder *builder, int64_t pid, int64_t tid, int64_t sort)
{
    uint32_t track = timeline_builder_track(builder, pid, tid, TIMELINE_NONE);
    if (track != UINT32_MAX)
        builder->tracks[track].sort = sort;
}

void timeline_builder_mark_sampled(struct timeline_builder *builder, uint32_t track)
{
    if (track < builder->track_count)
        builder->tracks[track].sampled = true;
}
