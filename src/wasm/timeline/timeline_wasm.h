/*
 * The timeline for JavaScript, one trace at a time: flat functions of numbers and addresses, listed in exports.txt.
 * Results that are more than a number are tables (rows of doubles, and texts beside them) or columns.
 * timeline_wasm_describe() returns the names by which JavaScript knows their columns.
 */
#ifndef RINGSCOPE_TIMELINE_WASM_H
#define RINGSCOPE_TIMELINE_WASM_H

#include "../../timeline/import/gunzip.h"
#include "../../timeline/import/import.h"
#include "../../timeline/live.h"
#include "../../timeline/load.h"
#include "../../timeline/merge.h"
#include "../exchange.h"

/* A trace, first being loaded (builder), then shown (all members after it). Owns what its members point to. */
struct wasm_trace {
    struct tracer_reader *reader; /* of an image; NULL: the trace has another format, or grows */
    struct timeline_live *live; /* NULL: the trace does not grow */
    struct timeline_merge *merge; /* of several traces; NULL: there is one */
    struct timeline_builder *builder;
    struct timeline_loading *loading; /* of an image that is being loaded; NULL: none */
    struct trace_import *import;
    const char *title; /* of the last import; NULL: nothing was imported */
    struct timeline *timeline;
    struct timeline_view *view;
    struct expression *expression; /* the view's; NULL: none */
    struct wasm_filtering *filtering; /* the view under construction; NULL: none */
    struct timeline_search *search; /* NULL: no search */
    struct timeline_groups *groups; /* the last ones requested; NULL: none */
    struct timeline_counting *counting; /* statistics under construction, */
    struct timeline_scope counted; /* and their scope */
    struct timeline_tree *tree; /* the last call tree, perhaps under construction; NULL: none */
    struct timeline_order *order; /* NULL: the table has not been requested */
    struct timeline_order *ordering; /* the order under construction; NULL: none */
    void *scratch; /* columns that stay valid until the next call */
    size_t scratch_bytes;
};

/* The columns of tables, as JavaScript calls them. Texts come last, one after the other. */
#define TRACK_COLUMNS(X) X(pid) X(tid) X(process) X(counter) X(firstRow) X(rows) X(ticks) X(count) X(sampled)
#define PROCESS_COLUMNS(X) X(pid) X(firstTrack) X(tracks) X(parent) X(startNs) X(endNs)
#define CATEGORY_COLUMNS(X) X(count)
#define LOSS_COLUMNS(X) X(startNs) X(endNs) X(count)
#define OVERVIEW_COLUMNS(X) X(events) X(beginNs) X(durationNs) X(resolutionNs) X(rows) X(bytes) X(flows)
#define FLOW_COLUMNS(X) X(from) X(to) X(fromNs) X(toNs)
#define FRAME_COLUMNS(X) X(address)
#define SOURCE_COLUMNS(X) X(name)
#define NOTE_COLUMNS(X) X(count) X(event) X(byte)
#define EVENT_COLUMNS(X) \
    X(event) X(kind) X(name) X(category) X(track) X(row) X(startNs) X(durationNs) X(selfNs) X(value) X(parent) X(flags)
#define STATISTIC_COLUMNS(X) \
    X(key)                   \
    X(category)              \
    X(count)                 \
    X(spans) X(errors) X(totalNs) X(sumNs) X(selfNs) X(minNs) X(maxNs) X(p50Ns) X(p90Ns) X(p99Ns) X(longest) X(track)
#define TREE_COLUMNS(X) X(parent) X(name) X(track) X(count) X(errors) X(totalNs) X(selfNs) X(waitNs) X(longest)

/* Columns that are one array each, with the type of JavaScript's view of it. */
#define GEOMETRY_COLUMNS(X)     \
    X(startNs, Float64Array)    \
    X(durationNs, Float64Array) \
    X(event, Uint32Array)       \
    X(merged, Uint32Array)      \
    X(row, Uint32Array)         \
    X(name, Uint32Array)        \
    X(busyNs, Float32Array)     \
    X(hits, Uint16Array)        \
    X(category, Uint8Array)     \
    X(flags, Uint8Array)
