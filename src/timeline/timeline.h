/*
 * The timeline: all events of a trace in columns, ordered for display, and the questions that a page
 * asks about them. Native and WebAssembly; not part of the installed library.
 *
 *     builder ── events in any order ── timeline ── filter ── view ─┬─ window, hit, neighbour
 *       ▲ image (timeline_load.h)      (columns)    (index of what  ├─ search, statistics, density
 *       ▲ Chrome JSON (chrome.h)                     passes)        └─ order (the table)
 *
 * Times are nanoseconds since the trace's first moment, below 2^53, so that JavaScript's numbers are exact. A timeline
 * never changes; a view belongs to its timeline. One thread at a time.
 *
 * Each track (a thread, or a counter) has rows, one per depth of nesting. Instants within a span get a row that is
 * drawn over the span's. These rows of *ticks* come last, one for each row with an instant in a span, and for those
 * above it:
 *
 *     track 0  row 0   ├────────── open ──────────┤  ├─ read ─┤
 *              row 1      ├─ lookup ─┤
 *              row 2         ▏          ▏              ▏          ticks over row 0
 *     track 1  row 3   ├─ wait ─┤
 */
#ifndef RINGSCOPE_TIMELINE_H
#define RINGSCOPE_TIMELINE_H

#include "../read/filter.h"
#include "../ringscope.h"

#define TIMELINE_NONE UINT32_MAX /* no event, no track, no name */
#define TIMELINE_WORD_ID (-(INT64_C(1) << 52)) /* pids and tids that are not numbers get ids from here downwards */
#define TIMELINE_FAR_ID (2 * TIMELINE_WORD_ID + (1 << 22)) /* the same for a process of events far from all others */
#define TIMELINE_CATEGORIES 64 /* the last one, "(other)", collects any further ones of an imported trace */

/* Called from time to time during long work, with the work done and its total (any unit). If it returns false, the work
 * is cancelled and the function returns ERROR_CANCELLED. NULL is accepted everywhere: no reports. */
struct timeline_progress {
    bool (*report)(void *context, double done, double total);
    void *context;
};

/* ------------------------------------------------------------------ building */

enum timeline_kind { TIMELINE_INSTANT, TIMELINE_SPAN, TIMELINE_SAMPLE };

enum timeline_flag {
    TIMELINE_ERROR = 1, /* it failed, according to its recorder */
    TIMELINE_OPEN = 2, /* a span that never ended: drawn to the end of its parent, or of the trace */
    TIMELINE_ASYNC = 4, /* a span that need not nest: it has rows of its own */
    TIMELINE_DETAIL_LOST = 8, /* its detail was overwritten before it was read */
    TIMELINE_OVERLAP = 16, /* overlaps another span of its track without nesting: moved to a further row */
    TIMELINE_WAITS = 32, /* waits instead of working, according to its recorder */
};

/* An event to add. Text is borrowed for the call. */
struct timeline_item {
    int64_t start_ns; /* from any origin: the earliest becomes 0 */
    int64_t duration_ns; /* spans; at least 0 */
    double value; /* samples */
    const char *detail; /* need not be NUL-terminated; NULL: none */
    size_t detail_bytes;
    const char *arguments; /* structured data as JSON, without a NUL; NULL: none */
    size_t arguments_bytes;
    uint32_t track, name;
    uint8_t category, kind, flags;
};

/* Something missing between two times, to be drawn there. */
struct timeline_loss {
    int64_t start_ns, end_ns;
    uint64_t count;
    const char *reason; /* borrowed for the call: "evicted", "torn", "contention", … */
};

/* Something that a person should know about how a trace was read: what, how many times, and where first. */
struct timeline_note {
    const char
        *text; /* a plain sentence for one time, without its full stop: "An end without a beginning is left out" */
    uint64_t count;
    uint64_t event; /* number of the input's event, line or packet where it first occurred, from 1; 0: none */
    uint64_t byte; /* its offset in the input; TIMELINE_NO_BYTE: none */
    const char *unit; /* what is numbered: "event", "line"; a new note may have NULL, for its builder's unit */
};
#define TIMELINE_NO_BYTE UINT64_MAX
#define TIMELINE_NOTES 64 /* different texts; the last one stands for all others */

