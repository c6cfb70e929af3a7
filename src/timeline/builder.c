/* Collects events, in any order, of any tracks. */
#include "builder.h"

#include <stdlib.h>
#include <string.h>

#include "../platform/large_pages.h"

struct timeline_builder *timeline_builder_create(void)
{
    struct timeline_builder *builder = malloc(sizeof *builder);
    if (builder) {
        memset(builder, 0, sizeof *builder);
        builder_empty(builder);
    }
    return builder;
}

void builder_empty(struct timeline_builder *builder)
{
    while (builder->first) {
        struct chunk *chunk = builder->first;
        builder->first = chunk->next;
        free(chunk);
    }
    interned_free(&builder->names);
    interned_free(&builder->categories);
    sources_free(&builder->sources);
    buffer_free(&builder->labels);
    buffer_free(&builder->detail_text);
    free(builder->tracks);
    hash_table_free(&builder->track_ids);
    free(builder->processes);
    hash_table_free(&builder->process_ids);
    free(builder->losses);
    notes_free(&builder->notes);
    free(builder->flow_ends);
    free(builder->around);
    *builder = (struct timeline_builder){
        .least_start_ns = INT64_MAX,
        .origin_ns = INT64_MAX,
        .greatest_end_ns = INT64_MIN,
        .resolution_ns = 1,
    };
}

void timeline_builder_destroy(struct timeline_builder *builder)
{
    if (!builder)
        return;
    builder_empty(builder);
    free(builder);
}

/* --------------------------------------------------------------------- texts */

uint32_t timeline_builder_name(struct timeline_builder *builder, const char *text, size_t bytes)
{
    uint32_t id = interned_id(&builder->names, text, bytes);
    builder->failed |= id == UINT32_MAX;
    return id;
}

void timeline_builder_source(struct timeline_builder *builder, uint32_t name, const char *place)
{
    builder->failed |= name == UINT32_MAX || !sources_add(&builder->sources, name, place);
}

/* From the last category on, all are "(other)". */
uint32_t timeline_builder_category(struct timeline_builder *builder, const char *text, size_t bytes)
{
    uint32_t id = interned_id(&builder->categories, text, bytes);
    builder->failed |= id == UINT32_MAX;
    return id < TIMELINE_CATEGORIES - 1 || id == UINT32_MAX ? id : TIMELINE_CATEGORIES - 1;
}

uint32_t builder_add_label(struct timeline_builder *builder, const char *text, size_t bytes)
{
    uint32_t start = UINT32_MAX;
    if (builder->labels.used || text_add(&builder->labels, "", 0) != UINT32_MAX)
        start = text_add(&builder->labels, text, bytes);
    builder->failed |= start == UINT32_MAX;
    return start == UINT32_MAX ? 0 : start;
}

/* -------------------------------------------------------------------- events */

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

static void note_times(struct timeline_builder *builder, int64_t start_ns, int64_t end_ns)
{
    if (start_ns < builder->least_start_ns)
        builder->least_start_ns = start_ns;
    if (end_ns > builder->greatest_end_ns)
        builder->greatest_end_ns = end_ns;
}

static struct chunk *room_for_one(struct timeline_builder *builder)
{
    struct chunk *last = builder->last;
    if (last && last->count < CHUNK_ITEMS)
        return last;
    struct chunk *chunk = NULL;
    if (builder->count < UINT32_MAX - CHUNK_ITEMS) /* most builders have few events and touch little of a chunk */
        chunk = last ? large_pages_allocate(sizeof *chunk) : malloc(sizeof *chunk);
    if (!chunk)
        return NULL;
    chunk->next = NULL;
    chunk->count = 0;
    if (last)
        last->next = chunk;
    else
        builder->first = chunk;
    return builder->last = chunk;
}

/* Appends arguments and detail in the form of enum detail_mark. False without memory. */
static bool put_texts(struct buffer *texts, const struct timeline_item *item)
{
    const enum detail_mark mark = item->detail ? DETAIL_BOTH : DETAIL_ARGUMENTS;
    if (!buffer_reserve(texts, 1))
        return false;
    texts->bytes[texts->used++] = (char)(item->arguments ? mark : DETAIL_PLAIN);
    return (!item->arguments || text_add(texts, item->arguments, item->arguments_bytes) != UINT32_MAX) &&
           (!item->detail || text_add(texts, item->detail, item->detail_bytes) != UINT32_MAX);
}

static bool begins_with_mark(const struct timeline_item *item)
{
    return item->detail_bytes && item->detail[0] >= DETAIL_PLAIN && item->detail[0] <= DETAIL_BOTH;
}

/* The offset of the event's texts; 0: it has none. */
static uint32_t add_detail(struct timeline_builder *builder, const struct timeline_item *item)
{
    struct buffer *texts = &builder->detail_text;
    if (!item->detail && !item->arguments)
        return 0;
    size_t start = UINT32_MAX;
    if (texts->used || text_add(texts, "", 0) != UINT32_MAX) {
        start = texts->used;
        if (!item->arguments && !begins_with_mark(item))
            start = text_add(texts, item->detail, item->detail_bytes);
        else if (!put_texts(texts, item))
            start = UINT32_MAX;
    }
    builder->failed |= start >= UINT32_MAX;
    return (uint32_t)start;
}

static int64_t payload_of(const struct timeline_item *item, int64_t duration_ns)
{
    int64_t bits;
    if (item->kind != TIMELINE_SAMPLE)
        return duration_ns;
    memcpy(&bits, &item->value, sizeof bits);
    return bits;
}

