/* Finds the stack of an event; see stack.h. */
#include "stack.h"

#include <string.h>

#include "../image/reader.h"

#define MS_PER_NS 1e-6
#define AROUND_NS 1000 /* a time in ms is not exact */

static bool is_of_track(const struct tracer_snapshot *snapshot, uint32_t id, const struct timeline_track *wanted)
{
    struct trace_track track;
    return !tracer_snapshot_track(snapshot, id, &track) || (track.pid == wanted->pid && track.tid == wanted->tid);
}

static uint64_t stack_at(const struct tracer_snapshot *snapshot, const struct timeline *timeline,
                         const struct timeline_event *wanted)
{
    struct trace_event event;
    struct timeline_track track;
    const uint64_t start_ns = (uint64_t)(timeline_origin_ns(timeline) + wanted->start_ns);
    if (!timeline_track(timeline, wanted->track, &track))
        return 0;
    for (size_t i = 0; tracer_snapshot_get(snapshot, i, &event); i++) {
        if (event.stack && event.time_ns == start_ns && event.duration_ns == (uint64_t)wanted->duration_ns &&
            strcmp(event.name, wanted->name) == 0 && is_of_track(snapshot, event.track, &track))
            return event.stack;
    }
    return 0;
}

enum tracer_error timeline_stack(const struct timeline *timeline, uint32_t event, struct tracer_reader *reader,
                                 struct tracer_snapshot **snapshot, uint64_t *stack)
{
    struct timeline_event wanted;
    *snapshot = NULL;
    *stack = 0;
    if (!reader->header.frames_used || !timeline_event(timeline, event, &wanted))
        return TRACER_OK;
    const double at_ns = (double)(timeline_origin_ns(timeline) + wanted.start_ns);
    const struct tracer_query around = { .has_since = true,
                                         .has_until = true,
                                         .since = (at_ns - AROUND_NS) * MS_PER_NS,
                                         .until = (at_ns + AROUND_NS) * MS_PER_NS };
    enum tracer_error error = tracer_snapshot_create(snapshot, reader, &around);
    if (error == TRACER_OK)
        *stack = stack_at(*snapshot, timeline, &wanted);
    if (*snapshot && !*stack) {
        tracer_snapshot_destroy(*snapshot);
        *snapshot = NULL;
    }
    return error;
}
