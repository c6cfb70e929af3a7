/* Keeps tracks and describes them. */
#include "perfetto_tracks.h"

#include <stdlib.h>

#include "../base/hash.h"
#include "json.h"

#define PROBES_MAX 256u
enum { TRACE_PACKET = 1, PACKET_SEQUENCE = 10, PACKET_DESCRIPTOR = 60 };
enum { DESCRIPTOR_UUID = 1, DESCRIPTOR_NAME = 2, DESCRIPTOR_PROCESS = 3, DESCRIPTOR_THREAD = 4, DESCRIPTOR_PARENT = 5 };
enum { DESCRIPTOR_COUNTER = 8, THREAD_NAME = 5, PROCESS_NAME = 6 };

void perfetto_put_packet(struct protobuf *packets, struct protobuf *packet)
{
    protobuf_number(packet, PACKET_SEQUENCE, 1);
    protobuf_message(packets, TRACE_PACKET, packet);
}

void perfetto_lanes_free(struct perfetto_lanes *tracks)
{
    free(tracks->all);
    free(tracks->of_track);
    hash_table_free(&tracks->ids);
    buffer_free(&tracks->valid);
    buffer_free(&tracks->inner.bytes);
    buffer_free(&tracks->descriptor.bytes);
}

/* ----------------------------------------------------------------- describing */

static void put_name(struct perfetto_lanes *tracks, struct protobuf *to, uint32_t number, const char *name)
{
    const char *valid = json_valid(&tracks->valid, name, strlen(name));
    if (!valid)
        to->failed = true;
    else if (valid[0])
        protobuf_text(to, number, valid, strlen(valid));
}

/* Protocol buffers write a signed 32-bit number with 64 bits. */
static uint64_t as_int32(uint32_t number)
{
    return (uint64_t)(int64_t)(int32_t)number;
}

static void describe_kind(struct perfetto_lanes *tracks, const struct perfetto_lane_track *track)
{
    struct protobuf *inner = &tracks->inner, *descriptor = &tracks->descriptor;
    if (track->kind == PERFETTO_PROCESS) {
        protobuf_number(inner, 1, as_int32(track->identity.pid));
        put_name(tracks, inner, PROCESS_NAME, track->name);
        protobuf_message(descriptor, DESCRIPTOR_PROCESS, inner);
    } else if (track->kind == PERFETTO_THREAD) {
        protobuf_number(inner, 1, as_int32(track->identity.pid));
        protobuf_number(inner, 2, track->identity.tid);
        put_name(tracks, inner, THREAD_NAME, track->name);
        protobuf_message(descriptor, DESCRIPTOR_THREAD, inner);
    } else if (track->kind == PERFETTO_COUNTER_TRACK) {
        put_name(tracks, descriptor, DESCRIPTOR_NAME, track->name);
        protobuf_message(descriptor, DESCRIPTOR_COUNTER, inner);
    } else {
        put_name(tracks, descriptor, DESCRIPTOR_NAME, track->name[0] ? track->name : "overlapping");
    }
}

static bool describe(struct perfetto_lanes *tracks, uint32_t number)
{
    const struct perfetto_lane_track *track = &tracks->all[number];
    struct protobuf packet = { 0 };
    protobuf_number(&tracks->descriptor, DESCRIPTOR_UUID, perfetto_uuid(number));
    if (track->owner != PERFETTO_NO_TRACK)
        protobuf_number(&tracks->descriptor, DESCRIPTOR_PARENT, perfetto_uuid(track->owner));
    describe_kind(tracks, track);
    protobuf_message(&packet, PACKET_DESCRIPTOR, &tracks->descriptor);
    perfetto_put_packet(tracks->packets, &packet);
    buffer_free(&packet.bytes);
    return !tracks->packets->failed;
}

/* -------------------------------------------------------------------- finding */

static bool is_same_track(const void *owner, uint32_t number, const void *key)
{
    const struct perfetto_lane_track *track = &((const struct perfetto_lanes *)owner)->all[number], *wanted = key;
    return track->kind == wanted->kind && track->identity.pid == wanted->identity.pid &&
           track->identity.tid == wanted->identity.tid &&
           (track->kind != PERFETTO_COUNTER_TRACK || strcmp(track->name, wanted->name) == 0);
}

