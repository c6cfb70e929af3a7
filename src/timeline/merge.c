/* Adds timelines to one builder. */
#include "merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../read/snapshot.h"
#include "lives.h"

#define SINCE_1970_NS INT64_C(1000000000000000000) /* this is September 2001 */
#define OTHER_PIDS_FROM INT64_C(0x40000000) /* the kernel assigns no pid this high */

struct timeline_merge {
    struct timeline_builder *builder;
    struct merge_clock clock; /* of the first trace, or of the first one after it that has a clock */
    uint32_t inputs;
    int64_t next_pid;
    bool failed;
};

struct timeline_merge *timeline_merge_create(void)
{
    struct timeline_merge *merge = calloc(1, sizeof *merge);
    if (merge)
        merge->builder = timeline_builder_create();
    if (merge && merge->builder) {
        merge->next_pid = OTHER_PIDS_FROM;
        return merge;
    }
    free(merge);
    return NULL;
}

void timeline_merge_destroy(struct timeline_merge *merge)
{
    if (!merge)
        return;
    timeline_builder_destroy(merge->builder);
    free(merge);
}

/* ---------------------------------------------------------------------- clocks */

static void move(struct merge_clock *clock, int64_t by_ns)
{
    if (clock->monotonic_ns)
        clock->monotonic_ns += (uint64_t)by_ns;
    if (clock->realtime_ns)
        clock->realtime_ns += (uint64_t)by_ns;
}

enum tracer_error merge_clock_of(struct merge_clock *clock, struct tracer_reader *reader,
                                 const struct timeline *timeline)
{
    const struct tracer_query none = { .without_events = true };
    struct tracer_snapshot *snapshot;
    *clock = (struct merge_clock){ "", 0, 0 };
    enum tracer_error error = tracer_snapshot_create(&snapshot, reader, &none);
    if (error != TRACER_OK)
        return error;
    snprintf(clock->boot_id, sizeof clock->boot_id, "%s", snapshot->header.boot_id);
    clock->monotonic_ns = snapshot->header.monotonic_ns;
    clock->realtime_ns = snapshot->header.created_realtime_ns;
    tracer_snapshot_destroy(snapshot);
    move(clock, timeline_origin_ns(timeline));
    return TRACER_OK;
}

struct merge_clock merge_clock_of_timeline(const struct timeline *timeline)
{
    struct merge_clock clock = { "", 0, 0 };
    if (timeline_origin_ns(timeline) >= SINCE_1970_NS)
        clock.realtime_ns = (uint64_t)timeline_origin_ns(timeline);
    return clock;
}

struct merge_clock timeline_merge_clock(const struct timeline_merge *merge)
{
    return merge->clock;
}

static void note(struct timeline_merge *merge, const char *text)
{
    const struct timeline_note said = { .text = text, .count = 1, .byte = TIMELINE_NO_BYTE };
    timeline_builder_add_note(merge->builder, &said);
}

/* How much later a trace's time 0 is than the first trace's. */
static int64_t offset_of(struct timeline_merge *merge, const struct merge_input *input)
{
    const struct merge_clock *first = &merge->clock, *clock = &input->clock;
    char words[200];
    if (merge->inputs == 0)
        return 0;
    if (first->boot_id[0] && strcmp(first->boot_id, clock->boot_id) == 0 && first->monotonic_ns && clock->monotonic_ns)
        return (int64_t)(clock->monotonic_ns - first->monotonic_ns);
    if (first->realtime_ns && clock->realtime_ns)
        return (int64_t)(clock->realtime_ns - first->realtime_ns);
    snprintf(words, sizeof words, "No clock is common to %.100s and the files before it: it begins with the first",
             input->name);
    note(merge, words);
    return 0;
}

/* ------------------------------------------------------------------- processes */

/* Maps one trace's ids, by the timeline's processes. */
struct mapping {
    int64_t *pids;
    uint32_t *names, *tracks; /* by name and track of the timeline */
    uint8_t categories[TIMELINE_CATEGORIES];
};

static void name_process(struct timeline_merge *merge, const struct merge_input *input, int64_t pid, const char *name)
{
    char text[300];
    int bytes = snprintf(text, sizeof text, "%.100s%s%.180s", input->name, name[0] ? ": " : "", name);
    timeline_builder_name_process(merge->builder, pid, text, (size_t)bytes);
    timeline_builder_sort_process(merge->builder, pid, merge->inputs);
}

