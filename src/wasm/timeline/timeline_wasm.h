/*
 * The timeline for JavaScript, one trace at a time: flat functions of numbers and addresses, which exports.txt
 * lists. What is more than a number comes as a table (rows of doubles, and texts beside them) or as columns;
 * what their columns are, by the names that JavaScript gives them, is told by timeline_wasm_describe().
 */
#ifndef RINGSCOPE_TIMELINE_WASM_H
#define RINGSCOPE_TIMELINE_WASM_H

#include "../../timeline/import/gunzip.h"
#include "../../timeline/import/import.h"
#include "../../timeline/live.h"
#include "../../timeline/merge.h"
#include "../exchange.h"

/* A trace that is being loaded (builder), then shown (all that follows). Owns what it points to. */
struct wasm_trace {
    struct tracer_reader *reader; /* of an image; NULL: the trace is another format's, or grows */
    struct timeline_live *live; /* NULL: it does not grow */
    struct timeline_merge *merge; /* of several traces; NULL: of one */
    struct timeline_builder *builder;
    struct trace_import *import;
    const char *title; /* of what was imported last; NULL: nothing was */
    struct timeline *timeline;
    struct timeline_view *view;
    struct expression *expression; /* of the view; NULL: none */
    struct wasm_filtering *filtering; /* the view that is being made; NULL: none is */
    struct timeline_search *search; /* NULL: nothing is being looked for */
    struct timeline_groups *groups; /* that were asked for last; NULL: none were */
    struct timeline_counting *counting; /* statistics that are being made, */
    struct timeline_scope counted; /* and of what */
    struct timeline_tree *tree; /* of calls, that is or was made last; NULL: none */
    struct timeline_order *order; /* NULL: the table has not been asked for */
    struct timeline_order *ordering; /* the one that is being made; NULL: none is */
    void *scratch; /* of columns that are handed out until the next call */
    size_t scratch_bytes;
};

/* The columns of tables, as JavaScript calls them. Texts come last, one after the other. */
#define TRACK_COLUMNS(X) X(pid) X(tid) X(process) X(counter) X(firstRow) X(rows) X(ticks) X(count)
#define PROCESS_COLUMNS(X) X(pid) X(firstTrack) X(tracks) X(parent) X(startNs) X(endNs)
#define CATEGORY_COLUMNS(X) X(count)
#define LOSS_COLUMNS(X) X(startNs) X(endNs) X(count)
#define OVERVIEW_COLUMNS(X) X(events) X(durationNs) X(resolutionNs) X(rows) X(bytes)
#define FLOW_COLUMNS(X) X(from) X(to) X(fromNs) X(toNs)
#define FRAME_COLUMNS(X) X(address)
#define SOURCE_COLUMNS(X) X(name)
#define NOTE_COLUMNS(X) X(count) X(event) X(byte)
#define EVENT_COLUMNS(X) \
    X(event) X(kind) X(name) X(category) X(track) X(row) X(startNs) X(durationNs) X(selfNs) X(value) X(parent) X(flags)
#define STATISTIC_COLUMNS(X) \
    X(key)                   \
    X(category)              \
    X(count) X(spans) X(errors) X(totalNs) X(sumNs) X(selfNs) X(minNs) X(maxNs) X(p50Ns) X(p90Ns) X(p99Ns) X(longest)
#define TREE_COLUMNS(X) X(parent) X(name) X(track) X(count) X(errors) X(totalNs) X(selfNs) X(longest)

/* Columns of one array each, with the type of JavaScript's view of it. */
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

/* ---------------------------------------------------------------- what JavaScript gives the module */

#define TIMELINE_IMPORT(name) __attribute__((import_module("env"), import_name("timeline_import_" #name)))

/* Copies a piece of the trace's file into memory; false: it cannot be read. */
TIMELINE_IMPORT(read) bool timeline_import_read(double offset_bytes, void *buffer, uint32_t size_bytes);
/* Told during long work; false: it is to be given up. */
TIMELINE_IMPORT(progress) bool timeline_import_progress(double done, double total);
/* Takes a piece of an export. */
TIMELINE_IMPORT(write) bool timeline_import_write(const char *bytes, uint32_t size_bytes);

/* ------------------------------------------------------------------------------ opening: wasm_open.c */

struct wasm_trace *timeline_wasm_create(void); /* NULL: no memory */
void timeline_wasm_destroy(struct wasm_trace *trace);

enum tracer_error timeline_wasm_load_image(struct wasm_trace *trace, double size_bytes, struct exchange *exchange);
/* Unpacks a gzip file, which timeline_import_read() reads, piece by piece into timeline_import_write(). */
enum tracer_error timeline_wasm_gunzip(struct wasm_trace *trace, double size_bytes, struct exchange *exchange);
/* The next bytes of a trace of any format that has a door. */
enum tracer_error timeline_wasm_feed(struct wasm_trace *trace, const char *bytes, uint32_t size_bytes,
                                     struct exchange *exchange);
