/* Follows a live image: what is new since the last time. */
#include <stdlib.h>

#include "snapshot.h"

struct tracer_cursor {
    uint32_t lanes;
    bool begun; /* else the first read takes what a snapshot would */
    struct tracer_query query;
    uint64_t next[]; /* by lane: the first position not read yet */
};

enum tracer_error tracer_cursor_create(struct tracer_cursor **result, struct tracer_reader *reader)
{
    if (!result || !reader)
        return TRACER_ERROR_ARGUMENT;
    struct tracer_cursor *cursor = calloc(1, sizeof *cursor + reader->lanes * sizeof cursor->next[0]);
    if (!cursor)
        return TRACER_ERROR_MEMORY;
    cursor->lanes = reader->lanes;
    *result = cursor;
    return TRACER_OK;
}

void tracer_cursor_destroy(struct tracer_cursor *cursor)
{
    free(cursor);
}

void tracer_cursor_select(struct tracer_cursor *cursor, const struct tracer_query *query)
{
    static const struct tracer_query all;
    cursor->query = query ? *query : all;
}

/* Lanes that a walk does not visit have nothing new; what is in flight is left for the next time. */
static void advance(struct tracer_cursor *cursor, const struct walk *walk)
{
    for (uint32_t i = 0; i < walk->merge.lane_count; i++) {
        const struct lane *lane = &walk->merge.lanes[i].lane;
        cursor->next[lane->index] = lane->high;
    }
    cursor->begun = true;
    cursor->query.last = 0;
}

/* Positions that were there since the last time and could not be read any more. */
static uint64_t count_missed(const struct tracer_cursor *cursor, const struct walk *walk)
{
    uint64_t missed = merge_unreadable(&walk->merge);
    for (uint32_t i = 0; i < walk->merge.lane_count && cursor->begun; i++) {
        const struct lane *lane = &walk->merge.lanes[i].lane;
        missed += lane->low - lane->oldest;
    }
    return missed;
}

enum tracer_error tracer_read_since(struct tracer_snapshot **snapshot, struct tracer_reader *reader,
                                    struct tracer_cursor *cursor, uint64_t *missed)
{
    struct walk walk;
    if (!snapshot || !reader || !cursor || cursor->lanes != reader->lanes)
        return TRACER_ERROR_ARGUMENT;
    enum tracer_error error = walk_init(&walk, reader, cursor->next);
    if (!cursor->begun)
        walk.limit = reader->header.capacity_events;
    if (error == TRACER_OK)
        error = snapshot_take(snapshot, &walk, &cursor->query);
    if (error == TRACER_OK && missed)
        *missed = count_missed(cursor, &walk);
    if (error == TRACER_OK)
        advance(cursor, &walk);
    walk_free(&walk);
    return error;
}