static bool map_processes(struct timeline_merge *merge, const struct merge_input *input, struct mapping *mapping)
{
    struct timeline_process process;
    uint32_t before = merge->builder->process_count;
    mapping->pids = calloc((size_t)input->timeline->process_count + 1, sizeof *mapping->pids);
    for (uint32_t i = 0; mapping->pids && timeline_process(input->timeline, i, &process); i++) {
        mapping->pids[i] = process.pid;
        const uint32_t found = builder_find_process(merge->builder, process.pid);
        if (found != UINT32_MAX && found < before) {
            mapping->pids[i] = merge->next_pid++;
            note(merge, "A process has another number, because an earlier file has one with the same");
        }
        name_process(merge, input, mapping->pids[i], process.name);
    }
    return mapping->pids != NULL;
}

static int64_t moved(int64_t time_ns, int64_t offset_ns)
{
    return time_ns == TIMELINE_UNKNOWN_NS ? LIFE_UNKNOWN : time_ns + offset_ns;
}

static void tell_lives(struct timeline_merge *merge, const struct timeline *timeline, const struct mapping *mapping,
                       int64_t offset_ns)
{
    struct timeline_process process;
    for (uint32_t i = 0; timeline_process(timeline, i, &process); i++) {
        const struct process_life life = {
            .parent_pid = process.parent == TIMELINE_NONE ? LIFE_UNKNOWN : mapping->pids[process.parent],
            .start_ns = moved(process.start_ns, offset_ns),
            .end_ns = moved(process.end_ns, offset_ns),
        };
        lives_tell(merge->builder, mapping->pids[i], &life);
    }
}

static bool map_names(struct timeline_merge *merge, const struct timeline *timeline, struct mapping *mapping)
{
    const char *name;
    mapping->names = malloc(((size_t)timeline->name_table.count + 1) * sizeof *mapping->names);
    for (uint32_t i = 0; mapping->names && (name = timeline_name(timeline, i)) != NULL; i++) {
        const char *source = timeline_source(timeline, i);
        mapping->names[i] = timeline_builder_name(merge->builder, name, strlen(name));
        if (source)
            timeline_builder_source(merge->builder, mapping->names[i], source);
    }
    for (uint32_t i = 0; (name = timeline_category(timeline, i, NULL)) != NULL; i++)
        mapping->categories[i] = (uint8_t)timeline_builder_category(merge->builder, name, strlen(name));
    return mapping->names != NULL;
}

static bool map_tracks(struct timeline_merge *merge, const struct timeline *timeline, struct mapping *mapping)
{
    struct timeline_track track;
    mapping->tracks = malloc(((size_t)timeline->track_count + 1) * sizeof *mapping->tracks);
    for (uint32_t i = 0; mapping->tracks && timeline_track(timeline, i, &track); i++) {
        int64_t pid = mapping->pids[track.process];
        uint32_t counter = track.counter == TIMELINE_NONE ? TIMELINE_NONE : mapping->names[track.counter];
        mapping->tracks[i] = timeline_builder_track(merge->builder, pid, track.tid, counter);
        if (counter == TIMELINE_NONE)
            timeline_builder_sort_thread(merge->builder, pid, track.tid, timeline->tracks[i].sort);
        if (track.sampled)
            timeline_builder_mark_sampled(merge->builder, mapping->tracks[i]);
        if (track.name[0] && counter == TIMELINE_NONE)
            timeline_builder_name_thread(merge->builder, pid, track.tid, track.name, strlen(track.name));
    }
    return mapping->tracks != NULL;
}

/* ---------------------------------------------------------------------- events */