/* texts: the format's name and title, borrowed. */
enum tracer_error timeline_wasm_end(struct wasm_trace *trace, struct exchange *exchange);
/* What has been loaded, by the name texts[0], becomes one of several traces; another may be loaded then. */
enum tracer_error timeline_wasm_add_loaded(struct wasm_trace *trace, struct exchange *exchange);
/* Begins a trace that grows: of the newest so many events. */
enum tracer_error timeline_wasm_follow(struct wasm_trace *trace, double hold_events, struct exchange *exchange);
/* Adds the next segment, whose bytes are of tracer_wasm_allocate() and no longer the caller's. */
enum tracer_error timeline_wasm_add_segment(struct wasm_trace *trace, void *bytes, uint32_t size_bytes,
                                            struct exchange *exchange);
/* Ends loading, or shows what a trace has grown to: what was there before is replaced, and everything is shown. */
enum tracer_error timeline_wasm_build(struct wasm_trace *trace, struct exchange *exchange);
/* The image's reader, or the newest segment's, for tracer_wasm_operations(); NULL: there is none. */
struct tracer_reader *timeline_wasm_reader(const struct wasm_trace *trace);
/* As tracer_wasm_summary(), of all that a trace has grown to. ERROR_ARGUMENT where there is no reader. */
enum tracer_error timeline_wasm_summary(const struct wasm_trace *trace, struct exchange *exchange);
/* The events in a format, or the trace as a sealed image, given to timeline_import_write(). ERROR_ARGUMENT of one that
 * grows. */
enum tracer_error timeline_wasm_export(struct wasm_trace *trace, uint32_t format, struct exchange *exchange);
enum tracer_error timeline_wasm_save(struct wasm_trace *trace, bool without_details, struct exchange *exchange);
/* The same of what reaches into a range, whatever the filter. given.numbers: from and to. */
enum tracer_error timeline_wasm_save_range(struct wasm_trace *trace, struct exchange *exchange);

/* numbers: OVERVIEW_COLUMNS. */
void timeline_wasm_overview(const struct wasm_trace *trace, struct exchange *exchange);
/* Tables: numbers[0] rows; result: doubles; numbers[1], numbers[2]: address and size of the texts, each ending
 * in NUL. Both are memory for tracer_wasm_free(). */
enum tracer_error timeline_wasm_tracks(const struct wasm_trace *trace, struct exchange *exchange);
enum tracer_error timeline_wasm_processes(const struct wasm_trace *trace, struct exchange *exchange);
enum tracer_error timeline_wasm_categories(const struct wasm_trace *trace, struct exchange *exchange);
enum tracer_error timeline_wasm_losses(const struct wasm_trace *trace, struct exchange *exchange);
/* byte: -1 where there is none. */
enum tracer_error timeline_wasm_notes(const struct wasm_trace *trace, struct exchange *exchange);
enum tracer_error timeline_wasm_names(const struct wasm_trace *trace, struct exchange *exchange);
/* Of names that are functions whose source is known. */
enum tracer_error timeline_wasm_sources(const struct wasm_trace *trace, struct exchange *exchange);

/* --------------------------------------------------------------------------- what is seen: wasm_show.c */

/* Begins a view of what passes: numbers: hidden categories (two words, low first), least duration; texts[0]: what it
 * must contain; texts[1]: an expression, as of timeline_wasm_check(). hidden_tracks: a byte per track. What was begun
 * before is given up. */
enum tracer_error timeline_wasm_filter_begin(struct wasm_trace *trace, const uint8_t *hidden_tracks,
                                             struct exchange *exchange);
/* Goes on, by about so many events. numbers[0]: 1 when it is done and shown; [1]: the share of the work that is done;
 * [2]: events that pass, when it is. */
enum tracer_error timeline_wasm_filter_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange);
/* Gives it up: what is shown stays. */
void timeline_wasm_filter_stop(struct wasm_trace *trace);
/* Whether texts[0] is an expression (query/expression.h): if not, the message says why; numbers[0], [1]: where. */
enum tracer_error timeline_wasm_check(const struct wasm_trace *trace, struct exchange *exchange);
/* numbers: from, to, width, 1: of the view that is being made, as far as what passes goes. ranges: pairs of first row
 * and count. result: GEOMETRY_COLUMNS, borrowed until the next call; numbers[0]: rectangles. */
enum tracer_error timeline_wasm_window(struct wasm_trace *trace, const uint32_t *ranges, uint32_t range_count,
                                       struct exchange *exchange);
