/* Takes packets as they arrive: their sequence, time and contents. */
#include "perfetto.h"

#include <stdlib.h>

#include "perfetto_compressed.h"
#include "perfetto_sequences.h"

#define PACKET_TAG 0x0a /* field 1 of Trace, bytes */
#define PACKET_BYTES_MAX ((size_t)256 << 20)
#define STATE_CLEARED 1
#define STATE_NEEDED 2

struct perfetto {
    struct timeline_builder *builder;
    struct perfetto_events events;
    struct sequences sequences;
    struct buffer kept; /* the beginning of a packet */
    uint64_t bytes, packets; /* taken so far */
    bool unpacking; /* packets of a compressed one */
    bool damaged;
};

/* The fields of a packet that are used. */
struct packet {
    uint64_t sequence, flags;
    struct stamp stamp;
    bool has_timestamp;
    struct message track_event, interned, descriptor, defaults, snapshot, tree, process, thread, packed;
    uint32_t other; /* the number of a field that is not shown; 0: none */
};

/* --------------------------------------------------------------------- packets */

static const char *words_of(uint32_t number)
{
    switch (number) {
    case 1:
        return "A packet of the kernel's ftrace is not shown";
    case 9:
        return "A packet of process statistics is not shown";
    case 37:
    case 66:
    case 67:
    case 74:
        return "A packet of a profiler is not shown";
    default:
        return NULL;
    }
}