/* Rows are visited in descending order, so that of equal spans the outer one comes first. */
static void add_events(struct timeline_merge *merge, const struct timeline *timeline, const struct mapping *mapping,
                       int64_t offset_ns)
{
    struct timeline_event event;
    const uint32_t before = merge->builder->count;
    for (uint32_t i = 0; timeline_event(timeline, i, &event); i++) {
        const struct timeline_item item = {
            .start_ns = event.start_ns + offset_ns,
            .duration_ns = event.duration_ns,
            .value = event.value,
            .detail = event.detail,
            .detail_bytes = event.detail ? strlen(event.detail) : 0,
            .arguments = event.arguments,
            .arguments_bytes = event.arguments ? strlen(event.arguments) : 0,
            .track = mapping->tracks[event.track],
            .name = mapping->names[event.name_id],
            .category = mapping->categories[event.category],
            .kind = event.kind,
            .flags = (uint8_t)(event.flags & ~TIMELINE_OVERLAP),
        };
        timeline_builder_add(merge->builder, &item);
    }
    for (uint32_t i = 0; !merge->builder->failed && timeline_event(timeline, i, &event); i++) {
        const uint32_t around = event.parent == TIMELINE_NONE ? AROUND_NOTHING : before + event.parent;
        if (event.kind == TIMELINE_SPAN && event.duration_ns == 0 && !(event.flags & TIMELINE_ASYNC))
            merge->builder->failed = !builder_set_around(merge->builder, before + i, around);
    }
}

static void add_flow_end(struct timeline_merge *merge, const struct timeline *timeline, const struct mapping *mapping,
                         uint32_t event, const struct timeline_flow_end *at)
{
    struct timeline_event ended;
    if (!timeline_event(timeline, event, &ended))
        return;
    struct timeline_flow_end end = *at;
    end.track = mapping->tracks[ended.track];
    end.name = TIMELINE_NONE;
    timeline_builder_add_flow(merge->builder, &end);
}

/* Arrows get new numbers: no arrow joins one trace with another. */
static void add_flows(struct timeline_merge *merge, const struct timeline *timeline, const struct mapping *mapping,
                      int64_t offset_ns)
{
    struct timeline_flow flow;
    for (uint32_t i = 0; timeline_flow(timeline, i, &flow); i++) {
        uint64_t id = (uint64_t)merge->inputs << 32 | i;
        add_flow_end(merge, timeline, mapping, flow.from,
                     &(struct timeline_flow_end){ .id = id,
                                                  .time_ns = timeline_flow_from_ns(timeline, &flow) + offset_ns,
                                                  .way = TIMELINE_FLOW_OUT });
        add_flow_end(merge, timeline, mapping, flow.to,
                     &(struct timeline_flow_end){ .id = id,
                                                  .time_ns = timeline_flow_to_ns(timeline, &flow) + offset_ns,
                                                  .way = TIMELINE_FLOW_IN });
    }
}

static void add_rest(struct timeline_merge *merge, const struct timeline *timeline, int64_t offset_ns)
{
    struct timeline_loss loss;
    struct timeline_note said;
    for (uint32_t i = 0; timeline_loss(timeline, i, &loss); i++) {
        loss.start_ns += offset_ns;
        loss.end_ns += offset_ns;
        timeline_builder_add_loss(merge->builder, &loss);
    }
    for (uint32_t i = 0; timeline_note(timeline, i, &said); i++)
        timeline_builder_add_note(merge->builder, &said);
    if (timeline_resolution_ns(timeline) > merge->builder->resolution_ns)
        timeline_builder_resolution(merge->builder, timeline_resolution_ns(timeline));
}

enum tracer_error timeline_merge_add(struct timeline_merge *merge, const struct merge_input *input)
{
    struct mapping mapping = { 0 };
    int64_t offset_ns = time_bounded(time_bounded(offset_of(merge, input)) + time_bounded(input->shift_ns));
    if (!merge->clock.monotonic_ns &&
        !merge->clock.realtime_ns) /* it begins with the first, and so do those after it */
        merge->clock = input->clock;
    bool ok = map_processes(merge, input, &mapping) && map_names(merge, input->timeline, &mapping) &&
              map_tracks(merge, input->timeline, &mapping);
    if (ok) {
        tell_lives(merge, input->timeline, &mapping, offset_ns);
        add_events(merge, input->timeline, &mapping, offset_ns);
        add_flows(merge, input->timeline, &mapping, offset_ns);
        add_rest(merge, input->timeline, offset_ns);
        merge->inputs++;
    }
    free(mapping.pids);
    free(mapping.names);
    free(mapping.tracks);
    return ok && !merge->builder->failed ? TRACER_OK : TRACER_ERROR_MEMORY;
}

enum tracer_error timeline_merge_build(struct timeline **result, struct timeline_merge *merge,
                                       const struct timeline_progress *progress)
{
    enum tracer_error error = timeline_build(result, merge->builder, progress);
    if (error != TRACER_OK)
        return error;
    move(&merge->clock, timeline_origin_ns(*result)); /* some events may begin before the first trace */
    return TRACER_OK;
}
