/* Walks a snapshot for an exporter and writes its output. */
#include "export.h"

#include <stdlib.h>
#include <string.h>

#include "by_start.h"

#define ADDRESS_ALWAYS(name) &export_##name,
#define ADDRESS_ON_DEMAND(name) &export_##name,
#define ADDRESS_IF_LINKED(name) PLATFORM_ADDRESS_IF_LINKED(export_##name),
#define ADDRESS(name, when, purpose) ADDRESS_##when(name)
static const struct exporter *const exporters[] = { EXPORTERS(ADDRESS) };
#define EXPORTER_COUNT (sizeof exporters / sizeof exporters[0])

/* Output is written when it has reached this size. */
#define WRITE_BYTES 65536u

/* The index-th exporter that is linked; NULL beyond the last. */
static const struct exporter *exporter_at(size_t index)
{
    for (size_t i = 0; i < EXPORTER_COUNT; i++)
        if (exporters[i] && index-- == 0)
            return exporters[i];
    return NULL;
}

const char *tracer_export_format(size_t index)
{
    const struct exporter *exporter = exporter_at(index);
    return exporter ? exporter->name : NULL;
}

static const struct exporter *find(const char *format)
{
    const struct exporter *exporter;
    for (size_t i = 0; (exporter = exporter_at(i)) != NULL; i++)
        if (strcmp(exporter->name, format) == 0)
            return exporter;
    return NULL;
}

bool export_holds_open_spans(const char *format)
{
    const struct exporter *exporter = find(format);
    return exporter && exporter->open_span;
}

bool export_put(struct export *export, const char *text)
{
    return buffer_append(&export->out, text, strlen(text));
}

static enum tracer_error flush(struct export *export, const struct tracer_sink *sink)
{
    size_t size = export->out.used;
    export->out.used = 0;
    return size == 0 || sink->write(sink->argument, export->out.bytes, size) ? TRACER_OK : TRACER_ERROR_WRITE;
}

uint64_t export_end_ns(const struct tracer_snapshot *snapshot)
{
    uint64_t last_ns = 0;
    for (uint64_t i = 0; i < snapshot->capacity - snapshot->first; i++) {
        const uint64_t end_ns = snapshot_end_ns(snapshot_event(snapshot, i));
        last_ns = end_ns > last_ns ? end_ns : last_ns;
    }
    return last_ns;
}

/* ------------------------------------------------------------------------- walk */

struct export_walk {
    struct export *export;
    const struct exporter *exporter;
    struct trace_open_span *open;
    size_t open_count, open_put;
    bool begun; /* an event or an open span was put */
};

static int by_start(const void *left, const void *right)
{
    const struct trace_open_span *a = left, *b = right;
    if (a->start_ns != b->start_ns)
        return a->start_ns < b->start_ns ? -1 : 1;
    return (a->depth > b->depth) - (a->depth < b->depth);
}

static bool find_open_spans(struct export_walk *walk)
{
    const struct tracer_snapshot *snapshot = walk->export->snapshot;
    walk->open = calloc(snapshot->open_count + 1, sizeof *walk->open);
    if (!walk->open)
        return false;
    while (walk->exporter->open_span &&
           tracer_snapshot_open_span(snapshot, walk->open_count, &walk->open[walk->open_count]))
        walk->open_count++;
    if (walk->exporter->by_start)
        qsort(walk->open, walk->open_count, sizeof *walk->open, by_start);
    return true;
}

/* Open spans that began by then, because they contain the events that start then or later. */
static bool put_open_spans(struct export_walk *walk, uint64_t by_ns)
{
    while (walk->open_put < walk->open_count && walk->open[walk->open_put].start_ns <= by_ns) {
        if (!walk->exporter->open_span(walk->export, &walk->open[walk->open_put++], !walk->begun))
            return false;
        walk->begun = true;
    }
    return true;
}

static bool put_event(struct export_walk *walk, size_t index)
{
    struct trace_event event;
    tracer_snapshot_get(walk->export->snapshot, index, &event);
    bool ok = (!walk->exporter->by_start || put_open_spans(walk, event.time_ns)) &&
              walk->exporter->event(walk->export, &event, !walk->begun);
    walk->begun = true;
    return ok;
}

static enum tracer_error put_all(struct export_walk *walk, const struct tracer_sink *sink)
{
    struct export *export = walk->export;
    const size_t count = tracer_snapshot_count(export->snapshot);
    enum tracer_error error = TRACER_OK;
    if (!find_open_spans(walk) || !walk->exporter->begin(export))
        return TRACER_ERROR_MEMORY;
    for (size_t i = 0; i < count && error == TRACER_OK; i++) {
        if (!put_event(walk, export->order ? export->order[i] : i))
            return TRACER_ERROR_MEMORY;
        if (export->out.used >= WRITE_BYTES)
            error = flush(export, sink);
    }
    if (error != TRACER_OK)
        return error;
    return put_open_spans(walk, UINT64_MAX) && walk->exporter->end(export) ? flush(export, sink) : TRACER_ERROR_MEMORY;
}

static enum tracer_error run(struct export *export, const struct exporter *exporter, const struct tracer_sink *sink)
{
    struct export_walk walk = { .export = export, .exporter = exporter };
    uint32_t *order = exporter->by_start ? events_by_start(export->snapshot) : NULL;
    if (exporter->by_start && !order)
        return TRACER_ERROR_MEMORY;
    export->order = order;
    enum tracer_error error = put_all(&walk, sink);
    free(walk.open);
    free(order);
    return error;
}

/* ----------------------------------------------------------------------- callers */

enum tracer_error tracer_export(const struct tracer_snapshot *snapshot, const char *format,
                                const struct tracer_sink *sink)
{
    return export_of_host(snapshot, format, sink, NULL);
}

enum tracer_error export_of_host(const struct tracer_snapshot *snapshot, const char *format,
                                 const struct tracer_sink *sink, const char *host)
{
    if (!snapshot || !format || !sink || !sink->write)
        return TRACER_ERROR_ARGUMENT;
    const struct exporter *exporter = find(format);
    if (!exporter)
        return TRACER_ERROR_UNKNOWN;
    struct export *export = calloc(1, sizeof *export + exporter->state_bytes);
    if (!export)
        return TRACER_ERROR_MEMORY;
    export->snapshot = snapshot;
    export->host = host;
    export->state = export + 1;
    enum tracer_error error = run(export, exporter, sink);
    if (exporter->release)
        exporter->release(export);
    buffer_free(&export->out);
    json_events_free(&export->events);
    free(export);
    return error;
}

static bool write_file(void *argument, const char *bytes, size_t size)
{
    return fwrite(bytes, 1, size, argument) == size;
}

enum tracer_error tracer_export_file(const struct tracer_snapshot *snapshot, const char *format, FILE *file)
{
    struct tracer_sink sink = { write_file, file };
    if (!file)
        return TRACER_ERROR_ARGUMENT;
    enum tracer_error error = tracer_export(snapshot, format, &sink);
    return error == TRACER_OK && fflush(file) != 0 ? TRACER_ERROR_WRITE : error;
}