#define POINT_COLUMNS(X)  \
    X(min, Float64Array)  \
    X(max, Float64Array)  \
    X(last, Float64Array) \
    X(x, Uint32Array)

/* -------------------------------------------------------------- functions that JavaScript provides */

#define TIMELINE_IMPORT(name) __attribute__((import_module("env"), import_name("timeline_import_" #name)))

/* Copies a piece of the trace's file into memory; false if it cannot be read. */
TIMELINE_IMPORT(read) bool timeline_import_read(double offset_bytes, void *buffer, uint32_t size_bytes);
/* Called during long work; false: give it up. */
TIMELINE_IMPORT(progress) bool timeline_import_progress(double done, double total);
/* Takes a piece of an export. */
TIMELINE_IMPORT(write) bool timeline_import_write(const char *bytes, uint32_t size_bytes);

/* ------------------------------------------------------------------------------ opening: wasm_open.c */

struct wasm_trace *timeline_wasm_create(void); /* NULL: no memory */
void timeline_wasm_destroy(struct wasm_trace *trace);

/* Begins to load an image from timeline_import_read(). */
enum tracer_error timeline_wasm_load_begin(struct wasm_trace *trace, double size_bytes, struct exchange *exchange);
/* Loads about this many more events. numbers[0]: 1 when all are loaded. */
enum tracer_error timeline_wasm_load_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange);
/* Unpacks a gzip file, piece by piece, from timeline_import_read() to timeline_import_write(). */
enum tracer_error timeline_wasm_gunzip(struct wasm_trace *trace, double size_bytes, struct exchange *exchange);
/* Imports the next bytes of a trace of any supported format. */
enum tracer_error timeline_wasm_feed(struct wasm_trace *trace, const char *bytes, uint32_t size_bytes,
                                     struct exchange *exchange);
/* Ends the import. texts: the format's name and title, borrowed. */
enum tracer_error timeline_wasm_end(struct wasm_trace *trace, struct exchange *exchange);
/* Makes the loaded trace one of several, named texts[0]; the next one may be loaded then. */
enum tracer_error timeline_wasm_add_loaded(struct wasm_trace *trace, struct exchange *exchange);
/* Begins a trace that grows and holds this many of the newest events. */
enum tracer_error timeline_wasm_follow(struct wasm_trace *trace, double hold_events, struct exchange *exchange);
/* Adds the next segment, and takes ownership of its bytes, which come from tracer_wasm_allocate(). */
enum tracer_error timeline_wasm_add_segment(struct wasm_trace *trace, void *bytes, uint32_t size_bytes,
                                            struct exchange *exchange);
/* Ends loading, or updates a trace that grows: replaces the timeline, and shows everything. */
enum tracer_error timeline_wasm_build(struct wasm_trace *trace, struct exchange *exchange);
/* The image's reader, or the newest segment's, for tracer_wasm_operations(); NULL if there is none. */
struct tracer_reader *timeline_wasm_reader(const struct wasm_trace *trace);
/* Like tracer_wasm_summary(), for everything in a trace that grows. ERROR_ARGUMENT if there is no reader. */
enum tracer_error timeline_wasm_summary(const struct wasm_trace *trace, struct exchange *exchange);
/* Write the events in a format, or the trace as a sealed image, through timeline_import_write(). ERROR_ARGUMENT if the
 * trace grows. */
enum tracer_error timeline_wasm_export(struct wasm_trace *trace, uint32_t format, struct exchange *exchange);
enum tracer_error timeline_wasm_save(struct wasm_trace *trace, bool without_details, struct exchange *exchange);
/* The same for everything that overlaps a range, whatever the filter. given.numbers: from and to. */
enum tracer_error timeline_wasm_save_range(struct wasm_trace *trace, struct exchange *exchange);

