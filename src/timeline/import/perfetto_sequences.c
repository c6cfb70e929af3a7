/* Keeps sequences and their clocks. */
#include "perfetto_sequences.h"

#include <stdlib.h>

#define CLOCK_BOOTTIME 6

static int64_t us_as_ns(uint64_t us)
{
    int64_t ns;
    return __builtin_mul_overflow((int64_t)us, 1000, &ns) ? TIME_BOUND_NS : time_bounded(ns);
}

struct sequence *sequence_of(struct sequences *sequences, uint64_t id)
{
    if (sequences->last < sequences->count && sequences->all[sequences->last].id == id)
        return &sequences->all[sequences->last];
    for (uint32_t i = 0; i < sequences->count; i++)
        if (sequences->all[i].id == id)
            return &sequences->all[sequences->last = i];
    struct sequence *all = array_grow(sequences->all, sequences->count, &sequences->room, sizeof *all);
    if (!all) {
        sequences->failed = true;
        return NULL;
    }
    sequences->all = all;
    sequences->last = sequences->count++;
    all[sequences->last] =
        (struct sequence){ .id = id, .track = perfetto_track(sequences->tracks, 0), .clock = CLOCK_BOOTTIME };
    return &all[sequences->last];
}

static void take_event_defaults(struct sequences *sequences, struct sequence *sequence, struct message defaults)
{
    struct wire_field field;
    sequence->defaults.used = 0;
    sequences->failed |= !buffer_append(&sequence->defaults, defaults.at, (size_t)(defaults.end - defaults.at));
    while (wire_next(&defaults, &field))
        if (field.number == 11)
            sequence->track = perfetto_track(sequences->tracks, field.value);
}

void sequence_take_defaults(struct sequences *sequences, struct sequence *sequence, struct message defaults)
{
    struct wire_field field;
    while (wire_next(&defaults, &field)) {
        if (field.number == 58 && field.value < CLOCKS)
            sequence->clock = field.value;
        else if (field.number == 11)
            take_event_defaults(sequences, sequence, field.bytes);
    }
}

void sequences_free(struct sequences *sequences)
{
    for (uint32_t i = 0; i < sequences->count; i++)
        buffer_free(&sequences->all[i].defaults);
    free(sequences->all);
}

void sequence_take_thread(struct sequences *sequences, struct sequence *sequence, struct message descriptor)
{
    struct wire_field field;
    struct message rest = descriptor;
    uint32_t track = perfetto_track(sequences->tracks, UINT64_MAX - sequence->id);
    if (track == UINT32_MAX)
        return;
    perfetto_describe_thread(sequences->tracks, descriptor, &sequences->tracks->all[track]);
    sequence->track = track;
    while (wire_next(&rest, &field))
        if (field.number == 6) /* reference_timestamp_us */
            sequence->event_ns = us_as_ns(field.value);
}

/* ---------------------------------------------------------------------- clocks */

static struct clock_state *clock_of(struct sequences *sequences, struct sequence *sequence, uint64_t clock)
{
    if (clock >= CLOCKS)
        return NULL;
    return clock < SEQUENCE_CLOCKS_FROM ? &sequences->clocks[clock] : &sequence->clocks[clock - SEQUENCE_CLOCKS_FROM];
}

static struct clock_state clock_in(struct message message, uint64_t *clock)
{
    struct wire_field field;
    struct clock_state state = { .known = true, .unit_ns = 1 };
    *clock = UINT64_MAX;
    while (wire_next(&message, &field)) {
        if (field.number == 1)
            *clock = field.value;
        else if (field.number == 2)
            state.shows = (int64_t)field.value;
        else if (field.number == 3)
            state.incremental = field.value != 0;
        else if (field.number == 4 && field.value)
            state.unit_ns = (int64_t)(field.value & INT32_MAX);
    }
    return state;
}

void sequence_take_snapshot(struct sequences *sequences, struct sequence *sequence, struct message snapshot)
{
    struct wire_field field;
    struct message rest = snapshot;
    uint64_t clock;
    int64_t trace_ns = 0;
    bool known = false;
    while (wire_next(&rest, &field)) {
        if (field.number != 1 || field.type != WIRE_BYTES)
            continue;
        struct clock_state state = clock_in(field.bytes, &clock);
        if (clock == CLOCK_BOOTTIME) {
            trace_ns = state.shows;
            known = true;
        }
    }
    while (known && wire_next(&snapshot, &field)) {
        if (field.number != 1 || field.type != WIRE_BYTES)
            continue;
        struct clock_state state = clock_in(field.bytes, &clock), *to = clock_of(sequences, sequence, clock);
        state.trace_ns = trace_ns;
        if (to)
            *to = state;
    }
}

bool sequence_time(struct sequences *sequences, struct sequence *sequence, const struct stamp *stamp, int64_t *ns)
{
    uint64_t clock = stamp->has_clock ? stamp->clock : sequence->clock;
    struct clock_state *state = clock_of(sequences, sequence, clock);
    *ns = (int64_t)stamp->timestamp;
    if (!state)
        return false;
    if (!state->known)
        return clock == CLOCK_BOOTTIME;
    int64_t went, since;
    if (__builtin_mul_overflow((int64_t)stamp->timestamp, state->unit_ns, &went))
        return false;
    if (state->incremental) {
        if (__builtin_add_overflow(state->trace_ns, went, &state->trace_ns))
            return false;
        *ns = state->trace_ns;
        return true;
    }
    return !__builtin_sub_overflow((int64_t)stamp->timestamp, state->shows, &since) &&
           !__builtin_mul_overflow(since, state->unit_ns, &since) &&
           !__builtin_add_overflow(state->trace_ns, since, ns);
}

void sequence_event_time(struct sequence *sequence, struct message event, struct perfetto_context *context)
{
    struct wire_field field;
    while (wire_next(&event, &field)) {
        if (field.number == 1) /* timestamp_delta_us */
            sequence->event_ns = time_bounded(sequence->event_ns + us_as_ns(field.value));
        else if (field.number == 16) /* timestamp_absolute_us */
            sequence->event_ns = us_as_ns(field.value);
        else
            continue;
        context->time_ns = sequence->event_ns;
        return;
    }
}
