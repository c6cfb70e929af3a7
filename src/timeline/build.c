/* Turns a builder's contents into a timeline: tracks in display order, events by track, rows. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../platform/large_pages.h"
#include "build.h"
#include "flows.h"
#include "lives.h"
#include "outliers.h"

/* ----------------------------------------------------------- order of tracks */

static int compare(int64_t a, int64_t b)
{
    return (a > b) - (a < b);
}

static int compare_processes(const void *a, const void *b)
{
    const struct process_entry *left = a, *right = b;
    int by_sort = compare(left->sort, right->sort);
    return by_sort ? by_sort : compare(left->pid, right->pid);
}

/* The thread that a track is of. */
static int64_t thread_of(const struct track_entry *track)
{
    return track->sampled ? (int64_t)(uint32_t)(TIMELINE_WORD_ID - track->tid) : track->tid;
}

/* By process, threads before counters, a thread before its samples. */
static int compare_tracks(const void *a, const void *b)
{
    const struct track_entry *left = a, *right = b;
    if (left->process != right->process)
        return left->process < right->process ? -1 : 1;
    if ((left->counter == TIMELINE_NONE) != (right->counter == TIMELINE_NONE))
        return left->counter == TIMELINE_NONE ? -1 : 1;
    int by_sort = compare(left->sort, right->sort), by_thread = compare(thread_of(left), thread_of(right));
    if (by_sort || by_thread)
        return by_sort ? by_sort : by_thread;
    int by_kind = left->sampled - right->sampled, by_rows = compare(left->rows, right->rows);
    if (by_kind || by_rows)
        return by_kind ? by_kind : by_rows;
    return compare(right->tid, left->tid); /* several kinds of samples: their tids go down */
}

struct counter_name {
    const char *text;
    uint32_t track;
};

static int compare_counter_names(const void *a, const void *b)
{
    return strcmp(((const struct counter_name *)a)->text, ((const struct counter_name *)b)->text);
}

/* In an image, counters are in alphabetical order, because their arrival order would differ while a trace grows. Stores
 * each one's rank in rows, for now. False without memory. */
static bool rank_counters(struct timeline *timeline, bool by_name)
{
    struct counter_name *names = malloc(((size_t)timeline->track_count + 1) * sizeof *names);
    uint32_t count = 0;
    for (uint32_t i = 0; names && i < timeline->track_count; i++) {
        const uint32_t counter = timeline->tracks[i].counter;
        timeline->tracks[i].rows = counter;
        if (counter != TIMELINE_NONE && by_name)
            names[count++] = (struct counter_name){ interned_text(&timeline->name_table, counter), i };
    }
    if (count)
        qsort(names, count, sizeof *names, compare_counter_names);
    for (uint32_t i = 0; i < count; i++)
        timeline->tracks[names[i].track].rows = i;
    const bool ok = names != NULL;
    free(names);
    return ok;
}

/* Sorts processes and gives each track its process's new index; before, process was the index in arrival order. */
static bool sort_processes(struct timeline *timeline)
{
    struct process_entry *processes = timeline->processes;
    uint32_t count = timeline->process_count;
    uint32_t *remap = malloc(((size_t)count + 1) * sizeof *remap);
    if (!remap)
        return false;
    for (uint32_t i = 0; i < count; i++)
        processes[i].first_track = i; /* its old index, for now */
    if (count)
        qsort(processes, count, sizeof *processes, compare_processes);
    for (uint32_t i = 0; i < count; i++)
        remap[processes[i].first_track] = i;
    for (uint32_t i = 0; i < timeline->track_count; i++)
        timeline->tracks[i].process = remap[timeline->tracks[i].process];
    free(remap);
    return true;
}

/* Sorts the tracks that have events; remap: maps the builder's tracks to them. */
static void sort_tracks(struct timeline *timeline, uint32_t *remap)
{
    struct track_entry *tracks = timeline->tracks;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < timeline->track_count; i++) {
        tracks[i].first_row = i; /* its old index, for now */
        if (tracks[i].count)
            tracks[kept++] = tracks[i];
    }
    if (kept)
        qsort(tracks, kept, sizeof *tracks, compare_tracks);
    for (uint32_t i = 0; i < kept; i++)
        remap[tracks[i].first_row] = i;
    timeline->track_count = kept;
}

