/*
 * Arrows between the events of a Perfetto trace: those of the same id are joined in order of time.
 */
#ifndef RINGSCOPE_IMPORT_PERFETTO_FLOWS_H
#define RINGSCOPE_IMPORT_PERFETTO_FLOWS_H

#include "../builder.h"
#include "wire_format.h"

struct perfetto_flow {
    uint64_t id;
    uint8_t way; /* enum timeline_flow_way */
    bool next; /* it arrives at the next event, not at the one around it */
};

/* The flows of all events, one event after the other. All zero: none. */
struct perfetto_flows {
    struct perfetto_flow *all;
    uint32_t count, room;
};

/* False without memory. */
bool perfetto_flow_keep(struct perfetto_flows *flows, struct perfetto_flow flow);
/* Adds the ids in an event's field. False without memory. */
bool perfetto_flows_take(struct perfetto_flows *flows, const struct wire_field *field);
/* Passes the flows from first up to last to the builder: at this place, but for their ids. */
void perfetto_flows_add(const struct perfetto_flows *flows, struct timeline_builder *builder, uint32_t first,
                        uint32_t last, struct timeline_flow_end place);

#endif
