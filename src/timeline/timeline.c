/* Reads a timeline and its events. */
#include <stdlib.h>
#include <string.h>

#include "../base/lower_bound.h"
#include "columns.h"

void timeline_destroy(struct timeline *timeline)
{
    if (!timeline)
        return;
    free(timeline->starts);
    free(timeline->durations);
    free(timeline->names);
    free(timeline->parents);
    free(timeline->details);
    free(timeline->categories);
    free(timeline->kinds);
    free(timeline->row_first);
    free(timeline->row_track);
    interned_free(&timeline->name_table);
    interned_free(&timeline->category_table);
    sources_free(&timeline->sources);
    buffer_free(&timeline->labels);
    buffer_free(&timeline->detail_text);
    free(timeline->tracks);
    free(timeline->processes);
    free(timeline->losses);
    notes_free(&timeline->notes);
    free(timeline->flows);
    free(timeline);
}

uint32_t timeline_events(const struct timeline *timeline)
{
    return timeline->count;
}

int64_t timeline_duration_ns(const struct timeline *timeline)
{
    return timeline->duration_ns;
}

int64_t timeline_origin_ns(const struct timeline *timeline)
{
    return timeline->origin_ns;
}

int64_t timeline_begin_ns(const struct timeline *timeline)
{
    int64_t begin_ns = timeline->duration_ns;
    for (uint32_t row = 0; row < timeline->row_count; row++) {
        const uint32_t first = timeline->row_first[row];
        if (first < timeline->row_first[row + 1] && timeline->starts[first] < begin_ns)
            begin_ns = timeline->starts[first];
    }
    return begin_ns;
}

uint64_t timeline_resolution_ns(const struct timeline *timeline)
{
    return timeline->resolution_ns;
}

uint32_t timeline_rows(const struct timeline *timeline)
{
    return timeline->row_count;
}

static uint64_t table_bytes(const struct interned *table)
{
    return table->text.size + (uint64_t)table->room * sizeof *table->starts +
           (uint64_t)table->ids.slot_count * sizeof *table->ids.slots;
}

uint64_t timeline_bytes(const struct timeline *timeline)
{
    uint64_t an_event = sizeof *timeline->starts + sizeof *timeline->durations + sizeof *timeline->names +
                        sizeof *timeline->parents + sizeof *timeline->details + sizeof *timeline->categories +
                        sizeof *timeline->kinds;
    return timeline->count * an_event + (uint64_t)timeline->row_count * 2 * sizeof *timeline->row_first +
           (uint64_t)timeline->track_count * sizeof *timeline->tracks + table_bytes(&timeline->name_table) +
           table_bytes(&timeline->category_table) + timeline->labels.size + sizeof *timeline;
}

/* -------------------------------------------------------------------- tables */

static const char *label(const struct timeline *timeline, uint32_t start)
{
    return start ? timeline->labels.bytes + start : "";
}

bool timeline_track(const struct timeline *timeline, uint32_t index, struct timeline_track *track)
{
    if (index >= timeline->track_count)
        return false;
    const struct track_entry *entry = &timeline->tracks[index];
    *track = (struct timeline_track){
        .pid = entry->pid,
        .tid = entry->tid,
        .process = entry->process,
        .counter = entry->counter,
        .first_row = entry->first_row,
        .rows = entry->rows,
        .ticks = entry->ticks,
        .count = entry->count,
        .sampled = entry->sampled,
        .name = label(timeline, entry->name),
    };
    return true;
}

bool timeline_process(const struct timeline *timeline, uint32_t index, struct timeline_process *process)
{
    if (index >= timeline->process_count)
        return false;
    const struct process_entry *entry = &timeline->processes[index];
    *process = (struct timeline_process){
        .pid = entry->pid,
        .name = label(timeline, entry->name),
        .first_track = entry->first_track,
        .tracks = entry->tracks,
        .parent = entry->parent,
        .start_ns = entry->life.start_ns,
        .end_ns = entry->life.end_ns,
    };
    return true;
}

bool timeline_loss(const struct timeline *timeline, uint32_t index, struct timeline_loss *loss)
{
    if (index >= timeline->loss_count)
        return false;
    const struct loss_entry *entry = &timeline->losses[index];
    *loss = (struct timeline_loss){ entry->start_ns, entry->end_ns, entry->count, label(timeline, entry->reason) };
    return true;
}

