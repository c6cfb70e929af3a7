/* Makes scans from plans. */
#include "scan.h"

#include <math.h>
#include <stdlib.h>

#include "../../base/lower_bound.h"
#include "plan.h"

/* ------------------------------------------------------------------- constraints */

static void take_time(struct sql_scan *scan, char letter, sqlite3_value *value)
{
    int type = sqlite3_value_type(value);
    int64_t low, high;
    if (type == SQLITE_INTEGER) {
        /* on the timeline's clock; what is too far away for it cannot be reached either way */
        if (__builtin_sub_overflow(sqlite3_value_int64(value), scan->timeline->origin_ns, &low))
            return;
        high = low;
    } else if (type == SQLITE_FLOAT) {
        double at = sqlite3_value_double(value) - (double)scan->timeline->origin_ns;
        if (!(fabs(at) < 1e15))
            return;
        /* near enough: SQLite looks again */
        low = (int64_t)at - 4096;
        high = (int64_t)at + 4096;
    } else {
        return;
    }
    if (letter != '<' && low > scan->from_ns)
        scan->from_ns = low;
    if (letter != '>' && high < scan->to_ns)
        scan->to_ns = high;
}

static void take_category(struct sql_scan *scan, sqlite3_value *value)
{
    uint64_t mask = 0;
    const char *text = (const char *)sqlite3_value_text(value), *category;
    for (uint32_t i = 0; (category = timeline_category(scan->timeline, i, NULL)) != NULL; i++)
        if (strcmp(category, text) == 0)
            mask |= UINT64_C(1) << i;
    scan->categories &= mask;
}

static bool track_is(const struct timeline *timeline, uint32_t index, char letter, sqlite3_value *value)
{
    struct timeline_track track;
    struct timeline_process process;
    timeline_track(timeline, index, &track);
    timeline_process(timeline, track.process, &process);
    switch (letter) {
    case 'p':
        return track.pid == sqlite3_value_int64(value);
    case 't':
        return track.tid == sqlite3_value_int64(value);
    case 'k':
        return index == sqlite3_value_int64(value);
    case 'P':
        return strcmp(process.name, (const char *)sqlite3_value_text(value)) == 0;
    default:
        return strcmp(track.name, (const char *)sqlite3_value_text(value)) == 0;
    }
}

static int take_track(struct sql_scan *scan, char letter, sqlite3_value *value)
{
    uint32_t count = scan->timeline->track_count;
    if (!scan->tracks) {
        scan->tracks = sqlite3_malloc64((sqlite3_uint64)count + 1);
        if (!scan->tracks)
            return SQLITE_NOMEM;
        memset(scan->tracks, 1, (size_t)count + 1);
    }
    for (uint32_t i = 0; i < count; i++)
        scan->tracks[i] = scan->tracks[i] && track_is(scan->timeline, i, letter, value);
    return SQLITE_OK;
}

/* Limits the walk to the events of a name. */
static int take_name(struct sql_scan *scan, sqlite3_value *value)
{
    const char *text = (const char *)sqlite3_value_text(value);
    uint32_t id = interned_find(&scan->timeline->name_table, text, (size_t)sqlite3_value_bytes(value));
    if (!sql_order_by_name(scan->trace))
        return sql_failed(scan->trace);
    const struct name_order *order = &scan->trace->order;
    uint32_t rank = id == UINT32_MAX ? 0 : order->rank[id];
    uint32_t from = order->first[rank], to = order->first[rank + 1];
    if (id == UINT32_MAX)
        to = from = 0;
    if (!scan->by_name) {
        scan->by_name = true;
        scan->position = from;
        scan->end = to;
    } else if (from < scan->end && to > scan->position) { /* of two names that are asked for, none is both */
        scan->position = from > scan->position ? from : scan->position;
        scan->end = to < scan->end ? to : scan->end;
    } else {
        scan->end = scan->position;
    }
    return SQLITE_OK;
}

static int constrain(struct sql_scan *scan, char letter, sqlite3_value *value)
{
    int type = sqlite3_value_type(value);
    if (letter == '=' || letter == '<' || letter == '>') {
        take_time(scan, letter, value);
        return SQLITE_OK;
    }
    bool is_text = letter == 'n' || letter == 'c' || letter == 'P' || letter == 'T';
    /* Of another type it may be equal by SQLite's conversions, which are its own. */
    if (type != (is_text ? SQLITE_TEXT : SQLITE_INTEGER))
        return SQLITE_OK;
    if (is_text && !sqlite3_value_text(value))
        return SQLITE_NOMEM;
    if (letter == 'n')
        return take_name(scan, value);
    if (letter != 'c')
        return take_track(scan, letter, value);
    take_category(scan, value);
    return SQLITE_OK;
}

/* ----------------------------------------------------------------------- scanning */

static bool begins_before(const void *context, uint64_t event)
{
    const struct sql_scan *scan = context;
    return scan->timeline->starts[event] < scan->from_ns;
}

static void begin_row(struct sql_scan *scan)
{
    const struct timeline *timeline = scan->timeline;
    scan->position = timeline->row_first[scan->row];
    scan->end = timeline->row_first[scan->row + 1];
    if (scan->tracks && !scan->tracks[timeline->row_track[scan->row]])
        scan->position = scan->end;
    if (scan->from_ns > 0)
        scan->position = (uint32_t)lower_bound(scan->position, scan->end, begins_before, scan);
}

