/* The table of stacks: a tree in which each frame refers to its caller, so that stacks share their common callers. */
#include <string.h>

#include "tracer_tables.h"

/* Identifies a frame. Without padding, so that its bytes can be compared. */
struct frame_key {
    uint64_t address;
    uint32_t caller;
    uint16_t name, module;
};
static_assert(sizeof(struct frame_key) + 1 == FRAME_KEY_TEXT_BYTES, "the private table has room for each key");

static void publish_frame(void *context, uint32_t id, uint32_t offset, const char *bytes, size_t length)
{
    struct tracer *tracer = context;
    struct image_frame *frame = &tracer->image_frames[id];
    struct frame_key key;
    (void)offset;
    memcpy(&key, bytes, length);
    atomic64_store(&frame->id_caller, id | (uint64_t)key.caller << 32);
    atomic64_store(&frame->address, key.address);
    atomic64_store_release(&frame->state, NAME_PUBLISHED | (uint64_t)key.module << FRAME_MODULE_SHIFT | key.name);
}

/* False if the table of names is full. */
static bool name_id(struct tracer *tracer, const char *name, uint16_t *id)
{
    *id = name && name[0] ? (uint16_t)table_name(tracer, name) : 0;
    return *id || !name || !name[0];
}

/* 0 if a table is full. */
static uint32_t add_frame(struct tracer *tracer, const struct trace_frame *frame, uint32_t caller)
{
    struct frame_key key = { .address = frame->address, .caller = caller };
    char bytes[sizeof key];
    if (!name_id(tracer, frame->name, &key.name) || !name_id(tracer, frame->module, &key.module))
        return 0;
    memcpy(bytes, &key, sizeof key);
    return intern_id(&tracer->frames, bytes, sizeof bytes, publish_frame, tracer);
}

uint64_t tracer_add_stack(struct tracer *tracer, const struct trace_frame *frames, size_t count)
{
    uint32_t id = 0;
    tracer = tracer ? tracer : trace_default();
    if (!tracer || !frames)
        return 0;
    for (size_t i = count; i-- > 0;) {
        id = add_frame(tracer, &frames[i], id);
        if (id == 0) {
            tagged_add(&tracer->header->stacks_overflow, control_events_epoch(atomic64_load(tracer->control)), 1);
            return 0;
        }
    }
    return id;
}