/* Where an arrow leaves, passes or arrives: those with the same id are joined in order of time. */
enum timeline_flow_way { TIMELINE_FLOW_OUT, TIMELINE_FLOW_STEP, TIMELINE_FLOW_IN };
struct timeline_flow_end {
    uint64_t id;
    int64_t time_ns; /* same origin as the items */
    uint32_t track;
    uint32_t name; /* it is at the span that begins then and has this name; TIMELINE_NONE: at the innermost span */
    uint32_t events; /* events in the builder when it was added; set by the builder */
    uint8_t way; /* enum timeline_flow_way */
    bool next; /* at the next span to begin, if there is one */
};

struct timeline;
struct timeline_builder;

struct timeline_builder *timeline_builder_create(void);
void timeline_builder_destroy(struct timeline_builder *builder);

/* Interned: the same text has the same id. TIMELINE_NONE: no memory, which timeline_build() reports too. */
uint32_t timeline_builder_category(struct timeline_builder *builder, const char *text, size_t bytes);
uint32_t timeline_builder_name(struct timeline_builder *builder, const char *text, size_t bytes);
/* Sets where the function of this name begins in its source. */
void timeline_builder_source(struct timeline_builder *builder, uint32_t name, const char *place);
/* The track of a thread, or of a counter (counter: the id of its name, else TIMELINE_NONE). */
uint32_t timeline_builder_track(struct timeline_builder *builder, int64_t pid, int64_t tid, uint32_t counter);

/* Labels of tracks. sort: the smallest comes first; equal ones in order of pids and tids. */
void timeline_builder_name_process(struct timeline_builder *builder, int64_t pid, const char *text, size_t bytes);
void timeline_builder_name_thread(struct timeline_builder *builder, int64_t pid, int64_t tid, const char *text,
                                  size_t bytes);
/* Adds a remark about a process, shown beside its name. */
void timeline_builder_label_process(struct timeline_builder *builder, int64_t pid, const char *text, size_t bytes);
void timeline_builder_sort_process(struct timeline_builder *builder, int64_t pid, int64_t sort);
void timeline_builder_sort_thread(struct timeline_builder *builder, int64_t pid, int64_t tid, int64_t sort);
/* Its tid is TIMELINE_WORD_ID minus that of the thread, below which it is shown, and, for each other kind of samples, a
 * multiple of 2^32. */
void timeline_builder_mark_sampled(struct timeline_builder *builder, uint32_t track);

void timeline_builder_add(struct timeline_builder *builder, const struct timeline_item *item);
void timeline_builder_add_flow(struct timeline_builder *builder, const struct timeline_flow_end *end);
void timeline_builder_add_loss(struct timeline_builder *builder, const struct timeline_loss *loss);
/* Notes with the same text become one, with the place of the first. Text is borrowed for the call. */
void timeline_builder_add_note(struct timeline_builder *builder, const struct timeline_note *note);
/* Sets the resolution of the trace's clock; 1 ns by default. */
void timeline_builder_resolution(struct timeline_builder *builder, uint64_t ns);

/* Turns an image's flows only into arrows, not into instants as well: for a timeline that becomes an image again. */
void timeline_builder_flows_alone(struct timeline_builder *builder);
/* Of events without a duration that begin together, the last one added comes first. */
void timeline_builder_newest_first(struct timeline_builder *builder);

/* Consumes everything that was added and leaves the builder empty. ERROR_MEMORY, ERROR_CANCELLED. */
enum tracer_error timeline_build(struct timeline **result, struct timeline_builder *builder,
                                 const struct timeline_progress *progress);
void timeline_destroy(struct timeline *timeline);

/* ----------------------------------------------------------------- contents */

