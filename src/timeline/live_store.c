/* Takes in segments, and drops the oldest events. */
#include "live_store.h"

#include <stdlib.h>
#include <string.h>

struct live_store *live_store_create(void)
{
    struct live_store *store = calloc(1, sizeof *store);
    if (store) {
        store->tables = timeline_builder_create();
        store->origin_ns = INT64_MAX;
    }
    if (store && !store->tables) {
        free(store);
        store = NULL;
    }
    return store;
}

void live_track_free(struct live_track *track)
{
    free(track->events.all);
    free(track->open.all);
    free(track->row_sizes);
}

void live_store_destroy(struct live_store *store)
{
    if (!store)
        return;
    for (uint32_t i = 0; i < store->track_count; i++)
        live_track_free(&store->tracks[i]);
    timeline_builder_destroy(store->tables);
    free(store->tracks);
    free(store->arrivals);
    free(store->flows);
    free(store->losses);
    buffer_free(&store->reasons);
    free(store);
}

uint64_t live_store_bytes(const struct live_store *store)
{
    uint64_t bytes = (uint64_t)store->arrival_room * sizeof *store->arrivals + store->tables->detail_text.used +
                     store->tables->names.text.used;
    for (uint32_t i = 0; i < store->track_count; i++)
        bytes += (uint64_t)store->tracks[i].events.room * sizeof *store->tracks[i].events.all;
    return bytes;
}

int64_t live_store_oldest_ns(const struct live_store *store)
{
    if (!store->count)
        return INT64_MIN;
    const struct live_events *events = &store->tracks[store->arrivals[store->first_arrival]].events;
    const struct live_event *oldest = &events->all[events->first];
    return oldest->start_ns + (oldest->kind >> FLAG_BITS == TIMELINE_SPAN ? oldest->duration_ns : 0);
}

/* --------------------------------------------------------------------- names */

/* The names known for the builder's tracks and processes, while it receives others. */
struct known_names {
    uint32_t *tracks, *processes;
    uint32_t track_count, process_count;
    size_t labels_bytes;
};

/* False without memory. */
static bool put_names_aside(struct known_names *known, struct timeline_builder *builder)
{
    *known = (struct known_names){ .track_count = builder->track_count,
                                   .process_count = builder->process_count,
                                   .labels_bytes = builder->labels.used };
    known->tracks = malloc(((size_t)known->track_count + 1) * sizeof *known->tracks);
    known->processes = malloc(((size_t)known->process_count + 1) * sizeof *known->processes);
    if (!known->tracks || !known->processes)
        return false;
    for (uint32_t i = 0; i < known->track_count; i++) {
        known->tracks[i] = builder->tracks[i].name;
        builder->tracks[i].name = 0;
    }
    for (uint32_t i = 0; i < known->process_count; i++) {
        known->processes[i] = builder->processes[i].name;
        builder->processes[i].name = 0;
    }
    return true;
}

/* Whether a name is unchanged, or the segment does not have it. */
static bool is_as_before(const struct timeline_builder *builder, uint32_t name, uint32_t before)
{
    const char *labels = builder->labels.bytes;
    return name == 0 || (before && strcmp(labels + name, labels + before) == 0);
}

/* If all names are unchanged, as is usual, drops the new copies. */
static void take_names_back(struct known_names *known, struct timeline_builder *builder)
{
    bool all = builder->track_count == known->track_count && builder->process_count == known->process_count;
    for (uint32_t i = 0; i < known->track_count; i++) {
        bool same = is_as_before(builder, builder->tracks[i].name, known->tracks[i]);
        if (same)
            builder->tracks[i].name = known->tracks[i];
        all = all && same;
    }
    for (uint32_t i = 0; i < known->process_count; i++) {
        bool same = is_as_before(builder, builder->processes[i].name, known->processes[i]);
        if (same)
            builder->processes[i].name = known->processes[i];
        all = all && same;
    }
    if (all && known->labels_bytes)
        builder->labels.used = known->labels_bytes;
}

/* -------------------------------------------------------------------- taking */