static uint32_t add(struct perfetto_lanes *tracks, const struct perfetto_lane_track *track)
{
    struct perfetto_lane_track *all = array_grow(tracks->all, tracks->count, &tracks->room, sizeof *all);
    if (!all)
        return PERFETTO_NO_TRACK;
    tracks->all = all;
    all[tracks->count] = *track;
    return tracks->count++;
}

/* *is_new: it has not been described yet. */
static uint32_t find_or_add(struct perfetto_lanes *tracks, const struct perfetto_lane_track *track, bool *is_new)
{
    uint64_t hash = hash_mix(track->kind, (uint64_t)track->identity.pid << 32 | track->identity.tid);
    if (track->kind == PERFETTO_COUNTER_TRACK)
        hash = hash_mix(hash, hash_bytes(track->name, strlen(track->name)));
    uint32_t number = hash_table_find(&tracks->ids, hash, is_same_track, tracks, track);
    *is_new = number == HASH_TABLE_NONE;
    if (!*is_new)
        return number;
    number = add(tracks, track);
    return number != PERFETTO_NO_TRACK && hash_table_add(&tracks->ids, hash, number) ? number : PERFETTO_NO_TRACK;
}

static uint32_t find_or_describe(struct perfetto_lanes *tracks, const struct perfetto_lane_track *track)
{
    bool is_new;
    uint32_t number = find_or_add(tracks, track, &is_new);
    return number == PERFETTO_NO_TRACK || !is_new || describe(tracks, number) ? number : PERFETTO_NO_TRACK;
}

static struct perfetto_lane_track process_of(const struct perfetto_lanes *tracks, uint32_t pid, const char *name)
{
    bool own = pid == tracks->snapshot->header.pid;
    return (struct perfetto_lane_track){ .name = own ? tracks->snapshot->header.program : name,
                                         .identity = { pid, 0 },
                                         .kind = PERFETTO_PROCESS,
                                         .named = own,
                                         .owner = PERFETTO_NO_TRACK };
}

static struct perfetto_lane_track thread_of(struct identity identity, uint32_t process, const char *name)
{
    return (struct perfetto_lane_track){
        .name = name, .identity = identity, .kind = PERFETTO_THREAD, .owner = process, .next_lane = PERFETTO_NO_TRACK
    };
}

/* -------------------------------------------------------- from the snapshot */

/* Of processes that had the same pid, the last name is shown. */
static bool add_processes(struct perfetto_lanes *tracks)
{
    struct trace_process process;
    bool is_new;
    for (size_t i = 0; tracer_snapshot_process(tracks->snapshot, i, &process); i++) {
        const uint32_t pid = process_id(&tracks->identities, process.pid);
        const struct perfetto_lane_track track = process_of(tracks, pid, process.name);
        uint32_t number = find_or_add(tracks, &track, &is_new);
        if (number == PERFETTO_NO_TRACK)
            return false;
        if (track.name[0]) {
            tracks->all[number].name = track.name;
            tracks->all[number].named = true;
        }
    }
    return true;
}

/* A process that is not in the table is named after its main thread. */
static bool add_thread(struct perfetto_lanes *tracks, uint32_t id)
{
    struct trace_track recorded;
    struct identity identity = identity_of(&tracks->identities, id);
    bool is_new;
    if (!tracer_snapshot_track(tracks->snapshot, id, &recorded))
        return true;
    const struct perfetto_lane_track process_track = process_of(tracks, identity.pid, "");
    uint32_t process = find_or_add(tracks, &process_track, &is_new);
    const struct perfetto_lane_track track = thread_of(identity, process, recorded.name);
    uint32_t thread = process == PERFETTO_NO_TRACK ? process : find_or_add(tracks, &track, &is_new);
    if (thread == PERFETTO_NO_TRACK)
        return false;
    if (recorded.name[0])
        tracks->all[thread].name = recorded.name;
    if (recorded.name[0] && (!recorded.tid || recorded.tid == recorded.pid) && !tracks->all[process].named &&
        (recorded.tid || !tracks->all[process].name[0]))
        tracks->all[process].name = recorded.name;
    tracks->of_track[id] = thread + 1;
    return true;
}