/* numbers: OVERVIEW_COLUMNS. */
void timeline_wasm_overview(const struct wasm_trace *trace, struct exchange *exchange);
/* Tables: numbers[0]: rows; result: doubles; numbers[1], numbers[2]: address and size of the texts, each ending
 * in NUL. Both must be freed with tracer_wasm_free(). */
enum tracer_error timeline_wasm_tracks(const struct wasm_trace *trace, struct exchange *exchange);
enum tracer_error timeline_wasm_processes(const struct wasm_trace *trace, struct exchange *exchange);
enum tracer_error timeline_wasm_categories(const struct wasm_trace *trace, struct exchange *exchange);
enum tracer_error timeline_wasm_losses(const struct wasm_trace *trace, struct exchange *exchange);
/* byte: -1 if there is none. */
enum tracer_error timeline_wasm_notes(const struct wasm_trace *trace, struct exchange *exchange);
enum tracer_error timeline_wasm_names(const struct wasm_trace *trace, struct exchange *exchange);
/* Those of functions whose source is known. */
enum tracer_error timeline_wasm_sources(const struct wasm_trace *trace, struct exchange *exchange);

/* ------------------------------------------------------------------- filtering and drawing: wasm_show.c */

/* Begins a view of the events that pass a filter, and gives up any begun before. numbers: hidden categories (two words,
 * low first), least duration; texts[0]: what events must contain; texts[1]: an expression, as for
 * timeline_wasm_check(). hidden_tracks: a byte per track. */
enum tracer_error timeline_wasm_filter_begin(struct wasm_trace *trace, const uint8_t *hidden_tracks,
                                             struct exchange *exchange);
/* Filters about this many more events. numbers[0]: 1 when the view is complete and shown; [1]: the share of the work
 * done; [2]: events that pass, once complete. */
enum tracer_error timeline_wasm_filter_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange);
/* Gives the new view up; the shown one stays. */
void timeline_wasm_filter_stop(struct wasm_trace *trace);
/* Whether texts[0] is an expression (query/expression.h). If not, the message says why, and numbers[0] and [1]
 * where. */
enum tracer_error timeline_wasm_check(const struct wasm_trace *trace, struct exchange *exchange);
/* numbers: from, to, width, and 1 for the view under construction, as far as it has come. ranges: pairs of first row
 * and count. result: GEOMETRY_COLUMNS, borrowed until the next call; numbers[0]: rectangles. */
enum tracer_error timeline_wasm_window(struct wasm_trace *trace, const uint32_t *ranges, uint32_t range_count,
                                       struct exchange *exchange);
/* numbers as above. result: POINT_COLUMNS, borrowed; numbers[0]: points, [1], [2]: least and greatest value. */
enum tracer_error timeline_wasm_counter(struct wasm_trace *trace, uint32_t track, struct exchange *exchange);
/* numbers: from, to, 1 for the search's hits only, and the first of the view's events and the one after the last. result:
 * counts, borrowed; numbers[0]: categories. */
enum tracer_error timeline_wasm_density(struct wasm_trace *trace, uint32_t buckets, struct exchange *exchange);
/* numbers as above. result: a byte per track, borrowed, 1 if it has events in the range; numbers[0]: tracks. */
enum tracer_error timeline_wasm_occupied(struct wasm_trace *trace, struct exchange *exchange);
/* Return an event, or TIMELINE_NONE. */
uint32_t timeline_wasm_hit(const struct wasm_trace *trace, uint32_t row, double time_ns, double tolerance_ns);
uint32_t timeline_wasm_neighbour(const struct wasm_trace *trace, uint32_t event, uint32_t among, int direction);

/* ------------------------------------------------------------------- searching and counting: wasm_ask.c */

