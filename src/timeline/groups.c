/* Gives events keys by their texts. */
#include "groups.h"

#include <stdlib.h>

#include "../base/failure.h"

struct timeline_groups groups_plain(const struct timeline *timeline, enum timeline_group by)
{
    const uint32_t counts[] = {
        [TIMELINE_GROUP_NAME] = timeline->name_table.count,     [TIMELINE_GROUP_CATEGORY] = TIMELINE_CATEGORIES,
        [TIMELINE_GROUP_PROCESS] = timeline->process_count,     [TIMELINE_GROUP_THREAD] = timeline->track_count,
        [TIMELINE_GROUP_WORK] = 2 * timeline->name_table.count,
    };
    return (struct timeline_groups){ .timeline = timeline, .by = by, .key_count = counts[by] };
}

enum tracer_error timeline_groups_create(struct timeline_groups **result, const struct timeline *timeline,
                                         enum timeline_group by)
{
    struct timeline_groups *groups = calloc(1, sizeof *groups);
    *result = groups;
    if (!groups)
        return TRACER_ERROR_MEMORY;
    if (by < TIMELINE_GROUP_DETAIL) {
        *groups = groups_plain(timeline, by);
        groups->keyed = timeline->count;
        return TRACER_OK;
    }
    *groups = (struct timeline_groups){ .timeline = timeline, .by = by };
    groups->keys = malloc(((size_t)timeline->count + 1) * sizeof *groups->keys);
    if (groups->keys)
        return TRACER_OK;
    timeline_groups_destroy(groups);
    *result = NULL;
    return TRACER_ERROR_MEMORY;
}

void timeline_groups_destroy(struct timeline_groups *groups)
{
    if (!groups)
        return;
    free(groups->keys);
    interned_free(&groups->texts);
    free(groups);
}

const char *event_error(const struct timeline *timeline, uint32_t event, size_t *bytes)
{
    *bytes = 0;
    if (!(event_flags(timeline, event) & TIMELINE_ERROR))
        return "";
    return failure_name(event_texts(timeline, event).detail, bytes);
}

static const char *text_of(const struct timeline_groups *groups, uint32_t event, size_t *bytes)
{
    if (groups->by == TIMELINE_GROUP_ERROR)
        return event_error(groups->timeline, event, bytes);
    const char *detail = event_texts(groups->timeline, event).detail;
    *bytes = detail ? strlen(detail) : 0;
    return detail ? detail : "";
}

enum tracer_error timeline_groups_step(struct timeline_groups *groups, uint32_t events, bool *more)
{
    uint32_t count = groups->timeline->count;
    uint32_t end = count - groups->keyed < events ? count : groups->keyed + events;
    for (; groups->keyed < end; groups->keyed++) {
        size_t bytes;
        const char *text = text_of(groups, groups->keyed, &bytes);
        uint32_t key = interned_id(&groups->texts, text, bytes);
        if (key == UINT32_MAX)
            return TRACER_ERROR_MEMORY;
        groups->keys[groups->keyed] = key;
    }
    if (groups->keys)
        groups->key_count = groups->texts.count;
    *more = groups->keyed < count;
    return TRACER_OK;
}

double timeline_groups_share(const struct timeline_groups *groups)
{
    return groups->timeline->count ? (double)groups->keyed / groups->timeline->count : 1;
}

const char *timeline_groups_text(const struct timeline_groups *groups, uint32_t key)
{
    struct timeline_track track;
    struct timeline_process process;
    if (key >= groups->key_count)
        return NULL;
    switch (groups->by) {
    case TIMELINE_GROUP_NAME:
        return timeline_name(groups->timeline, key);
    case TIMELINE_GROUP_CATEGORY:
        return timeline_category(groups->timeline, key, NULL);
    case TIMELINE_GROUP_PROCESS:
        return timeline_process(groups->timeline, key, &process) ? process.name : NULL;
    case TIMELINE_GROUP_THREAD:
        return timeline_track(groups->timeline, key, &track) ? track.name : NULL;
    case TIMELINE_GROUP_WORK:
        return timeline_name(groups->timeline, key / 2);
    default:
        return interned_text(&groups->texts, key);
    }
}