/* Makes "name (label)". False without memory. */
static bool add_process_label(struct timeline *timeline, struct process_entry *process)
{
    struct buffer *labels = &timeline->labels;
    const size_t name_bytes = strlen(labels->bytes + process->name), bytes = strlen(labels->bytes + process->label);
    if (!buffer_reserve(labels, name_bytes + bytes + sizeof " ()") || labels->used > UINT32_MAX)
        return false;
    char *to = labels->bytes + labels->used;
    int written = snprintf(to, name_bytes + bytes + sizeof " ()", name_bytes ? "%s (%s)" : "%s%s",
                           labels->bytes + process->name, labels->bytes + process->label);
    process->name = (uint32_t)labels->used;
    labels->used += (size_t)written + 1;
    return true;
}

static bool add_labels(struct timeline *timeline)
{
    bool ok = true;
    for (uint32_t i = 0; i < timeline->process_count; i++)
        if (timeline->processes[i].label)
            ok = ok && add_process_label(timeline, &timeline->processes[i]);
    return ok;
}

/* Drops processes without tracks. */
static void count_tracks(struct timeline *timeline)
{
    uint32_t track = 0, kept = 0;
    for (uint32_t i = 0; i < timeline->process_count; i++) {
        struct process_entry process = timeline->processes[i];
        process.first_track = track;
        for (; track < timeline->track_count && timeline->tracks[track].process == i; track++)
            timeline->tracks[track].process = kept;
        process.tracks = track - process.first_track;
        if (process.tracks)
            timeline->processes[kept++] = process;
    }
    timeline->process_count = kept;
}

/* ------------------------------------------------------------------- columns */

static void *column(size_t element_bytes, size_t count)
{
    return count <= SIZE_MAX / 8 - 1 ? large_pages_allocate((count + 1) * element_bytes) : NULL;
}

static bool make_columns(struct timeline *timeline)
{
    uint32_t count = timeline->count;
    timeline->starts = column(sizeof *timeline->starts, count);
    timeline->durations = column(sizeof *timeline->durations, count);
    timeline->names = column(sizeof *timeline->names, count);
    timeline->details = column(sizeof *timeline->details, count);
    timeline->categories = column(sizeof *timeline->categories, count);
    timeline->kinds = column(sizeof *timeline->kinds, count);
    timeline->parents = column(sizeof *timeline->parents, count);
    return timeline->starts && timeline->durations && timeline->names && timeline->details && timeline->categories &&
           timeline->kinds && timeline->parents;
}

/* Clamps times further away, which mean damage, to the range in which JavaScript's numbers are exact. */
static int64_t at_most(int64_t time_ns)
{
    return time_ns < TIMELINE_TIME_MAX_NS ? time_ns : TIMELINE_TIME_MAX_NS;
}

/* Appends a chunk's events to those of their tracks. next: by the builder's track. events: where each one went. */
static void take_chunk(struct timeline *timeline, const struct chunk *chunk, uint32_t *next, int64_t last_end_ns,
                       uint32_t *events)
{
    for (uint32_t i = 0; i < chunk->count; i++) {
        uint32_t to = next[chunk->tracks[i]]++;
        timeline->starts[to] = at_most(chunk->starts[i] - timeline->origin_ns);
        timeline->durations[to] = chunk->durations[i];
        timeline->names[to] = chunk->names[i];
        timeline->details[to] = chunk->details[i];
        timeline->categories[to] = chunk->categories[i];
        timeline->kinds[to] = chunk->kinds[i];
        timeline->category_counts[chunk->categories[i]]++;
        if ((chunk->kinds[i] & TIMELINE_OPEN) && chunk->durations[i] == NEVER_ENDED)
            timeline->durations[to] = at_most(last_end_ns - chunk->starts[i]);
        if (events)
            *events++ = to;
    }
}