/* Makes room at the end of an array whose beginning is free. NULL without memory; the array is unchanged. */
static void *make_room(void *array, uint32_t *first, uint32_t count, uint32_t *room, uint32_t more, size_t bytes)
{
    if (*room - *first - count >= more)
        return array;
    if (*room - count >= more && *first >= count / 4) { /* enough is free that moving stays rare */
        memmove(array, (char *)array + (size_t)*first * bytes, (size_t)count * bytes);
        *first = 0;
        return array;
    }
    const size_t needed = (size_t)*first + count + more, larger = needed + needed / 4;
    void *grown = larger < UINT32_MAX && larger <= SIZE_MAX / bytes ? realloc(array, larger * bytes) : NULL;
    if (grown)
        *room = (uint32_t)larger;
    return grown;
}

static bool make_event_room(struct live_events *events, uint32_t more)
{
    struct live_event *all =
        more ? make_room(events->all, &events->first, events->count, &events->room, more, sizeof *all) : events->all;
    if (more && all)
        events->all = all;
    return all || !more;
}

static bool make_tracks(struct live_store *store)
{
    while (store->track_count < store->tables->track_count) {
        struct live_track *tracks = array_grow(store->tracks, store->track_count, &store->track_room, sizeof *tracks);
        if (!tracks)
            return false;
        store->tracks = tracks;
        tracks[store->track_count++] = (struct live_track){ .changed = true };
    }
    return true;
}

/* Makes room for everything in the builder: events first, then open spans. */
static bool make_all_room(struct live_store *store, struct chunk *const *chunks, uint32_t events)
{
    const struct timeline_builder *tables = store->tables;
    for (uint32_t i = 0; i < store->track_count; i++)
        store->tracks[i].open_known = 0;
    for (uint32_t i = events; i < tables->count; i++)
        store->tracks[chunks[i / CHUNK_ITEMS]->tracks[i % CHUNK_ITEMS]].open_known++;
    for (uint32_t i = 0; i < store->track_count; i++) {
        struct live_track *track = &store->tracks[i];
        const uint32_t open = track->open_known;
        track->open_known = 0;
        if (!make_event_room(&track->events, tables->tracks[i].count - open) ||
            (open > track->open.count && !make_event_room(&track->open, open - track->open.count)))
            return false;
    }
    uint32_t *arrivals = make_room(store->arrivals, &store->first_arrival, store->count, &store->arrival_room,
                                   events + 1, sizeof *arrivals);
    if (arrivals)
        store->arrivals = arrivals;
    struct live_flow *flows = make_room(store->flows, &store->first_flow, store->flow_count, &store->flow_room,
                                        tables->flow_end_count + 1, sizeof *flows);
    if (flows)
        store->flows = flows;
    return arrivals && flows;
}

static struct live_event event_at(const struct chunk *chunk, uint32_t at)
{
    return (struct live_event){
        .start_ns = chunk->starts[at],
        .duration_ns = chunk->durations[at],
        .name = chunk->names[at],
        .detail = chunk->details[at],
        .category = chunk->categories[at],
        .kind = chunk->kinds[at],
    };
}

/* The builder has the newest first. */
static void take_events(struct live_store *store, struct chunk *const *chunks, uint32_t events)
{
    for (uint32_t i = events; i-- > 0;) {
        const struct chunk *chunk = chunks[i / CHUNK_ITEMS];
        const uint32_t id = chunk->tracks[i % CHUNK_ITEMS];
        struct live_events *held = &store->tracks[id].events;
        held->all[held->first + held->count++] = event_at(chunk, i % CHUNK_ITEMS);
        store->tracks[id].changed = true;
        store->arrivals[store->first_arrival + store->count++] = id;
    }
}

static bool is_same_span(const struct live_event *a, const struct live_event *b)
{
    return a->start_ns == b->start_ns && a->name == b->name && a->category == b->category &&
           (a->kind & ~TIMELINE_OVERLAP) == b->kind;
}