/* Fields that look like events, but are known to be the trace's own bookkeeping. */
static bool is_bookkeeping(uint32_t number)
{
    static const uint8_t numbers[] = { 3, 5, 33, 34, 35, 36, 38, 41, 42, 45, 46, 56, 64, 79, 89, 90, 94, 98, 99 };
    for (size_t i = 0; i < sizeof numbers; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

static void take_field(struct packet *packet, const struct wire_field *field)
{
    switch (field->number) {
    case 2:
        packet->tree = field->bytes;
        break;
    case 6:
        packet->snapshot = field->bytes;
        break;
    case 8:
        packet->stamp.timestamp = field->value;
        packet->has_timestamp = true;
        break;
    case 10:
        packet->sequence = field->value;
        break;
    case 11:
        packet->track_event = field->bytes;
        break;
    case 12:
        packet->interned = field->bytes;
        break;
    case 13:
        packet->flags |= field->value;
        break;
    case 41: /* incremental_state_cleared, from before there were flags */
        packet->flags |= field->value ? STATE_CLEARED : 0;
        break;
    case 43:
        packet->process = field->bytes;
        break;
    case 44:
        packet->thread = field->bytes;
        break;
    case 50:
        packet->packed = field->bytes;
        break;
    case 58:
        packet->stamp.clock = field->value;
        packet->stamp.has_clock = true;
        break;
    case 59:
        packet->defaults = field->bytes;
        break;
    case 60:
        packet->descriptor = field->bytes;
        break;
    default:
        if (field->type == WIRE_BYTES && !is_bookkeeping(field->number))
            packet->other = field->number;
    }
}

static void take_track_event(struct perfetto *perfetto, struct sequence *sequence, const struct packet *packet,
                             struct perfetto_context *context)
{
    bool known =
        packet->has_timestamp ? sequence_time(&perfetto->sequences, sequence, &packet->stamp, &context->time_ns) : true;
    if (!packet->has_timestamp)
        sequence_event_time(sequence, packet->track_event, context);
    if (!known)
        perfetto_note(perfetto->builder, context, "An event's clock is unknown: its time may be wrong");
    if ((packet->flags & STATE_NEEDED) && !sequence->has_state)
        perfetto_note(perfetto->builder, context, "An event that depends on lost packets is left out");
    else
        perfetto_take_event(&perfetto->events, context, packet->track_event);
}

static void take_other(struct perfetto *perfetto, const struct packet *packet, const struct perfetto_context *context)
{
    char text[80];
    const char *words = words_of(packet->other);
    if (!words)
        snprintf(text, sizeof text, "A packet with field %u is not shown", packet->other);
    perfetto_note(perfetto->builder, context, words ? words : text);
}

static void take_packet(struct perfetto *perfetto, const uint8_t *at, size_t size, uint64_t byte);

/* The packets in a packet, in the order in which they were written; their position is that of the outer packet. */
static void take_packed(struct perfetto *perfetto, struct message packed, uint64_t byte)
{
    const struct perfetto_context context = { .packet = perfetto->packets, .byte = byte };
    struct buffer packets = { 0 };
    struct wire_field field;
    if (perfetto->unpacking) {
        perfetto_note(perfetto->builder, &context, "A compressed packet in a compressed one is left out");
        return;
    }
    const enum perfetto_unpacked unpacked = perfetto_unpack(packed, &packets);
    struct message left = message_of(packets.bytes ? packets.bytes : "", packets.used);
    perfetto->unpacking = true;
    while (wire_next(&left, &field))
        if (field.number == 1 && field.type == WIRE_BYTES)
            take_packet(perfetto, field.bytes.at, (size_t)(field.bytes.end - field.bytes.at), byte);
    perfetto->unpacking = false;
    if (unpacked == UNPACKED_IN_PART || left.at < left.end)
        perfetto_note(perfetto->builder, &context, "A compressed packet is damaged: the rest of it is left out");
    perfetto->events.failed = perfetto->events.failed || unpacked == UNPACKED_NO_MEMORY;
    buffer_free(&packets);
}

static void take_packet(struct perfetto *perfetto, const uint8_t *at, size_t size, uint64_t byte)
{
    struct packet packet = { 0 };
    struct message message = { at, at + size };
    struct wire_field field;
    perfetto->packets++;
    while (wire_next(&message, &field))
        take_field(&packet, &field);
    if (packet.packed.at)
        take_packed(perfetto, packet.packed, byte);
    struct sequence *sequence = sequence_of(&perfetto->sequences, packet.sequence);
    if (!sequence)
        return;
    if (packet.flags & STATE_CLEARED) {
        sequence->generation++;
        sequence->has_state = true;
    }
    struct perfetto_context context = {
        .sequence = (uint32_t)(sequence - perfetto->sequences.all),
        .generation = sequence->generation,
        .packet = perfetto->packets,
        .byte = byte,
    };
    if (message.at < message.end)
        perfetto_note(perfetto->builder, &context, "A packet is damaged: the rest of it is left out");
    if (packet.interned.at)
        perfetto->events.failed |= !perfetto_take_interned(&perfetto->events.names, &context, packet.interned);
    if (packet.defaults.at)
        sequence_take_defaults(&perfetto->sequences, sequence, packet.defaults);
    if (packet.descriptor.at)
        perfetto_describe_track(&perfetto->events.tracks, packet.descriptor);
    if (packet.snapshot.at)
        sequence_take_snapshot(&perfetto->sequences, sequence, packet.snapshot);
    if (packet.tree.at)
        perfetto_take_process_tree(&perfetto->events.tracks, packet.tree);
    if (packet.process.at)
        perfetto_describe_process(&perfetto->events.tracks, packet.process, NULL);
    if (packet.thread.at)
        sequence_take_thread(&perfetto->sequences, sequence, packet.thread);
    context.track = sequence->track;
    if (sequence->defaults.used)
        context.defaults = message_of(sequence->defaults.bytes, sequence->defaults.used);
    if (packet.track_event.at)
        take_track_event(perfetto, sequence, &packet, &context);
    if (packet.other)
        take_other(perfetto, &packet, &context);
}

/* Takes whole packets; returns how many bytes they had. */
static size_t take_packets(struct perfetto *perfetto, const char *bytes, size_t size)
{
    struct message left = message_of(bytes, size);
    const uint8_t *done = left.at;
    struct wire_field field;
    while (!perfetto->sequences.failed && !perfetto->events.failed && wire_next(&left, &field)) {
        uint64_t byte = perfetto->bytes + (uint64_t)(done - (const uint8_t *)bytes);
        if (field.number == 1 && field.type == WIRE_BYTES)
            take_packet(perfetto, field.bytes.at, (size_t)(field.bytes.end - field.bytes.at), byte);
        done = left.at;
    }
    size_t taken = (size_t)(done - (const uint8_t *)bytes);
    perfetto->bytes += taken;
    return taken;
}

/* ------------------------------------------------------------------------ door */

/* A packet, followed by another, or by the end of the data. */
static bool recognises(const char *head, size_t size)
{
    struct message left = message_of(head, size), packet;
    struct wire_field field, inner;
    unsigned packets = 0, fields = 0;
    while (packets < 8 && left.at < left.end) {
        const uint8_t *before = left.at;
        if (*before != PACKET_TAG)
            return false;
        if (!wire_next(&left, &field)) /* it continues after the head, or is cut off */
            return packets > 0 && fields > 0;
        packet = field.bytes;
        while (wire_next(&packet, &inner))
            fields++;
        if (packet.at < packet.end)
            return packets > 0;
        packets++;
    }
    return packets > 0 && fields > 0;
}

static void *create(struct timeline_builder *builder)
{
    struct perfetto *perfetto = calloc(1, sizeof *perfetto);
    if (!perfetto)
        return NULL;
    perfetto->builder = perfetto->events.builder = perfetto->events.tracks.builder = builder;
    perfetto->sequences.tracks = &perfetto->events.tracks;
    return perfetto;
}

static void destroy(void *reader)
{
    struct perfetto *perfetto = reader;
    perfetto_events_free(&perfetto->events);
    sequences_free(&perfetto->sequences);
    buffer_free(&perfetto->kept);
    free(perfetto);
}

static enum tracer_error state(const struct perfetto *perfetto)
{
    return perfetto->sequences.failed || perfetto->events.failed ? TRACER_ERROR_MEMORY : TRACER_OK;
}

/* False without memory. Anything longer than a packet can be is damage: nothing after it is read. */
static bool keep(struct perfetto *perfetto, const char *bytes, size_t size)
{
    struct buffer *kept = &perfetto->kept;
    perfetto->damaged = size > PACKET_BYTES_MAX - kept->used;
    if (perfetto->damaged)
        return true;
    if (!buffer_reserve(kept, size))
        return false;
    memcpy(kept->bytes + kept->used, bytes, size);
    kept->used += size;
    return true;
}

static enum tracer_error feed(void *reader, const char *bytes, size_t size, struct tracer_message *message)
{
    struct perfetto *perfetto = reader;
    struct buffer *kept = &perfetto->kept;
    (void)message;
    if (kept->used == 0) {
        size_t taken = take_packets(perfetto, bytes, size);
        bytes += taken;
        size -= taken;
    }
    for (size_t piece = 256; size && !perfetto->damaged && state(perfetto) == TRACER_OK; piece *= 2) {
        size_t part = size < piece ? size : piece;
        if (!keep(perfetto, bytes, part))
            return TRACER_ERROR_MEMORY;
        bytes += part;
        size -= part;
        size_t taken = take_packets(perfetto, kept->bytes, kept->used);
        memmove(kept->bytes, kept->bytes + taken, kept->used - taken);
        kept->used -= taken;
    }
    return state(perfetto);
}

static enum tracer_error end(void *reader, struct tracer_message *message)
{
    struct perfetto *perfetto = reader;
    const struct perfetto_context context = { .packet = perfetto->packets + 1, .byte = perfetto->bytes };
    (void)message;
    if (perfetto->kept.used)
        perfetto_note(perfetto->builder, &context, "The trace is cut off, or damaged, and ends here");
    return state(perfetto) == TRACER_OK && perfetto_events_end(&perfetto->events) ? TRACER_OK : TRACER_ERROR_MEMORY;
}

const struct door perfetto_door = { "perfetto", "Perfetto trace", "packet", recognises, create, feed, end, destroy };
