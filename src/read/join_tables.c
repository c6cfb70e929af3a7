/* Joins the tables of names, threads and processes. */
#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"
#include "../platform/wide.h"
#include "join_internal.h"

#define IDS_MAX 65535u /* ids have 16 bits, and 0 means none */

/* ---------------------------------------------------------------------- names */

struct name_key {
    const char *text;
    uint32_t label;
};

static bool is_name(const void *owner, uint32_t id, const void *key)
{
    const struct text_table *names = owner;
    const struct name_key *wanted = key;
    return names->labels[id] == wanted->label && strcmp(names->text + names->offsets[id], wanted->text) == 0;
}

static bool append_text(struct joining *joining, const char *text)
{
    size_t bytes = strlen(text) + 1;
    struct buffer *to = &joining->text;
    if (!buffer_reserve(to, bytes))
        return false;
    memcpy(to->bytes + to->used, text, bytes);
    to->used += bytes;
    joining->whole->names.text = to->bytes;
    return true;
}

static enum tracer_error add_name(struct joining *joining, const struct name_key *key, uint64_t hash, uint32_t *id)
{
    struct text_table *names = &joining->whole->names;
    if (names->count > IDS_MAX)
        return TRACER_ERROR_TOO_LARGE;
    names->offsets[names->count] = (uint32_t)joining->text.used;
    names->labels[names->count] = (uint16_t)key->label;
    if (!append_text(joining, key->text) || !hash_table_add(&joining->names, hash, names->count))
        return TRACER_ERROR_MEMORY;
    *id = names->count++;
    return TRACER_OK;
}

static enum tracer_error number_text(struct joining *joining, const char *text, uint32_t label, uint32_t *id)
{
    const struct name_key key = { text, label };
    uint64_t hash = hash_mix(hash_bytes(text, strlen(text)), label);
    *id = hash_table_find(&joining->names, hash, is_name, &joining->whole->names, &key);
    return *id == HASH_TABLE_NONE ? add_name(joining, &key, hash, id) : TRACER_OK;
}

/* A label is a name that has no label. */
static enum tracer_error number_name(struct joining *joining, struct join_ids *part, uint32_t id)
{
    const char *text = text_of(&part->from->names, id), *label = label_of(&part->from->names, id);
    uint32_t label_id = 0;
    enum tracer_error error = TRACER_OK;
    if (text && label)
        error = number_text(joining, label, 0, &label_id);
    return text && error == TRACER_OK ? number_text(joining, text, label_id, &part->names[id]) : error;
}

static enum tracer_error number_names(struct joining *joining, struct join_ids *part)
{
    enum tracer_error error = TRACER_OK;
    part->names = calloc((size_t)part->from->names.count + 1, sizeof *part->names);
    if (!part->names)
        return TRACER_ERROR_MEMORY;
    for (uint32_t id = 1; id < part->from->names.count && error == TRACER_OK; id++)
        error = number_name(joining, part, id);
    return error;
}

static uint32_t name_in_whole(const struct join_ids *part, uint32_t id)
{
    return id < part->from->names.count ? part->names[id] : 0;
}

/* -------------------------------------------------------------------- threads */

/* Whether the whole already has such a thread. */
static bool is_taken(const struct track_table *tracks, uint64_t pid_tid)
{
    for (uint32_t i = 1; i < tracks->count; i++) {
        if (tracks->entries[i].pid_tid == pid_tid)
            return true;
    }
    return false;
}

static enum tracer_error add_track(struct joining *joining, struct join_ids *part, uint32_t id, const char *name)
{
    struct track_table *tracks = &joining->whole->tracks;
    struct image_track track = part->from->tracks.entries[id];
    const char *own = text_of(&part->from->names, track_name_id(&track));
    uint32_t name_id = name_in_whole(part, track_name_id(&track));
    enum tracer_error error = TRACER_OK;
    if (tracks->count > IDS_MAX)
        return TRACER_ERROR_TOO_LARGE;
    while (is_taken(tracks, track.pid_tid))
        track.pid_tid += UINT64_C(1) << 32;
    if (name && !(own && own[0]))
        error = number_text(joining, name, 0, &name_id);
    track.state = NAME_PUBLISHED | name_id;
    part->tracks[id] = tracks->count;
    tracks->entries[tracks->count++] = track;
    return error;
}

static enum tracer_error number_tracks(struct joining *joining, struct join_ids *part, const char *name)
{
    const struct track_table *from = &part->from->tracks;
    enum tracer_error error = TRACER_OK;
    part->tracks = calloc((size_t)from->count + 1, sizeof *part->tracks);
    if (!part->tracks)
        return TRACER_ERROR_MEMORY;
    for (uint32_t id = 1; id < from->count && error == TRACER_OK; id++) {
        if (!track_of(from, id))
            continue;
        error = add_track(joining, part, id, name);
        name = NULL;
    }
    return error;
}

/* ------------------------------------------------------------------ processes */

static uint64_t shifted(const struct join_ids *part, uint64_t time_ns)
{
    return time_ns == PROCESS_TIME_UNKNOWN ? time_ns : add_saturating(time_ns, part->shift_ns);
}

static void add_processes(struct joining *joining, const struct join_ids *part)
{
    struct process_table *to = &joining->whole->processes;
    for (uint32_t i = 0; i < part->from->processes.count; i++) {
        struct image_process process = part->from->processes.entries[i];
        process.state = NAME_PUBLISHED | name_in_whole(part, process_name_id(&process));
        process.start_ns = shifted(part, process.start_ns);
        process.end_ns = shifted(part, process.end_ns);
        to->entries[to->count++] = process;
    }
}

static bool allocate(struct joining *joining)
{
    struct tracer_snapshot *whole = joining->whole;
    size_t tracks = 0, processes = 0;
    for (size_t i = 0; i < joining->count; i++) {
        tracks += joining->parts[i].from->tracks.count;
        processes += joining->parts[i].from->processes.count;
    }
    whole->names.offsets = calloc((size_t)IDS_MAX + 1, sizeof *whole->names.offsets);
    whole->names.labels = calloc((size_t)IDS_MAX + 1, sizeof *whole->names.labels);
    whole->tracks.entries = calloc(tracks + 1, sizeof *whole->tracks.entries);
    whole->processes.entries = calloc(processes + 1, sizeof *whole->processes.entries);
    whole->names.count = whole->tracks.count = 1; /* id 0 means none */
    return whole->names.offsets && whole->names.labels && whole->tracks.entries && whole->processes.entries &&
           append_text(joining, ""); /* offset 0 means no name */
}

enum tracer_error join_tables(struct joining *joining, const struct join_part *parts)
{
    enum tracer_error error = allocate(joining) ? TRACER_OK : TRACER_ERROR_MEMORY;
    for (size_t i = 0; i < joining->count && error == TRACER_OK; i++) {
        error = number_names(joining, &joining->parts[i]);
        if (error == TRACER_OK)
            error = number_tracks(joining, &joining->parts[i], parts[i].name);
        if (error == TRACER_OK)
            add_processes(joining, &joining->parts[i]);
    }
    return error;
}
