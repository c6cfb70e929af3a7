/* Numbers a timeline's names and tracks, as far as the tables of an image reach. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"
#include "as_image_internal.h"

#define TABLE_MAX ((uint32_t)RECORD_NAME_MASK) /* ids from 1 on */

/* ---------------------------------------------------------------------- names */

static bool allocate_names(struct text_table *names)
{
    names->offsets = calloc((size_t)TABLE_MAX + 1, sizeof *names->offsets);
    names->labels = calloc((size_t)TABLE_MAX + 1, sizeof *names->labels);
    names->count = 1; /* id 0 means no name */
    return names->offsets && names->labels;
}

/* The id of a new name; 0 if it is too long, or the table is full. */
static uint32_t add_name(struct text_table *names, struct buffer *text, const char *name, bool *failed)
{
    size_t length = strlen(name);
    if (length > NAME_BYTES_MAX || names->count > TABLE_MAX)
        return 0;
    uint32_t offset = text_add(text, name, length);
    *failed |= offset == UINT32_MAX;
    if (*failed)
        return 0;
    names->offsets[names->count] = offset;
    return names->count++;
}

static bool is_key(const void *owner, uint32_t index, const void *key)
{
    return ((const struct as_image_names *)owner)->keys[index] == *(const uint64_t *)key;
}

/* Events with the same name and label have the same key. */
static uint64_t key_of(const struct laying *laying, uint32_t event)
{
    const struct timeline *timeline = laying->timeline;
    uint32_t label = laying->labels[timeline->categories[event]];
    return (uint64_t)timeline->names[event] << 32 | label;
}

static uint32_t find_name(const struct as_image_names *names, uint64_t key)
{
    return hash_table_find(&names->by_key, hash_mix(0, key), is_key, names, &key);
}

uint32_t as_image_name(const struct laying *laying, uint32_t event)
{
    return laying->names.ids[find_name(&laying->names, key_of(laying, event))];
}

static bool number_name(struct laying *laying, struct buffer *text, uint64_t key, bool *failed)
{
    struct as_image_names *names = &laying->names;
    uint64_t *keys = array_grow(names->keys, names->count, &names->key_room, sizeof *keys);
    if (keys)
        names->keys = keys;
    uint32_t *ids = array_grow(names->ids, names->count, &names->id_room, sizeof *ids);
    if (ids)
        names->ids = ids;
    if (!keys || !ids || !hash_table_add(&names->by_key, hash_mix(0, key), names->count))
        return false;
    struct text_table *table = &laying->snapshot->names;
    const char *name = interned_text(&laying->timeline->name_table, (uint32_t)(key >> 32));
    uint32_t id = add_name(table, text, name, failed);
    if (id != IN_DETAIL)
        table->labels[id] = (uint16_t)key;
    keys[names->count] = key;
    ids[names->count++] = id;
    return !*failed;
}

/* Threads' names come first: those of events can be stored elsewhere. */
static bool number_names(struct laying *laying, struct buffer *text, bool *failed)
{
    for (uint32_t i = 0; i < laying->timeline->count; i++) {
        uint64_t key = key_of(laying, i);
        if (find_name(&laying->names, key) == HASH_TABLE_NONE && !number_name(laying, text, key, failed))
            return false;
    }
    return true;
}

/* --------------------------------------------------------------------- tracks */

static bool fits(int64_t id)
{
    return id >= 0 && id <= UINT32_MAX;
}

/* Whether the process is the artificial one for events far from all others. */
static bool is_far(int64_t pid)
{
    return pid <= TIMELINE_FAR_ID;
}

static int compare_ids(const void *a, const void *b)
{
    int64_t left = *(const int64_t *)a, right = *(const int64_t *)b;
    return (left > right) - (left < right);
}

/* Ids that do not fit, sorted and unique, and the ids to use instead: unused ones, from the greatest down. */
struct renumbering {
    int64_t *ids; /* of processes and threads, sorted, each once */
    uint32_t count;
    uint32_t *to; /* by index in ids */
};

