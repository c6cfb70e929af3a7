/*
 * Samples in a Trace Event file: "samples" and "stackFrames" beside its events, events of kind "P" with one of these
 * frames, and the events "Profile" and "ProfileChunk", in which Chrome writes a V8 profile piece by piece, or
 * "CpuProfile", in which webpack and older Chromes write it whole.
 */
#ifndef RINGSCOPE_CHROME_SAMPLES_H
#define RINGSCOPE_CHROME_SAMPLES_H

#include "../../base/hash_table.h"
#include "chrome_text.h"
#include "v8_profile.h"

struct chrome_profile {
    int64_t pid;
    uint32_t id;
    struct v8_profile *v8;
};

/* An event of kind "P". */
struct event_sample {
    int64_t time_ns;
    uint32_t track, frame; /* frame: the number of its id */
};

struct chrome_samples {
    struct interned frame_ids; /* a string's text, or a number's */
    struct event_sample *events;
    uint32_t event_count, event_room;
    struct buffer samples, frames; /* the members' text so far */
    struct buffer *collecting; /* the one whose member is being read; NULL: none */
    struct chrome_profile *profiles;
    uint32_t profile_count, profile_room;
    struct hash_table profile_ids; /* by process and id */
    bool failed;
};

/* A member of the outer object begins. */
void chrome_samples_begin(struct chrome_samples *samples, const struct token *key);
/* Its text continues. */
void chrome_samples_collect(struct chrome_samples *samples, const char *at, const char *end);

/* An event "Profile", "ProfileChunk" or "CpuProfile" of a profile, which belongs to the track of its first event. False: it is
 * none. */
struct chrome_profile_event {
    int64_t pid;
    uint32_t id;
    uint32_t track;
    int64_t start_ns; /* the event's */
    int64_t base_us; /* subtracted from all times */
    const struct token *name, *args;
};
bool chrome_samples_take_profile(struct chrome_samples *samples, struct timeline_builder *builder,
                                 const struct chrome_profile_event *event);

/* A sample that is an event, with the id of its frame. */
void chrome_samples_take_event(struct chrome_samples *samples, uint32_t track, int64_t time_ns, const struct token *id);

/* Adds all spans. base_us: subtracted from all times. False without memory. */
bool chrome_samples_finish(struct chrome_samples *samples, struct timeline_builder *builder, int64_t base_us);
void chrome_samples_free(struct chrome_samples *samples);

#endif