/* texts[0]: an expression to search for, as for timeline_wasm_check(); "" ends the search. */
enum tracer_error timeline_wasm_search(struct wasm_trace *trace, struct exchange *exchange);
bool timeline_wasm_search_step(struct wasm_trace *trace, uint32_t events); /* false: the search is complete */
uint32_t timeline_wasm_search_hits(const struct wasm_trace *trace);
/* Starts from an event or, with TIMELINE_NONE, a time. numbers[0]: the event found or TIMELINE_NONE, [1]: its rank. */
void timeline_wasm_search_next(const struct wasm_trace *trace, uint32_t event, double time_ns, int direction,
                               struct exchange *exchange);
/* Begins statistics. numbers: the scope, as for wasm_scope(). by: enum timeline_group. */
enum tracer_error timeline_wasm_count_begin(struct wasm_trace *trace, uint32_t by, struct exchange *exchange);
/* Counts about this many more events. numbers[0]: 1 when done; [1]: the share of the work done. */
enum tracer_error timeline_wasm_count_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange);
/* Once done: a table of STATISTIC_COLUMNS; texts: the name of each group. */
enum tracer_error timeline_wasm_count_take(struct wasm_trace *trace, struct exchange *exchange);
/* Gives the statistics up. */
void timeline_wasm_count_stop(struct wasm_trace *trace);
/* The call tree. numbers: the scope, as for wasm_scope(). Steps work as for statistics. */
enum tracer_error timeline_wasm_tree_begin(struct wasm_trace *trace, bool per_thread, struct exchange *exchange);
enum tracer_error timeline_wasm_tree_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange);
/* A table of TREE_COLUMNS, parents before their children: the tree as far as it has come; or once it is done, turned to
 * the callers of a name (TIMELINE_NONE: of each name), or to the callees of a name. */
enum tracer_error timeline_wasm_tree_nodes(const struct wasm_trace *trace, uint32_t turned, uint32_t name,
                                           struct exchange *exchange);
void timeline_wasm_tree_stop(struct wasm_trace *trace);
/* result: bounds (bins + 1 doubles), then counts; borrowed. */
enum tracer_error timeline_wasm_histogram(struct wasm_trace *trace, uint32_t name, uint32_t bins,
                                          struct exchange *exchange);
/* Begins the table's order. Steps work as for statistics. Once done, it replaces the previous order. */
enum tracer_error timeline_wasm_order_begin(struct wasm_trace *trace, uint32_t key, bool descending,
                                            struct exchange *exchange);
enum tracer_error timeline_wasm_order_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange);
void timeline_wasm_order_stop(struct wasm_trace *trace);
uint32_t timeline_wasm_position(const struct wasm_trace *trace, uint32_t event);
/* Tables of EVENT_COLUMNS; texts: for each event, its detail, and its arguments as JSON, or "". */
enum tracer_error timeline_wasm_rows(struct wasm_trace *trace, uint32_t first, uint32_t count,
                                     struct exchange *exchange);
/* A table of FLOW_COLUMNS: the arrows from an event, and those to it; with TIMELINE_NONE, the first 500 that reach into
 * a range and whose events both pass the filter. numbers: from and to. */
enum tracer_error timeline_wasm_flows(struct wasm_trace *trace, uint32_t event, struct exchange *exchange);
enum tracer_error timeline_wasm_event(struct wasm_trace *trace, uint32_t event, struct exchange *exchange);
/* A table of FRAME_COLUMNS: an event's stack, the innermost frame first, each with its name and module; empty if the
 * image has none, or the trace is not an image. */
enum tracer_error timeline_wasm_stack(struct wasm_trace *trace, uint32_t event, struct exchange *exchange);
/* All events of a name by start, reduced to at most this many points, each the greatest of its part of the time.
 * numbers[0]: points; result: starts, then values (durations, or values of samples); borrowed. */
enum tracer_error timeline_wasm_series(struct wasm_trace *trace, uint32_t name, uint32_t points,
                                       struct exchange *exchange);

/* JSON: the columns above. Must be freed with tracer_wasm_free(). */
char *timeline_wasm_describe(void);

#endif