/* Passes known parents of events to the layout, in the parents column. events: where each of the builder's went. */
static void take_around(struct timeline *timeline, const struct timeline_builder *builder, const uint32_t *events)
{
    for (uint32_t i = 0; i < builder->count; i++)
        timeline->parents[i] = AROUND_UNKNOWN;
    for (uint32_t i = 0; i < builder->around_count; i++) {
        uint32_t around = builder->around[i];
        timeline->parents[events[i]] = around < builder->around_count ? events[around] : around;
    }
}

/* Where the next event of each of the builder's tracks goes; NULL: no memory. */
static uint32_t *next_of_tracks(const struct timeline *timeline, uint32_t builder_tracks, const uint32_t *remap)
{
    uint32_t *firsts = malloc(((size_t)timeline->track_count + 1) * sizeof *firsts);
    uint32_t *next = malloc(((size_t)builder_tracks + 1) * sizeof *next);
    for (uint32_t i = 0, first = 0; firsts && i < timeline->track_count; first += timeline->tracks[i++].count)
        firsts[i] = first;
    for (uint32_t i = 0; firsts && next && i < builder_tracks; i++)
        next[i] = remap[i] == TIMELINE_NONE ? 0 : firsts[remap[i]];
    if (!firsts) {
        free(next);
        next = NULL;
    }
    free(firsts);
    return next;
}

static bool take_chunks(void *context, struct timeline *timeline, const uint32_t *remap, struct build_steps *steps)
{
    struct timeline_builder *builder = context;
    uint32_t *next = next_of_tracks(timeline, builder->track_count, remap);
    uint32_t *events = builder->around ? calloc((size_t)builder->count + 1, sizeof *events) : NULL, *to = events;
    bool ok = next && (events || !builder->around);
    while (ok && builder->first) {
        struct chunk *chunk = builder->first;
        take_chunk(timeline, chunk, next, builder->greatest_end_ns, to);
        to = to ? to + chunk->count : NULL;
        ok = build_goes_on(steps, chunk->count);
        builder->first = chunk->next;
        free(chunk);
    }
    if (ok && events)
        take_around(timeline, builder, events);
    free(next);
    free(events);
    return ok;
}

/* ---------------------------------------------------------------------- rows */

static uint32_t longest_track(const struct timeline *timeline)
{
    uint32_t longest = 0;
    for (uint32_t i = 0; i < timeline->track_count; i++)
        if (timeline->tracks[i].count > longest)
            longest = timeline->tracks[i].count;
    return longest;
}

static bool lay_out_track(void *context, struct layout *layout, uint32_t track, uint32_t first)
{
    (void)context;
    return layout_track(layout, track, first, layout->timeline->tracks[track].count);
}

static bool lay_out_tracks(struct layout *layout, const struct event_holder *holder)
{
    struct timeline *timeline = layout->timeline;
    uint32_t first = 0;
    for (uint32_t track = 0; track < timeline->track_count; track++) {
        if (!holder->lay_out_track(holder->context, layout, track, first))
            return false;
        first += timeline->tracks[track].count;
    }
    timeline->row_first[timeline->row_count] = first;
    return true;
}

static bool lay_out(struct timeline *timeline, const struct timeline_builder *builder,
                    const struct event_holder *holder, struct build_steps *steps)
{
    size_t longest = longest_track(timeline);
    struct layout layout = { .timeline = timeline,
                             .steps = steps,
                             .newest_first = builder->newest_first,
                             .around = builder->around != NULL,
                             .row_room = 1 };
    timeline->row_first = calloc(1, sizeof *timeline->row_first);
    timeline->row_track = calloc(1, sizeof *timeline->row_track);
    if (longest <= SIZE_MAX / LAYOUT_BYTES - 1)
        layout.memory = large_pages_allocate((longest + 1) * LAYOUT_BYTES);
    bool ok = timeline->row_first && timeline->row_track && layout.memory && lay_out_tracks(&layout, holder);
    free(layout.memory);
    free(layout.open);
    return ok;
}

/* ------------------------------------------------------------------ building */

