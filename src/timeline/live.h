/*
 * A timeline that grows: made of the segments that a cursor yields, each of which is loaded as a file is.
 */
#ifndef RINGSCOPE_TIMELINE_LIVE_H
#define RINGSCOPE_TIMELINE_LIVE_H

#include "load.h"

struct timeline_live;

/* Holds the newest so many events, and counts the others as dropped. NULL without memory. */
struct timeline_live *timeline_live_create(uint64_t hold_events);
void timeline_live_destroy(struct timeline_live *live);

/* Adds a sealed image: the next segment of the cursor that is followed, or one from which to begin anew, for which all
 * that is held goes: a segment 0, or an image that is no segment. Takes the bytes, which are of malloc(), also when
 * this fails. ERROR_ARGUMENT for an image that is not sealed, or is another segment than the next; and as
 * tracer_reader_open_memory(), all of which leave what is held as it is. Without memory to load it, or if it turns out to
 * be damaged, all that is held goes. */
enum tracer_error timeline_live_add(struct timeline_live *live, void *bytes, size_t size_bytes,
                                    struct tracer_message *message);

/* The bytes of the newest segment, and of all events that are held. */
uint64_t timeline_live_bytes(const struct timeline_live *live);

/* The timeline of all that is held: the events, the open spans of the newest segment, and what is missing where it is
 * missing. It is independent of live. Tracks are laid out that have other events or other open spans than the last time;
 * ids of names and tracks are not those of a file. As timeline_build(). */
enum tracer_error timeline_live_build(struct timeline **result, struct timeline_live *live,
                                      const struct timeline_progress *progress);

/* How many tracks were laid out by the newest build. */
uint32_t timeline_live_laid_out(const struct timeline_live *live);

/* The summary of the newest segment, with all events that came counted as held. ERROR_ARGUMENT while there is none;
 * as tracer_reader_summary(). */
enum tracer_error timeline_live_summary(struct timeline_live *live, struct trace_summary *summary);

/* The newest segment, for the statistics; borrowed until the next is added. NULL: there is none. */
struct tracer_reader *timeline_live_newest(const struct timeline_live *live);

#endif
