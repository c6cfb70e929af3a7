/* Counts arrivals by flow; see chrome_flows.h. */
#include "chrome_flows.h"

#include <stdlib.h>

struct chrome_arrivals {
    uint64_t id;
    uint64_t left;
};

static bool arrives(const struct snapshot_event *event)
{
    return (event->meta >> RECORD_KIND_SHIFT & RECORD_KIND_MASK) == TRACE_KIND_FLOW && event->meta & RECORD_FLOW_IN;
}

static int by_id(const void *a, const void *b)
{
    uint64_t x = ((const struct chrome_arrivals *)a)->id, y = ((const struct chrome_arrivals *)b)->id;
    return (x > y) - (x < y);
}

/* Once sorted, the arrivals of one flow become one entry. */
static void join(struct chrome_flows *flows)
{
    size_t joined = 0;
    for (size_t i = 0; i < flows->count; i++) {
        if (joined && flows->all[joined - 1].id == flows->all[i].id)
            flows->all[joined - 1].left++;
        else
            flows->all[joined++] = flows->all[i];
    }
    flows->count = joined;
}

bool chrome_flows_count(struct chrome_flows *flows, const struct tracer_snapshot *snapshot)
{
    size_t events = tracer_snapshot_count(snapshot), count = 0;
    for (size_t i = 0; i < events; i++)
        count += arrives(snapshot_event(snapshot, i));
    if (count == 0)
        return true;
    flows->all = malloc(count * sizeof *flows->all);
    if (!flows->all)
        return false;
    for (size_t i = 0; i < events; i++) {
        const struct snapshot_event *event = snapshot_event(snapshot, i);
        if (arrives(event))
            flows->all[flows->count++] = (struct chrome_arrivals){ event->payload, 1 };
    }
    qsort(flows->all, flows->count, sizeof *flows->all, by_id);
    join(flows);
    return true;
}

void chrome_flows_free(struct chrome_flows *flows)
{
    free(flows->all);
    *flows = (struct chrome_flows){ 0 };
}

bool chrome_flow_ends(struct chrome_flows *flows, uint64_t id)
{
    const struct chrome_arrivals wanted = { id, 0 };
    struct chrome_arrivals *found =
        flows->count ? bsearch(&wanted, flows->all, flows->count, sizeof wanted, by_id) : NULL;
    return !found || --found->left == 0;
}