struct timeline_track {
    int64_t pid, tid;
    uint32_t process; /* index of its process */
    uint32_t counter; /* id of the counter's name, if it is a track of samples; else TIMELINE_NONE */
    uint32_t first_row, rows; /* a counter has one */
    uint32_t ticks; /* how many of the rows, at the end, are drawn over the others */
    uint32_t count; /* events */
    bool sampled; /* where a thread was, beside what it called: its times count twice otherwise */
    const char *name; /* "" if it has none */
};

struct timeline_process {
    int64_t pid;
    const char *name; /* "" if it has none */
    uint32_t first_track, tracks;
    uint32_t parent; /* the process that began it; TIMELINE_NONE: unknown, or without tracks */
    int64_t start_ns, end_ns; /* since the origin, may be negative; TIMELINE_UNKNOWN_NS: unknown */
};
#define TIMELINE_UNKNOWN_NS INT64_MIN

uint32_t timeline_events(const struct timeline *timeline);
int64_t timeline_duration_ns(const struct timeline *timeline); /* from the first start to the last end */
int64_t timeline_origin_ns(const struct timeline *timeline); /* the added time that is now 0 */
/* When the first event begins: later than 0 if a growing trace has dropped earlier ones. */
int64_t timeline_begin_ns(const struct timeline *timeline);
uint64_t timeline_resolution_ns(const struct timeline *timeline);
uint32_t timeline_rows(const struct timeline *timeline);
uint64_t timeline_bytes(const struct timeline *timeline); /* of memory, without details */

/* By index, in display order; false beyond the end. */
bool timeline_track(const struct timeline *timeline, uint32_t index, struct timeline_track *track);
bool timeline_process(const struct timeline *timeline, uint32_t index, struct timeline_process *process);
bool timeline_loss(const struct timeline *timeline, uint32_t index, struct timeline_loss *loss);
bool timeline_note(const struct timeline *timeline, uint32_t index, struct timeline_note *note);
/* NULL beyond the end. count: its number of events. */
const char *timeline_category(const struct timeline *timeline, uint32_t index, uint32_t *count);
const char *timeline_name(const struct timeline *timeline, uint32_t index);
/* Where the function of that name begins, "lua.c:317", or each place if there are several. NULL: unknown. */
const char *timeline_source(const struct timeline *timeline, uint32_t name);

/* An arrow between two spans, both of them events. Ordered by id and time. False beyond the end. */
struct timeline_flow {
    int64_t from_ns, to_ns; /* where it leaves and where it arrives */
    uint32_t from, to;
};
bool timeline_flow(const struct timeline *timeline, uint32_t index, struct timeline_flow *flow);

/* All of an event. Text is borrowed from the timeline and NUL-terminated. */
struct timeline_event {
    int64_t start_ns, duration_ns;
    int64_t self_ns; /* of a span: without those directly inside it */
    double value;
    const char *name, *detail; /* detail: NULL if it has none */
    const char *arguments; /* unparsed JSON, as recorded; NULL: none */
    uint32_t name_id, track, row, parent; /* parent: the span that it is inside of, or TIMELINE_NONE */
    uint8_t category, kind, flags;
};

bool timeline_event(const struct timeline *timeline, uint32_t index, struct timeline_event *event);

/* -------------------------------------------------------------------- views */

struct timeline_view;
struct expression;

/* An index of the events that pass, which all questions below refer to, by ids and times of the timeline. ERROR_MEMORY,
 * ERROR_CANCELLED. */
enum tracer_error timeline_view_create(struct timeline_view **result, const struct timeline *timeline,
                                       const struct event_filter *filter, const struct timeline_progress *progress);
/* The same, for events that also match an expression (query/expression.h); NULL: everything. Both are borrowed. */
enum tracer_error timeline_view_create_asked(struct timeline_view **result, const struct timeline *timeline,
                                             const struct event_filter *filter, const struct expression *expression,
                                             const struct timeline_progress *progress);
/* The same in steps of about `events` events, so that a new question can stop it. filter and expression are borrowed
 * until the view is taken, which ends the making once there is no more to do, or until it is destroyed.
 * ERROR_MEMORY. */
