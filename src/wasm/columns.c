/* All events as columns of numbers, for JavaScript: one block of memory that it views as arrays. */
#include <stdlib.h>
#include <string.h>

#include "../read/walk.h"
#include "wasm.h"

/* Arrays of `room` entries, one after the other, the widest first. */
struct columns {
    uint64_t room;
    double *time_ns, *duration_ns, *value;
    uint32_t *name;
    uint16_t *track, *lane;
    uint8_t *category, *kind;
};

#define COLUMNS_BYTES (3 * sizeof(double) + sizeof(uint32_t) + 2 * sizeof(uint16_t) + 2)

static bool columns_allocate(struct columns *to, uint64_t room)
{
    if (room > SIZE_MAX / COLUMNS_BYTES - 1)
        return false;
    *to = (struct columns){ .room = room, .time_ns = malloc((size_t)(room + 1) * COLUMNS_BYTES) };
    to->duration_ns = to->time_ns + room;
    to->value = to->duration_ns + room;
    to->name = (uint32_t *)(void *)(to->value + room);
    to->track = (uint16_t *)(void *)(to->name + room);
    to->lane = to->track + room;
    to->category = (uint8_t *)(void *)(to->lane + room);
    to->kind = to->category + room;
    return to->time_ns != NULL;
}

static void put(struct columns *to, uint64_t i, const struct merge_lane *at)
{
    const uint64_t *record = merge_record(at);
    enum trace_kind kind = record_kind(record);
    to->time_ns[i] = (double)at->time_ns;
    to->duration_ns[i] = (double)at->duration_ns;
    to->value[i] = 0;
    if (kind == TRACE_KIND_SAMPLE)
        memcpy(&to->value[i], &record[1], sizeof to->value[i]);
    to->name[i] = record_name(record);
    to->track[i] = (uint16_t)record_track(record);
    to->lane[i] = (uint16_t)merge_lane_index(at);
    to->category[i] = (uint8_t)record_category(record);
    to->kind[i] = (uint8_t)kind;
}

/* Filled from the end, because the walk yields the newest first; returns how many are left free before them. */
static uint64_t fill(struct columns *to, struct walk *walk)
{
    const struct merge_lane *at;
    uint64_t first = to->room;
    while (first > 0 && (at = walk_next(walk)))
        put(to, --first, at);
    return first;
}

/* Returned numbers: room, and the first used entry. */
enum tracer_error tracer_wasm_columns(const struct tracer_reader *reader, struct exchange *exchange)
{
    struct walk walk;
    struct columns to;
    enum tracer_error error = walk_init(&walk, reader, NULL);
    if (error == TRACER_OK && !columns_allocate(&to, walk_at_most(&walk)))
        error = TRACER_ERROR_MEMORY;
    if (error == TRACER_OK) {
        exchange->numbers[0] = (double)to.room;
        exchange->numbers[1] = (double)fill(&to, &walk);
        exchange->result = to.time_ns;
        error = walk.merge.error;
        if (error != TRACER_OK)
            free(to.time_ns);
    }
    walk_free(&walk);
    return exchange_fail(exchange, error);
}
