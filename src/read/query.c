/* Decides which events of an image match a query. */
#include "query.h"

#include <stdlib.h>
#include <string.h>

#include "event_text.h"

/* Converts ms to ns; clamps to time 0 and to the last time. */
static uint64_t ns_of(double ms)
{
    uint64_t ns;
    if (clock_ns_from_ms(ms, &ns))
        return ns;
    return ms > 0 ? UINT64_MAX : 0;
}

static void compile_filter(struct query *query, const struct tracer_query *from)
{
    uint64_t min_duration_ns = ns_of(from->min_duration);
    query->filter = (struct event_filter){
        .hidden_categories = from->categories ? ~(uint64_t)from->categories : 0,
        .has_pid = from->has_pid || from->pid != 0,
        .has_tid = from->has_tid || from->tid != 0,
        .has_since = from->has_since || from->since != 0,
        .has_until = from->has_until || from->until != 0,
        .failed = from->failed,
        .pid = from->pid,
        .tid = from->tid,
        .name = from->name,
        .text = from->text,
        .process = from->process,
        .thread = from->thread,
        .min_duration_ns = min_duration_ns < INT64_MAX ? (int64_t)min_duration_ns : INT64_MAX,
        .since_ns = ns_of(from->since),
        .until_ns = ns_of(from->until),
    };
    query->nothing = from->since != from->since || (query->filter.has_until && !(from->until >= 0)) ||
                     from->min_duration != from->min_duration;
}

static enum name_answer ask_table(const struct query *query, uint32_t id)
{
    const char *name = text_of(query->names, id);
    return matcher_ask_name(&query->matcher, name ? name : "?", name ? strlen(name) : 1);
}

/* Once per name instead of once per event. Two ids may have the same text. */
static bool compile_names(struct query *query)
{
    if (!query->filter.name && !query->filter.text)
        return true;
    query->by_name = malloc((size_t)query->names->count + 1);
    for (uint32_t id = 0; query->by_name && id <= query->names->count; id++)
        query->by_name[id] = (uint8_t)ask_table(query, id);
    return query->by_name != NULL;
}

/* The last name of each pid's process, as timelines show it: pid << 32 | index of the process. */
struct process_names {
    uint64_t *keys; /* ascending */
    size_t count;
    const struct query_tables *tables;
};

static int compare_keys(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

static const char *name_of_entry(const struct query_tables *tables, uint32_t index)
{
    const char *name = text_of(tables->names, process_name_id(&tables->processes->entries[index]));
    return name && name[0] ? name : NULL;
}

static bool list_process_names(struct process_names *names, const struct query_tables *tables)
{
    *names = (struct process_names){ .tables = tables };
    names->keys = malloc(((size_t)tables->processes->count + 1) * sizeof *names->keys);
    for (uint32_t i = 0; names->keys && i < tables->processes->count; i++) {
        if (name_of_entry(tables, i))
            names->keys[names->count++] = (uint64_t)process_pid(&tables->processes->entries[i]) << 32 | i;
    }
    if (names->keys)
        qsort(names->keys, names->count, sizeof *names->keys, compare_keys);
    return names->keys != NULL;
}

static const char *name_of_process(const struct process_names *names, int64_t pid)
{
    size_t low = 0, high = names->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (names->keys[middle] >> 32 <= (uint64_t)pid)
            low = middle + 1;
        else
            high = middle;
    }
    if (low > 0 && names->keys[low - 1] >> 32 == (uint64_t)pid)
        return name_of_entry(names->tables, (uint32_t)names->keys[low - 1]);
    return (uint64_t)pid == names->tables->pid ? names->tables->program : "";
}

static struct track_facts facts_of_track(const struct process_names *names, uint32_t id)
{
    const struct image_track *track = track_of(names->tables->tracks, id);
    const char *thread = track ? text_of(names->tables->names, track_name_id(track)) : NULL;
    int64_t pid = track ? (int64_t)(uint32_t)track->pid_tid : (int64_t)names->tables->pid;
    return (struct track_facts){
        .pid = pid,
        .tid = track ? (int64_t)(track->pid_tid >> 32) : 0,
        .process = name_of_process(names, pid),
        .thread = thread ? thread : "",
    };
}

static bool compile_tracks(struct query *query, const struct query_tables *tables)
{
    const struct event_filter *filter = &query->filter;
    struct process_names names;
    if (!filter->has_pid && !filter->has_tid && !filter->process && !filter->thread)
        return true;
    query->by_track = malloc((size_t)tables->tracks->count + 1);
    bool ok = list_process_names(&names, tables) && query->by_track;
    for (uint32_t id = 0; ok && id <= tables->tracks->count; id++) {
        const struct track_facts facts = facts_of_track(&names, id);
        query->by_track[id] = (uint8_t)((matcher_takes_track(&query->matcher, &facts) ? TRACK_PASSES : 0) |
                                        (matcher_takes_names(&query->matcher, &facts) ? TRACK_IS_NAMED : 0));
    }
    free(names.keys);
    return ok;
}

