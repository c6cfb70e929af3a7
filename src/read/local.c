/* Reads a tracer of this process, in one call each. */
#include <string.h>

#include "../core/tracer.h"
#include "snapshot.h"

enum tracer_error tracer_reader_attach(struct tracer_reader **reader, struct tracer *tracer)
{
    uint64_t size_bytes = 0;
    if (!reader)
        return TRACER_ERROR_ARGUMENT;
    *reader = NULL;
    tracer = tracer_or_made(tracer);
    if (!tracer)
        return TRACER_ERROR_MEMORY;
    const void *image = tracer_image(tracer, &size_bytes);
    struct source source = source_memory(image, size_bytes, true);
    enum tracer_error error = reader_open_source(reader, &source, NULL);
    if (error == TRACER_OK)
        (*reader)->tracer = tracer;
    return error;
}

enum tracer_error tracer_summary(struct tracer *tracer, struct trace_summary *summary)
{
    struct tracer_reader *reader;
    enum tracer_error error = tracer_reader_attach(&reader, tracer);
    if (error != TRACER_OK)
        return error;
    error = tracer_reader_summary(reader, summary);
    tracer_reader_close(reader);
    return error;
}

enum tracer_error trace_summary(struct trace_summary *summary)
{
    return tracer_summary(NULL, summary);
}

/* --------------------------------------------------------------- operations */

static enum tracer_error find_operation(const struct operations *operations, const char *name, struct trace_perf *perf)
{
    for (size_t i = 0; i < operations->count; i++) {
        if (strncmp(operations->perf[i].name, name, NAME_BYTES_MAX) != 0)
            continue;
        *perf = operations->perf[i];
        perf->name = name;
        return TRACER_OK;
    }
    return TRACER_ERROR_UNKNOWN;
}

static enum tracer_error read_operation(const struct tracer_reader *reader, const char *name, struct trace_perf *perf)
{
    struct live_copy copy;
    struct operations operations;
    enum tracer_error error = live_copy_take(&copy, reader);
    if (error != TRACER_OK)
        return error;
    error = counters_read(&operations, reader, &copy);
    if (error == TRACER_OK)
        error = find_operation(&operations, name, perf);
    counters_free(&operations);
    live_copy_free(&copy);
    return error;
}

enum tracer_error tracer_op_stats(struct tracer *tracer, const char *name, struct trace_perf *perf)
{
    struct tracer_reader *reader;
    if (!name || !perf)
        return TRACER_ERROR_ARGUMENT;
    enum tracer_error error = tracer_reader_attach(&reader, tracer);
    if (error != TRACER_OK)
        return error;
    error = read_operation(reader, name, perf);
    tracer_reader_close(reader);
    return error;
}

enum tracer_error trace_op_stats(const char *name, struct trace_perf *perf)
{
    return tracer_op_stats(NULL, name, perf);
}

/* ------------------------------------------------------------------- events */

struct tracer_snapshot *tracer_events(struct tracer *tracer, const struct tracer_query *query)
{
    struct tracer_reader *reader;
    struct tracer_snapshot *snapshot = NULL;
    if (tracer_reader_attach(&reader, tracer) != TRACER_OK)
        return NULL;
    if (tracer_snapshot_create(&snapshot, reader, query) != TRACER_OK)
        snapshot = NULL;
    tracer_reader_close(reader);
    return snapshot;
}

struct tracer_snapshot *tracer_events_by_category(struct tracer *tracer, enum trace_category category)
{
    /* No event has a category beyond the list; an empty mask would mean all. */
    const uint32_t none = 1u << TRACE_CATEGORY_COUNT;
    struct tracer_query query = {
        .categories = (unsigned)category < TRACE_CATEGORY_COUNT ? TRACE_MASK(category) : none,
    };
    return tracer_events(tracer, &query);
}

struct tracer_snapshot *tracer_events_by_pid(struct tracer *tracer, uint32_t pid)
{
    struct tracer_query query = { .pid = pid, .has_pid = true, .pid_given = true };
    return tracer_events(tracer, &query);
}

struct tracer_snapshot *trace_events(const struct tracer_query *query)
{
    return tracer_events(NULL, query);
}

struct tracer_snapshot *trace_events_by_category(enum trace_category category)
{
    return tracer_events_by_category(NULL, category);
}

struct tracer_snapshot *trace_events_by_pid(uint32_t pid)
{
    return tracer_events_by_pid(NULL, pid);
}