struct timeline_making;
enum tracer_error timeline_making_begin(struct timeline_making **result, const struct timeline *timeline,
                                        const struct event_filter *filter, const struct expression *expression);
enum tracer_error timeline_making_step(struct timeline_making *making, uint32_t events, bool *more);
double timeline_making_share(const struct timeline_making *making); /* of the work done, 0 to 1 */
struct timeline_view *timeline_making_take(struct timeline_making *making);
void timeline_making_destroy(struct timeline_making *making);

void timeline_view_destroy(struct timeline_view *view);
uint32_t timeline_view_events(const struct timeline_view *view);
uint64_t timeline_view_bytes(const struct timeline_view *view);

/* A visible piece of a row: an event, or a run of events too narrow to be drawn one by one. */
struct timeline_rect {
    double start_ns, duration_ns; /* start: since the window's */
    uint32_t event; /* the event, or the longest one of a run */
    uint32_t count; /* events in it; 1: a single event */
    uint32_t row;
    float busy_ns; /* of a run: the sum of its durations, which do not overlap */
    uint8_t category; /* of a run: the one with most events */
    uint8_t flags; /* of any event in it */
    uint16_t hits; /* found by the search, up to 65535 */
};

struct timeline_search;

struct timeline_window {
    int64_t from_ns, to_ns;
    uint32_t width_px;
    uint32_t first_row, rows; /* rows of counter tracks yield nothing here */
    const struct timeline_search *search; /* whose hits to mark; NULL: none */
};

/* Fills rects with the contents of the window, row by row, by start; returns the number of rects, which is at most
 * timeline_window_max() for any trace, because each takes at least a pixel of its row. */
uint32_t timeline_window(const struct timeline_view *view, const struct timeline_window *window,
                         struct timeline_rect *rects, uint32_t capacity);
uint32_t timeline_window_max(const struct timeline_window *window);

/* The same for a view under construction, so that the visible part appears at once: each event of the window is
 * checked. Hits are not marked. */
uint32_t timeline_window_of(const struct timeline_making *making, const struct timeline_window *window,
                            struct timeline_rect *rects, uint32_t capacity);

/* A counter track: one point for each pixel that has samples or where the value is known. */
struct timeline_point {
    double min, max, last;
    uint32_t x_px, count;
};
/* low, high: the extremes of the whole track. Returns the number of points, at most width_px. */
uint32_t timeline_counter(const struct timeline_view *view, const struct timeline_window *window, uint32_t track,
                          struct timeline_point *points, double *low, double *high);

/* The event of a row at a time, else the nearest one within tolerance, else TIMELINE_NONE. */
uint32_t timeline_hit(const struct timeline_view *view, uint32_t row, int64_t time_ns, int64_t tolerance_ns);

enum timeline_neighbour {
    TIMELINE_SAME_ROW,
    TIMELINE_SAME_TRACK, /* by start, in any row */
    TIMELINE_SAME_NAME /* by start, in all tracks */
};
/* The previous (direction < 0) or next event; TIMELINE_NONE at the ends. */
uint32_t timeline_neighbour(const struct timeline_view *view, uint32_t event, enum timeline_neighbour among,
                            int direction);

/* ------------------------------------------------------- searching, counting */

/* Finds events that match an expression (query/expression.h). Takes ownership of the expression, even on failure.
 * Borrows the view. ERROR_MEMORY. */
enum tracer_error timeline_search_create(struct timeline_search **result, const struct timeline_view *view,
                                         struct expression *expression);
void timeline_search_destroy(struct timeline_search *search);
/* Checks that many further events; false when all have been checked. */
bool timeline_search_step(struct timeline_search *search, uint32_t events);
uint32_t timeline_search_hits(const struct timeline_search *search);
/* The next hit by start after (direction > 0) or before an event or, if that is TIMELINE_NONE, a time; wraps around at
 * the ends. rank: the hit's number, by start, from 0. TIMELINE_NONE: there is none. */
