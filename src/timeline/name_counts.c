/* Counts an image's events by name. The rules are those of load.c. */
#include "name_counts.h"

#include <stdlib.h>
#include <string.h>

#include "../read/details.h"
#include "../read/event_text.h"
#include "../read/walk.h"
#include "as_image.h"

struct counting {
    struct name_counts *counts;
    const struct tracer_reader *reader;
    struct walk walk;
    struct text_table names;
    struct frame_table frames;
    uint32_t *ids; /* by the image's id; UINT32_MAX: not seen yet */
};

/* UINT32_MAX without memory. */
static uint32_t id_of(struct name_counts *counts, const char *name, size_t bytes)
{
    uint32_t known = counts->names.count, id = interned_id(&counts->names, name, bytes);
    if (id < known || id == UINT32_MAX)
        return id;
    uint32_t *larger = array_grow(counts->counts, id, &counts->room, sizeof *larger);
    if (!larger)
        return UINT32_MAX;
    counts->counts = larger;
    larger[id] = 0;
    return id;
}

static bool count(struct name_counts *counts, uint32_t id)
{
    if (id == UINT32_MAX || counts->total == UINT32_MAX)
        return false;
    counts->counts[id]++;
    counts->total++;
    return true;
}

static uint32_t id_in_table(struct counting *counting, uint32_t id)
{
    if (id < counting->names.count && counting->ids[id] != UINT32_MAX)
        return counting->ids[id];
    const char *name = text_of(&counting->names, id);
    name = name ? name : "?";
    uint32_t known = id_of(counting->counts, name, strlen(name));
    if (id < counting->names.count)
        counting->ids[id] = known;
    return known;
}

static bool count_event(struct counting *counting, struct merge_lane *at)
{
    const uint64_t *record = merge_record(at);
    struct event_text parts = { 0 };
    if (record[3] & RECORD_NAME_IN_DETAIL) {
        const char *text;
        size_t bytes;
        if (lane_detail(&at->lane, record, &text, &bytes) != TRACER_OK)
            return false;
        if (text)
            parts = event_text_split(record[3], text, bytes);
    }
    return count(counting->counts, parts.name ? id_of(counting->counts, parts.name, parts.name_bytes)
                                              : id_in_table(counting, record_name(record)));
}

/* Whether a record is an event of a timeline. */
static bool is_event(const struct counting *counting, const uint64_t *record)
{
    return record_kind(record) != TRACE_KIND_FLOW || !as_image_made(&counting->reader->header);
}

static bool count_walked(struct counting *counting)
{
    struct merge_lane *at;
    while ((at = walk_next(&counting->walk)))
        if (is_event(counting, merge_record(at)) && !count_event(counting, at))
            return false;
    return counting->walk.merge.error == TRACER_OK;
}

/* Backwards, as lane_detail() needs it; converts no times. */
static bool count_lane(struct counting *counting, struct merge_lane *at)
{
    struct lane *lane = &at->lane;
    for (uint64_t to = lane->high; to > lane->low; to = at->from) {
        bool empty = true;
        at->from = to - lane->low > LANE_CHUNK ? to - LANE_CHUNK : lane->low;
        if (lane_load(lane, at->from, to, at->records, counting->walk.merge.scratch) != TRACER_OK)
            return false;
        for (at->next = to; at->next-- > at->from;) {
            const uint64_t *record = merge_record(at);
            if (!record_sound(record))
                continue;
            empty = false;
            if (is_event(counting, record) && !count_event(counting, at))
                return false;
        }
        if (empty)
            at->from = lane_skip_hole(lane, at->from);
    }
    return true;
}

/* A sealed image holds nothing that a walk would leave out, so its order does not matter. */
static bool count_events(struct counting *counting)
{
    if (!counting->reader->sealed)
        return count_walked(counting);
    for (uint32_t i = 0; i < counting->walk.merge.lane_count; i++)
        if (!count_lane(counting, &counting->walk.merge.lanes[i]))
            return false;
    return true;
}

static bool count_open_spans(struct name_counts *counts, const struct tracer_snapshot *rest)
{
    struct trace_open_span span;
    for (size_t i = 0; tracer_snapshot_open_span(rest, i, &span); i++)
        if (!count(counts, id_of(counts, span.name, strlen(span.name))))
            return false;
    return true;
}

static bool begin(struct counting *counting, struct tracer_reader *reader)
{
    if (walk_init(&counting->walk, reader, NULL) != TRACER_OK || counting->walk.copy.unsettled ||
        frames_read(&counting->frames, reader) != TRACER_OK || counting->frames.count ||
        names_read(&counting->names, &counting->frames, reader) != TRACER_OK)
        return false;
    size_t bytes = ((size_t)counting->names.count + 1) * sizeof *counting->ids;
    counting->ids = malloc(bytes);
    if (counting->ids)
        memset(counting->ids, 0xff, bytes);
    return counting->ids != NULL;
}

bool name_counts_make(struct name_counts *counts, struct tracer_reader *reader, const struct tracer_snapshot *rest)
{
    struct counting counting = { .counts = counts, .reader = reader };
    *counts = (struct name_counts){ 0 };
    bool counted = begin(&counting, reader) && count_events(&counting) && count_open_spans(counts, rest);
    walk_free(&counting.walk);
    text_table_free(&counting.names);
    frame_table_free(&counting.frames);
    free(counting.ids);
    if (!counted)
        name_counts_free(counts);
    return counted;
}

void name_counts_free(struct name_counts *counts)
{
    interned_free(&counts->names);
    free(counts->counts);
    *counts = (struct name_counts){ 0 };
}
