/* Holds segments, and loads them anew whenever a timeline is asked for, the newest first as the events of a file. */
#include "live.h"

#include <stdlib.h>
#include <string.h>

#include "../base/array.h"
#include "../image/reader.h"
#include "../read/seal.h"

struct segment {
    void *bytes;
    struct tracer_reader *reader;
    uint64_t events;
    uint64_t missed_before;
};

struct timeline_live {
    struct segment *segments; /* the oldest first */
    uint32_t count, room;
    uint64_t hold_events, held_events;
    uint64_t evicted; /* before the first segment */
    uint64_t dropped; /* events of ours that were too many */
    uint64_t missed; /* before what is held */
};

struct timeline_live *timeline_live_create(uint64_t hold_events)
{
    struct timeline_live *live = calloc(1, sizeof *live);
    if (live)
        live->hold_events = hold_events;
    return live;
}

static void segment_free(struct segment *segment)
{
    tracer_reader_close(segment->reader);
    free(segment->bytes);
}

/* Lets the oldest so many segments go. */
static void forget(struct timeline_live *live, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        live->missed += live->segments[i].missed_before;
        segment_free(&live->segments[i]);
    }
    live->count -= count;
    if (live->count)
        memmove(live->segments, live->segments + count, live->count * sizeof *live->segments);
}

void timeline_live_destroy(struct timeline_live *live)
{
    if (!live)
        return;
    forget(live, live->count);
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
    const struct tracer_reader *newest = timeline_live_newest(live);
    return newest && header->cursor == newest->header.cursor && header->segment == newest->header.segment + 1;
}

/* What came before the first segment is told by its summary. */
static enum tracer_error begin_anew(struct timeline_live *live, struct tracer_reader *reader)
{
    struct trace_summary summary;
    enum tracer_error error = tracer_reader_summary(reader, &summary);
    if (error != TRACER_OK)
        return error;
    forget(live, live->count);
    live->held_events = live->dropped = live->missed = 0;
    live->evicted = sum(summary.losses.evicted);
    return TRACER_OK;
}

/* All that is too much, but for the newest segment, which has what is known of the program. */
static void drop_oldest(struct timeline_live *live)
{
    uint32_t whole = 0;
    while (live->held_events > live->hold_events) {
        struct segment *oldest = &live->segments[whole];
        uint64_t most = live->held_events - live->hold_events;
        uint64_t count = oldest->events < most ? oldest->events : most;
        oldest->events -= count;
        live->held_events -= count;
        live->dropped += count;
        whole += oldest->events == 0 && whole + 1 < live->count;
    }
    forget(live, whole);
}

/* The statistics of a segment stand in the next one, too, and may be many times as large as its events. Without memory
 * they stay. */
static void shed_statistics(struct segment *segment)
{
    struct tracer_snapshot *snapshot;
    struct tracer_reader *reader = NULL;
    uint64_t size_bytes;
    if (segment->reader->histograms == 0 || tracer_snapshot_create(&snapshot, segment->reader, NULL) != TRACER_OK)
        return;
    counters_free(&snapshot->operations);
    void *bytes = seal_to_memory(snapshot, &size_bytes);
    tracer_snapshot_destroy(snapshot);
    if (!bytes || tracer_reader_open_memory(&reader, bytes, (size_t)size_bytes, NULL) != TRACER_OK) {
        free(bytes);
        return;
    }
    segment_free(segment);
    segment->bytes = bytes;
    segment->reader = reader;
}