void timeline_builder_add(struct timeline_builder *builder, const struct timeline_item *item)
{
    if (builder->failed || item->track >= builder->track_count || item->name >= builder->names.count)
        return;
    struct chunk *chunk = room_for_one(builder);
    uint32_t detail = chunk ? add_detail(builder, item) : 0;
    if (!chunk || builder->failed) {
        builder->failed = true;
        return;
    }
    uint32_t at = chunk->count++;
    int64_t start_ns = time_bounded(item->start_ns);
    int64_t duration_ns = item->kind == TIMELINE_SPAN ? clamp(item->duration_ns, 0, TIMELINE_TIME_MAX_NS) : 0;
    bool never_ended = item->kind == TIMELINE_SPAN && (item->flags & TIMELINE_OPEN);
    chunk->starts[at] = start_ns;
    chunk->durations[at] = never_ended ? NEVER_ENDED : payload_of(item, duration_ns);
    chunk->names[at] = item->name;
    chunk->tracks[at] = item->track;
    chunk->details[at] = detail;
    chunk->categories[at] = item->category < TIMELINE_CATEGORIES ? item->category : TIMELINE_CATEGORIES - 1;
    chunk->kinds[at] = (uint8_t)((item->flags & FLAGS_MASK) | (unsigned)item->kind << FLAG_BITS);
    builder->tracks[item->track].count++;
    builder->count++;
    note_times(builder, start_ns, start_ns + duration_ns);
}

struct chunk **builder_chunks(const struct timeline_builder *builder)
{
    struct chunk **chunks = malloc((builder->count / CHUNK_ITEMS + 1) * sizeof *chunks);
    if (chunks)
        for (struct chunk *chunk = builder->first, **to = chunks; chunk; chunk = chunk->next)
            *to++ = chunk;
    return chunks;
}

void builder_end_span(struct timeline_builder *builder, struct chunk *chunk, uint32_t at, int64_t end_ns, bool open)
{
    int64_t duration_ns = clamp(end_ns - chunk->starts[at], 0, TIMELINE_TIME_MAX_NS);
    chunk->durations[at] = duration_ns;
    chunk->kinds[at] = (uint8_t)(open ? chunk->kinds[at] | TIMELINE_OPEN : chunk->kinds[at] & ~TIMELINE_OPEN);
    note_times(builder, chunk->starts[at], chunk->starts[at] + duration_ns);
}

bool builder_set_around(struct timeline_builder *builder, uint32_t event, uint32_t around)
{
    uint32_t known = builder->around_count;
    if (event >= known) {
        uint32_t *larger = realloc(builder->around, ((size_t)builder->count + 1) * sizeof *larger);
        if (!larger)
            return false;
        memset(larger + known, 0xff, ((size_t)builder->count - known) * sizeof *larger);
        builder->around = larger;
        builder->around_count = builder->count;
    }
    builder->around[event] = around;
    return true;
}

struct event_texts builder_texts(const struct timeline_builder *builder, const struct chunk *chunk, uint32_t at)
{
    return texts_at(&builder->detail_text, chunk->details[at]);
}

void builder_set_texts(struct timeline_builder *builder, struct chunk *chunk, uint32_t at,
                       const struct timeline_item *texts)
{
    chunk->details[at] = add_detail(builder, texts);
}

void builder_rename(struct timeline_builder *builder, uint32_t name, const char *text, size_t bytes)
{
    uint32_t start = text_add(&builder->names.text, text, bytes);
    builder->failed |= start == UINT32_MAX;
    if (start != UINT32_MAX)
        builder->names.starts[name] = start;
}

void timeline_builder_add_loss(struct timeline_builder *builder, const struct timeline_loss *loss)
{
    struct loss_entry *losses = array_grow(builder->losses, builder->loss_count, &builder->loss_room, sizeof *losses);
    if (!losses) {
        builder->failed = true;
        return;
    }
    builder->losses = losses;
    losses[builder->loss_count++] = (struct loss_entry){
        .start_ns = time_bounded(loss->start_ns),
        .end_ns = time_bounded(loss->end_ns),
        .count = loss->count,
        .reason = builder_add_label(builder, loss->reason, strlen(loss->reason)),
    };
}

void timeline_builder_add_flow(struct timeline_builder *builder, const struct timeline_flow_end *end)
{
    struct timeline_flow_end *ends =
        array_grow(builder->flow_ends, builder->flow_end_count, &builder->flow_end_room, sizeof *ends);
    if (!ends || end->track >= builder->track_count) {
        builder->failed |= !ends;
        return;
    }
    builder->flow_ends = ends;
    struct timeline_flow_end *added = &ends[builder->flow_end_count++];
    *added = *end;
    added->time_ns = time_bounded(end->time_ns);
    added->events = builder->count;
}

void timeline_builder_add_note(struct timeline_builder *builder, const struct timeline_note *note)
{
    builder->failed |= !notes_add(&builder->notes, note);
}

void timeline_builder_resolution(struct timeline_builder *builder, uint64_t ns)
{
    builder->resolution_ns = ns ? ns : 1;
}

void timeline_builder_flows_alone(struct timeline_builder *builder)
{
    builder->flows_alone = true;
}

void timeline_builder_newest_first(struct timeline_builder *builder)
{
    builder->newest_first = true;
}
