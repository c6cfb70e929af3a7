/* The stacks of a snapshot, and which of them are sealed with it. */
#include "event_text.h"
#include "seal.h"

static const char *text_or_empty(const struct tracer_snapshot *snapshot, uint32_t id)
{
    const char *text = text_of(&snapshot->names, id);
    return text ? text : "";
}

struct trace_frame snapshot_frame(const struct tracer_snapshot *snapshot, uint32_t index)
{
    const struct image_frame *frame = &snapshot->frames.entries[index];
    return (struct trace_frame){ text_or_empty(snapshot, frame_name_id(frame)),
                                 text_or_empty(snapshot, frame_module_id(frame)), frame->address };
}

size_t tracer_snapshot_stack(const struct tracer_snapshot *snapshot, uint64_t stack, struct trace_frame *frames,
                             size_t capacity)
{
    size_t count = 0;
    if (!snapshot || stack == 0)
        return 0;
    for (uint64_t id = stack; id != 0;) {
        uint32_t index = frame_index(&snapshot->frames, id);
        if (index == snapshot->frames.count)
            break;
        if (frames && count < capacity)
            frames[count] = snapshot_frame(snapshot, index);
        count++;
        id = frame_caller(&snapshot->frames.entries[index]);
    }
    return count;
}

/* ------------------------------------------------------------------ sealing */

/* If a frame is in use, its callers are marked already. */
static void use_stack(struct seal *seal, uint64_t id)
{
    const struct frame_table *frames = &seal->snapshot->frames;
    uint32_t index;
    while (id != 0 && (index = frame_index(frames, id)) < frames->count && !seal->frames[index]) {
        seal->frames[index] = 1;
        seal->frame_count++;
        seal_use_name(seal, frame_name_id(&frames->entries[index]));
        seal_use_name(seal, frame_module_id(&frames->entries[index]));
        id = frame_caller(&frames->entries[index]);
    }
}

static bool in_use(const struct seal *seal, uint32_t name)
{
    return name < seal->snapshot->names.count && seal->names[name] != 0;
}

void seal_use_functions(struct seal *seal)
{
    const struct frame_table *frames = &seal->snapshot->frames;
    for (uint32_t i = 0; i < frames->count; i++) {
        const struct image_frame *frame = &frames->entries[i];
        if (frame_is_module(frame) || (frame_is_source(frame) && in_use(seal, frame_name_id(frame))))
            use_stack(seal, frame_id(frame));
    }
}

void seal_use_stack(struct seal *seal, const struct snapshot_event *event)
{
    struct trace_event fields = { 0 };
    uint32_t length;
    if (!(event->meta & RECORD_HAS_FIELDS) || seal->snapshot->frames.count == 0)
        return;
    const char *text = seal_text(seal->snapshot, event, &length);
    if (!text)
        return;
    struct event_text parts = event_text_split(event->meta, text, length);
    event_text_fields(&parts, &fields);
    use_stack(seal, fields.stack);
}