bool timeline_note(const struct timeline *timeline, uint32_t index, struct timeline_note *note)
{
    return notes_get(&timeline->notes, index, note);
}

bool timeline_flow(const struct timeline *timeline, uint32_t index, struct timeline_flow *flow)
{
    if (index >= timeline->flow_count)
        return false;
    *flow = timeline->flows[index];
    return true;
}

const char *timeline_category(const struct timeline *timeline, uint32_t index, uint32_t *count)
{
    if (index >= timeline->category_table.count || index >= TIMELINE_CATEGORIES)
        return NULL;
    if (count)
        *count = timeline->category_counts[index];
    bool other = index == TIMELINE_CATEGORIES - 1 && timeline->category_table.count > TIMELINE_CATEGORIES;
    return other ? "(other)" : interned_text(&timeline->category_table, index);
}

const char *timeline_name(const struct timeline *timeline, uint32_t index)
{
    return index < timeline->name_table.count ? interned_text(&timeline->name_table, index) : NULL;
}

const char *timeline_source(const struct timeline *timeline, uint32_t name)
{
    return sources_of(&timeline->sources, name);
}

/* -------------------------------------------------------------------- events */

struct looked_for {
    const struct timeline *timeline;
    int64_t time_ns;
    uint32_t event;
};

static inline bool row_begins_by(const void *context, uint64_t row)
{
    const struct looked_for *wanted = context;
    return wanted->timeline->row_first[row] <= wanted->event;
}

static inline bool begins_before(const void *context, uint64_t event)
{
    const struct looked_for *wanted = context;
    return wanted->timeline->starts[event] < wanted->time_ns;
}

uint32_t event_row(const struct timeline *timeline, uint32_t event)
{
    struct looked_for wanted = { .timeline = timeline, .event = event };
    return (uint32_t)lower_bound(1, timeline->row_count, row_begins_by, &wanted) - 1;
}

uint32_t row_begins_at(const struct timeline *timeline, uint32_t row, int64_t time_ns)
{
    struct looked_for wanted = { .timeline = timeline, .time_ns = time_ns };
    return (uint32_t)lower_bound(timeline->row_first[row], timeline->row_first[row + 1], begins_before, &wanted);
}

/* Without the spans directly inside. Of those that overlap each other only the first counts, so that no time counts
 * twice. */
int64_t event_self(const struct timeline *timeline, uint32_t event, uint32_t row)
{
    const struct track_entry *track = &timeline->tracks[timeline->row_track[row]];
    int64_t self_ns = event_duration(timeline, event), end_ns = event_end(timeline, event);
    for (row++; row < track->first_row + track->rows - track->ticks; row++) {
        uint32_t child = row_begins_at(timeline, row, timeline->starts[event]);
        for (; child < timeline->row_first[row + 1] && timeline->starts[child] < end_ns; child++)
            if (timeline->parents[child] == event && !(timeline->kinds[child] & TIMELINE_OVERLAP))
                self_ns -= event_duration(timeline, child);
    }
    return self_ns;
}

bool timeline_event(const struct timeline *timeline, uint32_t index, struct timeline_event *event)
{
    if (index >= timeline->count)
        return false;
    uint32_t row = event_row(timeline, index);
    enum timeline_kind kind = event_kind(timeline, index);
    const struct event_texts texts = event_texts(timeline, index);
    *event = (struct timeline_event){
        .start_ns = timeline->starts[index],
        .duration_ns = event_duration(timeline, index),
        .self_ns = kind == TIMELINE_SPAN ? event_self(timeline, index, row) : 0,
        .value = kind == TIMELINE_SAMPLE ? event_value(timeline, index) : 0,
        .name = interned_text(&timeline->name_table, timeline->names[index]),
        .detail = texts.detail,
        .arguments = texts.arguments,
        .name_id = timeline->names[index],
        .track = timeline->row_track[row],
        .row = row,
        .parent = timeline->parents[index],
        .category = timeline->categories[index],
        .kind = (uint8_t)kind,
        .flags = event_flags(timeline, index),
    };
    return true;
}