static bool has_id(const struct renumbering *renumbering, int64_t id)
{
    return bsearch(&id, renumbering->ids, renumbering->count, sizeof id, compare_ids) != NULL;
}

static bool collect_ids(struct renumbering *renumbering, const struct timeline *timeline, uint64_t *renumbered)
{
    uint32_t count = 0, next = UINT32_MAX;
    renumbering->ids = malloc(((size_t)timeline->track_count * 2 + 1) * sizeof *renumbering->ids);
    renumbering->to = calloc((size_t)timeline->track_count * 2 + 1, sizeof *renumbering->to);
    if (!renumbering->ids || !renumbering->to)
        return false;
    for (uint32_t i = 0; i < timeline->track_count; i++) {
        renumbering->ids[count++] = timeline->tracks[i].pid;
        renumbering->ids[count++] = timeline->tracks[i].tid;
    }
    qsort(renumbering->ids, count, sizeof *renumbering->ids, compare_ids);
    for (uint32_t i = 0; i < count; i++)
        if (i == 0 || renumbering->ids[i] != renumbering->ids[i - 1])
            renumbering->ids[renumbering->count++] = renumbering->ids[i];
    for (uint32_t i = 0; i < renumbering->count; i++) {
        if (fits(renumbering->ids[i]))
            continue;
        while (has_id(renumbering, next))
            next--;
        renumbering->to[i] = next--;
        *renumbered += !is_far(renumbering->ids[i]);
    }
    for (uint32_t i = 0; i < timeline->track_count; i++)
        *renumbered -= timeline->tracks[i].sampled && *renumbered; /* samples never had an id of their own */
    return true;
}

static uint32_t id_of(const struct renumbering *renumbering, int64_t id)
{
    if (fits(id))
        return (uint32_t)id;
    const int64_t *at = bsearch(&id, renumbering->ids, renumbering->count, sizeof id, compare_ids);
    return at ? renumbering->to[at - renumbering->ids] : UINT32_MAX;
}

/* The name of a thread; if it has none, the id that did not fit. */
static const char *thread_name(const struct laying *laying, const struct track_entry *track, char *number, size_t size)
{
    const struct timeline *timeline = laying->timeline;
    if (track->name)
        return timeline->labels.bytes + track->name;
    if (fits(track->tid))
        return "";
    snprintf(number, size, "%" PRId64, track->tid);
    return number;
}

static bool is_thread(const void *timeline, uint32_t track, const void *key)
{
    const struct track_entry *a = &((const struct timeline *)timeline)->tracks[track], *b = key;
    return a->pid == b->pid && a->tid == b->tid;
}

static uint64_t thread_hash(const struct track_entry *track)
{
    return hash_mix(hash_mix(0, (uint64_t)track->pid), (uint64_t)track->tid);
}

/* Times before time 0 are unknown to an image. */
static uint64_t image_time(int64_t time_ns)
{
    return time_ns < 0 ? PROCESS_TIME_UNKNOWN : (uint64_t)time_ns;
}

static struct image_process image_process_of(const struct timeline *timeline, const struct renumbering *renumbering,
                                             const struct process_entry *process, uint32_t name)
{
    uint64_t parent =
        process->parent == TIMELINE_NONE ? 0 : id_of(renumbering, timeline->processes[process->parent].pid);
    return (struct image_process){
        .pid_parent = id_of(renumbering, process->pid) | parent << 32,
        .state = NAME_PUBLISHED | name,
        .start_ns = image_time(process->life.start_ns),
        .end_ns = image_time(process->life.end_ns),
        .exit = process->life.exit,
    };
}

/* As in the file; without a name, the id that it cannot have. */
static const char *process_name(const struct timeline *timeline, const struct process_entry *process, char *number,
                                size_t size)
{
    if (process->name)
        return timeline->labels.bytes + process->name;
    if (fits(process->pid))
        return "";
    snprintf(number, size, "%" PRId64, process->pid);
    return number;
}

