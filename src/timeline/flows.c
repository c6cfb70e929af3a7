/* Joins the ends of flows. */
#include "flows.h"

#include <stdlib.h>

#include "../base/lower_bound.h"

static int compare_ends(const void *a, const void *b)
{
    const struct timeline_flow_end *left = a, *right = b;
    if (left->id != right->id)
        return left->id < right->id ? -1 : 1;
    if (left->time_ns != right->time_ns)
        return left->time_ns < right->time_ns ? -1 : 1;
    return (left->way > right->way) - (left->way < right->way);
}

/* ------------------------------------------------------------------ its span */

struct looked_for {
    const struct timeline *timeline;
    int64_t time_ns;
};

static inline bool begins_before(const void *context, uint64_t event)
{
    const struct looked_for *wanted = context;
    return wanted->timeline->starts[event] < wanted->time_ns;
}

/* The first event of a row that begins at the time or later; the row's end if there is none. */
static uint32_t begins_at(const struct timeline *timeline, uint32_t row, int64_t time_ns)
{
    struct looked_for wanted = { timeline, time_ns };
    return (uint32_t)lower_bound(timeline->row_first[row], timeline->row_first[row + 1], begins_before, &wanted);
}

static bool is_span(const struct timeline *timeline, uint32_t event, bool async)
{
    return event_kind(timeline, event) == TIMELINE_SPAN && !(timeline->kinds[event] & TIMELINE_ASYNC) == !async;
}

/* The row after the last one with spans. */
static uint32_t spans_end(const struct track_entry *track)
{
    return track->first_row + track->rows - track->ticks;
}

/* The last span of a row that begins no later than the time; TIMELINE_NONE if there is none. */
static uint32_t begun_by(const struct timeline *timeline, uint32_t row, int64_t time_ns, bool async)
{
    for (uint32_t event = begins_at(timeline, row, time_ns + 1); event > timeline->row_first[row]; event--)
        if (is_span(timeline, event - 1, async))
            return event - 1;
    return TIMELINE_NONE;
}

/* The innermost span at a time. ended: may also end exactly then; async: only spans that need not nest. */
static uint32_t innermost(const struct timeline *timeline, const struct track_entry *track, int64_t time_ns, bool ended,
                          bool async)
{
    for (uint32_t row = spans_end(track); row > track->first_row; row--) {
        uint32_t event = begun_by(timeline, row - 1, time_ns, async);
        if (event != TIMELINE_NONE && event_end(timeline, event) + ended > time_ns)
            return event;
    }
    return TIMELINE_NONE;
}

/* The span with this name that begins at the time. */
static uint32_t span_of_name(const struct timeline *timeline, const struct track_entry *track, int64_t time_ns,
                             uint32_t name)
{
    for (uint32_t row = track->first_row; row < spans_end(track); row++)
        for (uint32_t event = begins_at(timeline, row, time_ns);
             event < timeline->row_first[row + 1] && timeline->starts[event] == time_ns; event++)
            if (timeline->names[event] == name && event_kind(timeline, event) == TIMELINE_SPAN)
                return event;
    return TIMELINE_NONE;
}

static uint32_t next_span(const struct timeline *timeline, const struct track_entry *track, int64_t time_ns)
{
    uint32_t next = TIMELINE_NONE;
    for (uint32_t row = track->first_row; row < spans_end(track); row++) {
        uint32_t event = begins_at(timeline, row, time_ns), end = timeline->row_first[row + 1];
        while (event < end && !is_span(timeline, event, false))
            event++;
        if (event < end && (next == TIMELINE_NONE || timeline->starts[event] < timeline->starts[next]))
            next = event;
    }
    return next;
}

static uint32_t span_of(const struct timeline *timeline, const struct timeline_flow_end *end, uint32_t index)
{
    if (index == TIMELINE_NONE)
        return TIMELINE_NONE;
    const struct track_entry *track = &timeline->tracks[index];
    int64_t time_ns = end->time_ns - timeline->origin_ns;
    if (end->name != TIMELINE_NONE)
        return span_of_name(timeline, track, time_ns, end->name);
    uint32_t event = end->next ? next_span(timeline, track, time_ns) : TIMELINE_NONE;
    if (event == TIMELINE_NONE)
        event = innermost(timeline, track, time_ns, false, false);
    if (event == TIMELINE_NONE)
        event = innermost(timeline, track, time_ns, true, false);
    /* A thread that wakes another as its call ends is in no call any more, but still runs. */
    return event != TIMELINE_NONE ? event : innermost(timeline, track, time_ns, false, true);
}

/* ------------------------------------------------------------------- joining */

static bool note(struct timeline *timeline, const char *text)
{
    return notes_add(&timeline->notes, &(struct timeline_note){ .text = text, .count = 1, .byte = TIMELINE_NO_BYTE });
}

/* Whether an arrow leads from one end to the next. */
static bool are_joined(const struct timeline_flow_end *one, const struct timeline_flow_end *next)
{
    return one->id == next->id && one->way != TIMELINE_FLOW_IN && next->way != TIMELINE_FLOW_OUT;
}

bool flows_join(struct timeline *timeline, struct timeline_builder *builder, const uint32_t *remap)
{
    struct timeline_flow_end *ends = builder->flow_ends;
    uint32_t count = builder->flow_end_count, before = TIMELINE_NONE;
    bool ok = true;
    if (count == 0)
        return true;
    qsort(ends, count, sizeof *ends, compare_ends);
    timeline->flows = malloc(count * sizeof *timeline->flows);
    if (!timeline->flows)
        return false;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t event = span_of(timeline, &ends[i], remap[ends[i].track]);
        bool after = i > 0 && are_joined(&ends[i - 1], &ends[i]),
             on = i + 1 < count && are_joined(&ends[i], &ends[i + 1]);
        if (event == TIMELINE_NONE)
            ok = ok && note(timeline, "An end of a flow is in no span");
        else if (!after && !on)
            ok = ok && note(timeline, "A flow has one end only");
        else if (after && before != TIMELINE_NONE)
            timeline->flows[timeline->flow_count++] =
                (struct timeline_flow){ ends[i - 1].time_ns - timeline->origin_ns,
                                        ends[i].time_ns - timeline->origin_ns, before, event };
        before = event;
    }
    return ok;
}