/* Moves the tables that need no change. */
static void take_tables(struct timeline *timeline, struct timeline_builder *builder)
{
    timeline->name_table = builder->names;
    timeline->category_table = builder->categories;
    timeline->sources = builder->sources;
    timeline->labels = builder->labels;
    timeline->detail_text = builder->detail_text;
    timeline->losses = builder->losses;
    timeline->loss_count = builder->loss_count;
    timeline->tracks = builder->tracks;
    timeline->track_count = builder->track_count;
    timeline->processes = builder->processes;
    timeline->process_count = builder->process_count;
    timeline->resolution_ns = builder->resolution_ns;
    timeline->notes = builder->notes;
    timeline->count = builder->count;
    builder->names = builder->categories = (struct interned){ 0 };
    builder->sources = (struct sources){ 0 };
    builder->labels = builder->detail_text = (struct buffer){ 0 };
    builder->losses = NULL;
    builder->notes = (struct notes){ 0 };
    builder->tracks = NULL;
    builder->processes = NULL;
}

static void place_in_time(struct timeline *timeline, const struct timeline_builder *builder)
{
    if (builder->count) {
        timeline->origin_ns =
            builder->origin_ns < builder->least_start_ns ? builder->origin_ns : builder->least_start_ns;
        timeline->duration_ns = builder->greatest_end_ns - timeline->origin_ns;
        if (timeline->duration_ns > 2 * TIMELINE_TIME_MAX_NS)
            timeline->duration_ns = 2 * TIMELINE_TIME_MAX_NS;
    }
    for (uint32_t i = 0; i < timeline->loss_count; i++) {
        struct loss_entry *loss = &timeline->losses[i];
        loss->start_ns = loss->start_ns < timeline->origin_ns ? 0 : loss->start_ns - timeline->origin_ns;
        loss->end_ns = loss->end_ns < timeline->origin_ns ? 0 : loss->end_ns - timeline->origin_ns;
        if (loss->end_ns > timeline->duration_ns)
            loss->end_ns = timeline->duration_ns;
        if (loss->start_ns > loss->end_ns)
            loss->start_ns = loss->end_ns;
    }
}

static enum tracer_error build(struct timeline *timeline, struct timeline_builder *builder,
                               const struct event_holder *holder, const struct timeline_progress *progress)
{
    take_tables(timeline, builder);
    place_in_time(timeline, builder);
    const size_t tracks = (size_t)builder->track_count + 1;
    uint32_t *remap = malloc(tracks * sizeof *remap);
    bool sorted =
        remap && add_labels(timeline) && sort_processes(timeline) && rank_counters(timeline, builder->newest_first);
    if (sorted) {
        memset(remap, 0xff, tracks * sizeof *remap);
        sort_tracks(timeline, remap);
        count_tracks(timeline);
    }
    struct build_steps steps = { .progress = progress, .total = (double)STEPS_PER_EVENT * timeline->count };
    bool ok = sorted && lives_settle(timeline) && make_columns(timeline) &&
              holder->handle(holder->context, timeline, remap, &steps) && lay_out(timeline, builder, holder, &steps) &&
              flows_join(timeline, builder, remap);
    free(remap);
    return ok ? TRACER_OK : steps.cancelled ? TRACER_ERROR_CANCELLED : TRACER_ERROR_MEMORY;
}

enum tracer_error build_from(struct timeline **result, struct timeline_builder *builder,
                             const struct event_holder *holder, const struct timeline_progress *progress)
{
    struct timeline *timeline = builder->failed ? NULL : calloc(1, sizeof *timeline);
    enum tracer_error error = timeline ? build(timeline, builder, holder, progress) : TRACER_ERROR_MEMORY;
    builder_empty(builder);
    if (error != TRACER_OK) {
        timeline_destroy(timeline);
        timeline = NULL;
    }
    *result = timeline;
    return error;
}

enum tracer_error timeline_build(struct timeline **result, struct timeline_builder *builder,
                                 const struct timeline_progress *progress)
{
    const struct event_holder holder = { builder, take_chunks, lay_out_track };
    builder->failed |= !outliers_set_apart(builder);
    return build_from(result, builder, &holder, progress);
}