static bool passes(const struct sql_scan *scan, uint32_t event)
{
    const struct timeline *timeline = scan->timeline;
    return scan->categories >> (timeline->categories[event] & 63) & 1 &&
           (!scan->spans_only || event_kind(timeline, event) == TIMELINE_SPAN);
}

static bool passes_by_name(const struct sql_scan *scan, uint32_t event)
{
    int64_t start_ns = scan->timeline->starts[event];
    return passes(scan, event) && start_ns >= scan->from_ns && start_ns <= scan->to_ns &&
           (!scan->tracks || scan->tracks[scan->timeline->row_track[event_row(scan->timeline, event)]]);
}

/* SQLite would count a name's bytes for each of its events. */
static void begin_name(struct sql_scan *scan)
{
    const struct name_order *counted = &scan->trace->counted;
    scan->name.text = interned_text(counted->names, counted->id[scan->rank]);
    scan->name.bytes = (int)strlen(scan->name.text);
    scan->rank_end = counted->first[scan->rank + 1];
}

static void next_counted(struct sql_scan *scan)
{
    scan->event = scan->position < scan->end ? scan->position++ : TIMELINE_NONE; /* by name, not yet which one */
    while (scan->event != TIMELINE_NONE && scan->event >= scan->rank_end) {
        scan->rank++;
        begin_name(scan);
    }
}

/* SQLite does not announce that it will ask for the id. */
uint32_t scan_event(const struct sql_scan *scan)
{
    struct sql_trace *trace = scan->trace;
    if (!scan->counts_only || scan->event == TIMELINE_NONE)
        return scan->event;
    return sql_order_by_name(trace) && scan->event < trace->timeline->count ? trace->by_name[scan->event]
                                                                            : TIMELINE_NONE;
}

struct sql_name scan_name(const struct sql_scan *scan)
{
    if (scan->counts_only)
        return scan->name;
    return (struct sql_name){ interned_text(&scan->timeline->name_table, scan->timeline->names[scan->event]), -1 };
}

static void next_by_name(struct sql_scan *scan)
{
    while (scan->position < scan->end) {
        uint32_t event = scan->trace->by_name[scan->position++];
        if (passes_by_name(scan, event)) {
            scan->event = event;
            return;
        }
    }
    scan->event = TIMELINE_NONE;
}

static void next_by_time(struct sql_scan *scan)
{
    for (;;) {
        for (; scan->position < scan->end; scan->position++) {
            if (scan->timeline->starts[scan->position] > scan->to_ns)
                break;
            if (passes(scan, scan->position)) {
                scan->event = scan->position++;
                return;
            }
        }
        if (scan->row + 1 >= scan->timeline->row_count)
            break;
        scan->row++;
        begin_row(scan);
    }
    scan->event = TIMELINE_NONE;
    scan->end = scan->position;
}

void scan_next(struct sql_scan *scan)
{
    if (scan->counts_only)
        next_counted(scan);
    else if (scan->by_name)
        next_by_name(scan);
    else
        next_by_time(scan);
}

/* One event, or none. */
static void begin_at(struct sql_scan *scan, sqlite3_int64 id)
{
    const struct timeline *timeline = scan->timeline;
    scan->row = timeline->row_count; /* there is no further one */
    scan->position = scan->end = 0;
    if (id < 0 || id >= timeline->count)
        return;
    scan->row = event_row(timeline, (uint32_t)id);
    begin_row(scan);
    scan->row = timeline->row_count;
    if (id < scan->position || id >= scan->end)
        scan->position = scan->end;
    else
        scan->position = (uint32_t)id, scan->end = (uint32_t)id + 1;
}

/* No timeline is needed; false: it is. */
static bool begin_counted(struct sql_scan *scan)
{
    scan->counts_only = sql_count_by_name(scan->trace);
    if (!scan->counts_only)
        return false;
    scan->rank = 0;
    scan->position = 0;
    scan->end = scan->trace->counts.total;
    if (scan->end > 0)
        begin_name(scan);
    scan_next(scan);
    return true;
}

int scan_begin(struct sql_scan *scan, const char *plan, sqlite3_value **values)
{
    int code = SQLITE_OK;
    sqlite3_value *id = NULL;
    scan->counts_only = false;
    if (plan[0] == SCAN_COUNTS_ONLY && begin_counted(scan))
        return SQLITE_OK;
    scan->timeline = sql_timeline(scan->trace);
    if (!scan->timeline)
        return sql_failed(scan->trace);
    sqlite3_free(scan->tracks);
    scan->tracks = NULL;
    scan->from_ns = INT64_MIN;
    scan->to_ns = INT64_MAX;
    scan->categories = UINT64_MAX;
    scan->by_name = plan[0] != SCAN_BY_TIME;
    if (scan->by_name && !sql_order_by_name(scan->trace))
        return sql_failed(scan->trace);
    scan->position = 0;
    scan->end = scan->timeline->count;
    for (size_t i = 1; plan[i] && code == SQLITE_OK; i++) {
        if (plan[i] == 'i' && sqlite3_value_type(values[i - 1]) == SQLITE_INTEGER)
            id = values[i - 1];
        else if (plan[i] != 'i')
            code = constrain(scan, plan[i], values[i - 1]);
    }
    if (code != SQLITE_OK)
        return code;
    if (id) {
        scan->by_name = false;
        begin_at(scan, sqlite3_value_int64(id));
    } else if (!scan->by_name && scan->timeline->row_count > 0) {
        scan->row = 0;
        begin_row(scan);
    }
    scan_next(scan);
    return SQLITE_OK;
}
