/* Takes events of the old form. */
#include "perfetto_legacy.h"

#include <stdio.h>

#define OVERRIDDEN UINT64_C(0x6f7665727269) /* begins the uuids of tracks that are given by pid and tid */

struct legacy {
    uint64_t name, phase, duration_us;
    uint64_t id, scope, bind_id;
    uint64_t way; /* of bind_id: 1 arrives, 2 leaves, 3 both */
    int64_t pid, tid; /* -1: as the event's track says */
    bool has_id, is_local, enclosing;
};

static struct legacy parse(struct message message)
{
    struct legacy legacy = { .pid = -1, .tid = -1 };
    struct wire_field field;
    const char *scope;
    size_t size;
    while (wire_next(&message, &field)) {
        switch (field.number) {
        case 1:
            legacy.name = field.value;
            break;
        case 2:
            legacy.phase = field.value;
            break;
        case 3:
            legacy.duration_us = field.value;
            break;
        case 6: /* unscoped_id, local_id, global_id */
        case 10:
        case 11:
            legacy.id = field.value;
            legacy.has_id = true;
            legacy.is_local = field.number == 10;
            break;
        case 7:
            scope = wire_text(&field, &size);
            legacy.scope = hash_bytes(scope, size);
            break;
        case 8:
            legacy.bind_id = field.value;
            break;
        case 12:
            legacy.enclosing = field.value != 0;
            break;
        case 13:
            legacy.way = field.value;
            break;
        case 18:
            legacy.pid = (int32_t)field.value;
            break;
        case 19:
            legacy.tid = (int32_t)field.value;
            break;
        default: /* times on the processor, scopes of instants */
            break;
        }
    }
    return legacy;
}

/* Events about another thread than the one that writes them. */
static void override_track(struct perfetto_events *events, const struct legacy *legacy, struct perfetto_event *event)
{
    const int64_t pid = legacy->pid >= 0 ? legacy->pid : events->tracks.all[event->track].pid;
    if (legacy->tid < 0)
        return;
    event->track =
        perfetto_track(&events->tracks, hash_mix(hash_mix(OVERRIDDEN, (uint64_t)pid), (uint64_t)legacy->tid));
    if (event->track == UINT32_MAX)
        return;
    struct perfetto_track *track = &events->tracks.all[event->track];
    track->thread = track->described = true;
    track->pid = pid;
    track->tid = legacy->tid;
}

/* Async events are paired by category, scope and id; by process too, if the id is local. */
static void set_async(const struct perfetto_events *events, const struct legacy *legacy, struct perfetto_event *event)
{
    const int64_t pid = legacy->is_local ? events->tracks.all[event->track].pid : -1;
    uint64_t hash = hash_mix(hash_mix(event->category, legacy->scope), legacy->id);
    event->stack = hash_mix(hash, (uint64_t)pid) | PERFETTO_ASYNC;
}

static void take_arrow(struct perfetto_events *events, const struct legacy *legacy, struct perfetto_event *event)
{
    const uint64_t id = hash_mix(hash_mix(event->category, event->name), legacy->has_id ? legacy->id : legacy->bind_id);
    struct perfetto_flow flow = { .id = id, .way = TIMELINE_FLOW_STEP };
    if (legacy->phase != 't')
        flow.way = legacy->phase == 's' ? TIMELINE_FLOW_OUT : TIMELINE_FLOW_IN;
    flow.next = legacy->phase == 'f' && !legacy->enclosing;
    event->type = PERFETTO_ARROW;
    events->failed |= !perfetto_flow_keep(&events->flows, flow);
}

static void take_binding(struct perfetto_events *events, const struct legacy *legacy)
{
    static const uint8_t ways[] = { TIMELINE_FLOW_IN, TIMELINE_FLOW_OUT, TIMELINE_FLOW_STEP };
    if (legacy->way - 1 >= sizeof ways)
        return;
    const struct perfetto_flow flow = { .id = legacy->bind_id, .way = ways[legacy->way - 1] };
    events->failed |= !perfetto_flow_keep(&events->flows, flow);
}

static void note_kind(const struct perfetto_events *events, const struct perfetto_context *context, uint64_t phase)
{
    char words[64];
    snprintf(words, sizeof words, "An event of the old kind \"%c\" is not shown",
             phase >= ' ' && phase <= '~' ? (char)phase : '?');
    perfetto_note(events->builder, context, words);
}

void perfetto_take_legacy(struct perfetto_events *events, const struct perfetto_context *context,
                          struct message message, struct perfetto_event *event)
{
    const struct legacy legacy = parse(message);
    if (legacy.name)
        event->name = perfetto_event_name(events, context, legacy.name);
    override_track(events, &legacy, event);
    if (event->track == UINT32_MAX)
        return;
    event->stack = event->track;
    switch (legacy.phase) {
    case 'b':
    case 'S':
        set_async(events, &legacy, event);
        /* fallthrough */
    case 'B':
        event->type = PERFETTO_BEGIN;
        break;
    case 'e':
    case 'F':
        set_async(events, &legacy, event);
        /* fallthrough */
    case 'E':
        event->type = PERFETTO_END;
        break;
    case 'X':
        event->type = PERFETTO_WHOLE;
        event->duration_ns = legacy.duration_us < INT64_MAX / 1000 ? (int64_t)legacy.duration_us * 1000 : INT64_MAX;
        break;
    case 'n':
    case 'T':
    case 'p':
        set_async(events, &legacy, event);
        /* fallthrough */
    case 'I':
    case 'i':
    case 'R':
        event->type = PERFETTO_INSTANT;
        break;
    case 's':
    case 't':
    case 'f':
        take_arrow(events, &legacy, event);
        return;
    case 0: /* it only adds to an event of today's form */
        break;
    default:
        note_kind(events, context, legacy.phase);
    }
    take_binding(events, &legacy);
}
