/*
 * Finds the last arrival of each flow: viewers end a flow at its f, so earlier arrivals must be steps, t.
 */
#ifndef RINGSCOPE_CHROME_FLOWS_H
#define RINGSCOPE_CHROME_FLOWS_H

#include "../read/snapshot.h"

/* All zero: none. */
struct chrome_flows {
    struct chrome_arrivals *all; /* by id */
    size_t count;
};

/* Counts the arrivals of a snapshot. False without memory. */
bool chrome_flows_count(struct chrome_flows *flows, const struct tracer_snapshot *snapshot);
void chrome_flows_free(struct chrome_flows *flows);

/* Counts down an arrival of the flow. Returns whether it was the last one. */
bool chrome_flow_ends(struct chrome_flows *flows, uint64_t id);

#endif