bool perfetto_lanes_init(struct perfetto_lanes *tracks, const struct tracer_snapshot *snapshot,
                         struct protobuf *packets)
{
    tracks->snapshot = snapshot;
    tracks->packets = packets;
    tracks->ids.probes_max = PROBES_MAX;
    tracks->of_track = calloc((size_t)snapshot->tracks.count + 1, sizeof *tracks->of_track);
    bool ok = tracks->of_track && identities_find(&tracks->identities, snapshot) && add_processes(tracks);
    for (uint32_t id = 1; ok && id < snapshot->tracks.count; id++)
        ok = add_thread(tracks, id);
    for (uint32_t number = 0; ok && number < tracks->count; number++)
        ok = describe(tracks, number);
    return ok;
}

/* -------------------------------------------------------------------- lookup */

/* For events without a track, or with one that the image does not have. */
static uint32_t unknown_thread(struct perfetto_lanes *tracks)
{
    struct identity identity = identity_of(&tracks->identities, 0);
    const struct perfetto_lane_track process_track = process_of(tracks, identity.pid, "");
    uint32_t process = find_or_describe(tracks, &process_track);
    const struct perfetto_lane_track track = thread_of(identity, process, "");
    return process == PERFETTO_NO_TRACK ? process : find_or_describe(tracks, &track);
}

uint32_t perfetto_thread(struct perfetto_lanes *tracks, uint32_t track)
{
    uint32_t id = track < tracks->snapshot->tracks.count ? track : 0;
    if (tracks->of_track[id])
        return tracks->of_track[id] - 1;
    uint32_t number = unknown_thread(tracks);
    if (number != PERFETTO_NO_TRACK)
        tracks->of_track[id] = number + 1;
    return number;
}

uint32_t perfetto_counter(struct perfetto_lanes *tracks, uint32_t track, const char *name)
{
    uint32_t thread = perfetto_thread(tracks, track);
    if (thread == PERFETTO_NO_TRACK)
        return PERFETTO_NO_TRACK;
    const struct perfetto_lane_track counter = {
        .name = name, .identity = tracks->all[thread].identity, .kind = PERFETTO_COUNTER_TRACK, .owner = thread
    };
    return find_or_describe(tracks, &counter);
}

/* ---------------------------------------------------------------------- lanes */

static uint32_t add_lane(struct perfetto_lanes *tracks, uint32_t thread, uint32_t last)
{
    const struct perfetto_lane_track lane = {
        .name = tracks->all[thread].name,
        .identity = tracks->all[thread].identity,
        .kind = PERFETTO_LANE,
        .owner = thread,
        .next_lane = PERFETTO_NO_TRACK,
    };
    uint32_t number = add(tracks, &lane);
    if (number == PERFETTO_NO_TRACK || !describe(tracks, number))
        return PERFETTO_NO_TRACK;
    tracks->all[last].next_lane = number;
    return number;
}

uint32_t perfetto_lane_enter(struct perfetto_lanes *tracks, uint32_t track, uint64_t end_ns, uint64_t *before)
{
    uint32_t thread = perfetto_thread(tracks, track), lane = thread, last = thread;
    while (lane != PERFETTO_NO_TRACK && tracks->all[lane].depth && tracks->all[lane].end_ns < end_ns) {
        last = lane;
        lane = tracks->all[lane].next_lane;
    }
    if (lane == PERFETTO_NO_TRACK && thread != PERFETTO_NO_TRACK)
        lane = add_lane(tracks, thread, last);
    if (lane == PERFETTO_NO_TRACK)
        return PERFETTO_NO_TRACK;
    *before = tracks->all[lane].end_ns;
    tracks->all[lane].end_ns = end_ns;
    tracks->all[lane].depth++;
    return lane;
}

void perfetto_lane_leave(struct perfetto_lanes *tracks, uint32_t lane, uint64_t before)
{
    tracks->all[lane].end_ns = before;
    tracks->all[lane].depth--;
}
