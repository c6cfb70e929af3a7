/* Copies the changing parts of an image consistently. */
#include "live_copy.h"

#include <stddef.h>
#include <stdlib.h>

#include "../core/tracer.h"
#include "../platform/arch.h"

#define TRIES 3

/*
 * Reads one lane while its owner writes. An owner that clears its lane stores the epoch last: seeing the new epoch
 * before the copy means that the copy is of the cleared lane. Equal heads before and after the copy mean that the
 * counts belong to the head, except for one event in flight; a writer too fast for this gets a copy whose counts are
 * off by what it wrote meanwhile.
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

/* The sums. The number of records held is in the directory. */
static enum tracer_error read_sealed_lane(struct live_copy *copy, const struct tracer_reader *reader)
{
    struct image_lane *lane = copy->lanes;
    enum tracer_error error =
        source_read(&reader->source, reader->sections[IMAGE_LANES].offset_bytes, lane, sizeof *lane);
    lane->head = reader->records;
    lane->first = lane->detail_head = lane->depth = lane->owner = 0;
    lane->events_epoch = copy->events_epoch;
    lane->stats_epoch = copy->stats_epoch;
    return error;
}

static enum tracer_error read_lanes(struct live_copy *copy, const struct tracer_reader *reader)
{
    if (reader->sealed)
        return read_sealed_lane(copy, reader);
    if (!copy->unsettled)
        return source_read(&reader->source, reader->sections[IMAGE_LANES].offset_bytes, copy->lanes,
                           reader->lanes * sizeof *copy->lanes);
    for (uint32_t i = 0; i < reader->lanes; i++) {
        enum tracer_error error = read_lane(reader, i, &copy->lanes[i]);
        if (error != TRACER_OK)
            return error;
    }
    return TRACER_OK;
}

/* Adds a pair of this moment for a live image, so that nothing is extrapolated. */
static void add_own_pair(struct live_copy *copy)
{
    struct calibration sorted;
    if (!calibration_sort(copy->calibration, copy->calibration_used, &sorted))
        return;
    uint32_t entry = calibration_victim(&sorted, copy->calibration_used);
    copy->calibration[entry] = clock_pair_now();
    if (entry == copy->calibration_used)
        copy->calibration_used++;
}

/* Times are already ns since time 0; known steps are in the header. */
static enum tracer_error sealed_calibration(struct live_copy *copy)
{
    const struct image_header *header = &copy->header;
    struct image_header in_ns = *header;
    in_ns.clock = IMAGE_CLOCK_PROGRAM;
    in_ns.origin_ticks = 0;
    if (!clock_rate_of(&in_ns, NULL, 0, &copy->rate))
        return TRACER_ERROR_DAMAGED;
    copy->rate.steps = header->clock_steps < UINT32_MAX ? (uint32_t)header->clock_steps : UINT32_MAX;
    copy->rate.largest_step = (struct calibration_step){ header->clock_step_at_ns, header->clock_step_by_ns };
    return TRACER_OK;
}

static enum tracer_error read_calibration(struct live_copy *copy, const struct tracer_reader *reader)
{
    if (reader->sealed)
        return sealed_calibration(copy);
    uint64_t used = copy->header.calibration_used;
    copy->calibration_used = used < reader->calibration_pairs ? (uint32_t)used : reader->calibration_pairs;
    enum tracer_error error = source_read(&reader->source, reader->sections[IMAGE_CALIBRATION].offset_bytes,
                                          copy->calibration, copy->calibration_used * sizeof copy->calibration[0]);
    if (error != TRACER_OK)
        return error;
    if (copy->live && copy->header.clock == IMAGE_CLOCK_TSC)
        add_own_pair(copy);
    return clock_rate_of(&copy->header, copy->calibration, copy->calibration_used, &copy->rate) ? TRACER_OK
                                                                                                : TRACER_ERROR_DAMAGED;
}

static enum tracer_error read_header(struct live_copy *copy, const struct tracer_reader *reader)
{
    if (reader->tracer)
        tracer_calibrate(reader->tracer, CALIBRATE_IF_DUE);
    enum tracer_error error = source_read(&reader->source, 0, &copy->header, sizeof copy->header);
    if (error != TRACER_OK)
        return error;
    copy->live = reader_is_live(reader, &copy->header);
    /* A forked child may go on writing after the creator is gone. */
    copy->unsettled = reader->source.memory ? reader->source.changing
                                            : !reader->sealed && (copy->live || copy->header.state == IMAGE_LIVE);
    copy->events_epoch = control_events_epoch(copy->header.control);
    copy->stats_epoch = control_stats_epoch(copy->header.control);
    return read_calibration(copy, reader);
}

/* Whether a reset happened between reading the header and the lanes. */
static enum tracer_error same_epochs(const struct live_copy *copy, const struct tracer_reader *reader, bool *same)
{
    uint64_t control;
    enum tracer_error error =
        source_read(&reader->source, offsetof(struct image_header, control), &control, sizeof control);
    *same = control >> CONTROL_EVENTS_SHIFT == copy->header.control >> CONTROL_EVENTS_SHIFT;
    return error;
}

enum tracer_error live_copy_take(struct live_copy *copy, const struct tracer_reader *reader)
{
    enum tracer_error error = TRACER_OK;
    bool same = false;
    *copy = (struct live_copy){ .lanes = malloc(reader->lanes * sizeof *copy->lanes) };
    if (!copy->lanes)
        return TRACER_ERROR_MEMORY;
    for (int try = 0; try < TRIES && error == TRACER_OK && !same; try++) {
        error = read_header(copy, reader);
        if (error == TRACER_OK)
            error = read_lanes(copy, reader);
        if (error == TRACER_OK)
            error = same_epochs(copy, reader, &same);
    }
    if (error != TRACER_OK)
        live_copy_free(copy);
    return error;
}

void live_copy_free(struct live_copy *copy)
{
    free(copy->lanes);
    copy->lanes = NULL;
}

bool live_copy_now_ns(const struct live_copy *copy, const struct tracer_reader *reader, uint64_t *now_ns)
{
    uint64_t ticks;
    if (!copy->live)
        return false;
    if (reader->tracer)
        ticks = tracer_clock_ticks(reader->tracer);
    else if (copy->header.clock == IMAGE_CLOCK_TSC)
        ticks = arch_ticks();
    else if (copy->header.clock == IMAGE_CLOCK_MONOTONIC)
        ticks = platform_monotonic_ns();
    else
        return false;
    *now_ns = clock_time_ns(&copy->rate, ticks);
    return true;
}
