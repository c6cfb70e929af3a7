/* Passes facts about an image to a builder; see load_facts.h. */
#include "load_facts.h"

#include <string.h>

#include "../read/snapshot.h"
#include "builder.h"

static uint64_t sum(const uint64_t counts[TRACE_CATEGORY_COUNT])
{
    uint64_t total = 0;
    for (unsigned i = 0; i < TRACE_CATEGORY_COUNT; i++)
        total += counts[i];
    return total;
}

/* Evicted events came before the held ones. When others were lost is unknown: they may be anywhere. */
static void add_loss(struct timeline_builder *builder, uint64_t count, const char *reason)
{
    bool before = strcmp(reason, "evicted") == 0;
    const struct timeline_loss loss = {
        .start_ns = INT64_MIN,
        .end_ns = before ? INT64_MIN : INT64_MAX,
        .count = count,
        .reason = reason,
    };
    if (count)
        timeline_builder_add_loss(builder, &loss);
}

static void load_losses(struct timeline_builder *builder, const struct trace_losses *losses)
{
    static const char *const reasons[] = { "contention", "invalid", "orphaned", "overrun" };
    for (unsigned i = 0; i < TRACE_LOSS_COUNT; i++)
        add_loss(builder, sum(losses->lost[i]), reasons[i]);
    add_loss(builder, losses->missed, "in flight");
    add_loss(builder, losses->details_truncated, "details truncated");
}

static void load_notes(struct timeline_builder *builder, const struct tracer_snapshot *snapshot)
{
    struct trace_note note;
    for (size_t i = 0; tracer_snapshot_note(snapshot, i, &note); i++)
        timeline_builder_add_note(
            builder, &(struct timeline_note){ .text = note.text, .count = note.count, .byte = TIMELINE_NO_BYTE });
}

static void load_sources(struct timeline_builder *builder, const struct tracer_snapshot *snapshot)
{
    for (uint32_t i = 0; i < snapshot->frames.count; i++) {
        if (!frame_is_source(&snapshot->frames.entries[i]))
            continue;
        const struct trace_frame frame = snapshot_frame(snapshot, i);
        uint32_t name = timeline_builder_name(builder, frame.name, strlen(frame.name));
        timeline_builder_source(builder, name, frame.module);
    }
}

void load_facts(struct timeline_builder *builder, const struct tracer_snapshot *snapshot, bool evicted)
{
    struct trace_summary summary;
    tracer_snapshot_summary(snapshot, &summary);
    if (evicted)
        add_loss(builder, sum(summary.losses.evicted), "evicted");
    load_losses(builder, &summary.losses);
    load_notes(builder, snapshot);
    load_sources(builder, snapshot);
    timeline_builder_resolution(builder, summary.clock_resolution_ns);
}