/* Adds the processes that have a name. */
static bool add_processes(struct laying *laying, const struct renumbering *renumbering, struct buffer *text,
                          bool *failed)
{
    const struct timeline *timeline = laying->timeline;
    struct process_table *processes = &laying->snapshot->processes;
    processes->entries = calloc((size_t)timeline->process_count + 1, sizeof *processes->entries);
    for (uint32_t i = 0; processes->entries && i < timeline->process_count && processes->count < TABLE_MAX; i++) {
        const struct process_entry *process = &timeline->processes[i];
        char number[24];
        const char *called = process_name(timeline, process, number, sizeof number);
        const uint32_t name = called[0] ? add_name(&laying->snapshot->names, text, called, failed) : 0;
        if (name)
            processes->entries[processes->count++] = image_process_of(timeline, renumbering, process, name);
    }
    return processes->entries && !*failed;
}

static bool number_tracks(struct laying *laying, struct buffer *text, bool *failed)
{
    const struct timeline *timeline = laying->timeline;
    struct track_table *tracks = &laying->snapshot->tracks;
    struct renumbering renumbering = { 0 };
    struct hash_table threads = { 0 }; /* the first track of each thread, which its counters share */
    laying->track_ids = calloc((size_t)timeline->track_count + 1, sizeof *laying->track_ids);
    tracks->entries = calloc((size_t)timeline->track_count + 1, sizeof *tracks->entries);
    tracks->count = 1; /* track 0 is the unknown one */
    bool ok = laying->track_ids && tracks->entries && collect_ids(&renumbering, timeline, &laying->left->renumbered);
    for (uint32_t i = 0; ok && i < timeline->track_count && !*failed; i++) {
        const struct track_entry *track = &timeline->tracks[i];
        char number[24];
        const uint64_t hash = thread_hash(track);
        const uint32_t known = hash_table_find(&threads, hash, is_thread, timeline, track);
        laying->track_ids[i] =
            track->counter == TIMELINE_NONE || known == HASH_TABLE_NONE ? 0 : laying->track_ids[known];
        if (laying->track_ids[i] || tracks->count > TABLE_MAX)
            continue;
        const char *name = thread_name(laying, track, number, sizeof number);
        uint32_t id = name[0] ? add_name(&laying->snapshot->names, text, name, failed) : 0;
        tracks->entries[tracks->count] = (struct image_track){
            (uint64_t)id_of(&renumbering, track->tid) << 32 | id_of(&renumbering, track->pid),
            NAME_PUBLISHED | id,
        };
        laying->track_ids[i] = tracks->count++;
        *failed |= known == HASH_TABLE_NONE && !hash_table_add(&threads, hash, i);
    }
    hash_table_free(&threads);
    ok = ok && !*failed && add_processes(laying, &renumbering, text, failed);
    free(renumbering.ids);
    free(renumbering.to);
    return ok && !*failed;
}

/* ----------------------------------------------------------------- categories */

/* A category with the name of an image's category is that one; any other name becomes its label. */
static void map_categories(struct laying *laying, struct buffer *text, bool *failed)
{
    for (unsigned i = 0; i < TIMELINE_CATEGORIES; i++) {
        enum trace_category code = TRACE_CUSTOM;
        const char *name = timeline_category(laying->timeline, i, NULL);
        bool known = name && trace_category_parse(name, &code);
        laying->categories[i] = (uint8_t)code;
        if (name && strcmp(name, trace_category_name(code)) != 0)
            laying->labels[i] = add_name(&laying->snapshot->names, text, name, failed);
        laying->foreign[i] = name && !known && laying->labels[i] == 0;
    }
}

bool as_image_tables(struct laying *laying)
{
    struct buffer text = { 0 };
    bool failed = text_add(&text, "", 0) == UINT32_MAX; /* offset 0 means none */
    bool ok = !failed && allocate_names(&laying->snapshot->names);
    if (ok)
        map_categories(laying, &text, &failed);
    ok = ok && !failed && number_tracks(laying, &text, &failed) && number_names(laying, &text, &failed);
    laying->snapshot->names.text = text.bytes;
    return ok;
}
