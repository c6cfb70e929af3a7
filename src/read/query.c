/* Decides which events a query takes. */
#include "query.h"

#include <stdlib.h>
#include <string.h>

enum query_name { NAME_EQUAL = 1, NAME_CONTAINS = 2 };

/* ms to ns; before time 0 is 0, beyond all times the last. */
static uint64_t ns_of(double ms)
{
    uint64_t ns;
    if (clock_ns_from_ms(ms, &ns))
        return ns;
    return ms > 0 ? UINT64_MAX : 0;
}

static void compile_times(struct query *query, const struct tracer_query *from)
{
    query->until_ns = UINT64_MAX;
    if (from->has_since) {
        query->nothing = query->nothing || from->since != from->since;
        query->since_ns = ns_of(from->since);
    }
    if (from->has_until) {
        query->nothing = query->nothing || !(from->until >= 0);
        query->until_ns = ns_of(from->until);
    }
}

static bool contains(const char *text, size_t length, const char *part, size_t part_bytes)
{
    return part_bytes == 0 || (length >= part_bytes && memmem(text, length, part, part_bytes));
}

static uint8_t rate_name(const struct query *query, const char *name)
{
    size_t length = strlen(name);
    uint8_t bits = 0;
    if (!query->name || (length == query->name_bytes && memcmp(name, query->name, length) == 0))
        bits |= NAME_EQUAL;
    if (!query->text || contains(name, length, query->text, query->text_bytes))
        bits |= NAME_CONTAINS;
    return bits;
}

/* Once per name instead of once per event; two ids may have the same text. */
static enum tracer_error compile_names(struct query *query)
{
    if (!query->name && !query->text)
        return TRACER_OK;
    query->by_name = calloc(query->names->count + 1, 1);
    if (!query->by_name)
        return TRACER_ERROR_MEMORY;
    for (uint32_t id = 0; id < query->names->count; id++) {
        const char *name = text_of(query->names, id);
        query->by_name[id] = rate_name(query, name ? name : "?");
    }
    return TRACER_OK;
}

enum tracer_error query_compile(struct query *query, const struct tracer_query *from, const struct text_table *names,
                                const struct track_table *tracks)
{
    static const struct tracer_query everything;
    *query = (struct query){ .names = names, .tracks = tracks, .all = from == NULL };
    from = from ? from : &everything;
    query->categories = from->categories ? from->categories : TRACE_MASK_ALL;
    query->has_pid = from->has_pid;
    query->has_tid = from->has_tid;
    query->pid = from->pid;
    query->tid = from->tid;
    query->last = from->last;
    query->name = from->name;
    query->text = from->text;
    /* Longer names are cut when they are recorded. */
    query->name_bytes = from->name ? strnlen(from->name, NAME_BYTES_MAX) : 0;
    query->text_bytes = from->text ? strlen(from->text) : 0;
    compile_times(query, from);
    return compile_names(query);
}

void query_free(struct query *query)
{
    free(query->by_name);
    query->by_name = NULL;
}

static bool track_matches(const struct query *query, const uint64_t *record)
{
    const struct image_track *track = track_of(query->tracks, record_track(record));
    if (query->has_pid && (!track || !(record[3] & RECORD_HAS_PID) || (uint32_t)track->pid_tid != query->pid))
        return false;
    return !query->has_tid || (track && track->pid_tid >> 32 == query->tid);
}

static enum query_answer ask_name(const struct query *query, const uint64_t *record)
{
    uint32_t id = record_name(record);
    if (record[3] & RECORD_NAME_IN_DETAIL)
        return QUERY_ASK_TEXT;
    uint8_t bits = id < query->names->count ? query->by_name[id] : 0;
    if (!(bits & NAME_EQUAL))
        return QUERY_NO;
    if (bits & NAME_CONTAINS)
        return QUERY_YES;
    return record[3] & RECORD_HAS_DETAIL ? QUERY_ASK_TEXT : QUERY_NO;
}

enum query_answer query_record(const struct query *query, const struct merge_lane *at)
{
    const uint64_t *record = merge_record(at);
    if (query->all)
        return QUERY_YES;
    if (query->nothing || !(query->categories >> record_category(record) & 1))
        return QUERY_NO;
    if (at->time_ns > query->until_ns || at->end_ns < query->since_ns)
        return QUERY_NO;
    if ((query->has_pid || query->has_tid) && !track_matches(query, record))
        return QUERY_NO;
    return query->by_name ? ask_name(query, record) : QUERY_YES;
}

bool query_text(const struct query *query, const uint64_t *record, const char *text, size_t length)
{
    if (!text)
        return false;
    if (!(record[3] & RECORD_NAME_IN_DETAIL))
        return contains(text, length, query->text, query->text_bytes);
    size_t name_bytes = strnlen(text, length);
    if (query->name && (name_bytes != query->name_bytes || memcmp(text, query->name, name_bytes) != 0))
        return false;
    if (!query->text || contains(text, name_bytes, query->text, query->text_bytes))
        return true;
    return name_bytes < length &&
           contains(text + name_bytes + 1, length - name_bytes - 1, query->text, query->text_bytes);
}
