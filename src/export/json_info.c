/* Prints facts about an image. */
#include "json_info.h"

#include <stdlib.h>
#include <string.h>

#include "json_lists.h"

struct info_parts {
    struct json_object object, filter;
    struct buffer program; /* a copy made valid */
    struct json_lists lists;
    size_t list_bytes;
    bool ok;
};

static void add_program(struct info_parts *json, const struct tracer_info *info)
{
    struct json_object *o = &json->object;
    const char *program = json_valid(&json->program, info->program, strlen(info->program));
    json_add_integer(o, "pid", info->pid);
    json_add_text(o, "program", program ? program : "");
    json_add_text(o, "state", info->live ? "running" : info->closed ? "closed" : "ended");
    json_add_bool(o, "live", info->live);
    json_add_bool(o, "closed", info->closed);
    json_add_bool(o, "sealed", info->sealed);
    json_add_integer(o, "created_realtime_ns", info->created_realtime_ns);
}

static void add_wanted(struct info_parts *json, const struct tracer_info *info)
{
    json_begin_array(&json->filter);
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        if (info->filter & TRACE_MASK(c))
            json_add_text(&json->filter, NULL, trace_category_name((enum trace_category)c));
    }
    json_add_bool(&json->object, "enabled", info->enabled);
    json_add_bool(&json->object, "without_details", info->without_details);
    json_add_object(&json->object, "filter", &json->filter);
}

static void add_clock(struct json_object *o, const struct tracer_info *info, const char *origin)
{
    json_add_text(o, "clock", info->clock);
    json_add_text(o, "clock_reason", info->clock_reason);
    json_add_integer(o, "clock_resolution_ns", info->clock_resolution_ns);
    json_add_integer(o, "calibration_pairs", info->calibration_pairs);
    json_add_integer(o, "clock_steps", info->clock_steps);
    json_add_integer(o, "clock_step_at_ns", info->clock_step_at_ns);
    json_add_signed(o, "clock_step_by_ns", info->clock_step_by_ns, 0);
    if (origin)
        json_add_text(o, "origin_ns", origin);
}

static void add_sizes(struct json_object *o, const struct tracer_info *info)
{
    json_add_integer(o, "format_version", info->format_version);
    json_add_integer(o, "size_bytes", info->size_bytes);
    json_add_integer(o, "capacity_events", info->capacity_events);
    json_add_integer(o, "lanes", info->lanes);
    json_add_integer(o, "lanes_used", info->lanes_used);
    json_add_integer(o, "slots_per_lane", info->slots_per_lane);
    json_add_integer(o, "detail_bytes_per_lane", info->detail_bytes_per_lane);
    json_add_integer(o, "detail_bytes_max", info->detail_bytes_max);
    json_add_integer(o, "tracks", info->tracks);
    json_add_integer(o, "tracks_used", info->tracks_used);
    json_add_integer(o, "processes_max", info->processes);
    json_add_integer(o, "processes_used", info->processes_used);
    json_add_integer(o, "names", info->names);
    json_add_integer(o, "names_used", info->names_used);
    json_add_integer(o, "operations", info->operations);
    json_add_integer(o, "operations_used", info->operations_used);
    json_add_integer(o, "histograms", info->histograms);
    json_add_integer(o, "histograms_used", info->histograms_used);
}

static void add_segment(struct json_object *o, const struct tracer_info *info)
{
    json_add_integer(o, "segment", info->segment);
    json_add_integer(o, "missed_before", info->missed_before);
}

uint64_t losses_lost(const struct trace_losses *losses)
{
    uint64_t sum = losses->without_category;
    for (unsigned reason = 0; reason < TRACE_LOSS_COUNT; reason++) {
        for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
            sum += losses->lost[reason][c];
    }
    return sum;
}

uint64_t losses_evicted(const struct trace_losses *losses)
{
    uint64_t sum = 0;
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++)
        sum += losses->evicted[c];
    return sum;
}

static void add_counts(struct json_object *o, const struct tracer_snapshot *snapshot)
{
    struct trace_summary summary;
    tracer_snapshot_summary(snapshot, &summary);
    json_add_integer(o, "event_count", summary.event_count);
    json_add_integer(o, "evicted", losses_evicted(&summary.losses));
    json_add_integer(o, "lost", losses_lost(&summary.losses));
}

char *info_json(const struct tracer_info *info, const struct tracer_snapshot *snapshot, const char *origin)
{
    struct info_parts *json = calloc(1, sizeof *json);
    struct buffer to = { 0 };
    if (!json)
        return NULL;
    json->ok = true;
    json_begin(&json->object);
    add_program(json, info);
    add_wanted(json, info);
    add_clock(&json->object, info, origin);
    add_sizes(&json->object, info);
    if (info->cursor)
        add_segment(&json->object, info);
    if (snapshot) {
        add_counts(&json->object, snapshot);
        json->list_bytes = json_lists_add(&json->lists, &json->object, snapshot, &json->ok);
    }
    if (!json->ok ||
        !json_print(&to, &json->object, strlen(info->program) + strlen(info->clock_reason) + json->list_bytes))
        buffer_free(&to);
    json_lists_free(&json->lists);
    buffer_free(&json->program);
    free(json);
    return to.bytes;
}
