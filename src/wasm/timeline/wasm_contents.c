/* Describes the contents of traces to JavaScript. */
#include <math.h>
#include <string.h>

#include "../../timeline/columns.h"
#include "table.h"
#include "timeline_wasm.h"

void timeline_wasm_overview(const struct wasm_trace *trace, struct exchange *exchange)
{
    const struct timeline *timeline = trace->timeline;
    const double numbers[] = {
        timeline_events(timeline),
        (double)timeline_begin_ns(timeline),
        (double)timeline_duration_ns(timeline),
        (double)timeline_resolution_ns(timeline),
        timeline_rows(timeline),
        (double)(timeline_bytes(timeline) + timeline_view_bytes(trace->view)),
        timeline->flow_count,
    };
    memcpy(exchange->numbers, numbers, sizeof numbers);
}

#define ONE(name) +1

enum tracer_error timeline_wasm_tracks(const struct wasm_trace *trace, struct exchange *exchange)
{
    struct table table = table_create(0 TRACK_COLUMNS(ONE), 0);
    struct timeline_track track;
    for (uint32_t i = 0; timeline_track(trace->timeline, i, &track); i++) {
        const double row[] = { (double)track.pid,
                               (double)track.tid,
                               track.process,
                               track.counter == TIMELINE_NONE ? -1.0 : track.counter,
                               (double)track.first_row,
                               track.rows,
                               track.ticks,
                               track.count,
                               track.sampled };
        table_add(&table, row);
        table_add_text(&table, track.name, strlen(track.name));
    }
    return table_give(&table, exchange);
}

/* NaN if unknown. */
static double known_time(int64_t time_ns)
{
    return time_ns == TIMELINE_UNKNOWN_NS ? (double)NAN : (double)time_ns;
}

enum tracer_error timeline_wasm_processes(const struct wasm_trace *trace, struct exchange *exchange)
{
    struct table table = table_create(0 PROCESS_COLUMNS(ONE), 0);
    struct timeline_process process;
    for (uint32_t i = 0; timeline_process(trace->timeline, i, &process); i++) {
        const double row[] = { (double)process.pid,
                               process.first_track,
                               process.tracks,
                               process.parent == TIMELINE_NONE ? -1.0 : process.parent,
                               known_time(process.start_ns),
                               known_time(process.end_ns) };
        table_add(&table, row);
        table_add_text(&table, process.name, strlen(process.name));
    }
    return table_give(&table, exchange);
}

enum tracer_error timeline_wasm_categories(const struct wasm_trace *trace, struct exchange *exchange)
{
    struct table table = table_create(0 CATEGORY_COLUMNS(ONE), TIMELINE_CATEGORIES);
    const char *name;
    uint32_t count;
    for (uint32_t i = 0; (name = timeline_category(trace->timeline, i, &count)) != NULL; i++) {
        const double row[] = { count };
        table_add(&table, row);
        table_add_text(&table, name, strlen(name));
    }
    return table_give(&table, exchange);
}

enum tracer_error timeline_wasm_losses(const struct wasm_trace *trace, struct exchange *exchange)
{
    struct table table = table_create(0 LOSS_COLUMNS(ONE), 0);
    struct timeline_loss loss;
    for (uint32_t i = 0; timeline_loss(trace->timeline, i, &loss); i++) {
        const double row[] = { (double)loss.start_ns, (double)loss.end_ns, (double)loss.count };
        table_add(&table, row);
        table_add_text(&table, loss.reason, strlen(loss.reason));
    }
    return table_give(&table, exchange);
}

enum tracer_error timeline_wasm_notes(const struct wasm_trace *trace, struct exchange *exchange)
{
    struct table table = table_create(0 NOTE_COLUMNS(ONE), 0);
    struct timeline_note note;
    for (uint32_t i = 0; timeline_note(trace->timeline, i, &note); i++) {
        const double row[] = { (double)note.count, (double)note.event,
                               note.byte == TIMELINE_NO_BYTE ? -1.0 : (double)note.byte };
        table_add(&table, row);
        table_add_text(&table, note.text, strlen(note.text));
        table_add_text(&table, note.unit, strlen(note.unit));
    }
    return table_give(&table, exchange);
}

enum tracer_error timeline_wasm_names(const struct wasm_trace *trace, struct exchange *exchange)
{
    struct table table = table_create(0, 0);
    const char *name;
    for (uint32_t i = 0; (name = timeline_name(trace->timeline, i)) != NULL; i++) {
        table_add(&table, NULL);
        table_add_text(&table, name, strlen(name));
    }
    return table_give(&table, exchange);
}

enum tracer_error timeline_wasm_sources(const struct wasm_trace *trace, struct exchange *exchange)
{
    struct table table = table_create(0 SOURCE_COLUMNS(ONE), 0);
    for (uint32_t i = 0; timeline_name(trace->timeline, i) != NULL; i++) {
        const char *source = timeline_source(trace->timeline, i);
        const double row[] = { i };
        if (!source)
            continue;
        table_add(&table, row);
        table_add_text(&table, source, strlen(source));
    }
    return table_give(&table, exchange);
}
