/*
 * Which events pass a filter: one rule for the library, the command, JavaScript and the page, however the events are
 * stored.
 *
 * An event passes if it meets every condition. Categories, tracks and names are checked once each, not once per event:
 * the owner of the events keeps the results by id.
 */
#ifndef RINGSCOPE_READ_FILTER_H
#define RINGSCOPE_READ_FILTER_H

#include <stdint.h>

#include "../base/find_text.h"

/* All zero: everything passes. ASCII case is ignored in texts. */
struct event_filter {
    uint64_t hidden_categories; /* bit by category; there are at most 64 */
    const uint8_t *hidden_tracks; /* by track, nonzero: hidden; NULL: none is */
    int64_t pid, tid; /* of the track; for events without one, of the program */
    const char *process, *thread; /* their names, with * for any text; NULL: any */
    const char *name; /* the event's name, likewise; longer ones are compared as far as images keep them */
    const char *text; /* contained in name or detail; NULL: any */
    int64_t min_duration_ns; /* hides shorter spans, and, if above 0, events without a duration */
    uint64_t since_ns, until_ns; /* inclusive; a span is in if any part of it is */
    bool has_pid, has_tid, has_since, has_until;
    bool failed; /* only failed events */
    bool keeps_samples; /* the least duration does not hide samples: for drawing them as values over time */
};

/* A filter, prepared for matching. */
struct matcher {
    const struct event_filter *filter; /* borrowed, with its texts */
    struct needle text;
    size_t name_bytes;
};

bool matcher_create(struct matcher *matcher, const struct event_filter *filter); /* false: no memory */
void matcher_free(struct matcher *matcher);

/* An event without its texts. */
struct event_facts {
    uint64_t start_ns, duration_ns;
    unsigned category;
    bool failed;
    bool is_sample;
};

static inline bool matcher_takes(const struct matcher *matcher, const struct event_facts *event)
{
    const struct event_filter *filter = matcher->filter;
    if (filter->hidden_categories >> (event->category & 63) & 1)
        return false;
    if (filter->failed && !event->failed)
        return false;
    if (filter->min_duration_ns > 0 && event->duration_ns < (uint64_t)filter->min_duration_ns &&
        !(event->is_sample && filter->keeps_samples))
        return false;
    if (filter->has_until && event->start_ns > filter->until_ns)
        return false;
    return !filter->has_since || event->duration_ns >= filter->since_ns ||
           event->start_ns >= filter->since_ns - event->duration_ns;
}

struct track_facts {
    int64_t pid, tid;
    const char *process, *thread; /* names, or "" */
};

/* Does not check hidden_tracks. */
bool matcher_takes_track(const struct matcher *matcher, const struct track_facts *track);
/* The two halves of this: by ids, and by names. */
bool matcher_takes_ids(const struct matcher *matcher, int64_t pid, int64_t tid);
bool matcher_takes_names(const struct matcher *matcher, const struct track_facts *track);

/* What the name decides: the event fails, passes, or passes if its detail contains the text. */
enum name_answer { NAME_NO, NAME_YES, NAME_ASK_DETAIL };

enum name_answer matcher_ask_name(const struct matcher *matcher, const char *name, size_t bytes);
bool matcher_takes_detail(const struct matcher *matcher, const char *detail, size_t bytes);

#endif