static enum tracer_error add(struct timeline_live *live, struct segment segment, struct tracer_message *message)
{
    const struct image_header *header = &segment.reader->header;
    enum tracer_error error = TRACER_OK;
    struct segment *segments = array_grow(live->segments, live->count, &live->room, sizeof *segments);
    if (!segments)
        return reader_fail(message, TRACER_ERROR_MEMORY, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    live->segments = segments;
    if (!segment.reader->sealed)
        return reader_fail(message, TRACER_ERROR_ARGUMENT, "an image that is not sealed cannot be followed");
    if (begins_anew(header))
        error = begin_anew(live, segment.reader);
    else if (!is_next(live, header))
        return reader_fail(message, TRACER_ERROR_ARGUMENT, "segment %llu of cursor %llx does not follow what is held",
                           (unsigned long long)header->segment, (unsigned long long)header->cursor);
    if (error != TRACER_OK)
        return reader_fail(message, error, "%s", tracer_error_text(error));
    if (live->count)
        shed_statistics(&live->segments[live->count - 1]);
    live->segments[live->count++] = segment;
    live->held_events += segment.events;
    drop_oldest(live);
    return TRACER_OK;
}

enum tracer_error timeline_live_add(struct timeline_live *live, void *bytes, size_t size_bytes,
                                    struct tracer_message *message)
{
    struct segment segment = { .bytes = bytes };
    enum tracer_error error = tracer_reader_open_memory(&segment.reader, bytes, size_bytes, message);
    if (error != TRACER_OK) {
        free(bytes);
        return error;
    }
    segment.events = segment.reader->records;
    segment.missed_before = segment.reader->header.cursor ? segment.reader->header.missed_before : 0;
    error = add(live, segment, message);
    if (error != TRACER_OK)
        segment_free(&segment);
    return error;
}

/* ------------------------------------------------------------------ building */

static void add_loss(struct timeline_builder *builder, int64_t start_ns, int64_t end_ns, uint64_t count,
                     const char *reason)
{
    if (count)
        timeline_builder_add_loss(builder, &(struct timeline_loss){ start_ns, end_ns, count, reason });
}

/* The newest segment first. What was missed before a segment ended between the segment before and its own oldest. */
static enum tracer_error load_all(struct timeline_builder *builder, const struct timeline_live *live,
                                  const struct timeline_progress *progress)
{
    int64_t after_ns = INT64_MAX; /* the end of the oldest event of all newer segments */
    uint64_t missed = 0, loaded_events = 0;
    for (uint32_t i = live->count; i-- > 0;) {
        const struct segment *segment = &live->segments[i];
        struct timeline_loaded loaded;
        if (progress && !progress->report(progress->context, (double)loaded_events, (double)live->held_events))
            return TRACER_ERROR_CANCELLED;
        enum tracer_error error = timeline_load_events(builder, segment->reader, segment->events, &loaded);
        if (error != TRACER_OK)
            return error;
        if (loaded.events) {
            add_loss(builder, loaded.newest_end_ns, after_ns, missed, "missed");
            after_ns = loaded.oldest_end_ns;
            missed = 0;
        }
        missed += segment->missed_before;
        loaded_events += loaded.events;
    }
    add_loss(builder, INT64_MIN, INT64_MIN, live->missed + missed, "missed");
    return live->count ? timeline_load_rest(builder, live->segments[live->count - 1].reader) : TRACER_OK;
}

enum tracer_error timeline_live_build(struct timeline **result, struct timeline_live *live,
                                      const struct timeline_progress *progress)
{
    struct timeline_builder *builder = timeline_builder_create();
    if (!builder)
        return TRACER_ERROR_MEMORY;
    add_loss(builder, INT64_MIN, INT64_MIN, live->evicted, "evicted");
    add_loss(builder, INT64_MIN, INT64_MIN, live->dropped, "dropped by the page");
    enum tracer_error error = load_all(builder, live, progress);
    if (error == TRACER_OK)
        error = timeline_build(result, builder, progress);
    timeline_builder_destroy(builder);
    return error;
}

/* ------------------------------------------------------------------- summary */

struct tracer_reader *timeline_live_newest(const struct timeline_live *live)
{
    return live->count ? live->segments[live->count - 1].reader : NULL;
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
    summary->event_count = live->held_events;
    return TRACER_OK;
}

uint64_t timeline_live_bytes(const struct timeline_live *live)
{
    uint64_t bytes = 0;
    for (uint32_t i = 0; i < live->count; i++)
        bytes += live->segments[i].reader->header.size_bytes;
    return bytes;
}