/* numbers as above. result: POINT_COLUMNS, borrowed; numbers[0]: points, [1], [2]: least and greatest. */
enum tracer_error timeline_wasm_counter(struct wasm_trace *trace, uint32_t track, struct exchange *exchange);
/* numbers: from, to. result: counts, borrowed; numbers[0]: categories. */
enum tracer_error timeline_wasm_density(struct wasm_trace *trace, uint32_t buckets, struct exchange *exchange);
/* Events; TIMELINE_NONE: there is none. */
uint32_t timeline_wasm_hit(const struct wasm_trace *trace, uint32_t row, double time_ns, double tolerance_ns);
uint32_t timeline_wasm_neighbour(const struct wasm_trace *trace, uint32_t event, uint32_t among, int direction);

/* ----------------------------------------------------------------------- what is asked: wasm_ask.c */

/* texts[0]: an expression to look for, as of timeline_wasm_check(); "": nothing any more. */
enum tracer_error timeline_wasm_search(struct wasm_trace *trace, struct exchange *exchange);
bool timeline_wasm_search_step(struct wasm_trace *trace, uint32_t events); /* false: all were looked at */
uint32_t timeline_wasm_search_hits(const struct wasm_trace *trace);
/* From an event or, with TIMELINE_NONE, a time. numbers[0]: the event or TIMELINE_NONE, [1]: rank. */
void timeline_wasm_search_next(const struct wasm_trace *trace, uint32_t event, double time_ns, int direction,
                               struct exchange *exchange);
/* Begins statistics: numbers: from, to, 1: of the search's hits alone. by: enum timeline_group. */
enum tracer_error timeline_wasm_count_begin(struct wasm_trace *trace, uint32_t by, struct exchange *exchange);
/* Goes on, by about so many events. numbers[0]: 1 when it is done; [1]: the share of the work that is done. */
enum tracer_error timeline_wasm_count_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange);
/* When it is: a table of STATISTIC_COLUMNS; texts: of each the name, or whatever it is grouped by. */
enum tracer_error timeline_wasm_count_take(struct wasm_trace *trace, struct exchange *exchange);
/* Gives it up. */
void timeline_wasm_count_stop(struct wasm_trace *trace);
/* The call tree: numbers: from, to, 1: of the search's hits alone. Steps as of statistics. */
enum tracer_error timeline_wasm_tree_begin(struct wasm_trace *trace, bool per_thread, struct exchange *exchange);
enum tracer_error timeline_wasm_tree_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange);
/* As far as it has come, a table of TREE_COLUMNS, parents before their children: upright, or turned when it is done: to
 * the callers of a name (TIMELINE_NONE: of each), or to what is called by a name. */
enum tracer_error timeline_wasm_tree_nodes(const struct wasm_trace *trace, uint32_t turned, uint32_t name,
                                           struct exchange *exchange);
void timeline_wasm_tree_stop(struct wasm_trace *trace);
/* result: bounds (bins + 1 doubles), then counts; borrowed. */
enum tracer_error timeline_wasm_histogram(struct wasm_trace *trace, uint32_t name, uint32_t bins,
                                          struct exchange *exchange);
/* Begins the table's order; steps as of statistics. When it is done, it takes the place of the one before. */
enum tracer_error timeline_wasm_order_begin(struct wasm_trace *trace, uint32_t key, bool descending,
                                            struct exchange *exchange);
enum tracer_error timeline_wasm_order_step(struct wasm_trace *trace, uint32_t events, struct exchange *exchange);
void timeline_wasm_order_stop(struct wasm_trace *trace);
uint32_t timeline_wasm_position(const struct wasm_trace *trace, uint32_t event);
/* Tables of EVENT_COLUMNS; texts: of each event the detail and the arguments as JSON, "" where there is none. */
enum tracer_error timeline_wasm_rows(struct wasm_trace *trace, uint32_t first, uint32_t count,
                                     struct exchange *exchange);
/* A table of FLOW_COLUMNS: the arrows that leave an event, and that arrive there. */
enum tracer_error timeline_wasm_flows(struct wasm_trace *trace, uint32_t event, struct exchange *exchange);
enum tracer_error timeline_wasm_event(struct wasm_trace *trace, uint32_t event, struct exchange *exchange);
/* A table of FRAME_COLUMNS: an event's stack, the innermost frame first, each with its name and module; empty where the image
 * has none, and of a trace that is no image. */
enum tracer_error timeline_wasm_stack(struct wasm_trace *trace, uint32_t event, struct exchange *exchange);
/* All events of a name by start, in at most so many parts with the greatest of each: numbers[0] points,
 * result: starts, then values (durations, or values of samples); borrowed. */
enum tracer_error timeline_wasm_series(struct wasm_trace *trace, uint32_t name, uint32_t points,
                                       struct exchange *exchange);

/* JSON: the columns above. Memory for tracer_wasm_free(). */
char *timeline_wasm_describe(void);

#endif
