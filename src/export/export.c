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

bool export_put(struct export *export, const char *text)
{
    size_t size = strlen(text);
    if (!buffer_reserve(&export->out, size))
        return false;
    memcpy(export->out.bytes + export->out.used, text, size);
    export->out.used += size;
    return true;
}

static enum tracer_error flush(struct export *export, const struct tracer_sink *sink)
{
    size_t size = export->out.used;
    export->out.used = 0;
    return size == 0 || sink->write(sink->argument, export->out.bytes, size) ? TRACER_OK : TRACER_ERROR_WRITE;
}

static enum tracer_error put_events(struct export *export, const struct exporter *exporter, const uint32_t *order,
                                    const struct tracer_sink *sink)
{
    struct trace_event event;
    size_t count = tracer_snapshot_count(export->snapshot);
    enum tracer_error error = TRACER_OK;
    for (size_t i = 0; i < count && error == TRACER_OK; i++) {
        tracer_snapshot_get(export->snapshot, order ? order[i] : i, &event);
        if (!exporter->event(export, &event, i == 0))
            return TRACER_ERROR_MEMORY;
        if (export->out.used >= WRITE_BYTES)
            error = flush(export, sink);
    }
    return error;
}

static enum tracer_error run(struct export *export, const struct exporter *exporter, const uint32_t *order,
                             const struct tracer_sink *sink)
{
    if (!exporter->begin(export))
        return TRACER_ERROR_MEMORY;
    enum tracer_error error = put_events(export, exporter, order, sink);
    if (error == TRACER_OK && !exporter->end(export))
        error = TRACER_ERROR_MEMORY;
    return error == TRACER_OK ? flush(export, sink) : error;
}

static enum tracer_error run_ordered(struct export *export, const struct exporter *exporter,
                                     const struct tracer_sink *sink)
{
    uint32_t *order = NULL;
    if (exporter->by_start) {
        order = events_by_start(export->snapshot);
        if (!order)
            return TRACER_ERROR_MEMORY;
    }
    export->order = order;
    enum tracer_error error = run(export, exporter, order, sink);
    free(order);
    return error;
}

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
    enum tracer_error error = run_ordered(export, exporter, sink);
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
