/* Prints open spans, processes, notes and frames. */
#include "json_lists.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../read/snapshot.h"

struct list {
    struct json_object object;
    struct buffer name, module; /* copies made valid */
    char address[24];
    struct buffer to;
};

/* Fills the list's object with the index-th element, and returns the length of its texts. False: there is none. */
typedef bool list_element(struct list *list, const struct tracer_snapshot *snapshot, size_t index, size_t *text_bytes);

static const char *valid_name(struct list *list, const char *name, size_t *text_bytes)
{
    const char *valid = json_valid(&list->name, name, strlen(name));
    *text_bytes = valid ? strlen(valid) : 0;
    return valid;
}

static bool put_char(struct buffer *to, char c)
{
    if (!buffer_reserve(to, 2))
        return false;
    to->bytes[to->used++] = c;
    to->bytes[to->used] = '\0';
    return true;
}

static bool put_elements(struct list *list, const struct tracer_snapshot *snapshot, list_element *element)
{
    size_t text_bytes;
    for (size_t i = 0; element(list, snapshot, i, &text_bytes); i++) {
        if ((i > 0 && !put_char(&list->to, ',')) || !json_print(&list->to, &list->object, text_bytes))
            return false;
    }
    return true;
}

static char *print_list(const struct tracer_snapshot *snapshot, list_element *element)
{
    struct list *list = calloc(1, sizeof *list);
    if (!list)
        return NULL;
    if (!put_char(&list->to, '[') || !put_elements(list, snapshot, element) || !put_char(&list->to, ']'))
        buffer_free(&list->to);
    char *text = list->to.bytes;
    buffer_free(&list->name);
    buffer_free(&list->module);
    free(list);
    return text;
}

/* ----------------------------------------------------------------- elements */

static bool open_span_element(struct list *list, const struct tracer_snapshot *snapshot, size_t index,
                              size_t *text_bytes)
{
    struct json_object *object = &list->object;
    struct trace_open_span span;
    if (!tracer_snapshot_open_span(snapshot, index, &span))
        return false;
    json_begin(object);
    const char *name = valid_name(list, span.name, text_bytes);
    object->too_many = !name; /* no memory: do not print it */
    json_add_text(object, "name", name ? name : "");
    json_add_text(object, "category", trace_category_name(span.category));
    json_add_fixed(object, "start", span.start_ns, 6);
    json_add_integer(object, "depth", span.depth);
    json_add_integer(object, "lane", span.lane);
    json_add_integer(object, "track", span.track);
    json_add_bool(object, "async", span.async);
    json_add_bool(object, "parent_ended", span.parent_ended);
    return true;
}

static bool process_element(struct list *list, const struct tracer_snapshot *snapshot, size_t index, size_t *text_bytes)
{
    struct json_object *object = &list->object;
    struct trace_process process;
    if (!tracer_snapshot_process(snapshot, index, &process))
        return false;
    json_begin(object);
    const char *name = valid_name(list, process.name, text_bytes);
    object->too_many = !name;
    json_add_integer(object, "pid", process.pid);
    if (process.parent)
        json_add_integer(object, "parent", process.parent);
    if (name && name[0])
        json_add_text(object, "name", name);
    if (process.has_start)
        json_add_fixed(object, "start", process.start_ns, 6);
    if (process.has_end)
        json_add_fixed(object, "end", process.end_ns, 6);
    if (process.has_exit_code)
        json_add_integer(object, "exit_code", process.exit_code);
    if (process.signal)
        json_add_integer(object, "signal", process.signal);
    return true;
}

static bool note_element(struct list *list, const struct tracer_snapshot *snapshot, size_t index, size_t *text_bytes)
{
    struct json_object *object = &list->object;
    struct trace_note note;
    if (!tracer_snapshot_note(snapshot, index, &note))
        return false;
    json_begin(object);
    const char *text = valid_name(list, note.text, text_bytes);
    object->too_many = !text;
    json_add_text(object, "text", text ? text : "");
    json_add_integer(object, "count", note.count);
    return true;
}

/* Addresses are text: not every reader has integers beyond 2^53. */
static bool frame_element(struct list *list, const struct tracer_snapshot *snapshot, size_t index, size_t *text_bytes)
{
    struct json_object *object = &list->object;
    if (index >= snapshot->frames.count)
        return false;
    const struct image_frame *entry = &snapshot->frames.entries[index];
    struct trace_frame frame = snapshot_frame(snapshot, (uint32_t)index);
    json_begin(object);
    const char *name = valid_name(list, frame.name, text_bytes);
    const char *module = json_valid(&list->module, frame.module, strlen(frame.module));
    object->too_many = !name || !module;
    *text_bytes += module ? strlen(module) : 0;
    json_add_integer(object, "id", frame_id(entry));
    if (frame_caller(entry))
        json_add_integer(object, "caller", frame_caller(entry));
    if (name && name[0])
        json_add_text(object, "name", name);
    if (module && module[0])
        json_add_text(object, frame_is_source(entry) ? "source" : "module", module);
    snprintf(list->address, sizeof list->address, "0x%" PRIx64, frame.address);
    if (frame.address)
        json_add_text(object, "address", list->address);
    return true;
}

char *open_spans_json(const struct tracer_snapshot *snapshot)
{
    return print_list(snapshot, open_span_element);
}

char *processes_json(const struct tracer_snapshot *snapshot)
{
    return print_list(snapshot, process_element);
}

char *notes_json(const struct tracer_snapshot *snapshot)
{
    return print_list(snapshot, note_element);
}

char *frames_json(const struct tracer_snapshot *snapshot)
{
    return print_list(snapshot, frame_element);
}

/* --------------------------------------------------------------- all of them */

static size_t add_list(struct json_object *object, const char *key, const char *text, bool *ok)
{
    *ok = *ok && text;
    if (text)
        json_add_printed(object, key, text);
    return text ? strlen(text) : 0;
}

size_t json_lists_add(struct json_lists *lists, struct json_object *object, const struct tracer_snapshot *snapshot,
                      bool *ok)
{
    *lists = (struct json_lists){ open_spans_json(snapshot), processes_json(snapshot), notes_json(snapshot),
                                  frames_json(snapshot) };
    *ok = true;
    return add_list(object, "open_spans", lists->open_spans, ok) + add_list(object, "processes", lists->processes, ok) +
           add_list(object, "notes", lists->notes, ok) + add_list(object, "frames", lists->frames, ok);
}

void json_lists_free(struct json_lists *lists)
{
    free(lists->open_spans);
    free(lists->processes);
    free(lists->notes);
    free(lists->frames);
}
