/* "json": an array of events, one per line, then the open spans. "ndjson": only the lines. */
#include "export.h"

static bool begin_array(struct export *export)
{
    return export_put(export, "[");
}

static bool put_element(struct export *export, const struct trace_event *event, bool first)
{
    return export_put(export, first ? "\n" : ",\n") && json_event(&export->events, &export->out, event);
}

static bool put_open_element(struct export *export, const struct trace_open_span *span, bool first)
{
    return export_put(export, first ? "\n" : ",\n") && json_open_span(&export->events, &export->out, span);
}

static bool end_array(struct export *export)
{
    return export_put(export, "\n]\n");
}

const struct exporter export_json = {
    .name = "json", .begin = begin_array, .event = put_element, .open_span = put_open_element, .end = end_array
};

static bool nothing(struct export *export)
{
    (void)export;
    return true;
}

static bool put_line(struct export *export, const struct trace_event *event, bool first)
{
    (void)first;
    return json_event(&export->events, &export->out, event) && export_put(export, "\n");
}

static bool put_open_line(struct export *export, const struct trace_open_span *span, bool first)
{
    (void)first;
    return json_open_span(&export->events, &export->out, span) && export_put(export, "\n");
}

const struct exporter export_ndjson = {
    .name = "ndjson", .begin = nothing, .event = put_line, .open_span = put_open_line, .end = nothing
};
