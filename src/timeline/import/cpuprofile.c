/* Reads a CPU profile of V8 that is a file of its own. */
#include "cpuprofile.h"

#include "v8_profile.h"
#include "whole.h"

static bool recognises(const char *head, size_t size)
{
    struct json_range profile = json_value(head, head + size), first;
    struct json_range nodes = json_inside(json_member(profile, "nodes"));
    return json_next_element(&nodes, &first) && json_member(first, "callFrame").at &&
           !json_member(profile, "traceEvents").at;
}

static void note(struct timeline_builder *builder, const char *text)
{
    const struct timeline_note said = { text, 1, 0, TIMELINE_NO_BYTE };
    timeline_builder_add_note(builder, &said);
}

static enum tracer_error end(void *reader, struct tracer_message *message)
{
    struct whole *whole = reader;
    int64_t start_ns = 0;
    struct json_range profile = json_value(whole->text.bytes, whole->text.bytes + whole->text.used);
    if (!json_is_object(profile))
        return import_fail(message, "this is no profile");
    uint32_t track = timeline_builder_track(whole->builder, 0, 0, TIMELINE_NONE);
    json_ns(json_member(profile, "startTime"), &start_ns);
    struct v8_profile *of = v8_profile_create(whole->builder, track, start_ns);
    if (!of)
        return TRACER_ERROR_MEMORY;
    struct json_range samples = json_member(profile, "samples"), deltas = json_member(profile, "timeDeltas");
    v8_profile_add_nodes(of, json_member(profile, "nodes"));
    v8_profile_add_samples(of, samples, deltas);
    if (profile.end[-1] != '}')
        note(whole->builder, "The file is cut off");
    if (!samples.at || !deltas.at)
        note(whole->builder, "The profile has no samples: without them nothing is known of when its calls were");
    bool ok = v8_profile_end(of);
    v8_profile_destroy(of);
    return ok ? TRACER_OK : TRACER_ERROR_MEMORY;
}

const struct door cpuprofile_door = {
    "cpuprofile", "V8 CPU profile", recognises, whole_create, whole_feed, end, whole_destroy,
};