uint32_t timeline_search_next(const struct timeline_search *search, uint32_t event, int64_t time_ns, int direction,
                              uint32_t *rank);

/* Statistics of the events with one name, or category, that begin in a range; spans that reach into it count as well.
 * Times are those of spans, each clipped to the range. */
struct timeline_statistic {
    uint64_t total_ns; /* time inside at least one: nested ones count once */
    uint64_t sum_ns; /* of all durations, for an average */
    uint64_t self_ns, min_ns, max_ns, p50_ns, p90_ns, p99_ns;
    uint32_t key; /* name or category */
    uint32_t category; /* of a name: that of most of its events */
    uint32_t count, spans, errors;
    uint32_t longest; /* the event, */
    uint32_t track; /* and its track */
};
/* The caller frees *result. By total, the longest first. ERROR_MEMORY, ERROR_CANCELLED. */
enum tracer_error timeline_statistics(const struct timeline_view *view, int64_t from_ns, int64_t to_ns,
                                      bool by_category, struct timeline_statistic **result, uint32_t *count);

/* The keys to count events by. WORK: names, of which those of waiting events are apart: twice the name's id, plus 1 if they
 * wait. DETAIL and ERROR are texts; the error of an event that did not fail is "". */
enum timeline_group {
    TIMELINE_GROUP_NAME,
    TIMELINE_GROUP_CATEGORY,
    TIMELINE_GROUP_PROCESS,
    TIMELINE_GROUP_THREAD,
    TIMELINE_GROUP_WORK,
    TIMELINE_GROUP_DETAIL,
    TIMELINE_GROUP_ERROR,
    TIMELINE_GROUPS
};
/* The keys of a timeline's events, computed in steps of about `events` events, then usable for any view and scope.
 * Borrows the timeline. ERROR_MEMORY. */
struct timeline_groups;
enum tracer_error timeline_groups_create(struct timeline_groups **result, const struct timeline *timeline,
                                         enum timeline_group by);
enum tracer_error timeline_groups_step(struct timeline_groups *groups, uint32_t events, bool *more);
double timeline_groups_share(const struct timeline_groups *groups);
/* A key's text, which may be ""; NULL beyond the end. Borrowed. */
const char *timeline_groups_text(const struct timeline_groups *groups, uint32_t key);
void timeline_groups_destroy(struct timeline_groups *groups);

/* The events of a view to count: those that reach into a range, and, if there is a search, only its hits. */
enum timeline_only { TIMELINE_ALL, TIMELINE_CALLS, TIMELINE_SAMPLES }; /* without tracks of samples; these alone */
struct timeline_scope {
    int64_t from_ns, to_ns;
    const struct timeline_search *hits;
    enum timeline_only only;
};

/* Statistics by any key, as above, in steps: taken, which ends it, once there is no more to do, or destroyed. Borrows
 * the view, the groups and the hits. ERROR_MEMORY. */
struct timeline_counting;
enum tracer_error timeline_counting_begin(struct timeline_counting **result, const struct timeline_view *view,
                                          const struct timeline_groups *groups, const struct timeline_scope *scope);
enum tracer_error timeline_counting_step(struct timeline_counting *counting, uint32_t events, bool *more);
double timeline_counting_share(const struct timeline_counting *counting); /* of the work done, 0 to 1 */
struct timeline_statistic *timeline_counting_take(struct timeline_counting *counting, uint32_t *count);
void timeline_counting_destroy(struct timeline_counting *counting);
/* The same at once. */
enum tracer_error timeline_statistics_of(const struct timeline_view *view, const struct timeline_groups *groups,
                                         const struct timeline_scope *scope, struct timeline_statistic **result,
                                         uint32_t *count);

/* ------------------------------------------------------------------ call tree */

/* Spans that were called by the same path of names. Times are clipped to the scope. */
struct timeline_node {
    uint64_t total_ns, self_ns;
    uint64_t wait_ns; /* of those that wait */
    uint32_t parent; /* has a lower index; TIMELINE_NONE: this is the root, the first node */
    uint32_t name; /* TIMELINE_NONE for the root and for threads */
    uint32_t track; /* of a thread; else TIMELINE_NONE */
    uint32_t count, errors;
    uint32_t longest; /* the event; TIMELINE_NONE: none */
    int64_t longest_ns; /* its whole duration, not clipped; -1: none */
};

