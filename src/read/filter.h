/*
 * Which events pass: the one rule for the library, the command, JavaScript and the page, whatever the events
 * are kept in.
 *
 * An event passes if all that is asked for is so. Categories, tracks and names are asked about once each, not
 * once per event: whoever has the events keeps the answers by id.
 */
#ifndef RINGSCOPE_READ_FILTER_H
#define RINGSCOPE_READ_FILTER_H

#include <stdint.h>

#include "../base/find_text.h"

/* All zero: everything passes. Texts are compared in any case as far as ASCII goes. */
struct event_filter {
    uint64_t hidden_categories; /* bit by category; there are at most 64 */
    const uint8_t *hidden_tracks; /* a byte by track, nonzero: hidden; NULL: none is */
    int64_t pid, tid; /* of the track; without one, of the program */
    const char *process, *thread; /* what their names are, with * for any text; NULL: anything */
    const char *name; /* the same of the event's; longer ones are compared as far as images keep them */
    const char *text; /* what name or detail contains; NULL: anything */
    int64_t min_duration_ns; /* hides spans that are shorter, and if it is above 0 whatever does not last */
    uint64_t since_ns, until_ns; /* inclusive; a span is in if any part of it is */
    bool has_pid, has_tid, has_since, has_until;
    bool failed; /* only what failed */
    bool keeps_samples; /* the least duration does not hide samples: where they are drawn as values over time */
};

/* A filter made ready. */
struct matcher {
    const struct event_filter *filter; /* borrowed, with its texts */
    struct needle text;
    size_t name_bytes;
};

bool matcher_create(struct matcher *matcher, const struct event_filter *filter); /* false: no memory */
void matcher_free(struct matcher *matcher);

/* What an event is, but for its texts. */
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
    const char *process, *thread; /* names, "" without one */
};

/* hidden_tracks is not asked here. */
bool matcher_takes_track(const struct matcher *matcher, const struct track_facts *track);
/* Its halves: by its ids, and by its names. */
bool matcher_takes_ids(const struct matcher *matcher, int64_t pid, int64_t tid);
bool matcher_takes_names(const struct matcher *matcher, const struct track_facts *track);

/* What a name decides: the event passes, does not, or does if its detail contains the text. */
enum name_answer { NAME_NO, NAME_YES, NAME_ASK_DETAIL };

enum name_answer matcher_ask_name(const struct matcher *matcher, const char *name, size_t bytes);
bool matcher_takes_detail(const struct matcher *matcher, const char *detail, size_t bytes);

#endif
