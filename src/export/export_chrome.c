/*
 * "chrome": the Trace Event Format that chrome://tracing, Perfetto and speedscope open. Source: the
 * document "Trace Event Format" of the Chromium project.
 *
 * A process is a track's pid, a thread its tid; both are at least 1, as viewers expect. Spans are complete events (X),
 * async ones a beginning and an end (b, e) with one id, instants are thread-scoped (i), samples are counters (C) with
 * one series, flows are s where they leave, f at their last arrival and t at earlier ones. Failed events have
 * "failed":true among their args. An event's stack is sf, the id of its innermost frame in stackFrames.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "chrome_flows.h"
#include "export.h"
#include "identities.h"

struct chrome {
    struct json_object object, arguments, id;
    struct buffer text;
    char hex[24]; /* an id */
    struct chrome_flows flows;
    bool begun; /* something precedes the next item */
    bool named; /* the program's own process */
    struct identities identities;
    uint32_t *pids; /* of the table of processes, ascending */
    size_t pid_count, open_put;
};

static bool put_separator(struct export *export)
{
    struct chrome *chrome = export->state;
    bool begun = chrome->begun;
    chrome->begun = true;
    return !begun || export_put(export, ",\n");
}

static void add_identity(struct json_object *object, struct identity identity)
{
    json_add_integer(object, "pid", identity.pid);
    json_add_integer(object, "tid", identity.tid);
}

/* ----------------------------------------------------------------- metadata */

static bool put_name(struct export *export, const char *of_what, struct identity identity, const char *name)
{
    struct chrome *chrome = export->state;
    const char *valid = json_valid(&chrome->text, name, strlen(name));
    if (!name[0])
        return true;
    if (!valid || !put_separator(export))
        return false;
    json_begin(&chrome->arguments);
    json_add_text(&chrome->arguments, "name", valid);
    json_begin(&chrome->object);
    json_add_text(&chrome->object, "name", of_what);
    json_add_text(&chrome->object, "ph", "M");
    add_identity(&chrome->object, identity);
    json_add_object(&chrome->object, "args", &chrome->arguments);
    return json_print(&export->out, &chrome->object, strlen(valid));
}

