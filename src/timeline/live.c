/* Follows segments, and reports what was missed between them. */
#include "live.h"

#include <stdlib.h>
#include <string.h>

#include "../base/array.h"
#include "../image/reader.h"
#include "../read/seal.h"
#include "live_store.h"

/* A segment of which events are held. */
struct segment {
    uint64_t events; /* held */
    uint64_t missed_before;
    int64_t newest_end_ns, oldest_end_ns;
};

struct timeline_live {
    struct live_store *store;
    struct segment *segments; /* the oldest first */
    uint32_t count, room;
    void *bytes; /* of the newest segment */
    struct tracer_reader *newest;
    uint64_t hold_events;
    uint64_t evicted; /* before the first segment */
    uint64_t dropped; /* by us, because there were too many */
    uint64_t missed; /* before the held events */
    uint64_t missed_since; /* after all held events */
    bool failed; /* not even enough memory to be empty */
};

struct timeline_live *timeline_live_create(uint64_t hold_events)
{
    struct timeline_live *live = calloc(1, sizeof *live);
    if (live)
        live->store = live_store_create();
    if (live && !live->store) {
        free(live);
        return NULL;
    }
    if (live)
        live->hold_events = hold_events;
    return live;
}

static void forget_newest(struct timeline_live *live)
{
    tracer_reader_close(live->newest);
    free(live->bytes);
    live->newest = NULL;
    live->bytes = NULL;
}

void timeline_live_destroy(struct timeline_live *live)
{
    if (!live)
        return;
    forget_newest(live);
    live_store_destroy(live->store);
    free(live->segments);
    free(live);
}

/* -------------------------------------------------------------------- adding */

static uint64_t sum(const uint64_t counts[TRACE_CATEGORY_COUNT])
{
    uint64_t total = 0;
    for (unsigned i = 0; i < TRACE_CATEGORY_COUNT; i++)
        total += counts[i];
    return total;
}

static bool begins_anew(const struct image_header *header)
{
    return header->cursor == 0 || header->segment == 0;
}

static bool is_next(const struct timeline_live *live, const struct image_header *header)
{
    return live->newest && header->cursor == live->newest->header.cursor &&
           header->segment == live->newest->header.segment + 1;
}

/* Drops everything held. False without memory, and nothing has changed. */
static bool forget_all(struct timeline_live *live)
{
    struct live_store *store = live_store_create();
    if (!store)
        return false;
    live_store_destroy(live->store);
    forget_newest(live);
    live->store = store;
    live->count = 0;
    live->evicted = live->dropped = live->missed = live->missed_since = 0;
    return true;
}

/* The summary of the first segment tells what came before it. */
static enum tracer_error begin_anew(struct timeline_live *live, struct tracer_reader *reader)
{
    struct trace_summary summary;
    enum tracer_error error = tracer_reader_summary(reader, &summary);
    if (error == TRACER_OK && !forget_all(live))
        error = TRACER_ERROR_MEMORY;
    if (error == TRACER_OK)
        live->evicted = sum(summary.losses.evicted);
    return error;
}

/* Drops events beyond the limit. */
static void drop_oldest(struct timeline_live *live)
{
    if (live->store->count <= live->hold_events)
        return;
    uint64_t most = live->store->count - live->hold_events, left = most;
    uint32_t whole = 0;
    for (; whole < live->count && live->segments[whole].events <= left; whole++) {
        left -= live->segments[whole].events;
        live->missed += live->segments[whole].missed_before;
    }
    live->count -= whole;
    if (live->count) {
        memmove(live->segments, live->segments + whole, live->count * sizeof *live->segments);
        live->segments[0].events -= left;
    }
    live_store_drop(live->store, (uint32_t)most);
    live_store_compact(live->store);
    live->dropped += most;
}

/* Events missed before a segment without events count as missed before the next segment that has some. */
static enum tracer_error add_segment(struct timeline_live *live, struct tracer_reader *reader)
{
    struct timeline_loaded loaded = { 0 };
    struct segment *segments = array_grow(live->segments, live->count, &live->room, sizeof *segments);
    if (!segments)
        return TRACER_ERROR_MEMORY;
    live->segments = segments;
    enum tracer_error error = live_store_add(live->store, reader, &loaded);
    if (error != TRACER_OK)
        return error;
    live->missed_since += reader->header.cursor ? reader->header.missed_before : 0;
    if (loaded.events) {
        segments[live->count++] =
            (struct segment){ loaded.events, live->missed_since, loaded.newest_end_ns, loaded.oldest_end_ns };
        live->missed_since = 0;
    }
    drop_oldest(live);
    return TRACER_OK;
}

