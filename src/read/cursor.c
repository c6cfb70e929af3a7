/* Follows a live image: yields the events since the last read. */
#include "cursor.h"

#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"

struct tracer_cursor {
    uint32_t lanes;
    bool begun; /* the first read yields what a snapshot would */
    struct tracer_query query;
    uint64_t id;
    uint64_t segment; /* number of the next one */
    uint64_t cleared; /* cursor_cleared() */
    uint64_t state; /* hash of the counts and open spans of the last read */
    uint64_t saves_failed; /* of the program's triggers, up to the last read */
    uint32_t events_epoch; /* of the counts in yielded */
    uint64_t yielded[TRACE_CATEGORY_COUNT]; /* events visited by earlier reads */
    uint64_t *tracks; /* hashes of the tracks at the last read */
    uint32_t track_count;
    uint64_t *processes; /* the same of processes, by index */
    uint32_t process_count;
    uint64_t *texts; /* by lane: the detail head at the last read */
    uint64_t next[]; /* by lane: the first position not read yet; then the texts */
};

enum tracer_error tracer_cursor_create(struct tracer_cursor **result, struct tracer_reader *reader)
{
    if (!result)
        return TRACER_ERROR_ARGUMENT;
    *result = NULL;
    if (!reader)
        return TRACER_ERROR_ARGUMENT;
    struct tracer_cursor *cursor = calloc(1, sizeof *cursor + 2 * sizeof cursor->next[0] * reader->lanes);
    if (!cursor)
        return TRACER_ERROR_MEMORY;
    cursor->texts = cursor->next + reader->lanes;
    cursor->lanes = reader->lanes;
    cursor->id = platform_random();
    *result = cursor;
    return TRACER_OK;
}

void tracer_cursor_destroy(struct tracer_cursor *cursor)
{
    if (cursor)
        free(cursor->tracks), free(cursor->processes);
    free(cursor);
}

void tracer_cursor_select(struct tracer_cursor *cursor, const struct tracer_query *query)
{
    static const struct tracer_query all;
    if (cursor)
        cursor->query = query ? *query : all;
}

uint64_t cursor_cleared(const struct tracer_cursor *cursor)
{
    return cursor->cleared;
}

/* The owner of a lane of an earlier epoch clears it at its next event; the cursor counts it as cleared now. */
static void pass_over_cleared(struct tracer_cursor *cursor, const struct tracer_reader *reader,
                              const struct live_copy *copy)
{
    for (uint32_t i = 0; i < reader->lanes && !reader->sealed; i++) {
        const struct image_lane *lane = &copy->lanes[i];
        uint64_t first = lane->events_epoch == copy->events_epoch ? lane->first : lane->head;
        if (first <= cursor->next[i])
            continue;
        cursor->cleared += cursor->begun ? first - cursor->next[i] : 0;
        cursor->next[i] = first;
    }
}

/* Lanes that a walk does not visit have no new events; events in flight are left for the next read. */
static void advance(struct tracer_cursor *cursor, const struct walk *walk)
{
    for (uint32_t i = 0; i < walk->merge.lane_count; i++) {
        const struct lane *lane = &walk->merge.lanes[i].lane;
        cursor->next[lane->index] = lane->high;
        cursor->texts[lane->index] = walk->copy.lanes[lane->index].detail_head;
    }
    cursor->begun = true;
    cursor->query.last = 0;
}

/* Positions that are new since the last read but had been overwritten by now. */
static uint64_t count_missed(const struct tracer_cursor *cursor, const struct walk *walk)
{
    uint64_t missed = merge_unreadable(&walk->merge);
    for (uint32_t i = 0; i < walk->merge.lane_count && cursor->begun; i++) {
        const struct lane *lane = &walk->merge.lanes[i].lane;
        missed += lane->low - lane->oldest;
    }
    return missed;
}

static double share_of_ring(uint64_t head, uint64_t read, uint64_t size)
{
    double share = head > read && size ? (double)(head - read) / (double)size : 0;
    return share < 1 ? share : 1;
}

enum tracer_error cursor_fill(const struct tracer_cursor *cursor, const struct tracer_reader *reader, double *fill)
{
    struct live_copy copy;
    *fill = 0;
    enum tracer_error error = live_copy_take(&copy, reader);
    if (error != TRACER_OK)
        return error;
    for (uint32_t i = 0; i < reader->lanes && !reader->sealed; i++) {
        const struct image_lane *lane = &copy.lanes[i];
        uint64_t read = cursor->next[i] > lane->first ? cursor->next[i] : lane->first;
        double records = share_of_ring(lane->head, read, reader->slots);
        double texts = share_of_ring(lane->detail_head, cursor->texts[i], reader->header.detail_ring_bytes);
        if (lane->events_epoch == copy.events_epoch)
            *fill = records > *fill ? records : *fill, *fill = texts > *fill ? texts : *fill;
    }
    live_copy_free(&copy);
    return TRACER_OK;
}

/* ------------------------------------------------------------------ segments */

/* Events that earlier reads yielded do not count as evicted, wherever they are by now. */
static void count_yielded(struct tracer_cursor *cursor, struct tracer_snapshot *snapshot)
{
    struct trace_losses *losses = &snapshot->summary.losses;
    uint32_t epoch = control_events_epoch(snapshot->header.control);
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        uint64_t others = losses->recorded[c] - losses->held[c];
        uint64_t yielded = cursor->events_epoch == epoch ? cursor->yielded[c] : 0;
        losses->left_out[c] = yielded < others ? yielded : others;
        losses->evicted[c] = others - losses->left_out[c];
        cursor->yielded[c] = yielded + losses->held[c];
    }
    cursor->events_epoch = epoch;
}

