/* Makes a timeline of the held events: unchanged tracks keep their layout, others are laid out again. */
#include <stdlib.h>
#include <string.h>

#include "build.h"
#include "live_store.h"
#include "outliers.h"

/* -------------------------------------------------------------------- tables */

/* Copies for reading only: without the hash table. */
static bool copy_texts(struct interned *to, const struct interned *from)
{
    to->starts = malloc(((size_t)from->count + 1) * sizeof *to->starts);
    if (!to->starts || !buffer_reserve(&to->text, from->text.used + 1))
        return false;
    if (from->count) {
        memcpy(to->starts, from->starts, from->count * sizeof *to->starts);
        memcpy(to->text.bytes, from->text.bytes, from->text.used);
    }
    to->text.used = from->text.used;
    to->count = to->room = from->count;
    return true;
}

static bool copy_buffer(struct buffer *to, const struct buffer *from)
{
    if (from->used == 0)
        return true;
    if (!buffer_reserve(to, from->used))
        return false;
    memcpy(to->bytes, from->bytes, from->used);
    to->used = from->used;
    return true;
}

static void *copy_array(const void *from, uint32_t count, size_t element_bytes)
{
    void *to = malloc(((size_t)count + 1) * element_bytes);
    if (to && count)
        memcpy(to, from, count * element_bytes);
    return to;
}

/* Names counters after their threads' current names. */
static void name_counters(struct timeline_builder *to, const struct live_store *store)
{
    struct timeline_builder *known = store->tables;
    for (uint32_t i = 0; i < to->track_count; i++) {
        struct track_entry *track = &to->tracks[i];
        if (track->counter == TIMELINE_NONE)
            continue;
        uint32_t thread = timeline_builder_track(known, track->pid, track->tid, TIMELINE_NONE);
        if (thread < to->track_count)
            track->name = known->tracks[thread].name;
    }
}

static void copy_notes(struct timeline_builder *to, const struct timeline_builder *from)
{
    struct timeline_note note;
    for (uint32_t i = 0; notes_get(&from->notes, i, &note); i++)
        timeline_builder_add_note(to, &note);
}

static bool copy_tables(struct timeline_builder *to, const struct live_store *store)
{
    const struct timeline_builder *from = store->tables;
    to->tracks = copy_array(from->tracks, from->track_count, sizeof *to->tracks);
    to->processes = copy_array(from->processes, from->process_count, sizeof *to->processes);
    to->process_ids = from->process_ids;
    to->process_ids.slots =
        copy_array(from->process_ids.slots, from->process_ids.slot_count, sizeof *to->process_ids.slots);
    if (!to->tracks || !to->processes || !to->process_ids.slots || !copy_texts(&to->names, &from->names) ||
        !copy_texts(&to->categories, &from->categories) || !sources_copy(&to->sources, &from->sources) ||
        !copy_buffer(&to->labels, &from->labels) || !copy_buffer(&to->detail_text, &from->detail_text))
        return false;
    to->track_count = to->track_room = from->track_count;
    to->process_count = to->process_room = from->process_count;
    to->resolution_ns = from->resolution_ns;
    to->newest_first = true;
    name_counters(to, store);
    copy_notes(to, from);
    return !to->failed;
}

struct timeline_builder *live_store_tables(const struct live_store *store)
{
    struct timeline_builder *tables = timeline_builder_create();
    if (tables && !copy_tables(tables, store)) {
        timeline_builder_destroy(tables);
        return NULL;
    }
    return tables;
}

/* --------------------------------------------------------------------- times */

static void take_times(struct live_track *track, const struct live_events *events)
{
    for (uint32_t i = 0; i < events->count; i++) {
        const struct live_event *event = &events->all[events->first + i];
        const bool lasts = event->kind >> FLAG_BITS == TIMELINE_SPAN && event->duration_ns > 0;
        const int64_t end_ns = event->start_ns + (lasts ? event->duration_ns : 0);
        if (event->start_ns < track->least_start_ns)
            track->least_start_ns = event->start_ns;
        if (end_ns > track->greatest_end_ns)
            track->greatest_end_ns = end_ns;
    }
}

static void find_times(struct live_store *store, struct timeline_builder *tables)
{
    for (uint32_t i = 0; i < store->track_count; i++) {
        struct live_track *track = &store->tracks[i];
        if (track->changed) {
            track->least_start_ns = INT64_MAX;
            track->greatest_end_ns = INT64_MIN;
            take_times(track, &track->events);
            take_times(track, &track->open);
        }
        if (track->least_start_ns < tables->least_start_ns)
            tables->least_start_ns = track->least_start_ns;
        if (track->greatest_end_ns > tables->greatest_end_ns)
            tables->greatest_end_ns = track->greatest_end_ns;
        tables->tracks[i].count = track->events.count + track->open.count;
        tables->count += tables->tracks[i].count;
    }
}

