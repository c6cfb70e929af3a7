/* Reads files of V8's CPU profiles: one, several in a row or in an array, or a protocol's response. */
#include "cpuprofile.h"

#include "other_json.h"
#include "v8_profile.h"
#include "whole.h"

/* The DevTools protocol responds with {"profile": …} or {"result": {"profile": …}}. */
static struct json_range profile_in(struct json_range value)
{
    struct json_range result = json_member(value, "result");
    struct json_range profile = json_member(result.at ? result : value, "profile");
    return profile.at ? profile : value;
}

/* Recognized by its first call, or by numeric samples: whichever comes first may be long. "head" is from V8 before
 * 2016. */
static bool is_profile(struct json_range value)
{
    struct json_range nodes = json_inside(json_member(value, "nodes")), first;
    if (json_next_element(&nodes, &first) && json_member(first, "callFrame").at)
        return true;
    struct json_range samples = json_inside(json_member(value, "samples"));
    int64_t id;
    return json_next_element(&samples, &first) && json_integer(first, &id) && !json_member(value, "head").at;
}

static bool recognises(const char *head, size_t size)
{
    struct json_range value = json_value(head, head + size), walk = json_inside(value);
    if (json_is_array(value) && !json_next_element(&walk, &value))
        return false;
    return is_profile(profile_in(value)) && !json_member(value, "traceEvents").at;
}

struct reading {
    struct timeline_builder *builder;
    int64_t profiles;
    bool failed;
};

static void note(const struct reading *reading, const char *text, uint64_t byte)
{
    const struct timeline_note said = { .text = text, .count = 1, .byte = byte };
    timeline_builder_add_note(reading->builder, &said);
}

static void take_profile(struct reading *reading, struct json_range profile)
{
    int64_t start_ns = 0;
    uint32_t track = timeline_builder_track(reading->builder, 0, reading->profiles++, TIMELINE_NONE);
    json_ns(json_member(profile, "startTime"), &start_ns);
    struct v8_profile *v8 = v8_profile_create(reading->builder, track, start_ns);
    if (!v8) {
        reading->failed = true;
        return;
    }
    struct json_range samples = json_member(profile, "samples"), deltas = json_member(profile, "timeDeltas");
    v8_profile_add_nodes(v8, json_member(profile, "nodes"));
    v8_profile_add_samples(v8, samples, deltas);
    if (profile.end[-1] != '}')
        note(reading, "The file is cut off", TIMELINE_NO_BYTE);
    if (!samples.at)
        note(reading, "The profile has no samples, so the times of its calls are unknown", TIMELINE_NO_BYTE);
    else if (!deltas.at)
        note(reading, "The profile has no timeDeltas, so the times of its calls are unknown", TIMELINE_NO_BYTE);
    reading->failed |= !v8_profile_end(v8);
    v8_profile_destroy(v8);
}

/* False: it is neither a profile nor an array of profiles. */
static bool take_value(struct reading *reading, struct json_range value)
{
    struct json_range walk = json_inside(value), element;
    if (!json_is_array(value)) {
        bool known = is_profile(profile_in(value)) && json_member(profile_in(value), "nodes").at;
        if (known)
            take_profile(reading, profile_in(value));
        return known;
    }
    bool all = true;
    while (!reading->failed && json_next_element(&walk, &element))
        if (!json_is_array(element))
            all &= take_value(reading, element);
    return all;
}

static void name_profiles(const struct reading *reading)
{
    for (int64_t i = 0; reading->profiles > 1 && i < reading->profiles; i++) {
        char name[40];
        int bytes = snprintf(name, sizeof name, "profile %d", (int)i + 1);
        timeline_builder_name_thread(reading->builder, 0, i, name, (size_t)bytes);
    }
}

static enum tracer_error end(void *reader, struct tracer_message *message)
{
    const struct whole *whole = reader;
    const char *first = whole->text.bytes, *end = first + whole->text.used;
    struct reading reading = { .builder = whole->builder };
    for (struct json_range value = json_value(first, end); value.at && !reading.failed;
         value = json_value(value.end, end)) {
        if ((json_is_object(value) || json_is_array(value)) && take_value(&reading, value))
            continue;
        note(&reading, "Something that is not a profile is left out", (uint64_t)(value.at - first));
        if (!json_is_object(value) && !json_is_array(value))
            break;
    }
    name_profiles(&reading);
    if (reading.failed)
        return TRACER_ERROR_MEMORY;
    return reading.profiles ? TRACER_OK : other_json_refuse(first, whole->text.used, message);
}

const struct door cpuprofile_door = {
    "cpuprofile", "V8 CPU profile", "sample", recognises, whole_create, whole_feed, end, whole_destroy,
};
