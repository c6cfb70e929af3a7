/* Nests spans twice. */
#include "self_groups.h"

#include <stdlib.h>

#include "../base/array.h"

struct self_outlasting {
    uint64_t number, self_ns;
};

/* Times beyond what a signed number holds are its greatest. */
static uint64_t bounded(uint64_t time_ns)
{
    return time_ns < INT64_MAX ? time_ns : INT64_MAX;
}

static void keep(struct self_groups *groups, uint64_t number, uint64_t self_ns)
{
    struct self_outlasting *all = array_grow(groups->outlasting, groups->count, &groups->room, sizeof *all);
    if (all) {
        groups->outlasting = all;
        all[groups->count++] = (struct self_outlasting){ number, self_ns };
    }
    groups->failed |= !all;
}

static void know(void *context, uint64_t number, uint64_t self_ns)
{
    struct self_groups *groups = context;
    if (groups->values && number >= groups->first)
        groups->values[number - groups->first] = self_ns;
    else if (!groups->values && number < groups->first)
        keep(groups, number, self_ns);
}

bool self_groups_init(struct self_groups *groups, uint32_t tracks)
{
    groups->nesting.known = know;
    groups->nesting.context = groups;
    return self_times_init(&groups->nesting, tracks);
}

void self_groups_add(struct self_groups *groups, const struct trace_event *event)
{
    const uint64_t number = groups->spans++, start_ns = bounded(event->time_ns);
    const uint64_t duration_ns = bounded(event->duration_ns);
    const struct self_span span = { number, start_ns, bounded(start_ns + duration_ns), event->track };
    if (event->has & TRACE_HAS_ASYNC_ID)
        know(groups, number, duration_ns);
    else
        groups->failed |= !self_times_enter(&groups->nesting, &span);
}

void self_groups_end(struct self_groups *groups)
{
    for (; groups->values && groups->next < groups->count; groups->next++) {
        const struct self_outlasting *known = &groups->outlasting[groups->next];
        if (known->number >= groups->spans)
            break;
        groups->values[known->number - groups->first] = known->self_ns;
    }
    groups->first = groups->spans;
}

static int by_number(const void *left, const void *right)
{
    const struct self_outlasting *a = left, *b = right;
    return (a->number > b->number) - (a->number < b->number);
}

void self_groups_again(struct self_groups *groups, uint64_t *values)
{
    groups->first = groups->spans;
    self_times_end(&groups->nesting);
    if (groups->count)
        qsort(groups->outlasting, groups->count, sizeof *groups->outlasting, by_number);
    groups->spans = groups->first = 0;
    groups->values = values;
}

void self_groups_free(struct self_groups *groups)
{
    self_times_free(&groups->nesting);
    free(groups->outlasting);
}