/* Open spans end with the trace, whose end moves. For the layout of their track this makes no difference if the end
 * was, and still is, after all of its other events. */
static void note_later_ends(struct live_store *store, int64_t last_end_ns)
{
    const int64_t sooner_ns = last_end_ns < store->last_end_ns ? last_end_ns : store->last_end_ns;
    for (uint32_t i = 0; i < store->track_count; i++) {
        struct live_track *track = &store->tracks[i];
        if (track->open.count && last_end_ns != store->last_end_ns && track->greatest_end_ns >= sooner_ns)
            track->changed = true;
    }
}

/* ------------------------------------------------------------------- columns */

struct making {
    struct live_store *store;
    int64_t last_end_ns;
    uint32_t *ids; /* of the timeline's tracks */
    uint32_t *remap; /* for the longest track */
};

static void put_event(struct timeline *timeline, uint32_t to, const struct live_event *event, int64_t last_end_ns)
{
    const bool never_ended = (event->kind & TIMELINE_OPEN) && event->duration_ns == NEVER_ENDED;
    timeline->starts[to] = event->start_ns - timeline->origin_ns;
    timeline->durations[to] = never_ended ? last_end_ns - event->start_ns : event->duration_ns;
    timeline->names[to] = event->name;
    timeline->details[to] = event->detail;
    timeline->categories[to] = event->category;
    timeline->kinds[to] = event->kind;
    timeline->category_counts[event->category]++;
}

/* The newest first, then open spans, as in a segment. */
static struct live_event *event_of(const struct live_track *track, uint32_t index)
{
    const struct live_events *events = &track->events;
    return index < events->count ? &events->all[events->first + events->count - 1 - index]
                                 : &track->open.all[index - events->count];
}

static void put_track(const struct making *making, struct timeline *timeline, struct live_track *track, uint32_t first)
{
    const uint32_t count = track->events.count + track->open.count;
    for (uint32_t i = 0; i < count; i++) {
        struct live_event *event = event_of(track, i);
        const uint32_t to = first + (track->changed ? i : event->place);
        if (track->changed)
            event->kind &= (uint8_t)~TIMELINE_OVERLAP;
        put_event(timeline, to, event, making->last_end_ns);
        if (!track->changed)
            timeline->parents[to] = event->parent == TIMELINE_NONE ? TIMELINE_NONE : first + event->parent;
    }
}

static bool put_all(void *context, struct timeline *timeline, const uint32_t *remap, struct build_steps *steps)
{
    (void)steps;
    struct making *making = context;
    struct live_store *store = making->store;
    uint32_t longest = 0;
    making->ids = calloc((size_t)timeline->track_count + 1, sizeof *making->ids);
    if (!making->ids)
        return false;
    for (uint32_t i = 0; i < store->track_count; i++)
        if (remap[i] != TIMELINE_NONE)
            making->ids[remap[i]] = i;
    for (uint32_t i = 0, first = 0; i < timeline->track_count; first += timeline->tracks[i++].count) {
        struct live_track *track = &store->tracks[making->ids[i]];
        put_track(making, timeline, track, first);
        if (track->changed && timeline->tracks[i].count > longest)
            longest = timeline->tracks[i].count;
    }
    making->remap = malloc(((size_t)longest + 1) * sizeof *making->remap);
    return making->remap != NULL;
}

static bool keep_rows(struct live_track *track, const struct timeline *timeline, const struct track_entry *laid_out)
{
    if (laid_out->rows > track->row_room) {
        uint32_t *sizes = realloc(track->row_sizes, laid_out->rows * sizeof *sizes);
        if (!sizes)
            return false;
        track->row_sizes = sizes;
        track->row_room = laid_out->rows;
    }
    track->rows = laid_out->rows;
    track->ticks = laid_out->ticks;
    for (uint32_t i = 0; i < track->rows; i++) {
        const uint32_t *row = &timeline->row_first[laid_out->first_row + i];
        track->row_sizes[i] = row[1] - row[0];
    }
    return true;
}

static bool lay_out_anew(struct making *making, struct layout *layout, uint32_t index, uint32_t first)
{
    struct live_track *track = &making->store->tracks[making->ids[index]];
    struct timeline *timeline = layout->timeline;
    const uint32_t count = timeline->tracks[index].count;
    layout->remap = making->remap;
    if (!layout_track(layout, index, first, count) || !keep_rows(track, timeline, &timeline->tracks[index]))
        return false;
    for (uint32_t i = 0; i < count; i++) {
        struct live_event *event = event_of(track, i);
        const uint32_t place = making->remap[i], parent = timeline->parents[place];
        event->place = place - first;
        event->parent = parent == TIMELINE_NONE ? TIMELINE_NONE : parent - first;
        event->kind |= timeline->kinds[place] & TIMELINE_OVERLAP;
    }
    making->store->laid_out++;
    return true;
}