/* If they are unchanged, their tracks need not be laid out again. */
static void take_open_spans(struct live_store *store, struct chunk *const *chunks, uint32_t events)
{
    for (uint32_t i = events; i < store->tables->count; i++) {
        const struct chunk *chunk = chunks[i / CHUNK_ITEMS];
        struct live_track *track = &store->tracks[chunk->tracks[i % CHUNK_ITEMS]];
        const struct live_event span = event_at(chunk, i % CHUNK_ITEMS);
        const uint32_t at = track->open_known++;
        if (at < track->open.count && is_same_span(&track->open.all[at], &span))
            continue;
        track->open.all[at] = span;
        track->changed = true;
    }
    for (uint32_t i = 0; i < store->track_count; i++) {
        struct live_track *track = &store->tracks[i];
        track->changed |= track->open_known != track->open.count;
        track->open.count = track->open_known;
    }
}

/* An event's index in the builder is the number of newer events. */
static void take_flows(struct live_store *store, uint32_t events)
{
    struct timeline_builder *tables = store->tables;
    const uint64_t after = store->gone + store->count + events;
    for (uint32_t i = tables->flow_end_count; i-- > 0;)
        store->flows[store->first_flow + store->flow_count++] =
            (struct live_flow){ tables->flow_ends[i], after - tables->flow_ends[i].events };
}

static bool take_losses(struct live_store *store)
{
    const struct timeline_builder *tables = store->tables;
    store->loss_count = 0;
    store->reasons.used = 0;
    for (uint32_t i = 0; i < tables->loss_count; i++) {
        const char *reason = tables->labels.bytes + tables->losses[i].reason;
        const uint32_t at = text_add(&store->reasons, reason, strlen(reason));
        struct live_loss *losses = array_grow(store->losses, store->loss_count, &store->loss_room, sizeof *losses);
        if (losses)
            store->losses = losses;
        if (!losses || at == UINT32_MAX)
            return false;
        losses[store->loss_count++] = (struct live_loss){ tables->losses[i], at };
    }
    return true;
}

/* The builder keeps its tables. */
static void empty_of_events(struct timeline_builder *tables)
{
    while (tables->first) {
        struct chunk *chunk = tables->first;
        tables->first = chunk->next;
        free(chunk);
    }
    tables->last = NULL;
    tables->count = tables->flow_end_count = tables->loss_count = 0;
    tables->failed = false;
    for (uint32_t i = 0; i < tables->track_count; i++)
        tables->tracks[i].count = 0;
}

static enum tracer_error take_all(struct live_store *store, uint32_t events)
{
    struct timeline_builder *tables = store->tables;
    struct chunk **chunks = tables->failed ? NULL : builder_chunks(tables);
    const bool ok = chunks && make_tracks(store) && make_all_room(store, chunks, events) && take_losses(store);
    if (ok) {
        take_flows(store, events);
        take_events(store, chunks, events);
        take_open_spans(store, chunks, events);
    }
    free(chunks);
    return ok ? TRACER_OK : TRACER_ERROR_MEMORY;
}

enum tracer_error live_store_add(struct live_store *store, struct tracer_reader *segment,
                                 struct timeline_loaded *loaded)
{
    struct known_names known;
    enum tracer_error error = TRACER_ERROR_MEMORY;
    if (put_names_aside(&known, store->tables)) {
        notes_free(&store->tables->notes);
        error = timeline_load_segment(store->tables, segment, loaded);
        if (error == TRACER_OK)
            error = take_all(store, loaded->events);
        take_names_back(&known, store->tables);
    }
    free(known.tracks);
    free(known.processes);
    empty_of_events(store->tables);
    return error;
}

/* ------------------------------------------------------------------- dropping */

void live_store_drop(struct live_store *store, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct live_track *track = &store->tracks[store->arrivals[store->first_arrival + i]];
        track->events.first++;
        track->events.count--;
        track->changed = true;
    }
    store->first_arrival += count;
    store->count -= count;
    store->gone += count;
    store->garbage += count;
    while (store->flow_count && store->flows[store->first_flow].event < store->gone) {
        store->first_flow++;
        store->flow_count--;
    }
}
