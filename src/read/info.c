/* Describes an image. */
#include "live_copy.h"

static const char *clock_name(uint64_t clock)
{
    switch (clock) {
    case IMAGE_CLOCK_TSC:
        return "tsc";
    case IMAGE_CLOCK_MONOTONIC:
        return "monotonic";
    case IMAGE_CLOCK_PERFORMANCE:
        return "performance.now";
    case IMAGE_CLOCK_PROGRAM:
        return "program";
    default:
        return "?";
    }
}

static uint32_t at_most(uint64_t used, uint32_t count)
{
    return used < count ? (uint32_t)used : count;
}

static void describe_header(const struct tracer_reader *reader, const struct image_header *now,
                            struct tracer_info *info)
{
    const struct image_header *then = &reader->header;
    info->format_version = reader->format;
    info->size_bytes = then->size_bytes;
    info->capacity_events = then->capacity_events;
    info->sealed = reader->sealed;
    info->lanes = reader->sealed ? (uint32_t)then->sealed_lanes : reader->lanes;
    info->slots_per_lane = reader->slots;
    info->detail_bytes_per_lane = then->detail_ring_bytes;
    info->detail_bytes_max = then->detail_max_bytes;
    info->without_details = then->without_details != 0;
    info->pid = (uint32_t)then->pid;
    info->program = then->program;
    info->boot_id = then->boot_id;
    info->created_realtime_ns = then->created_realtime_ns;
    info->clock = clock_name(now->clock);
    info->clock_reason = now->clock == then->clock ? then->clock_reason : "";
    info->clock_resolution_ns = now->clock_resolution_ns;
    info->closed = now->state == IMAGE_CLOSED;
    info->enabled = control_wanted(now->control) != 0;
    info->filter = control_filter(now->control);
    info->cursor = reader->sealed ? then->cursor : 0;
    info->segment = info->cursor ? then->segment : 0;
    info->missed_before = info->cursor ? then->missed_before : 0;
}

static void describe_clock(const struct clock_rate *rate, struct tracer_info *info)
{
    info->calibration_pairs = rate->pairs;
    info->clock_steps = rate->steps;
    info->clock_step_at_ns = rate->largest_step.ns;
    info->clock_step_by_ns = rate->largest_step.by_ns;
}

/* Ids begin at 1, so the number in use is one less. */
static void describe_tables(const struct tracer_reader *reader, const struct image_header *now,
                            struct tracer_info *info)
{
    info->names = now->names_limit ? at_most(now->names_limit, reader->names) : reader->names;
    info->names_used = at_most(now->names_used ? now->names_used - 1 : 0, info->names);
    info->operations = reader->operations;
    info->operations_used = at_most(now->operations_used ? now->operations_used - 1 : 0, reader->operations);
    info->tracks = reader->tracks;
    info->tracks_used = at_most(now->tracks_used ? now->tracks_used - 1 : 0, reader->tracks);
    info->processes = reader->processes;
    info->processes_used = at_most(now->processes_used ? now->processes_used - 1 : 0, reader->processes);
    info->histograms = reader->histograms;
    info->histograms_used = at_most(now->histograms_used, reader->histograms);
}

enum tracer_error tracer_reader_info(struct tracer_reader *reader, struct tracer_info *info)
{
    struct live_copy copy;
    if (!reader || !info)
        return TRACER_ERROR_ARGUMENT;
    enum tracer_error error = live_copy_take(&copy, reader);
    if (error != TRACER_OK)
        return error;
    *info = (struct tracer_info){ 0 };
    describe_header(reader, &copy.header, info);
    describe_clock(&copy.rate, info);
    describe_tables(reader, &copy.header, info);
    info->live = copy.live || (reader->sealed && !reader->source.memory && image_writer_lives(&copy.header));
    for (uint32_t i = 0; i < reader->lanes; i++)
        info->lanes_used += copy.lanes[i].head != 0 || copy.lanes[i].owner != 0;
    if (reader->sealed)
        info->lanes_used = info->lanes;
    live_copy_free(&copy);
    return TRACER_OK;
}
