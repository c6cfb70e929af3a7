/* Joins snapshots: merges their events by time, and gives them the ids of common tables. */
#include "join.h"

#include <stdlib.h>
#include <string.h>

#include "../platform/wide.h"
#include "event_text.h"
#include "join_internal.h"

/* ---------------------------------------------------------------------- clocks */

/* Time 0 on a clock that all parts share: that of performance.now(), which counts from 1970 in every realm, or else the
 * system's clock at their creation. */
static uint64_t origin_ns(const struct joining *joining, size_t index)
{
    for (size_t i = 0; i < joining->count; i++) {
        if (joining->parts[i].from->header.clock != IMAGE_CLOCK_PERFORMANCE)
            return joining->parts[index].from->header.created_realtime_ns;
    }
    return joining->parts[index].from->header.origin_ticks;
}

/* The whole has the clock of the part that was created first. */
static void set_clock(struct joining *joining)
{
    size_t first = 0;
    for (size_t i = 1; i < joining->count; i++) {
        if (origin_ns(joining, i) < origin_ns(joining, first))
            first = i;
    }
    for (size_t i = 0; i < joining->count; i++)
        joining->parts[i].shift_ns = origin_ns(joining, i) - origin_ns(joining, first);
    joining->whole->header = joining->parts[first].from->header;
}

/* ------------------------------------------------------------------------- ids */

/* Calls visit for each field of a text that is the id of a span. */
static void each_id(const struct event_text *text, void (*visit)(void *context, const char *at), void *context)
{
    size_t at = sizeof(uint64_t);
    while (text->fields && text->fields_bytes - at >= sizeof(uint64_t)) {
        uint64_t word = event_text_word(text->fields + at);
        bool is_text = field_kind(word) == FIELD_ARGUMENTS || field_kind(word) == FIELD_RESULT;
        size_t length = field_length(word), padded = (length + is_text + 7) / 8 * 8;
        at += sizeof(uint64_t);
        if (padded > text->fields_bytes - at)
            return;
        if ((field_kind(word) == FIELD_ASYNC_ID || field_kind(word) == FIELD_PARENT) && length == sizeof(uint64_t))
            visit(context, text->fields + at);
        at += padded;
    }
}

static void take_largest(void *context, const char *at)
{
    uint64_t id = event_text_word(at), *largest = context;
    if (id <= JOIN_OWN_IDS && id > *largest)
        *largest = id;
}

/* Changes the text in place: it is the whole's own copy. */
static void add_first(void *context, const char *at)
{
    uint64_t id = event_text_word(at);
    const struct join_ids *part = context;
    if (id != 0 && id <= JOIN_OWN_IDS) {
        id += part->first_async_id;
        memcpy((char *)(uintptr_t)at, &id, sizeof id);
    }
}

static struct event_text text_parts(const struct tracer_snapshot *snapshot, const struct snapshot_event *event)
{
    uint32_t length;
    const char *text = snapshot->texts.bytes + (size_t)event->text * 8;
    memcpy(&length, text, sizeof length);
    return event_text_split(event->meta, text + sizeof length, length);
}

static uint64_t largest_id(const struct tracer_snapshot *snapshot)
{
    uint64_t largest = 0;
    for (uint64_t i = 0; i < tracer_snapshot_count(snapshot); i++) {
        const struct snapshot_event *event = snapshot_event(snapshot, i);
        if (event->text && event->meta & RECORD_HAS_FIELDS) {
            const struct event_text parts = text_parts(snapshot, event);
            each_id(&parts, take_largest, &largest);
        }
    }
    return largest;
}

static enum tracer_error set_ids(struct joining *joining)
{
    uint64_t lanes = 0, async_ids = 0;
    for (size_t i = 0; i < joining->count; i++) {
        struct join_ids *part = &joining->parts[i];
        part->first_lane = (uint32_t)lanes;
        part->first_async_id = async_ids;
        lanes += part->from->lanes;
        async_ids += largest_id(part->from);
        if (part->from->frames.count)
            return TRACER_ERROR_UNSUPPORTED;
        if (lanes > SEALED_LANES_MAX)
            return TRACER_ERROR_TOO_LARGE;
    }
    joining->whole->lanes = (uint32_t)lanes;
    return TRACER_OK;
}

/* ---------------------------------------------------------------------- events */

static uint32_t in_whole(const uint32_t *ids, uint32_t count, uint64_t id)
{
    return id < count ? ids[id] : 0;
}

static bool add_text(struct joining *joining, const struct join_ids *part, const struct snapshot_event *from,
                     struct snapshot_event *to)
{
    struct tracer_snapshot *whole = joining->whole;
    uint32_t length;
    if (!from->text)
        return true;
    const char *text = part->from->texts.bytes + (size_t)from->text * 8;
    memcpy(&length, text, sizeof length);
    char *copy = snapshot_add_text(whole, length, &to->text);
    if (!copy)
        return false;
    memcpy(copy, text + sizeof length, length);
    if (from->meta & RECORD_HAS_FIELDS) {
        const struct event_text parts = text_parts(whole, to);
        each_id(&parts, add_first, (void *)(uintptr_t)part);
    }
    return true;
}

