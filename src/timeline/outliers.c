/* Finds the bulk of a trace's events, and moves those that are far from it. */
#include "outliers.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "../base/radix_sort.h"

#define DAY_NS OUTLIER_SILENCE_NS
#define HOUR_NS (INT64_C(3600) * 1000000000)
#define MINUTE_NS (INT64_C(60) * 1000000000)
#define TIMES_AS_LONG 1000 /* times the bulk's length: a shorter silence is part of the trace */
#define TIMES_AS_LONG_FROM_ZERO 100 /* the same after events at time 0, which may mean that nobody set it */

/* Events between two silences of a day or more. */
struct cluster {
    int64_t start_ns, end_ns;
    uint32_t count;
};

struct search {
    struct cluster bulk, now;
    bool apart; /* there are events outside the bulk */
};

static int64_t end_of(const struct chunk *chunk, uint32_t at)
{
    bool lasts = chunk->kinds[at] >> FLAG_BITS == TIMELINE_SPAN && chunk->durations[at] > 0;
    return chunk->starts[at] + (lasts ? chunk->durations[at] : 0);
}

void outliers_count_from(struct timeline_builder *builder, int64_t later_ns)
{
    builder->least_start_ns = INT64_MAX;
    builder->greatest_end_ns = INT64_MIN;
    for (struct chunk *chunk = builder->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->count; i++) {
            int64_t *start_ns = &chunk->starts[i];
            *start_ns = time_bounded(time_bounded(*start_ns) - time_bounded(later_ns));
            builder->least_start_ns = *start_ns < builder->least_start_ns ? *start_ns : builder->least_start_ns;
            const int64_t end_ns = end_of(chunk, i);
            builder->greatest_end_ns = end_ns > builder->greatest_end_ns ? end_ns : builder->greatest_end_ns;
        }
}

static void say(struct timeline_builder *builder, const char *text, uint64_t count)
{
    const struct timeline_note note = { .text = text, .count = count, .byte = TIMELINE_NO_BYTE };
    if (count)
        timeline_builder_add_note(builder, &note);
}

/* ---------------------------------------------------------- beyond the limits */

static bool is_endless(const struct chunk *chunk, uint32_t at)
{
    return chunk->kinds[at] >> FLAG_BITS == TIMELINE_SPAN && chunk->durations[at] >= TIMELINE_TIME_MAX_NS;
}

/* A span that is longer than can be drawn would make all others too short to be seen: the trace ends with the
 * others. */
static void cut_endless(struct timeline_builder *builder)
{
    uint32_t count = 0;
    for (const struct chunk *chunk = builder->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->count; i++)
            count += is_endless(chunk, i);
    say(builder, "A span lasts more than 52 days: it is drawn to the end of the trace", count);
    if (count == 0 || count == builder->count)
        return;
    for (struct chunk *chunk = builder->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->count; i++)
            if (is_endless(chunk, i)) {
                chunk->durations[i] = NEVER_ENDED;
                chunk->kinds[i] |= TIMELINE_OPEN;
            }
    outliers_count_from(builder, 0);
}

/* Those that are not set apart, because no silence divides them from the rest. */
static void report_clamped(struct timeline_builder *builder)
{
    uint32_t count = 0;
    for (const struct chunk *chunk = builder->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->count; i++)
            count += chunk->starts[i] - builder->least_start_ns > TIMELINE_TIME_MAX_NS;
    say(builder, "An event is more than 52 days after the first one: it is drawn as if it were 52", count);
}

/* --------------------------------------------------------------- the bulk */

static void finish_cluster(struct search *search)
{
    search->apart = search->apart || search->bulk.count;
    if (search->now.count >= search->bulk.count)
        search->bulk = search->now;
}

static void take_event(struct search *search, int64_t start_ns, int64_t end_ns)
{
    struct cluster *now = &search->now;
    if (now->count && start_ns - now->end_ns >= DAY_NS) {
        finish_cluster(search);
        now->count = 0;
    }
    if (now->count == 0)
        *now = (struct cluster){ .start_ns = start_ns, .end_ns = end_ns };
    now->end_ns = end_ns > now->end_ns ? end_ns : now->end_ns;
    now->count++;
}

static void sort_starts(const struct timeline_builder *builder, struct radix_arrays *keys)
{
    uint64_t bits = 0;
    uint32_t count = 0;
    for (const struct chunk *chunk = builder->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->count; i++) {
            keys->key[count] = (uint64_t)(chunk->starts[i] - builder->least_start_ns);
            keys->index[count] = count;
            bits |= keys->key[count++];
        }
    radix_sort(keys, count, bits);
}

