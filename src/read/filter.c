/* Decides which events pass a filter. */
#include "filter.h"

#include <string.h>

#include "../image/image.h"

bool matcher_create(struct matcher *matcher, const struct event_filter *filter)
{
    *matcher = (struct matcher){ .filter = filter, .name_bytes = filter->name ? strlen(filter->name) : 0 };
    return !filter->text || needle_create(&matcher->text, filter->text);
}

void matcher_free(struct matcher *matcher)
{
    needle_free(&matcher->text);
}

static bool is_named(const char *pattern, const char *name)
{
    return !pattern || pattern_matches(pattern, strlen(pattern), name, strlen(name));
}

bool matcher_takes_ids(const struct matcher *matcher, int64_t pid, int64_t tid)
{
    const struct event_filter *filter = matcher->filter;
    return (!filter->has_pid || pid == filter->pid) && (!filter->has_tid || tid == filter->tid);
}

bool matcher_takes_names(const struct matcher *matcher, const struct track_facts *track)
{
    const struct event_filter *filter = matcher->filter;
    return is_named(filter->process, track->process) && is_named(filter->thread, track->thread);
}

bool matcher_takes_track(const struct matcher *matcher, const struct track_facts *track)
{
    return matcher_takes_ids(matcher, track->pid, track->tid) && matcher_takes_names(matcher, track);
}

/* A full name given by the user may be longer than the recorded one, which was cut. */
static bool takes_name(const struct matcher *matcher, const char *name, size_t bytes)
{
    const char *pattern = matcher->filter->name;
    size_t pattern_bytes = matcher->name_bytes;
    if (pattern_bytes > NAME_BYTES_MAX && !memchr(pattern, '*', pattern_bytes)) {
        pattern_bytes = NAME_BYTES_MAX;
        bytes = bytes < NAME_BYTES_MAX ? bytes : NAME_BYTES_MAX;
    }
    return !pattern || pattern_matches(pattern, pattern_bytes, name, bytes);
}

enum name_answer matcher_ask_name(const struct matcher *matcher, const char *name, size_t bytes)
{
    if (!takes_name(matcher, name, bytes))
        return NAME_NO;
    return !matcher->filter->text || needle_in(&matcher->text, name, bytes) ? NAME_YES : NAME_ASK_DETAIL;
}

bool matcher_takes_detail(const struct matcher *matcher, const char *detail, size_t bytes)
{
    return needle_in(&matcher->text, detail, bytes);
}