static int by_pid(const void *a, const void *b)
{
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

static bool has_process(const struct chrome *chrome, uint32_t pid)
{
    return bsearch(&pid, chrome->pids, chrome->pid_count, sizeof pid, by_pid) != NULL;
}

/* Of processes that had the same pid, viewers show the last name. */
static bool put_processes(struct export *export)
{
    struct chrome *chrome = export->state;
    struct trace_process process;
    chrome->pids = malloc(((size_t) export->snapshot->processes.count + 1) * sizeof *chrome->pids);
    bool ok = chrome->pids != NULL;
    for (size_t i = 0; ok && tracer_snapshot_process(export->snapshot, i, &process); i++) {
        if (process.pid == export->snapshot->header.pid && process.pid)
            continue;
        const uint32_t pid = process_id(&chrome->identities, process.pid);
        chrome->pids[chrome->pid_count++] = process.pid;
        ok = put_name(export, "process_name", (struct identity){ pid, pid }, process.name);
    }
    if (ok)
        qsort(chrome->pids, chrome->pid_count, sizeof *chrome->pids, by_pid);
    return ok;
}

/* The program has a name of its own; a process that is not in the table is named after its main thread. */
static bool put_process_name(struct export *export, const struct trace_track *track, struct identity identity)
{
    struct chrome *chrome = export->state;
    if (has_process(chrome, track->pid))
        return true;
    if (track->pid != export->snapshot->header.pid)
        return (track->tid && track->tid != track->pid) || put_name(export, "process_name", identity, track->name);
    if (chrome->named)
        return true;
    chrome->named = true;
    return put_name(export, "process_name", identity, export->snapshot->header.program);
}

static bool begin(struct export *export)
{
    struct chrome *chrome = export->state;
    struct trace_track track;
    bool ok = identities_find(&chrome->identities, export->snapshot) &&
              export_put(export, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[\n") && put_processes(export) &&
              chrome_flows_count(&chrome->flows, export->snapshot);
    for (uint32_t id = 1; ok && id < export->snapshot->tracks.count; id++) {
        if (!tracer_snapshot_track(export->snapshot, id, &track))
            continue;
        struct identity identity = identity_of(&chrome->identities, id);
        ok = put_process_name(export, &track, identity) && put_name(export, "thread_name", identity, track.name);
    }
    return ok;
}

/* ------------------------------------------------------------------- events */

/* Adds JSON as text, as in all formats: consumers parse it if they want its parts. */
static bool add_json(struct export *export, struct buffer *scratch, const char *key, const char *text,
                     size_t *text_bytes)
{
    struct chrome *chrome = export->state;
    const char *valid = text ? json_valid(scratch, text, strlen(text)) : "";
    if (!valid)
        return false;
    if (text)
        json_add_text(&chrome->arguments, key, valid);
    *text_bytes += strlen(valid);
    return true;
}

static bool add_arguments(struct export *export, const struct trace_event *event, size_t *text_bytes)
{
    struct chrome *chrome = export->state;
    json_begin(&chrome->arguments);
    if (event->kind == TRACE_KIND_SAMPLE)
        json_add_double(&chrome->arguments, "value", event->value);
    if (event->detail) {
        const char *detail = json_valid(&export->events.detail, event->detail, event->detail_size);
        if (!detail)
            return false;
        *text_bytes += strlen(detail);
        json_add_text(&chrome->arguments, "detail", detail);
    }
    if (!add_json(export, &export->events.arguments, "arguments", event->arguments, text_bytes) ||
        !add_json(export, &export->events.result, "result", event->result, text_bytes))
        return false;
    if (event->has & TRACE_HAS_PARENT)
        json_add_integer(&chrome->arguments, "parent", event->parent);
    if (event->has & TRACE_FAILED)
        json_add_bool(&chrome->arguments, "failed", true);
    if (event->has & TRACE_DETAIL_LOST)
        json_add_bool(&chrome->arguments, "detail_lost", true);
    if (event->has & TRACE_DETAIL_TRUNCATED)
        json_add_bool(&chrome->arguments, "detail_truncated", true);
    return true;
}

/* The arrow ends at the enclosing slice, not at the next one to begin. */
static void add_flow(struct chrome *chrome, const struct trace_event *event)
{
    snprintf(chrome->hex, sizeof chrome->hex, "0x%" PRIx64, event->flow_id);
    json_add_text(&chrome->object, "id", chrome->hex);
    if (event->has & TRACE_FLOW_IN)
        json_add_text(&chrome->object, "bp", "e");
}

static bool is_async(const struct trace_event *event)
{
    return event->kind == TRACE_KIND_SPAN && (event->has & TRACE_HAS_ASYNC_ID);
}

/* The id is unique within its process. Viewers show such spans separately, not among those of their thread. */
static void add_async_id(struct chrome *chrome, const struct trace_event *event)
{
    snprintf(chrome->hex, sizeof chrome->hex, "0x%" PRIx64, event->async_id);
    json_begin(&chrome->id);
    json_add_text(&chrome->id, "local", chrome->hex);
    json_add_object(&chrome->object, "id2", &chrome->id);
}

static const char *phase_of(struct chrome *chrome, const struct trace_event *event)
{
    static const char *const phases[TRACE_KIND_COUNT] = { "i", "X", "C", "s" };
    if (event->kind == TRACE_KIND_FLOW && event->has & TRACE_FLOW_IN)
        return chrome_flow_ends(&chrome->flows, event->flow_id) ? "f" : "t";
    return is_async(event) ? "b" : phases[event->kind];
}

static void add_phase(struct chrome *chrome, const struct trace_event *event)
{
    struct json_object *object = &chrome->object;
    json_add_text(object, "ph", phase_of(chrome, event));
    json_add_fixed(object, "ts", event->time_ns, 3);
    if (is_async(event))
        add_async_id(chrome, event);
    else if (event->kind == TRACE_KIND_SPAN)
        json_add_fixed(object, "dur", event->duration_ns, 3);
    if (event->kind == TRACE_KIND_INSTANT)
        json_add_text(object, "s", "t");
}

static void begin_event(struct json_object *object, const char *name, const char *category)
{
    json_begin(object);
    json_add_text(object, "name", name);
    json_add_text(object, "cat", category);
}

static bool put_async_end(struct export *export, const struct trace_event *event, const char *name,
                          const char *category)
{
    struct chrome *chrome = export->state;
    if (!put_separator(export))
        return false;
    begin_event(&chrome->object, name, category);
    json_add_text(&chrome->object, "ph", "e");
    json_add_fixed(&chrome->object, "ts", add_saturating(event->time_ns, event->duration_ns), 3);
    add_async_id(chrome, event);
    add_identity(&chrome->object, identity_of(&chrome->identities, event->track));
    return json_print(&export->out, &chrome->object, strlen(name) + strlen(category));
}

static bool put_event(struct export *export, const struct trace_event *event, bool first)
{
    (void)first; /* names may come before it */
    struct chrome *chrome = export->state;
    struct json_object *object = &chrome->object;
    const char *name = json_valid(&export->events.name, event->name, strlen(event->name));
    const char *category = trace_category_name(event->category);
    if (event->label)
        category = json_valid(&export->events.label, event->label, strlen(event->label));
    size_t text_bytes = (name ? strlen(name) : 0) + (category ? strlen(category) : 0);
    if (!name || !category || !add_arguments(export, event, &text_bytes) || !put_separator(export))
        return false;
    begin_event(object, name, category);
    add_phase(chrome, event);
    if (event->kind == TRACE_KIND_FLOW)
        add_flow(chrome, event);
    if (frame_index(&export->snapshot->frames, event->stack) < export->snapshot->frames.count)
        json_add_integer(object, "sf", event->stack);
    add_identity(object, identity_of(&chrome->identities, event->track));
    if (chrome->arguments.count)
        json_add_object(object, "args", &chrome->arguments);
    return json_print(&export->out, object, text_bytes) &&
           (!is_async(event) || put_async_end(export, event, name, category));
}

/* A beginning without an end: viewers draw it to the end of the trace. Async ones have no id yet, so their number makes
 * an id that no other span has. */
static bool put_open_span(struct export *export, const struct trace_open_span *span, bool first)
{
    struct chrome *chrome = export->state;
    struct json_object *object = &chrome->object;
    const char *name = json_valid(&export->events.name, span->name, strlen(span->name));
    (void)first;
    if (!name || !put_separator(export))
        return false;
    begin_event(object, name, trace_category_name(span->category));
    json_add_text(object, "ph", span->async ? "b" : "B");
    json_add_fixed(object, "ts", span->start_ns, 3);
    if (span->async) {
        snprintf(chrome->hex, sizeof chrome->hex, "open %zu", chrome->open_put++);
        json_begin(&chrome->id);
        json_add_text(&chrome->id, "local", chrome->hex);
        json_add_object(object, "id2", &chrome->id);
    }
    add_identity(object, identity_of(&chrome->identities, span->track));
    return json_print(&export->out, object, strlen(name));
}

/* Viewers identify frames by name alone and merge those with the same one, so this is the function's name. */
static bool put_frame(struct export *export, uint32_t index)
{
    struct chrome *chrome = export->state;
    struct json_object *object = &chrome->object;
    const struct image_frame *entry = &export->snapshot->frames.entries[index];
    struct trace_frame frame = snapshot_frame(export->snapshot, index);
    char key[32], address[24], function[NAME_BYTES_MAX + 1];
    snprintf(function, sizeof function, "%.*s", (int)frame_function_bytes(frame.name), frame.name);
    const char *name = json_valid(&export->events.name, function, strlen(function));
    const char *module = json_valid(&export->events.label, frame.module, strlen(frame.module));
    if (!name || !module)
        return false;
    snprintf(key, sizeof key, "%s\"%" PRIu32 "\":", index ? ",\n" : "", frame_id(entry));
    snprintf(address, sizeof address, "0x%" PRIx64, frame.address);
    json_begin(object);
    json_add_text(object, "name", name[0] ? name : address);
    json_add_text(object, "category", module);
    if (frame_caller(entry))
        json_add_integer(object, "parent", frame_caller(entry));
    return export_put(export, key) && json_print(&export->out, object, strlen(name) + strlen(module) + sizeof address);
}

static bool put_frames(struct export *export)
{
    uint32_t count = export->snapshot->frames.count;
    bool ok = count == 0 || export_put(export, ",\"stackFrames\":{\n");
    for (uint32_t i = 0; ok && i < count; i++)
        ok = put_frame(export, i);
    return ok && (count == 0 || export_put(export, "}"));
}

/* Viewers show this as facts about the trace. */
static bool end(struct export *export)
{
    struct chrome *chrome = export->state;
    struct trace_summary summary;
    uint64_t evicted = 0, lost = 0;
    tracer_snapshot_summary(export->snapshot, &summary);
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        sum_add(&evicted, summary.losses.evicted[c]);
        sum_add(&lost, summary.losses.attempted[c] - summary.losses.recorded[c]);
    }
    json_begin(&chrome->object);
    json_add_text(&chrome->object, "recorder", "ringscope " TRACER_VERSION);
    json_add_integer(&chrome->object, "events_evicted", evicted);
    json_add_integer(&chrome->object, "events_lost", lost);
    return export_put(export, "\n],\"otherData\":") && json_print(&export->out, &chrome->object, 0) &&
           put_frames(export) && export_put(export, "}\n");
}

static void release(struct export *export)
{
    struct chrome *chrome = export->state;
    buffer_free(&chrome->text);
    chrome_flows_free(&chrome->flows);
    free(chrome->pids);
}

const struct exporter export_chrome = {
    .name = "chrome",
    .by_start = true,
    .state_bytes = sizeof(struct chrome),
    .begin = begin,
    .event = put_event,
    .open_span = put_open_span,
    .end = end,
    .release = release,
};
