/*
 * Tracks of a Perfetto trace by uuid. Descriptors may come after events, so tracks are resolved at the end.
 */
#ifndef RINGSCOPE_IMPORT_PERFETTO_TRACKS_H
#define RINGSCOPE_IMPORT_PERFETTO_TRACKS_H

#include "../builder.h"
#include "wire_format.h"

struct perfetto_track {
    uint64_t uuid, parent;
    bool described, has_parent;
    bool process, thread, counter, incremental;
    int64_t pid, tid;
    uint32_t name; /* the builder's; TIMELINE_NONE: none */
    const char *kind; /* of a counter without a name */
    double multiplier; /* of a counter's values */
    double value; /* of an incremental counter, so far */
    uint32_t generation; /* of the sequence that it was counted in */
    uint32_t resolved; /* the builder's track; TIMELINE_NONE: not yet */
};

struct perfetto_tracks {
    struct timeline_builder *builder;
    struct perfetto_track *all;
    uint32_t count, room;
    struct hash_table by_uuid;
    uint32_t next_tid; /* for tracks that are not threads */
    bool failed;
};

/* The index of a uuid's track, created if need be; 0 for uuid 0. UINT32_MAX without memory. */
uint32_t perfetto_track(struct perfetto_tracks *tracks, uint64_t uuid);
/* Takes a TrackDescriptor. */
void perfetto_describe_track(struct perfetto_tracks *tracks, struct message descriptor);
/* The process and thread names of a ProcessDescriptor, a ThreadDescriptor, and a ProcessTree. */
void perfetto_describe_process(struct perfetto_tracks *tracks, struct message descriptor, struct perfetto_track *track);
void perfetto_describe_thread(struct perfetto_tracks *tracks, struct message descriptor, struct perfetto_track *track);
void perfetto_take_process_tree(struct perfetto_tracks *tracks, struct message tree);
/* The builder's track for it, once all descriptors have been read. */
uint32_t perfetto_resolve(struct perfetto_tracks *tracks, uint32_t index);
void perfetto_tracks_free(struct perfetto_tracks *tracks);

#endif