static uint64_t hash_of_open(const struct tracer_snapshot *snapshot, uint64_t hash)
{
    for (size_t i = 0; i < snapshot->open_count; i++) {
        const struct image_open *open = &snapshot->open_spans[i];
        hash = hash_mix(hash_mix(hash_mix(hash, open->start_ns), open->packed), open->lane_depth);
    }
    return hash;
}

/* A hash of everything that can change without a new event. Counts that only change together with an event are left
 * out. */
static uint64_t hash_of_state(const struct tracer_snapshot *snapshot)
{
    const struct trace_summary *summary = &snapshot->summary;
    const uint64_t words[] = {
        snapshot->header.control,  snapshot->header.state,        summary->syscall_count,   summary->syscall_errors,
        summary->tick_count,       summary->tasks_spawned,        summary->tasks_completed, summary->processes_spawned,
        summary->processes_exited, summary->signals_delivered,    summary->timers_fired,    summary->bytes_read,
        summary->bytes_written,    snapshot->header.saves_failed,
    };
    uint64_t hash = hash_bytes((const char *)words, sizeof words);
    hash = hash_mix(hash, hash_bytes((const char *)summary->losses.attempted, sizeof summary->losses.attempted));
    return hash_of_open(snapshot, hash);
}

static uint64_t hash_of_track(const struct tracer_snapshot *snapshot, uint32_t id)
{
    const struct image_track *track = track_of(&snapshot->tracks, id);
    const char *name = track ? text_of(&snapshot->names, track_name_id(track)) : NULL;
    return hash_mix(track ? track->pid_tid : 0, name ? hash_bytes(name, strlen(name)) : 0);
}

static uint64_t hash_of_process(const struct tracer_snapshot *snapshot, uint32_t index)
{
    const struct image_process *process = &snapshot->processes.entries[index];
    const char *name = text_of(&snapshot->names, process_name_id(process));
    uint64_t hash = hash_mix(hash_mix(process->pid_parent, process->start_ns), process->end_ns);
    return hash_mix(hash_mix(hash, process->exit), name ? hash_bytes(name, strlen(name)) : 0);
}

/* Finds the entries of a table that are new or have changed since the last read, by their hashes. */
static enum tracer_error find_changed(struct tracer_snapshot *snapshot, uint32_t count, uint64_t **known,
                                      uint32_t *known_count, uint8_t **changed,
                                      uint64_t (*hash_of)(const struct tracer_snapshot *snapshot, uint32_t index))
{
    uint64_t *hashes = realloc(*known, ((size_t)count + 1) * sizeof *hashes);
    *known = hashes ? hashes : *known;
    *changed = calloc((size_t)count + 1, sizeof **changed);
    if (!hashes || !*changed)
        return TRACER_ERROR_MEMORY;
    for (uint32_t i = 0; i < count; i++) {
        uint64_t hash = hash_of(snapshot, i);
        (*changed)[i] = i >= *known_count || hash != hashes[i];
        snapshot->has_news |= (*changed)[i];
        hashes[i] = hash;
    }
    *known_count = count;
    return TRACER_OK;
}

/* Changed entries go into the segment whether or not it has events of theirs. */
static enum tracer_error find_all_changed(struct tracer_cursor *cursor, struct tracer_snapshot *snapshot)
{
    enum tracer_error error = find_changed(snapshot, snapshot->tracks.count, &cursor->tracks, &cursor->track_count,
                                           &snapshot->changed_tracks, hash_of_track);
    if (error == TRACER_OK)
        error = find_changed(snapshot, snapshot->processes.count, &cursor->processes, &cursor->process_count,
                             &snapshot->changed_processes, hash_of_process);
    return error;
}

static void number_segment(struct tracer_cursor *cursor, struct tracer_snapshot *snapshot, uint64_t missed)
{
    uint64_t state = hash_of_state(snapshot);
    snapshot->has_news |= tracer_snapshot_count(snapshot) > 0 || missed > 0 || !cursor->begun || state != cursor->state;
    snapshot->header.cursor = cursor->id;
    snapshot->header.segment = cursor->segment;
    snapshot->header.missed_before = missed;
    cursor->state = state;
    cursor->saves_failed = snapshot->header.saves_failed;
    cursor->segment += snapshot->has_news;
}

enum tracer_error tracer_read_since(struct tracer_snapshot **snapshot, struct tracer_reader *reader,
                                    struct tracer_cursor *cursor, uint64_t *missed)
{
    struct walk walk;
    struct tracer_snapshot *taken = NULL;
    if (!snapshot)
        return TRACER_ERROR_ARGUMENT;
    *snapshot = NULL;
    if (!reader || !cursor || cursor->lanes != reader->lanes)
        return TRACER_ERROR_ARGUMENT;
    enum tracer_error error = walk_init(&walk, reader, cursor->next);
    if (!cursor->begun)
        walk.limit = reader->header.capacity_events;
    if (error == TRACER_OK)
        error = snapshot_take(&taken, &walk, &cursor->query);
    if (error == TRACER_OK)
        error = find_all_changed(cursor, taken);
    if (error == TRACER_OK)
        error = notes_add_failed_saves(taken, cursor->saves_failed);
    if (error == TRACER_OK) {
        uint64_t unread = count_missed(cursor, &walk);
        pass_over_cleared(cursor, reader, &walk.copy);
        count_yielded(cursor, taken);
        number_segment(cursor, taken, unread);
        advance(cursor, &walk);
        *snapshot = taken;
        if (missed)
            *missed = unread;
    } else {
        tracer_snapshot_destroy(taken);
    }
    walk_free(&walk);
    return error;
}
