/*
 * What a builder has gathered: events in chunks, which the build frees as it takes them, so that memory never
 * holds all of them twice.
 */
#ifndef RINGSCOPE_TIMELINE_BUILDER_H
#define RINGSCOPE_TIMELINE_BUILDER_H

#include "columns.h"

#define CHUNK_ITEMS 32768u

struct chunk {
    struct chunk *next;
    uint32_t count;
    int64_t starts[CHUNK_ITEMS];
    int64_t durations[CHUNK_ITEMS]; /* of samples the bits of the double */
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
    uint64_t resolution_ns;
    bool failed; /* there was no memory */
    bool newest_first;

    struct interned names, categories;
    struct buffer labels, detail_text;
    struct track_entry *tracks;
    struct hash_table track_ids;
    uint32_t track_count, track_room, last_track;
    struct process_entry *processes;
    uint32_t process_count, process_room;
    struct loss_entry *losses;
    uint32_t loss_count, loss_room;
    struct notes notes;
};

/* The builder as it was when it was made. */
void builder_empty(struct timeline_builder *builder);
/* The entry of a process, made if there is none; UINT32_MAX without memory. */
uint32_t builder_process(struct timeline_builder *builder, int64_t pid);
/* Gives a track to another process. It is found by neither pid from then on. */
void builder_move_track(struct timeline_builder *builder, uint32_t track, int64_t pid);

#endif