enum tracer_error query_compile(struct query *query, const struct tracer_query *from, const struct query_tables *tables)
{
    static const struct tracer_query everything;
    *query = (struct query){ .names = tables->names, .tracks = tables->tracks, .all = from == NULL };
    from = from ? from : &everything;
    query->at_most = from->without_events ? 0 : from->last ? from->last : UINT64_MAX;
    query->without_details = from->without_details;
    query->takes_detail = from->takes_detail;
    query->takes_argument = from->takes_argument;
    compile_filter(query, from);
    query->pid_given = query->filter.has_pid && from->pid_given;
    if (!matcher_create(&query->matcher, &query->filter) || !compile_names(query) || !compile_tracks(query, tables))
        return TRACER_ERROR_MEMORY;
    return TRACER_OK;
}

void query_free(struct query *query)
{
    matcher_free(&query->matcher);
    free(query->by_name);
    free(query->by_track);
    query->by_name = query->by_track = NULL;
}

/* A hostile image may have ids beyond the table; they are treated as its last entry: none. */
static uint8_t answer_of(const uint8_t *answers, uint32_t id, uint32_t count)
{
    return answers[id < count ? id : count];
}

/* Whether the event has a pid of its own, in its fields, other than that of the recording thread's track. */
static bool pid_is_in_fields(const struct query *query, const uint64_t *record)
{
    return query->by_track && (record[3] & (RECORD_HAS_FIELDS | RECORD_HAS_PID)) == RECORD_HAS_FIELDS;
}

static unsigned ask_track(const struct query *query, const uint64_t *record)
{
    return answer_of(query->by_track, record_track(record), query->tracks->count);
}

static bool takes_track(const struct query *query, const uint64_t *record)
{
    return !query->by_track || ask_track(query, record) & TRACK_PASSES;
}

static enum query_answer ask_name(const struct query *query, const uint64_t *record)
{
    if (record[3] & RECORD_NAME_IN_DETAIL)
        return QUERY_ASK_TEXT;
    switch (answer_of(query->by_name, record_name(record), query->names->count)) {
    case NAME_YES:
        return QUERY_YES;
    case NAME_ASK_DETAIL:
        return record[3] & RECORD_HAS_DETAIL ? QUERY_ASK_TEXT : QUERY_NO;
    default:
        return QUERY_NO;
    }
}

enum query_answer query_record(const struct query *query, const struct merge_lane *at)
{
    const uint64_t *record = merge_record(at);
    if (query->all)
        return QUERY_YES;
    const struct event_facts facts = {
        .start_ns = at->time_ns,
        .duration_ns = at->duration_ns,
        .category = record_category(record),
        .failed = (record[3] & RECORD_FAILED) != 0,
        .is_sample = record_kind(record) == TRACE_KIND_SAMPLE,
    };
    if (query->nothing || !matcher_takes(&query->matcher, &facts))
        return QUERY_NO;
    if (query->pid_given && !(record[3] & (RECORD_HAS_PID | RECORD_HAS_FIELDS)))
        return QUERY_NO;
    if (pid_is_in_fields(query, record))
        return QUERY_ASK_TEXT;
    if (!takes_track(query, record))
        return QUERY_NO;
    enum query_answer answer = query->by_name ? ask_name(query, record) : QUERY_YES;
    if (query->takes_detail && answer == QUERY_YES)
        return record[3] & RECORD_HAS_DETAIL ? QUERY_ASK_TEXT : QUERY_NO;
    return answer;
}

static bool takes_own_pid(const struct query *query, const uint64_t *record, const struct event_text *parts)
{
    struct trace_event event = { 0 };
    event_text_fields(parts, &event);
    if (!(event.has & TRACE_HAS_PID))
        return !query->pid_given && takes_track(query, record);
    const struct image_track *track = track_of(query->tracks, record_track(record));
    return ask_track(query, record) & TRACK_IS_NAMED &&
           matcher_takes_ids(&query->matcher, event.pid, track ? (int64_t)(track->pid_tid >> 32) : 0);
}

static enum name_answer ask_full_name(const struct query *query, const uint64_t *record, const struct event_text *parts)
{
    if (!query->by_name)
        return NAME_YES;
    if (parts->name)
        return matcher_ask_name(&query->matcher, parts->name, parts->name_bytes);
    return ask_table(query, record_name(record));
}

bool query_text(const struct query *query, const uint64_t *record, const char *text, size_t length)
{
    struct event_text parts = { 0 };
    if (text)
        parts = event_text_split(record[3], text, length);
    if (pid_is_in_fields(query, record) && !takes_own_pid(query, record, &parts))
        return false;
    if (query->takes_detail &&
        !(parts.detail && query->takes_detail(query->takes_argument, parts.detail, parts.detail_bytes)))
        return false;
    enum name_answer answer = ask_full_name(query, record, &parts);
    if (answer != NAME_ASK_DETAIL)
        return answer == NAME_YES;
    return parts.detail && matcher_takes_detail(&query->matcher, parts.detail, parts.detail_bytes);
}
