/* Prints stacks; see stack_lines.h. */
#include "stack_lines.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../export/json.h"
#include "show.h"

struct trace_frame *stack_frames(const struct tracer_snapshot *snapshot, const struct trace_event *event, size_t *count,
                                 bool *ok)
{
    *ok = true;
    *count = tracer_snapshot_stack(snapshot, event->stack, NULL, 0);
    struct trace_frame *frames = *count ? calloc(*count, sizeof *frames) : NULL;
    if (frames)
        tracer_snapshot_stack(snapshot, event->stack, frames, *count);
    else
        *ok = *count == 0;
    return frames;
}

static void print_frame(const struct trace_frame *frame, FILE *file)
{
    fputs(" > ", file);
    show_text(frame->module, file);
    if (frame->module[0])
        fputc('(', file);
    show_text(frame->name, file);
    if (frame->module[0])
        fputc(')', file);
    if (frame->address)
        fprintf(file, "%s[0x%" PRIx64 "]", frame->module[0] || frame->name[0] ? " " : "", frame->address);
    fputc('\n', file);
}

bool stack_print(const struct tracer_snapshot *snapshot, const struct trace_event *event, FILE *file)
{
    size_t count;
    bool ok;
    struct trace_frame *frames = stack_frames(snapshot, event, &count, &ok);
    for (size_t i = 0; frames && i < count; i++)
        print_frame(&frames[i], file);
    free(frames);
    return ok && !ferror(file);
}

/* ---------------------------------------------------------------------- JSON */

struct frame_json {
    struct json_object object;
    struct buffer name, module;
};

static bool put(struct buffer *to, const char *text)
{
    size_t bytes = strlen(text);
    if (!buffer_reserve(to, bytes + 1))
        return false;
    memcpy(to->bytes + to->used, text, bytes + 1);
    to->used += bytes;
    return true;
}

static bool put_frame(struct frame_json *json, const struct trace_frame *frame, struct buffer *to)
{
    char address[24];
    const char *name = json_valid(&json->name, frame->name, strlen(frame->name));
    const char *module = json_valid(&json->module, frame->module, strlen(frame->module));
    if (!name || !module)
        return false;
    snprintf(address, sizeof address, "0x%" PRIx64, frame->address);
    json_begin(&json->object);
    if (name[0])
        json_add_text(&json->object, "name", name);
    if (module[0])
        json_add_text(&json->object, "module", module);
    if (frame->address)
        json_add_text(&json->object, "address", address);
    return json_print(to, &json->object, strlen(name) + strlen(module) + sizeof address);
}

bool stack_print_json(const struct tracer_snapshot *snapshot, const struct trace_event *event, struct buffer *to)
{
    size_t count;
    bool ok;
    struct trace_frame *frames = stack_frames(snapshot, event, &count, &ok);
    struct frame_json *json = frames ? calloc(1, sizeof *json) : NULL;
    if (!frames)
        return ok;
    ok = json && put(to, "[");
    for (size_t i = 0; ok && i < count; i++)
        ok = (i == 0 || put(to, ",")) && put_frame(json, &frames[i], to);
    ok = ok && put(to, "]");
    if (json) {
        buffer_free(&json->name);
        buffer_free(&json->module);
    }
    free(json);
    free(frames);
    return ok;
}
