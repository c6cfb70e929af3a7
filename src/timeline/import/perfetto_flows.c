/* Keeps the flows of events until all events are known; see perfetto_flows.h. */
#include "perfetto_flows.h"

enum { FLOWS_OLD = 36, ENDING_OLD = 42, FLOWS = 47, ENDING = 48 };

bool perfetto_flow_keep(struct perfetto_flows *flows, struct perfetto_flow flow)
{
    struct perfetto_flow *all = array_grow(flows->all, flows->count, &flows->room, sizeof *all);
    if (!all)
        return false;
    flows->all = all;
    all[flows->count++] = flow;
    return true;
}

/* One id, or several packed ones. */
bool perfetto_flows_take(struct perfetto_flows *flows, const struct wire_field *field)
{
    const bool ends = field->number == ENDING_OLD || field->number == ENDING; /* no arrow leads on from its event */
    const bool old = field->number == FLOWS_OLD || field->number == ENDING_OLD;
    struct message ids = field->bytes;
    struct perfetto_flow flow = { .id = field->value, .way = ends ? TIMELINE_FLOW_IN : TIMELINE_FLOW_STEP };
    bool ok = true;
    if (field->type != WIRE_BYTES)
        return perfetto_flow_keep(flows, flow);
    while (ok && ids.at < ids.end && (old ? wire_varint(&ids, &flow.id) : wire_fixed(&ids, sizeof flow.id, &flow.id)))
        ok = perfetto_flow_keep(flows, flow);
    return ok;
}

void perfetto_flows_add(const struct perfetto_flows *flows, struct timeline_builder *builder, uint32_t first,
                        uint32_t last, struct timeline_flow_end place)
{
    for (uint32_t i = first; i < last; i++) {
        place.id = flows->all[i].id;
        place.way = flows->all[i].way;
        place.next = flows->all[i].next;
        timeline_builder_add_flow(builder, &place);
    }
}
