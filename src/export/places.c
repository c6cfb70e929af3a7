/* Finds the process and the thread of a track. */
#include "places.h"

struct place place_of(const struct tracer_snapshot *snapshot, uint32_t track)
{
    uint32_t pid = (uint32_t)snapshot->header.pid;
    struct trace_track found = { "", pid, pid };
    tracer_snapshot_track(snapshot, track, &found);
    struct place place = { found.pid ? found.pid : 1, found.tid };
    if (place.tid == 0)
        place.tid = place.pid;
    return place;
}
