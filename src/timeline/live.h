/*
 * A growing timeline, made of the segments that a cursor yields, each of which is loaded as a file is.
 */
#ifndef RINGSCOPE_TIMELINE_LIVE_H
#define RINGSCOPE_TIMELINE_LIVE_H

#include "load.h"

struct timeline_live;

/* Holds the newest hold_events events, and counts the others as dropped. NULL without memory. */
struct timeline_live *timeline_live_create(uint64_t hold_events);
void timeline_live_destroy(struct timeline_live *live);

/* Adds a sealed image: the next segment of the followed cursor, or one that starts over (segment 0, or an image that is
 * not a segment), for which everything held is dropped. Takes ownership of the bytes, which are from malloc(), even on
 * failure. ERROR_ARGUMENT for an image that is not sealed or not the next segment, and the errors of
 * tracer_reader_open_memory(); none of these changes what is held. If there is no memory to load it, or it turns out to
 * be damaged, everything held is dropped. */
enum tracer_error timeline_live_add(struct timeline_live *live, void *bytes, size_t size_bytes,
                                    struct tracer_message *message);

/* The bytes of the newest segment and of all events held. */
uint64_t timeline_live_bytes(const struct timeline_live *live);

/* A timeline of everything held: the events, the open spans of the newest segment, and gaps where events are missing.
 * It is independent of live. Only tracks with changed events or open spans are laid out again; ids of names and tracks
 * differ from those of a file. Errors as for timeline_build(). */
enum tracer_error timeline_live_build(struct timeline **result, struct timeline_live *live,
                                      const struct timeline_progress *progress);

/* The number of tracks that the newest build laid out. */
uint32_t timeline_live_laid_out(const struct timeline_live *live);

/* The summary of the newest segment, in which all events since the beginning count as held. ERROR_ARGUMENT if there is
 * none; errors as for tracer_reader_summary(). */
enum tracer_error timeline_live_summary(struct timeline_live *live, struct trace_summary *summary);

/* The newest segment, for its statistics; borrowed until the next is added. NULL: there is none. */
struct tracer_reader *timeline_live_newest(const struct timeline_live *live);

#endif