/* Takes ownership of the reader and its bytes, unless this fails. */
static enum tracer_error add(struct timeline_live *live, struct tracer_reader *reader, void *bytes,
                             struct tracer_message *message)
{
    const struct image_header *header = &reader->header;
    enum tracer_error error = TRACER_OK;
    if (!reader->sealed)
        return reader_fail(message, TRACER_ERROR_ARGUMENT, "an image that is not sealed cannot be followed");
    if (begins_anew(header))
        error = begin_anew(live, reader);
    else if (!is_next(live, header))
        return reader_fail(message, TRACER_ERROR_ARGUMENT, "segment %llu of cursor %llx does not follow what is held",
                           (unsigned long long)header->segment, (unsigned long long)header->cursor);
    if (error == TRACER_OK) {
        error = add_segment(live, reader);
        if (error != TRACER_OK)
            live->failed = !forget_all(live);
    }
    if (error != TRACER_OK)
        return reader_fail(message, error, "%s", tracer_error_text(error));
    forget_newest(live);
    live->newest = reader;
    live->bytes = bytes;
    return TRACER_OK;
}

enum tracer_error timeline_live_add(struct timeline_live *live, void *bytes, size_t size_bytes,
                                    struct tracer_message *message)
{
    struct tracer_reader *reader = NULL;
    enum tracer_error error = tracer_reader_open_memory(&reader, bytes, size_bytes, message);
    if (error == TRACER_OK)
        error = add(live, reader, bytes, message);
    if (error != TRACER_OK) {
        tracer_reader_close(reader);
        free(bytes);
    }
    return error;
}

/* ------------------------------------------------------------------ building */

static void add_loss(struct timeline_builder *builder, int64_t start_ns, int64_t end_ns, uint64_t count,
                     const char *reason)
{
    if (count)
        timeline_builder_add_loss(builder, &(struct timeline_loss){ start_ns, end_ns, count, reason });
}

/* Events missed before a segment ended between the previous segment and this one's oldest event. */
static void add_losses(const struct timeline_live *live, struct timeline_builder *builder)
{
    add_loss(builder, INT64_MIN, INT64_MIN, live->evicted, "evicted");
    add_loss(builder, INT64_MIN, live_store_oldest_ns(live->store), live->dropped, "dropped by the page");
    if (live->count)
        add_loss(builder, live->segments[live->count - 1].newest_end_ns, INT64_MAX, live->missed_since, "missed");
    for (uint32_t i = live->count; i-- > 1;)
        add_loss(builder, live->segments[i - 1].newest_end_ns, live->segments[i].oldest_end_ns,
                 live->segments[i].missed_before, "missed");
    const uint64_t first = live->count ? live->segments[0].missed_before : live->missed_since;
    add_loss(builder, INT64_MIN, INT64_MIN, live->missed + first, "missed");
}

/* If no table names the program, its name is in the header. */
static void name_program(const struct timeline_live *live, struct timeline_builder *builder)
{
    const struct image_header *header = live->newest ? &live->newest->header : NULL;
    const int64_t pid = header ? (int64_t)(uint32_t)header->pid : 0;
    const uint32_t process = header ? builder_find_process(builder, pid) : UINT32_MAX;
    if (process != UINT32_MAX && header->program[0] && !builder->processes[process].name)
        timeline_builder_name_process(builder, pid, header->program, strlen(header->program));
}

enum tracer_error timeline_live_build(struct timeline **result, struct timeline_live *live,
                                      const struct timeline_progress *progress)
{
    struct timeline_builder *builder = live->failed ? NULL : live_store_tables(live->store);
    *result = NULL;
    if (!builder)
        return TRACER_ERROR_MEMORY;
    add_losses(live, builder);
    name_program(live, builder);
    enum tracer_error error = live_store_build(result, live->store, builder, progress);
    timeline_builder_destroy(builder);
    return error;
}

uint32_t timeline_live_laid_out(const struct timeline_live *live)
{
    return live->store->laid_out;
}

/* ------------------------------------------------------------------- summary */

struct tracer_reader *timeline_live_newest(const struct timeline_live *live)
{
    return live->newest;
}

enum tracer_error timeline_live_summary(struct timeline_live *live, struct trace_summary *summary)
{
    struct tracer_reader *newest = timeline_live_newest(live);
    enum tracer_error error = newest ? tracer_reader_summary(newest, summary) : TRACER_ERROR_ARGUMENT;
    if (error != TRACER_OK)
        return error;
    struct trace_losses *losses = &summary->losses;
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        losses->held[c] += losses->left_out[c];
        losses->left_out[c] = 0;
    }
    summary->event_count = live->store->count;
    return TRACER_OK;
}

uint64_t timeline_live_bytes(const struct timeline_live *live)
{
    return (live->newest ? live->newest->header.size_bytes : 0) + live_store_bytes(live->store);
}
