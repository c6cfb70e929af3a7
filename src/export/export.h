/*
 * Exporters: a table of callbacks, one file each, one walk over the snapshot for all.
 */
#ifndef RINGSCOPE_EXPORT_H
#define RINGSCOPE_EXPORT_H

#include "../platform/platform.h"
#include "../read/snapshot.h"
#include "json_event.h"

struct export
{
    const struct tracer_snapshot *snapshot;
    struct buffer out; /* output that has not been written yet */
    struct json_events events;
    const uint32_t *order; /* by start, if the exporter wants it; else NULL */
    const char *host; /* the machine that recorded; NULL: unknown */
    void *state; /* the exporter's */
};

/* Each callback appends to out; false without memory. first: neither an event nor an open span came before. */
struct exporter {
    const char *name;
    bool by_start; /* wants events in the order of their starts, not ends */
    size_t state_bytes; /* zeroed */
    bool (*begin)(struct export *export);
    bool (*event)(struct export *export, const struct trace_event *event, bool first);
    /* A span that has not ended; NULL: those are left out. By start, before events that start then or later, if the
     * exporter wants those by start; else after all events. */
    bool (*open_span)(struct export *export, const struct trace_open_span *span, bool first);
    bool (*end)(struct export *export);
    void (*release)(struct export *export); /* frees what the state owns; may be NULL */
};

/* The formats: name, who has it (ALWAYS; ON_DEMAND: a module of WebAssembly must ask for it, see
 * src/wasm/CMakeLists.txt; IF_LINKED: the command, which links it beside the library), and its purpose. A new one is a
 * file export_NAME.c and a line here: help, manual page, completions and the list in JavaScript are made from it. */
#define EXPORTERS(X)                                                                            \
    X(json, ALWAYS, "an array of events")                                                       \
    X(ndjson, ALWAYS, "an event a line")                                                        \
    X(chrome, ALWAYS, "Trace Event JSON, which most viewers open")                              \
    X(perfetto, ON_DEMAND, "for ui.perfetto.dev and trace_processor; not text")                 \
    X(otlp, ON_DEMAND, "requests of OTLP in JSON, one a line, for the OpenTelemetry Collector") \
    X(folded, ON_DEMAND, "stacks of spans with their own time in ns, for flame graphs")         \
    X(strace, IF_LINKED, "system calls by line, in the form of strace -f -ttt -T")              \
    X(parquet, IF_LINKED, "a table, for DuckDB, Spark, ClickHouse and their like; not text")

#define EXPORTER_ALWAYS(name) extern const struct exporter export_##name;
#define EXPORTER_ON_DEMAND(name) extern const struct exporter export_##name PLATFORM_ON_DEMAND;
#define EXPORTER_IF_LINKED(name) extern const struct exporter export_##name PLATFORM_IF_LINKED;
#define EXPORTER(name, when, purpose) EXPORTER_##when(name)
EXPORTERS(EXPORTER)
#undef EXPORTER

/* As tracer_export(), for callers that know which machine recorded. host: NULL if unknown. */
enum tracer_error export_of_host(const struct tracer_snapshot *snapshot, const char *format,
                                 const struct tracer_sink *sink, const char *host);

/* When the last event ends: until then an open span is known to have lasted, if it began before. */
uint64_t export_end_ns(const struct tracer_snapshot *snapshot);

/* Whether a format has a place for spans that have not ended; false for one that is not linked. */
bool export_holds_open_spans(const char *format);

/* Appends text that needs no escaping. */
bool export_put(struct export *export, const char *text);

#endif