/* The tree of a scope, in steps, as for statistics. Paths leave out events that the view hides. per_thread: each thread
 * has a tree of its own, below a node. ERROR_MEMORY. */
struct timeline_tree;
enum tracer_error timeline_tree_begin(struct timeline_tree **result, const struct timeline_view *view,
                                      const struct timeline_scope *scope, bool per_thread);
enum tracer_error timeline_tree_step(struct timeline_tree *tree, uint32_t events, bool *more);
double timeline_tree_share(const struct timeline_tree *tree);
/* The nodes so far, borrowed until the next step. The root has the sums. */
const struct timeline_node *timeline_tree_nodes(const struct timeline_tree *tree, uint32_t *count);
void timeline_tree_destroy(struct timeline_tree *tree);
/* Derived trees. Inverted: the root's children are names, their children the callers; times and counts are those of the
 * names, totals those of outermost calls. name: only this one; TIMELINE_NONE: all. */
enum tracer_error timeline_tree_invert(struct timeline_tree **result, const struct timeline_tree *tree, uint32_t name);
/* Merges all calls of a name, with the spans that they called: the root's only child, if there are any calls. */
enum tracer_error timeline_tree_callees(struct timeline_tree **result, const struct timeline_tree *tree, uint32_t name);

/* A histogram of the durations of a name's spans: counts[i] is the number in [bounds[i], bounds[i + 1]); there is one
 * more bound than counts, and bounds are evenly spaced on a logarithmic scale. ERROR_MEMORY. */
enum tracer_error timeline_histogram(const struct timeline_view *view, uint32_t name, uint32_t bins, uint32_t *counts,
                                     double *bounds_ns);

/* Sets a byte per track to whether it has events that reach into [from_ns, to_ns]. hits: only these count; NULL: all. */
void timeline_occupied(const struct timeline_view *view, const struct timeline_search *hits, int64_t from_ns,
                       int64_t to_ns, uint8_t *tracks);

/* Which events to count, and where: */
struct timeline_dense {
    int64_t from_ns, to_ns;
    uint32_t buckets;
    const struct timeline_search *hits; /* only these; NULL: all */
    uint32_t first, end; /* positions in the view, the second one excluded; beyond its end: up to that */
};
/* The number of events under way in each of `buckets` equal parts of the range, by category: counts[bucket *
 * TIMELINE_CATEGORIES + category]. Those of parts of the view add up, modulo 2^32, to those of all. */
void timeline_density(const struct timeline_view *view, const struct timeline_dense *asked, uint32_t *counts);

/* ------------------------------------------------------------------- ordering */

enum timeline_key {
    TIMELINE_BY_START,
    TIMELINE_BY_DURATION,
    TIMELINE_BY_NAME,
    TIMELINE_BY_CATEGORY,
    TIMELINE_BY_TRACK
};

/* The events of a view in some order; equal ones by start. Made in steps, as statistics are, or at once; empty until it
 * is done. ERROR_MEMORY. */
struct timeline_order;
enum tracer_error timeline_order_begin(struct timeline_order **result, const struct timeline_view *view,
                                       enum timeline_key key, bool descending);
enum tracer_error timeline_order_step(struct timeline_order *order, uint32_t events, bool *more);
double timeline_order_share(const struct timeline_order *order);
enum tracer_error timeline_order_create(struct timeline_order **result, const struct timeline_view *view,
                                        enum timeline_key key, bool descending);
void timeline_order_destroy(struct timeline_order *order);
uint32_t timeline_order_event(const struct timeline_order *order, uint32_t position); /* TIMELINE_NONE beyond the end */
uint32_t timeline_order_position(struct timeline_order *order, uint32_t event); /* TIMELINE_NONE: not in it */

#endif
