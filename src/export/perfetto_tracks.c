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

void perfetto_places_free(struct perfetto_places *places)
{
    free(places->all);
    free(places->of_track);
    hash_table_free(&places->ids);
    buffer_free(&places->valid);
    buffer_free(&places->inner.bytes);
    buffer_free(&places->descriptor.bytes);
}

/* ----------------------------------------------------------------- describing */

static void put_name(struct perfetto_places *places, struct protobuf *to, uint32_t number, const char *name)
{
    const char *valid = json_valid(&places->valid, name, strlen(name));
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

static void describe_kind(struct perfetto_places *places, const struct perfetto_lane_track *track)
{
    struct protobuf *inner = &places->inner, *descriptor = &places->descriptor;
    if (track->kind == PERFETTO_PROCESS) {
        protobuf_number(inner, 1, as_int32(track->place.pid));
        put_name(places, inner, PROCESS_NAME, track->name);
        protobuf_message(descriptor, DESCRIPTOR_PROCESS, inner);
    } else if (track->kind == PERFETTO_THREAD) {
        protobuf_number(inner, 1, as_int32(track->place.pid));
        protobuf_number(inner, 2, track->place.tid);
        put_name(places, inner, THREAD_NAME, track->name);
        protobuf_message(descriptor, DESCRIPTOR_THREAD, inner);
    } else if (track->kind == PERFETTO_COUNTER_TRACK) {
        put_name(places, descriptor, DESCRIPTOR_NAME, track->name);
        protobuf_message(descriptor, DESCRIPTOR_COUNTER, inner);
    } else {
        put_name(places, descriptor, DESCRIPTOR_NAME, track->name[0] ? track->name : "overlapping");
    }
}

static bool describe(struct perfetto_places *places, uint32_t number)
{
    const struct perfetto_lane_track *track = &places->all[number];
    struct protobuf packet = { 0 };
    protobuf_number(&places->descriptor, DESCRIPTOR_UUID, perfetto_uuid(number));
    if (track->owner != PERFETTO_NO_TRACK)
        protobuf_number(&places->descriptor, DESCRIPTOR_PARENT, perfetto_uuid(track->owner));
    describe_kind(places, track);
    protobuf_message(&packet, PACKET_DESCRIPTOR, &places->descriptor);
    perfetto_put_packet(places->packets, &packet);
    buffer_free(&packet.bytes);
    return !places->packets->failed;
}

/* -------------------------------------------------------------------- finding */

static bool is_same_track(const void *owner, uint32_t number, const void *key)
{
    const struct perfetto_lane_track *track = &((const struct perfetto_places *)owner)->all[number], *wanted = key;
    return track->kind == wanted->kind && track->place.pid == wanted->place.pid &&
           track->place.tid == wanted->place.tid &&
           (track->kind != PERFETTO_COUNTER_TRACK || strcmp(track->name, wanted->name) == 0);
}

static uint32_t add(struct perfetto_places *places, const struct perfetto_lane_track *track)
{
    struct perfetto_lane_track *all = array_grow(places->all, places->count, &places->room, sizeof *all);
    if (!all)
        return PERFETTO_NO_TRACK;
    places->all = all;
    all[places->count] = *track;
    return places->count++;
}

/* *is_new: it has not been described yet. */
static uint32_t find_or_add(struct perfetto_places *places, const struct perfetto_lane_track *track, bool *is_new)
{
    uint64_t hash = hash_mix(track->kind, (uint64_t)track->place.pid << 32 | track->place.tid);
    if (track->kind == PERFETTO_COUNTER_TRACK)
        hash = hash_mix(hash, hash_bytes(track->name, strlen(track->name)));
    uint32_t number = hash_table_find(&places->ids, hash, is_same_track, places, track);
    *is_new = number == HASH_TABLE_NONE;
    if (!*is_new)
        return number;
    number = add(places, track);
    return number != PERFETTO_NO_TRACK && hash_table_add(&places->ids, hash, number) ? number : PERFETTO_NO_TRACK;
}

static uint32_t find_or_describe(struct perfetto_places *places, const struct perfetto_lane_track *track)
{
    bool is_new;
    uint32_t number = find_or_add(places, track, &is_new);
    return number == PERFETTO_NO_TRACK || !is_new || describe(places, number) ? number : PERFETTO_NO_TRACK;
}

static struct perfetto_lane_track process_of(const struct perfetto_places *places, uint32_t pid, const char *name)
{
    bool own = pid == places->snapshot->header.pid;
    return (struct perfetto_lane_track){ .name = own ? places->snapshot->header.program : name,
                                         .place = { pid, 0 },
                                         .kind = PERFETTO_PROCESS,
                                         .named = own,
                                         .owner = PERFETTO_NO_TRACK };
}

static struct perfetto_lane_track thread_of(struct place place, uint32_t process, const char *name)
{
    return (struct perfetto_lane_track){
        .name = name, .place = place, .kind = PERFETTO_THREAD, .owner = process, .next_lane = PERFETTO_NO_TRACK
    };
}

/* -------------------------------------------------------- from the snapshot */

/* Of processes that had the same pid, the last name is shown. */
static bool add_processes(struct perfetto_places *places)
{
    struct trace_process process;
    bool is_new;
    for (size_t i = 0; tracer_snapshot_process(places->snapshot, i, &process); i++) {
        const struct perfetto_lane_track track = process_of(places, process.pid, process.name);
        uint32_t number = process.pid ? find_or_add(places, &track, &is_new) : 0;
        if (number == PERFETTO_NO_TRACK)
            return false;
        if (process.pid && track.name[0]) {
            places->all[number].name = track.name;
            places->all[number].named = true;
        }
    }
    return true;
}

/* A process that is not in the table is named after its main thread. */
static bool add_thread(struct perfetto_places *places, uint32_t id)
{
    struct trace_track of;
    struct place place = place_of(places->snapshot, id);
    bool is_new;
    if (!tracer_snapshot_track(places->snapshot, id, &of))
        return true;
    const struct perfetto_lane_track process_track = process_of(places, place.pid, "");
    uint32_t process = find_or_add(places, &process_track, &is_new);
    const struct perfetto_lane_track track = thread_of(place, process, of.name);
    uint32_t thread = process == PERFETTO_NO_TRACK ? process : find_or_add(places, &track, &is_new);
    if (thread == PERFETTO_NO_TRACK)
        return false;
    bool own_ids = of.pid == place.pid && of.tid == place.tid; /* not 1 instead of 0 */
    if (of.name[0] && (own_ids || !places->all[thread].name[0]))
        places->all[thread].name = of.name;
    if (of.name[0] && place.tid == place.pid && !places->all[process].named &&
        (own_ids || !places->all[process].name[0]))
        places->all[process].name = of.name;
    places->of_track[id] = thread + 1;
    return true;
}

bool perfetto_places_init(struct perfetto_places *places, const struct tracer_snapshot *snapshot,
                          struct protobuf *packets)
{
    places->snapshot = snapshot;
    places->packets = packets;
    places->ids.probes_max = PROBES_MAX;
    places->of_track = calloc((size_t)snapshot->tracks.count + 1, sizeof *places->of_track);
    bool ok = places->of_track && add_processes(places);
    for (uint32_t id = 1; ok && id < snapshot->tracks.count; id++)
        ok = add_thread(places, id);
    for (uint32_t number = 0; ok && number < places->count; number++)
        ok = describe(places, number);
    return ok;
}

/* -------------------------------------------------------------------- lookup */

/* For events without a track, or with one that the image does not have. */
static uint32_t unknown_thread(struct perfetto_places *places)
{
    struct place place = place_of(places->snapshot, 0);
    const struct perfetto_lane_track process_track = process_of(places, place.pid, "");
    uint32_t process = find_or_describe(places, &process_track);
    const struct perfetto_lane_track track = thread_of(place, process, "");
    return process == PERFETTO_NO_TRACK ? process : find_or_describe(places, &track);
}

uint32_t perfetto_thread(struct perfetto_places *places, uint32_t track)
{
    uint32_t id = track < places->snapshot->tracks.count ? track : 0;
    if (places->of_track[id])
        return places->of_track[id] - 1;
    uint32_t number = unknown_thread(places);
    if (number != PERFETTO_NO_TRACK)
        places->of_track[id] = number + 1;
    return number;
}

uint32_t perfetto_counter(struct perfetto_places *places, uint32_t track, const char *name)
{
    uint32_t thread = perfetto_thread(places, track);
    if (thread == PERFETTO_NO_TRACK)
        return PERFETTO_NO_TRACK;
    const struct perfetto_lane_track counter = {
        .name = name, .place = places->all[thread].place, .kind = PERFETTO_COUNTER_TRACK, .owner = thread
    };
    return find_or_describe(places, &counter);
}

/* ---------------------------------------------------------------------- lanes */

static uint32_t add_lane(struct perfetto_places *places, uint32_t thread, uint32_t last)
{
    const struct perfetto_lane_track lane = {
        .name = places->all[thread].name,
        .place = places->all[thread].place,
        .kind = PERFETTO_LANE,
        .owner = thread,
        .next_lane = PERFETTO_NO_TRACK,
    };
    uint32_t number = add(places, &lane);
    if (number == PERFETTO_NO_TRACK || !describe(places, number))
        return PERFETTO_NO_TRACK;
    places->all[last].next_lane = number;
    return number;
}

uint32_t perfetto_lane_enter(struct perfetto_places *places, uint32_t track, uint64_t end_ns, uint64_t *before)
{
    uint32_t thread = perfetto_thread(places, track), lane = thread, last = thread;
    while (lane != PERFETTO_NO_TRACK && places->all[lane].depth && places->all[lane].end_ns < end_ns) {
        last = lane;
        lane = places->all[lane].next_lane;
    }
    if (lane == PERFETTO_NO_TRACK && thread != PERFETTO_NO_TRACK)
        lane = add_lane(places, thread, last);
    if (lane == PERFETTO_NO_TRACK)
        return PERFETTO_NO_TRACK;
    *before = places->all[lane].end_ns;
    places->all[lane].end_ns = end_ns;
    places->all[lane].depth++;
    return lane;
}

void perfetto_lane_leave(struct perfetto_places *places, uint32_t lane, uint64_t before)
{
    places->all[lane].end_ns = before;
    places->all[lane].depth--;
}