static bool add_event(struct joining *joining, const struct join_ids *part, const struct snapshot_event *from)
{
    struct tracer_snapshot *whole = joining->whole;
    const uint64_t ids =
        RECORD_NAME_MASK << RECORD_NAME_SHIFT | RECORD_TRACK_MASK << RECORD_TRACK_SHIFT | RECORD_MARK_MASK;
    uint64_t name = in_whole(part->names, part->from->names.count, from->meta >> RECORD_NAME_SHIFT & RECORD_NAME_MASK);
    uint64_t track =
        in_whole(part->tracks, part->from->tracks.count, from->meta >> RECORD_TRACK_SHIFT & RECORD_TRACK_MASK);
    struct snapshot_event *to = &whole->memory[whole->capacity++];
    *to = *from;
    to->text = 0;
    to->time_ns = add_saturating(from->time_ns, part->shift_ns);
    to->meta = (from->meta & ~ids) | name << RECORD_NAME_SHIFT | track << RECORD_TRACK_SHIFT |
               ((from->meta & RECORD_MARK_MASK) + part->first_lane);
    return add_text(joining, part, from, to);
}

/* Takes the earliest next event of all parts; NULL when all are done. next: by part. */
static const struct snapshot_event *next_event(const struct joining *joining, uint64_t *next, size_t *which)
{
    const struct snapshot_event *earliest = NULL;
    uint64_t earliest_ns = 0;
    for (size_t i = 0; i < joining->count; i++) {
        const struct join_ids *part = &joining->parts[i];
        if (next[i] >= tracer_snapshot_count(part->from))
            continue;
        const struct snapshot_event *event = snapshot_event(part->from, next[i]);
        uint64_t end_ns = add_saturating(snapshot_end_ns(event), part->shift_ns);
        if (earliest && end_ns >= earliest_ns)
            continue;
        earliest = event;
        earliest_ns = end_ns;
        *which = i;
    }
    if (earliest)
        next[*which]++;
    return earliest;
}

static bool add_events(struct joining *joining)
{
    uint64_t *next = calloc(joining->count, sizeof *next);
    const struct snapshot_event *event;
    bool ok = next != NULL;
    size_t which = 0;
    while (ok && (event = next_event(joining, next, &which)))
        ok = add_event(joining, &joining->parts[which], event);
    free(next);
    return ok;
}

static void add_open_spans(struct joining *joining, const struct join_ids *part)
{
    struct tracer_snapshot *whole = joining->whole;
    const uint64_t kept = ~(RECORD_NAME_MASK | RECORD_TRACK_MASK << STACK_TRACK_SHIFT);
    for (size_t i = 0; i < part->from->open_count; i++) {
        struct image_open open = part->from->open_spans[i];
        uint64_t name = in_whole(part->names, part->from->names.count, open.packed & RECORD_NAME_MASK);
        uint64_t track =
            in_whole(part->tracks, part->from->tracks.count, open.packed >> STACK_TRACK_SHIFT & RECORD_TRACK_MASK);
        open.start_ns = add_saturating(open.start_ns, part->shift_ns);
        open.packed = (open.packed & kept) | track << STACK_TRACK_SHIFT | name;
        open.lane_depth += part->first_lane;
        whole->open_spans[whole->open_count++] = open;
    }
}

static enum tracer_error add_rest(struct joining *joining, const struct join_ids *part)
{
    enum tracer_error error = TRACER_OK;
    memcpy(joining->whole->heads + part->first_lane, part->from->heads, part->from->lanes * sizeof(uint64_t));
    add_open_spans(joining, part);
    for (uint32_t i = 0; i < part->from->note_count && error == TRACER_OK; i++)
        error = snapshot_add_note(joining->whole, part->from->notes[i].text, part->from->notes[i].count);
    return error;
}

static bool allocate(struct joining *joining)
{
    struct tracer_snapshot *whole = joining->whole;
    size_t events = 0, open = 0;
    for (size_t i = 0; i < joining->count; i++) {
        events += tracer_snapshot_count(joining->parts[i].from);
        open += joining->parts[i].from->open_count;
    }
    whole->memory = malloc((events + 1) * sizeof *whole->memory);
    whole->open_spans = calloc(open + 1, sizeof *whole->open_spans);
    whole->heads = calloc((size_t)whole->lanes + 1, sizeof *whole->heads);
    return whole->memory && whole->open_spans && whole->heads;
}

static enum tracer_error join(struct joining *joining, const struct join_part *parts)
{
    set_clock(joining);
    enum tracer_error error = set_ids(joining);
    if (error == TRACER_OK)
        error = join_tables(joining, parts);
    if (error == TRACER_OK)
        error = allocate(joining) && add_events(joining) ? TRACER_OK : TRACER_ERROR_MEMORY;
    for (size_t i = 0; i < joining->count && error == TRACER_OK; i++)
        error = add_rest(joining, &joining->parts[i]);
    return error == TRACER_OK ? join_statistics(joining) : error;
}

enum tracer_error snapshot_join(struct tracer_snapshot **result, const struct join_part *parts, size_t count)
{
    if (count == 0)
        return TRACER_ERROR_ARGUMENT;
    struct joining joining = { .whole = calloc(1, sizeof *joining.whole),
                               .parts = calloc(count, sizeof *joining.parts),
                               .count = count };
    enum tracer_error error = TRACER_ERROR_MEMORY;
    for (size_t i = 0; joining.parts && i < count; i++)
        joining.parts[i].from = parts[i].snapshot;
    if (joining.whole && joining.parts)
        error = join(&joining, parts);
    for (size_t i = 0; joining.parts && i < count; i++) {
        free(joining.parts[i].names);
        free(joining.parts[i].tracks);
    }
    free(joining.parts);
    hash_table_free(&joining.names);
    if (error != TRACER_OK)
        tracer_snapshot_destroy(joining.whole);
    *result = error == TRACER_OK ? joining.whole : NULL;
    return error;
}
