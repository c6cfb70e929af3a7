/* Frees texts and tracks that no event uses any more. */
#include <stdlib.h>
#include <string.h>

#include "live_store.h"

#define GARBAGE_LEAST 4096u /* events: fewer are not worth the time */

/* Maps old ids to new ones, and holds the new tables. */
struct compacting {
    const struct timeline_builder *from;
    struct timeline_builder *to;
    uint32_t *names, *tracks; /* by old id; TIMELINE_NONE: unused */
    struct live_track *kept;
};

static uint32_t name_of(struct compacting *compacting, uint32_t name)
{
    uint32_t *known = &compacting->names[name];
    const char *text = interned_text(&compacting->from->names, name);
    const char *source = sources_of(&compacting->from->sources, name);
    if (*known != TIMELINE_NONE)
        return *known;
    *known = timeline_builder_name(compacting->to, text, strlen(text));
    if (source)
        timeline_builder_source(compacting->to, *known, source);
    return *known;
}

static void name_events(struct compacting *compacting, const struct live_events *events)
{
    for (uint32_t i = 0; i < events->count; i++)
        name_of(compacting, events->all[events->first + i].name);
}

/* There are few labels: all of them stay. */
static bool copy_labels(struct compacting *compacting)
{
    const struct buffer *labels = &compacting->from->labels;
    if (labels->used && !buffer_reserve(&compacting->to->labels, labels->used))
        return false;
    if (labels->used)
        memcpy(compacting->to->labels.bytes, labels->bytes, labels->used);
    compacting->to->labels.used = labels->used;
    return true;
}

static void keep_track(struct compacting *compacting, const struct live_store *store, uint32_t id)
{
    const struct track_entry *track = &compacting->from->tracks[id];
    const struct live_track *held = &store->tracks[id];
    if (held->events.count + held->open.count == 0)
        return;
    name_events(compacting, &held->events);
    name_events(compacting, &held->open);
    uint32_t counter = track->counter == TIMELINE_NONE ? TIMELINE_NONE : name_of(compacting, track->counter);
    uint32_t kept = timeline_builder_track(compacting->to, track->pid, track->tid, counter);
    compacting->tracks[id] = kept;
    if (kept != TIMELINE_NONE)
        compacting->to->tracks[kept].name = track->name;
}

static void keep_processes(struct compacting *compacting)
{
    const struct timeline_builder *from = compacting->from;
    for (uint32_t i = 0; i < compacting->to->process_count; i++) {
        struct process_entry *process = &compacting->to->processes[i];
        const uint32_t before = builder_find_process(from, process->pid);
        if (before != UINT32_MAX) {
            process->name = from->processes[before].name;
            process->life = from->processes[before].life;
        }
    }
}

/* Does everything that may fail. */
static bool prepare(struct compacting *compacting, const struct live_store *store)
{
    const struct timeline_builder *from = compacting->from;
    const size_t names = (size_t)from->names.count + 1, tracks = (size_t)store->track_count + 1;
    compacting->to = timeline_builder_create();
    compacting->names = malloc(names * sizeof *compacting->names);
    compacting->tracks = malloc(tracks * sizeof *compacting->tracks);
    compacting->kept = calloc(tracks, sizeof *compacting->kept);
    if (!compacting->to || !compacting->names || !compacting->tracks || !compacting->kept ||
        !buffer_reserve(&compacting->to->detail_text, from->detail_text.used + 1) || !copy_labels(compacting))
        return false;
    memset(compacting->names, 0xff, names * sizeof *compacting->names);
    memset(compacting->tracks, 0xff, tracks * sizeof *compacting->tracks);
    for (uint32_t i = 0; i < from->categories.count; i++) {
        const char *text = interned_text(&from->categories, i);
        timeline_builder_category(compacting->to, text, strlen(text));
    }
    for (uint32_t i = 0; i < store->track_count; i++)
        keep_track(compacting, store, i);
    keep_processes(compacting);
    return !compacting->to->failed;
}

/* -------------------------------------------------------------------- moving */

static size_t size_of_texts(const char *text)
{
    const size_t bytes = strlen(text) + 1;
    return *text == DETAIL_BOTH ? bytes + strlen(text + bytes) + 1 : bytes;
}

/* Cannot fail: there is room. */
static uint32_t move_texts(struct compacting *compacting, uint32_t detail)
{
    struct buffer *to = &compacting->to->detail_text;
    if (detail == 0)
        return 0;
    const char *text = compacting->from->detail_text.bytes + detail;
    if (to->used == 0)
        to->bytes[to->used++] = '\0'; /* so that offset 0 belongs to no event */
    const size_t bytes = size_of_texts(text), at = to->used;
    memcpy(to->bytes + at, text, bytes);
    to->used += bytes;
    return (uint32_t)at;
}

static void move_events(struct compacting *compacting, const struct live_events *events)
{
    for (uint32_t i = 0; i < events->count; i++) {
        struct live_event *event = &events->all[events->first + i];
        event->name = compacting->names[event->name];
        event->detail = move_texts(compacting, event->detail);
    }
}

static void move_all(struct compacting *compacting, struct live_store *store)
{
    for (uint32_t i = 0; i < store->track_count; i++) {
        struct live_track *track = &store->tracks[i];
        if (compacting->tracks[i] == TIMELINE_NONE) {
            live_track_free(track);
            continue;
        }
        move_events(compacting, &track->events);
        move_events(compacting, &track->open);
        compacting->kept[compacting->tracks[i]] = *track;
    }
    for (uint32_t i = 0; i < store->count; i++) {
        uint32_t *track = &store->arrivals[store->first_arrival + i];
        *track = compacting->tracks[*track];
    }
    for (uint32_t i = 0; i < store->flow_count; i++) {
        uint32_t *track = &store->flows[store->first_flow + i].end.track;
        *track = compacting->tracks[*track];
    }
    store->track_room = store->track_count;
    store->track_count = compacting->to->track_count;
}

void live_store_compact(struct live_store *store)
{
    struct compacting compacting = { .from = store->tables };
    if (store->garbage < GARBAGE_LEAST || store->garbage < store->count)
        return;
    if (prepare(&compacting, store)) {
        move_all(&compacting, store);
        struct timeline_builder *to = compacting.to;
        to->notes = store->tables->notes;
        to->resolution_ns = store->tables->resolution_ns;
        store->tables->notes = (struct notes){ 0 };
        compacting.to = store->tables;
        store->tables = to;
        struct live_track *tracks = store->tracks;
        store->tracks = compacting.kept;
        compacting.kept = tracks;
        store->garbage = 0;
    }
    timeline_builder_destroy(compacting.to);
    free(compacting.names);
    free(compacting.tracks);
    free(compacting.kept);
}