static bool find_bulk(const struct timeline_builder *builder, struct chunk **chunks, struct search *search)
{
    const size_t count = builder->count;
    uint64_t *keys = count <= SIZE_MAX / 24 ? malloc(2 * count * sizeof *keys) : NULL;
    uint32_t *indices = count <= SIZE_MAX / 24 ? malloc(2 * count * sizeof *indices) : NULL;
    bool ok = keys && indices;
    if (ok) {
        struct radix_arrays arrays = { keys, keys + count, indices, indices + count };
        sort_starts(builder, &arrays);
        for (size_t i = 0; i < count; i++) {
            const struct chunk *chunk = chunks[arrays.index[i] / CHUNK_ITEMS];
            uint32_t at = arrays.index[i] % CHUNK_ITEMS;
            take_event(search, chunk->starts[at], end_of(chunk, at));
        }
        finish_cluster(search);
    }
    free(keys);
    free(indices);
    return ok;
}

/* In a trace that fits the limits, only silences that dwarf the bulk set events apart. */
static bool dwarfs(const struct timeline_builder *builder, const struct cluster *bulk)
{
    int64_t length_ns = bulk->end_ns - bulk->start_ns;
    int64_t before_ns = bulk->start_ns - builder->least_start_ns, after_ns = builder->greatest_end_ns - bulk->end_ns;
    int64_t silence_ns = before_ns > after_ns ? before_ns : after_ns;
    if (builder->greatest_end_ns - builder->least_start_ns > TIMELINE_TIME_MAX_NS)
        return true;
    return bulk->count > builder->count - bulk->count && silence_ns / TIMES_AS_LONG >= length_ns;
}

/* Finds events at exactly time 0 that end long before all others, of which there must be more. */
static bool find_zeros(const struct timeline_builder *builder, struct search *search)
{
    struct cluster zeros = { 0 }, bulk = { .start_ns = INT64_MAX };
    if (!builder->zero_may_be_unset || builder->least_start_ns != 0)
        return false;
    for (const struct chunk *chunk = builder->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->count; i++) {
            const int64_t start_ns = chunk->starts[i], end_ns = end_of(chunk, i);
            if (start_ns == 0 && chunk->kinds[i] >> FLAG_BITS == TIMELINE_SPAN && chunk->durations[i] < 0)
                return false; /* it never ended, so nothing is far from it */
            struct cluster *cluster = start_ns ? &bulk : &zeros;
            cluster->count++;
            cluster->end_ns = end_ns > cluster->end_ns ? end_ns : cluster->end_ns;
            bulk.start_ns = start_ns && start_ns < bulk.start_ns ? start_ns : bulk.start_ns;
        }
    const int64_t silence_ns = bulk.start_ns - zeros.end_ns;
    search->bulk = bulk;
    return bulk.count > zeros.count && silence_ns >= HOUR_NS &&
           silence_ns / TIMES_AS_LONG_FROM_ZERO >= bulk.end_ns - bulk.start_ns;
}

/* ---------------------------------------------------------------- moving them */

struct moving {
    struct timeline_builder *builder;
    struct cluster bulk;
    int64_t first_ns[2]; /* of the events before the bulk, and after it */
    uint32_t moved[2];
};

static bool side_of(const struct moving *moving, int64_t start_ns, int64_t end_ns, unsigned *after)
{
    *after = start_ns > moving->bulk.end_ns;
    return *after || end_ns < moving->bulk.start_ns;
}