static bool lay_out(void *context, struct layout *layout, uint32_t index, uint32_t first)
{
    struct making *making = context;
    const struct live_track *track = &making->store->tracks[making->ids[index]];
    layout->timeline->tracks[index].ticks = track->ticks;
    return track->changed ? lay_out_anew(making, layout, index, first)
                          : layout_rows(layout, index, first, track->row_sizes, track->rows);
}

/* ------------------------------------------------------------------ building */

static void add_flows(const struct live_store *store, struct timeline_builder *tables)
{
    for (uint32_t i = store->flow_count; i-- > 0;)
        timeline_builder_add_flow(tables, &store->flows[store->first_flow + i].end);
}

static void add_losses(const struct live_store *store, struct timeline_builder *tables)
{
    for (uint32_t i = 0; i < store->loss_count; i++) {
        const struct live_loss *loss = &store->losses[i];
        timeline_builder_add_loss(tables,
                                  &(struct timeline_loss){ loss->entry.start_ns, loss->entry.end_ns, loss->entry.count,
                                                           store->reasons.bytes + loss->reason });
    }
}

static enum tracer_error build_kept(struct timeline **result, struct live_store *store, struct timeline_builder *tables,
                                    const struct timeline_progress *progress)
{
    struct making making = { .store = store, .last_end_ns = tables->greatest_end_ns };
    const struct event_holder holder = { &making, put_all, lay_out };
    note_later_ends(store, making.last_end_ns);
    enum tracer_error error = build_from(result, tables, &holder, progress);
    free(making.ids);
    free(making.remap);
    if (error != TRACER_OK)
        return error;
    store->last_end_ns = making.last_end_ns;
    for (uint32_t i = 0; i < store->track_count; i++)
        store->tracks[i].changed = false;
    return TRACER_OK;
}

static void add_event(struct timeline_builder *to, const struct live_store *store, uint32_t track,
                      const struct live_event *event)
{
    const struct event_texts texts = texts_at(&store->tables->detail_text, event->detail);
    struct timeline_item item = {
        .start_ns = event->start_ns,
        .duration_ns = event->duration_ns,
        .detail = texts.detail,
        .detail_bytes = texts.detail ? strlen(texts.detail) : 0,
        .arguments = texts.arguments,
        .arguments_bytes = texts.arguments ? strlen(texts.arguments) : 0,
        .track = track,
        .name = event->name,
        .category = event->category,
        .kind = event->kind >> FLAG_BITS,
        .flags = event->kind & FLAGS_MASK & ~(unsigned)TIMELINE_OVERLAP,
    };
    memcpy(&item.value, &event->duration_ns, sizeof item.value);
    timeline_builder_add(to, &item);
}

/* If some events may be far from all others, all must be looked at together, as in a file. */
static enum tracer_error build_as_file(struct timeline **result, struct live_store *store,
                                       struct timeline_builder *tables, const struct timeline_progress *progress)
{
    uint32_t *left = malloc(((size_t)store->track_count + 1) * sizeof *left);
    tables->failed |= !left;
    tables->count = 0;
    buffer_free(&tables->detail_text);
    for (uint32_t i = 0; left && i < store->track_count; i++) {
        tables->tracks[i].count = 0;
        left[i] = store->tracks[i].events.count;
    }
    for (uint32_t i = store->count; left && i-- > 0;) {
        const uint32_t id = store->arrivals[store->first_arrival + i];
        const struct live_events *events = &store->tracks[id].events;
        add_event(tables, store, id, &events->all[events->first + --left[id]]);
    }
    for (uint32_t i = 0; i < store->track_count; i++)
        for (uint32_t j = 0; j < store->tracks[i].open.count; j++)
            add_event(tables, store, i, &store->tracks[i].open.all[j]);
    free(left);
    enum tracer_error error = timeline_build(result, tables, progress);
    store->laid_out = error == TRACER_OK ? (*result)->track_count : 0;
    return error;
}

enum tracer_error live_store_build(struct timeline **result, struct live_store *store, struct timeline_builder *tables,
                                   const struct timeline_progress *progress)
{
    add_losses(store, tables);
    add_flows(store, tables);
    find_times(store, tables);
    store->laid_out = 0;
    const bool is_long = tables->count && tables->greatest_end_ns - tables->least_start_ns >= OUTLIER_SILENCE_NS;
    tables->origin_ns = store->origin_ns;
    const enum tracer_error error =
        is_long ? build_as_file(result, store, tables, progress) : build_kept(result, store, tables, progress);
    if (error == TRACER_OK && timeline_events(*result) > 0)
        store->origin_ns = timeline_origin_ns(*result);
    return error;
}
