/* Copies what changes in an image, so that the copy is of one time. */
#include "view.h"

#include <stddef.h>
#include <stdlib.h>

#include "../core/tracer.h"
#include "../platform/arch.h"

#define TRIES 3

/*
 * One lane while its owner writes. An owner that clears its lane stores the epoch last: seeing it
 * before the copy means that the copy is of the cleared lane. Equal heads around the copy mean that
 * the counts belong to the head, but for one event in flight; a writer that is too fast for this
 * gets a copy in which they differ by what it wrote meanwhile.
 */
static enum tracer_error read_lane(const struct tracer_reader *reader, uint32_t index, struct image_lane *lane)
{
    uint64_t offset = reader_lane_offset(reader, IMAGE_LANES, index);
    for (int try = 0; try < TRIES; try++) {
        uint64_t epochs[2], before, after;
        enum tracer_error error =
            source_read(&reader->source, offset + offsetof(struct image_lane, events_epoch), epochs, sizeof epochs);
        if (error == TRACER_OK)
            error = source_read(&reader->source, offset, &before, sizeof before);
        if (error == TRACER_OK)
            error = source_read(&reader->source, offset, lane, sizeof *lane);
        if (error == TRACER_OK)
            error = source_read(&reader->source, offset, &after, sizeof after);
        if (error != TRACER_OK)
            return error;
        bool same_epochs = lane->events_epoch == epochs[0] && lane->stats_epoch == epochs[1];
        lane->events_epoch = epochs[0];
        lane->stats_epoch = epochs[1];
        if (same_epochs && before == after)
            break;
    }
    return TRACER_OK;
}

/* The sums. What is held, the directory says. */
static enum tracer_error read_sealed_lane(struct view *view, const struct tracer_reader *reader)
{
    struct image_lane *lane = view->lanes;
    enum tracer_error error =
        source_read(&reader->source, reader->sections[IMAGE_LANES].offset_bytes, lane, sizeof *lane);
    lane->head = reader->records;
    lane->first = lane->detail_head = lane->depth = lane->owner = 0;
    lane->events_epoch = view->events_epoch;
    lane->stats_epoch = view->stats_epoch;
    return error;
}

static enum tracer_error read_lanes(struct view *view, const struct tracer_reader *reader)
{
    if (reader->sealed)
        return read_sealed_lane(view, reader);
    if (!view->unsettled)
        return source_read(&reader->source, reader->sections[IMAGE_LANES].offset_bytes, view->lanes,
                           reader->lanes * sizeof *view->lanes);
    for (uint32_t i = 0; i < reader->lanes; i++) {
        enum tracer_error error = read_lane(reader, i, &view->lanes[i]);
        if (error != TRACER_OK)
            return error;
    }
    return TRACER_OK;
}

/* Of a live image a pair of this moment is added, so that nothing is extrapolated. */
static void add_own_pair(struct view *view)
{
    struct calibration sorted;
    if (!calibration_sort(view->calibration, view->calibration_used, &sorted))
        return;
    uint32_t entry = calibration_victim(&sorted, view->calibration_used);
    view->calibration[entry] = clock_pair_now();
    if (entry == view->calibration_used)
        view->calibration_used++;
}

/* Times are ns since time 0; what is known of steps is in the header. */
static enum tracer_error sealed_calibration(struct view *view)
{
    const struct image_header *header = &view->header;
    struct image_header in_ns = *header;
    in_ns.clock = IMAGE_CLOCK_PROGRAM;
    in_ns.origin_ticks = 0;
    if (!clock_rate_of(&in_ns, NULL, 0, &view->rate))
        return TRACER_ERROR_DAMAGED;
    view->rate.steps = header->clock_steps < UINT32_MAX ? (uint32_t)header->clock_steps : UINT32_MAX;
    view->rate.largest_step = (struct calibration_step){ header->clock_step_at_ns, header->clock_step_by_ns };
    return TRACER_OK;
}

static enum tracer_error read_calibration(struct view *view, const struct tracer_reader *reader)
{
    if (reader->sealed)
        return sealed_calibration(view);
    uint64_t used = view->header.calibration_used;
    view->calibration_used = used < reader->calibration_pairs ? (uint32_t)used : reader->calibration_pairs;
    enum tracer_error error = source_read(&reader->source, reader->sections[IMAGE_CALIBRATION].offset_bytes,
                                          view->calibration, view->calibration_used * sizeof view->calibration[0]);
    if (error != TRACER_OK)
        return error;
    if (view->live && view->header.clock == IMAGE_CLOCK_TSC)
        add_own_pair(view);
    return clock_rate_of(&view->header, view->calibration, view->calibration_used, &view->rate) ? TRACER_OK
                                                                                                : TRACER_ERROR_DAMAGED;
}

static enum tracer_error read_header(struct view *view, const struct tracer_reader *reader)
{
    if (reader->tracer)
        tracer_calibrate(reader->tracer, CALIBRATE_IF_DUE);
    enum tracer_error error = source_read(&reader->source, 0, &view->header, sizeof view->header);
    if (error != TRACER_OK)
        return error;
    view->live = reader_is_live(reader, &view->header);
    /* A forked child may go on when the creator is gone. */
    view->unsettled = reader->source.memory ? reader->source.changing
                                            : !reader->sealed && (view->live || view->header.state == IMAGE_LIVE);
    view->events_epoch = control_events_epoch(view->header.control);
    view->stats_epoch = control_stats_epoch(view->header.control);
    return read_calibration(view, reader);
}

/* Whether a reset came between the header and the lanes. */
static enum tracer_error same_epochs(const struct view *view, const struct tracer_reader *reader, bool *same)
{
    uint64_t control;
    enum tracer_error error =
        source_read(&reader->source, offsetof(struct image_header, control), &control, sizeof control);
    *same = control >> CONTROL_EVENTS_SHIFT == view->header.control >> CONTROL_EVENTS_SHIFT;
    return error;
}

enum tracer_error view_take(struct view *view, const struct tracer_reader *reader)
{
    enum tracer_error error = TRACER_OK;
    bool same = false;
    *view = (struct view){ .lanes = malloc(reader->lanes * sizeof *view->lanes) };
    if (!view->lanes)
        return TRACER_ERROR_MEMORY;
    for (int try = 0; try < TRIES && error == TRACER_OK && !same; try++) {
        error = read_header(view, reader);
        if (error == TRACER_OK)
            error = read_lanes(view, reader);
        if (error == TRACER_OK)
            error = same_epochs(view, reader, &same);
    }
    if (error != TRACER_OK)
        view_free(view);
    return error;
}

void view_free(struct view *view)
{
    free(view->lanes);
    view->lanes = NULL;
}

bool view_now_ns(const struct view *view, const struct tracer_reader *reader, uint64_t *now_ns)
{
    uint64_t ticks;
    if (!view->live)
        return false;
    if (reader->tracer)
        ticks = tracer_clock_ticks(reader->tracer);
    else if (view->header.clock == IMAGE_CLOCK_TSC)
        ticks = arch_ticks();
    else if (view->header.clock == IMAGE_CLOCK_MONOTONIC)
        ticks = platform_monotonic_ns();
    else
        return false;
    *now_ns = clock_time_ns(&view->rate, ticks);
    return true;
}