/* The track for the outliers of a track: of the same name, in a process of its own. */
static uint32_t track_beside(struct moving *moving, uint32_t track, unsigned after)
{
    struct timeline_builder *builder = moving->builder;
    const struct track_entry *entry = &builder->tracks[track];
    const int64_t pid = TIMELINE_FAR_ID - (int64_t)entry->process * 2 - after;
    const uint32_t name = entry->name, counter = entry->counter, process = entry->process;
    uint32_t processes = builder->process_count, tracks = builder->track_count;
    uint32_t beside = timeline_builder_track(builder, pid, entry->tid, counter);
    if (beside == UINT32_MAX)
        return beside;
    if (builder->track_count > tracks)
        builder->tracks[beside].name = name;
    if (builder->process_count > processes) {
        char label[64];
        int64_t far_ns =
            after ? moving->first_ns[1] - moving->bulk.start_ns : moving->bulk.start_ns - moving->first_ns[0];
        int64_t unit_ns = far_ns >= DAY_NS ? DAY_NS : far_ns >= 2 * HOUR_NS ? HOUR_NS : MINUTE_NS;
        const int64_t first_ns = moving->first_ns[after];
        const bool bounded = first_ns <= -TIME_BOUND_NS || first_ns >= TIME_BOUND_NS;
        int bytes = snprintf(label, sizeof label, "%s%" PRId64 " %s %s the others", bounded ? "more than " : "",
                             far_ns / unit_ns,
                             unit_ns == DAY_NS    ? "days"
                             : unit_ns == HOUR_NS ? "hours"
                                                  : "minutes",
                             after ? "after" : "before");
        builder->processes[builder->process_count - 1].name = builder->processes[process].name;
        builder->processes[builder->process_count - 1].sort = INT64_MAX;
        timeline_builder_label_process(builder, pid, label, (size_t)bytes);
    }
    return beside;
}

static bool move(struct moving *moving, struct chunk *chunk, uint32_t at, unsigned after)
{
    struct timeline_builder *builder = moving->builder;
    uint32_t beside = track_beside(moving, chunk->tracks[at], after);
    if (beside == UINT32_MAX)
        return false;
    builder->tracks[chunk->tracks[at]].count--;
    builder->tracks[beside].count++;
    chunk->tracks[at] = beside;
    int64_t start_ns = moving->bulk.start_ns + (chunk->starts[at] - moving->first_ns[after]);
    chunk->starts[at] = start_ns < moving->bulk.end_ns ? start_ns : moving->bulk.end_ns;
    moving->moved[after]++;
    return true;
}

static void note(const struct moving *moving, unsigned after)
{
    const bool days = moving->bulk.start_ns - moving->first_ns[0] >= DAY_NS;
    say(moving->builder,
        after  ? "An event is days after the others: it is shown on a track of its own, from their beginning on"
        : days ? "An event is days before the others: it is shown on a track of its own, from their beginning on"
               : "An event at time 0 is long before the others: it is shown on a track of its own, from their "
                 "beginning on",
        moving->moved[after]);
}

static bool move_all(struct moving *moving)
{
    bool ok = true;
    unsigned after;
    moving->first_ns[0] = moving->builder->least_start_ns;
    moving->first_ns[1] = INT64_MAX;
    for (const struct chunk *chunk = moving->builder->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->count; i++)
            if (side_of(moving, chunk->starts[i], end_of(chunk, i), &after) &&
                chunk->starts[i] < moving->first_ns[after])
                moving->first_ns[after] = chunk->starts[i];
    moving->builder->least_start_ns = moving->bulk.start_ns;
    moving->builder->greatest_end_ns = moving->bulk.end_ns;
    for (struct chunk *chunk = moving->builder->first; chunk; chunk = chunk->next)
        for (uint32_t i = 0; i < chunk->count; i++)
            if (side_of(moving, chunk->starts[i], end_of(chunk, i), &after))
                ok = ok && move(moving, chunk, i, after);
    note(moving, 0);
    note(moving, 1);
    return ok;
}

/* Finds outliers by silences alone. *ok: there was memory. */
static bool find_far(const struct timeline_builder *builder, struct search *search, bool *ok)
{
    if (builder->greatest_end_ns - builder->least_start_ns < DAY_NS)
        return false;
    struct chunk **chunks = builder_chunks(builder);
    *ok = chunks && find_bulk(builder, chunks, search);
    free(chunks);
    return *ok && search->apart && dwarfs(builder, &search->bulk);
}

static bool set_apart(struct timeline_builder *builder)
{
    struct search search = { .apart = false };
    bool ok = true;
    if (builder->count < 2 || builder->greatest_end_ns - builder->least_start_ns < HOUR_NS)
        return true;
    if (!find_far(builder, &search, &ok) && (!ok || !find_zeros(builder, &search)))
        return ok;
    struct moving moving = { .builder = builder, .bulk = search.bulk };
    return move_all(&moving);
}

bool outliers_set_apart(struct timeline_builder *builder)
{
    if (builder->count && builder->greatest_end_ns - builder->least_start_ns >= TIMELINE_TIME_MAX_NS)
        cut_endless(builder);
    if (!set_apart(builder))
        return false;
    if (builder->count && builder->greatest_end_ns - builder->least_start_ns > TIMELINE_TIME_MAX_NS)
        report_clamped(builder);
    return true;
}
