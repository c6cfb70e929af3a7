/*
 * The events that a builder has collected, in chunks. The build frees each chunk as it takes it, so that memory never
 * holds all events twice.
 */
#ifndef RINGSCOPE_TIMELINE_BUILDER_H
#define RINGSCOPE_TIMELINE_BUILDER_H

#include "../base/hash.h"
#include "columns.h"

#define CHUNK_ITEMS 65536u /* nearly a large page */
#define NEVER_ENDED (-1)

struct chunk {
    struct chunk *next;
    uint32_t count;
    int64_t starts[CHUNK_ITEMS];
    int64_t durations[CHUNK_ITEMS]; /* for samples the bits of the double; NEVER_ENDED: to the end of the trace */
    uint32_t names[CHUNK_ITEMS];
    uint32_t tracks[CHUNK_ITEMS];
    uint32_t details[CHUNK_ITEMS];
    uint8_t categories[CHUNK_ITEMS];
    uint8_t kinds[CHUNK_ITEMS]; /* as in the columns */
};

struct timeline_builder {
    struct chunk *first, *last;
    uint32_t count;
    int64_t least_start_ns, greatest_end_ns; /* of events and losses */
    int64_t origin_ns; /* of the same trace when it was built before; INT64_MAX: it was not */
    uint64_t resolution_ns;
    bool failed; /* out of memory */
    bool newest_first;
    bool flows_alone;
    bool zero_may_be_unset; /* a time of 0 may mean that nobody set it */

    struct interned names, categories;
    struct sources sources;
    struct buffer labels, detail_text;
    struct track_entry *tracks;
    struct hash_table track_ids;
    uint32_t track_count, track_room, last_track;
    struct process_entry *processes;
    struct hash_table process_ids;
    uint32_t process_count, process_room;
    struct loss_entry *losses;
    uint32_t loss_count, loss_room;
    struct notes notes;
    struct timeline_flow_end *flow_ends;
    uint32_t flow_end_count, flow_end_room;
    uint32_t *around; /* by event: see builder_set_around(); NULL: times tell everything */
    uint32_t around_count;
};

/* The parent of an event: an event, or one of these, which count down from TIMELINE_NONE. */
#define AROUND_UNKNOWN UINT32_MAX /* to be found by times */
#define AROUND_NOTHING (UINT32_MAX - 1)
/* Plus n: the innermost span around it, and n - 1 others, begin at its time; if negative, they end then. */
#define AROUND_AMONG (UINT32_MAX - 0x8000u)
#define AROUND_AMONG_MAX 0x7000

static inline bool around_is_among(uint32_t around, int32_t *among)
{
    *among = (int32_t)(around - AROUND_AMONG);
    return *among >= -AROUND_AMONG_MAX && *among <= AROUND_AMONG_MAX;
}

#define TIME_BOUND_NS (INT64_C(1) << 61) /* on all times: sums and differences of two do not overflow */

static inline int64_t time_bounded(int64_t time_ns)
{
    return time_ns < -TIME_BOUND_NS ? -TIME_BOUND_NS : time_ns > TIME_BOUND_NS ? TIME_BOUND_NS : time_ns;
}

/* Resets the builder to its initial state. */
void builder_empty(struct timeline_builder *builder);
/* The offset of a copy among the labels; 0, which is "", without memory. */
uint32_t builder_add_label(struct timeline_builder *builder, const char *text, size_t bytes);
/* Whether the entry is that of the process. */
static inline bool builder_is_process(const void *builder, uint32_t id, const void *pid)
{
    return ((const struct timeline_builder *)builder)->processes[id].pid == *(const int64_t *)pid;
}
static inline uint32_t builder_find_process(const struct timeline_builder *builder, int64_t pid)
{
    return hash_table_find(&builder->process_ids, hash_mix(0, (uint64_t)pid), builder_is_process, builder, &pid);
}
/* The entry of a process, created if need be; UINT32_MAX without memory. */
uint32_t builder_process(struct timeline_builder *builder, int64_t pid);
/* Moves a track to another process. Afterwards it is found by neither pid. */
void builder_move_track(struct timeline_builder *builder, uint32_t track, int64_t pid);

/* For importers that complete events later: item i is in chunk i / CHUNK_ITEMS. The caller frees the table; NULL: no
 * memory. */
struct chunk **builder_chunks(const struct timeline_builder *builder);
/* Ends a span that was added as open. open: marks it as one that never ended. */
void builder_end_span(struct timeline_builder *builder, struct chunk *chunk, uint32_t at, int64_t end_ns, bool open);
/* Sets the parent of a span without a duration, which times do not tell, when all events of its trace have been added.
 * Such spans are added before those that they are around. False without memory. */
bool builder_set_around(struct timeline_builder *builder, uint32_t event, uint32_t around);
/* The event's texts, borrowed until a text is added. */
struct event_texts builder_texts(const struct timeline_builder *builder, const struct chunk *chunk, uint32_t at);
/* Replaces an event's detail and arguments by those in texts. */
void builder_set_texts(struct timeline_builder *builder, struct chunk *chunk, uint32_t at,
                       const struct timeline_item *texts);
/* Changes the text of a name's id; no names may be interned afterwards. */
void builder_rename(struct timeline_builder *builder, uint32_t name, const char *text, size_t bytes);

#endif
