/*
 * Exporters: a table of callbacks, one file each, one walk over the snapshot for all.
 */
#ifndef RINGSCOPE_EXPORT_H
#define RINGSCOPE_EXPORT_H

#include "../read/snapshot.h"
#include "json_event.h"

struct export
{
    const struct tracer_snapshot *snapshot;
    struct buffer out; /* what has been printed and not written yet */
    struct json_events events;
    void *state; /* of the exporter */
};

/* Each callback appends to out; false without memory. first: no event came before it. */
struct exporter {
    const char *name;
    bool by_start; /* events in the order in which they began, not ended */
    size_t state_bytes; /* zeroed */
    bool (*begin)(struct export *export);
    bool (*event)(struct export *export, const struct trace_event *event, bool first);
    bool (*end)(struct export *export);
    void (*release)(struct export *export); /* what the state holds; may be NULL */
};

extern const struct exporter export_json, export_ndjson, export_chrome;

/* Appends text that needs no escapes. */
bool export_put(struct export *export, const char *text);

#endif
