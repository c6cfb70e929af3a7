/* Takes counters' values from events of other tracks. */
#include "perfetto_counters.h"

enum { VALUES = 12, TRACKS = 31, DOUBLE_TRACKS = 45, DOUBLE_VALUES = 46 };

/* A repeated number of a message: a field each, or several packed in one. */
struct numbers {
    struct message rest, packed;
    uint32_t field;
};

static bool next_number(struct numbers *numbers, uint64_t *number)
{
    struct wire_field field;
    while (numbers->packed.at == numbers->packed.end) {
        if (!wire_next(&numbers->rest, &field))
            return false;
        if (field.number != numbers->field)
            continue;
        *number = field.value;
        if (field.type != WIRE_BYTES)
            return true;
        numbers->packed = field.bytes;
    }
    return numbers->field == DOUBLE_VALUES ? wire_fixed(&numbers->packed, sizeof *number, number)
                                           : wire_varint(&numbers->packed, number);
}

static bool has(struct message message, uint32_t number)
{
    uint64_t value;
    return next_number(&(struct numbers){ .rest = message, .field = number }, &value);
}

bool perfetto_is_counters(uint32_t field)
{
    return field == VALUES || field == DOUBLE_VALUES;
}

static void take(struct perfetto_events *events, const struct perfetto_context *context, struct message event,
                 uint32_t values_field, uint32_t tracks_field)
{
    struct numbers values = { .rest = event, .field = values_field };
    struct numbers tracks = { .rest = has(event, tracks_field) ? event : context->defaults, .field = tracks_field };
    uint64_t value, track;
    while (next_number(&values, &value)) {
        if (next_number(&tracks, &track))
            perfetto_keep_counter(events, context, track,
                                  values_field == VALUES ? (double)(int64_t)value : wire_double(value));
        else
            perfetto_note(events->builder, context, "A counter's value without a track is left out");
    }
}

void perfetto_take_counters(struct perfetto_events *events, const struct perfetto_context *context,
                            struct message event)
{
    take(events, context, event, VALUES, TRACKS);
    take(events, context, event, DOUBLE_VALUES, DOUBLE_TRACKS);
}
