/*
 * "perfetto": the protocol buffers of Perfetto, for ui.perfetto.dev and trace_processor. Source: the .proto
 * files of the Perfetto project; only fields that both know are written.
 *
 *     packet { sequence  timestamp  interned data { new texts }  track event { type name category track details } }
 *
 * All packets are of one sequence, ordered by time; times are ns since the previous packet (an incremental clock).
 * Spans are a beginning and an end; instants and the ends of flows are instants; samples are values on a counter's
 * track. Failed events have "failed" among their debug annotations. Where zlib is linked, packets are compressed, many
 * in one, as Perfetto's service does.
 */
#include <stdlib.h>

#include "../base/heap.h"
#include "chrome_flows.h"
#include "compress.h"
#include "export.h"
#include "perfetto_names.h"
#include "perfetto_tracks.h"

enum { PACKET_CLOCKS = 6, PACKET_TIME = 8, PACKET_EVENT = 11, PACKET_INTERNED = 12, PACKET_FLAGS = 13 };
enum {
    PACKET_CHROME = 5,
    PACKET_COMPRESSED = 50,
    PACKET_CLOCK = 58,
    PACKET_DEFAULTS = 59,
    STATE_CLEARED = 1,
    SNAPSHOT_CLOCK = 1
};
enum { CLOCK_ID = 1, CLOCK_TIME = 2, CLOCK_INCREMENTAL = 3, CLOCK_REALTIME_ID = 1, CLOCK_BOOTTIME_ID = 6 };
enum { METADATA = 2, METADATA_NAME = 1, METADATA_TEXT = 2, METADATA_NUMBER = 4, OWN_CLOCK = 64 };
enum { EVENT_CATEGORY = 3, EVENT_ANNOTATION = 4, EVENT_TYPE = 9, EVENT_NAME_NUMBER = 10, EVENT_TRACK = 11 };
enum { EVENT_CATEGORY_TEXT = 22, EVENT_NAME = 23, EVENT_VALUE = 44, EVENT_FLOW = 47, EVENT_FLOW_ENDS = 48 };
enum { ANNOTATION_KEY = 1, ANNOTATION_BOOL = 2, ANNOTATION_UINT = 3, ANNOTATION_TEXT = 6, ANNOTATION_NUMBER = 17 };
enum event_type { TYPE_BEGIN = 1, TYPE_END = 2, TYPE_INSTANT = 3, TYPE_COUNTER = 4 };

#define COMPRESSED_BYTES (256u << 10) /* of packets, before they are compressed together */

/* A span that has begun and will end. */
struct perfetto_end {
    uint64_t end_ns, serial;
    uint64_t before; /* for perfetto_lane_leave() */
    uint32_t lane;
};

struct perfetto_export {
    struct perfetto_lanes tracks;
    struct perfetto_names names;
    struct chrome_flows flows;
    struct protobuf packets, packet, event, annotation;
    struct buffer compressed;
    struct perfetto_end *ends; /* a heap, the next on top */
    uint32_t end_count, end_room;
    uint64_t serial, clock_ns;
};

/* The span that began last ends first, as they nest. */
static inline bool ends_before(const struct perfetto_export *perfetto, const struct perfetto_end *a,
                               const struct perfetto_end *b)
{
    (void)perfetto;
    return a->end_ns != b->end_ns ? a->end_ns < b->end_ns : a->serial > b->serial;
}

HEAP_FUNCTIONS(next_end, struct perfetto_end, struct perfetto_export, ends_before)

static uint64_t bounded(uint64_t time_ns)
{
    return time_ns < INT64_MAX ? time_ns : INT64_MAX;
}

/* ---------------------------------------------------------------------- packets */

static void put_clock(struct protobuf *to, struct protobuf *scratch, uint64_t id, uint64_t time_ns)
{
    protobuf_number(scratch, CLOCK_ID, id);
    protobuf_number(scratch, CLOCK_TIME, time_ns);
    if (id == OWN_CLOCK)
        protobuf_number(scratch, CLOCK_INCREMENTAL, 1);
    protobuf_message(to, SNAPSHOT_CLOCK, scratch);
}

/* Time 0 of the trace is time 0 of the clock by which Perfetto shows it. */
static void put_first_packet(struct perfetto_export *perfetto, const struct image_header *header)
{
    struct protobuf *clocks = &perfetto->event, *scratch = &perfetto->annotation;
    put_clock(clocks, scratch, OWN_CLOCK, 0);
    put_clock(clocks, scratch, CLOCK_BOOTTIME_ID, 0);
    if (header->created_realtime_ns && header->clock != IMAGE_CLOCK_PROGRAM)
        put_clock(clocks, scratch, CLOCK_REALTIME_ID, header->created_realtime_ns);
    protobuf_number(&perfetto->packet, PACKET_FLAGS, STATE_CLEARED);
    protobuf_message(&perfetto->packet, PACKET_CLOCKS, clocks);
    protobuf_number(scratch, PACKET_CLOCK, OWN_CLOCK);
    protobuf_message(&perfetto->packet, PACKET_DEFAULTS, scratch);
    perfetto_put_packet(&perfetto->packets, &perfetto->packet);
}

/* Makes the prepared packets one. */
static bool compress_packets(struct perfetto_export *perfetto, export_compressor *compress)
{
    struct buffer *packets = &perfetto->packets.bytes, *compressed = &perfetto->compressed;
    compressed->used = 0;
    if (!compress(compressed, packets->bytes, packets->used, COMPRESS_ZLIB))
        return false;
    packets->used = 0;
    protobuf_text(&perfetto->packet, PACKET_COMPRESSED, compressed->bytes, compressed->used);
    perfetto_put_packet(&perfetto->packets, &perfetto->packet);
    return true;
}

/* Writes out the prepared packets, once they are many if they are compressed. last: no more will come. */
static bool put_packets(struct export *export, bool last)
{
    struct perfetto_export *perfetto = export->state;
    struct protobuf *packets = &perfetto->packets;
    if (packets->failed || perfetto->names.interned.failed)
        return false;
    export_compressor *compress = export_compressor_linked();
    if (compress && packets->bytes.used < COMPRESSED_BYTES && !last)
        return true;
    if (compress && !compress_packets(perfetto, compress))
        return false;
    if (packets->failed || !buffer_reserve(&export->out, packets->bytes.used))
        return false;
    protobuf_append(&export->out, packets->bytes.bytes, packets->bytes.used);
    packets->bytes.used = 0;
    return true;
}

static void put_event_packet(struct perfetto_export *perfetto, uint64_t time_ns)
{
    protobuf_number(&perfetto->packet, PACKET_TIME, time_ns - perfetto->clock_ns);
    perfetto->clock_ns = time_ns;
    if (perfetto->names.interned.bytes.used)
        protobuf_message(&perfetto->packet, PACKET_INTERNED, &perfetto->names.interned);
    protobuf_message(&perfetto->packet, PACKET_EVENT, &perfetto->event);
    perfetto_put_packet(&perfetto->packets, &perfetto->packet);
}

static void begin_event(struct perfetto_export *perfetto, enum event_type type, uint32_t track)
{
    protobuf_number(&perfetto->event, EVENT_TYPE, type);
    protobuf_number(&perfetto->event, EVENT_TRACK, perfetto_uuid(track));
}

/* Refers to a text by number, or writes it in place if there are too many. */
static bool put_word(struct perfetto_export *perfetto, enum perfetto_list list, uint32_t by_number, uint32_t in_words,
                     const char *text)
{
    uint32_t number = perfetto_number(&perfetto->names, list, text);
    if (number) {
        protobuf_number(&perfetto->event, by_number, number);
        return true;
    }
    const char *valid = json_valid(&perfetto->names.valid, text, strlen(text));
    if (valid)
        protobuf_text(&perfetto->event, in_words, valid, strlen(valid));
    return valid != NULL;
}

static bool put_words(struct perfetto_export *perfetto, const char *name, const char *category)
{
    return put_word(perfetto, PERFETTO_LIST_NAMES, EVENT_NAME_NUMBER, EVENT_NAME, name) &&
           put_word(perfetto, PERFETTO_LIST_CATEGORIES, EVENT_CATEGORY, EVENT_CATEGORY_TEXT, category);
}

/* ------------------------------------------------------------------- annotations */

static void begin_annotation(struct perfetto_export *perfetto, const char *key)
{
    protobuf_number(&perfetto->annotation, ANNOTATION_KEY, perfetto_number(&perfetto->names, PERFETTO_LIST_KEYS, key));
}

static void annotate_number(struct perfetto_export *perfetto, const char *key, uint32_t type, uint64_t value)
{
    begin_annotation(perfetto, key);
    protobuf_number(&perfetto->annotation, type, value);
    protobuf_message(&perfetto->event, EVENT_ANNOTATION, &perfetto->annotation);
}

static bool annotate_text(struct perfetto_export *perfetto, const char *key, const char *text, size_t size)
{
    if (!text)
        return true;
    begin_annotation(perfetto, key);
    uint32_t number = perfetto_detail_number(&perfetto->names, text, size);
    const char *valid = number ? text : json_valid(&perfetto->names.valid, text, size);
    if (number)
        protobuf_number(&perfetto->annotation, ANNOTATION_NUMBER, number);
    else if (valid)
        protobuf_text(&perfetto->annotation, ANNOTATION_TEXT, valid, valid == text ? size : strlen(valid));
    protobuf_message(&perfetto->event, EVENT_ANNOTATION, &perfetto->annotation);
    return valid != NULL;
}

/* Arguments and result are JSON as text, as in all formats: consumers parse them if they want their parts. */
static bool annotate(struct perfetto_export *perfetto, const struct trace_event *event)
{
    if (!annotate_text(perfetto, "detail", event->detail, event->detail_size) ||
        !annotate_text(perfetto, "arguments", event->arguments, event->arguments ? strlen(event->arguments) : 0) ||
        !annotate_text(perfetto, "result", event->result, event->result ? strlen(event->result) : 0))
        return false;
    if (event->async_id)
        annotate_number(perfetto, "async_id", ANNOTATION_UINT, event->async_id);
    if (event->parent)
        annotate_number(perfetto, "parent", ANNOTATION_UINT, event->parent);
    if (event->has & TRACE_FAILED)
        annotate_number(perfetto, "failed", ANNOTATION_BOOL, 1);
    if (event->has & TRACE_DETAIL_LOST)
        annotate_number(perfetto, "detail_lost", ANNOTATION_BOOL, 1);
    if (event->has & TRACE_DETAIL_TRUNCATED)
        annotate_number(perfetto, "detail_truncated", ANNOTATION_BOOL, 1);
    return true;
}

/* ------------------------------------------------------------------------- spans */

/* Ends all spans that are over by then. */
static void put_ends(struct perfetto_export *perfetto, uint64_t by_ns)
{
    while (perfetto->end_count && perfetto->ends[0].end_ns <= by_ns) {
        const struct perfetto_end end = perfetto->ends[0];
        perfetto->ends[0] = perfetto->ends[--perfetto->end_count];
        if (perfetto->end_count > 1)
            next_end_sink(perfetto, perfetto->ends, perfetto->end_count, 0);
        perfetto_lane_leave(&perfetto->tracks, end.lane, end.before);
        begin_event(perfetto, TYPE_END, end.lane);
        put_event_packet(perfetto, end.end_ns);
    }
}

static bool keep_end(struct perfetto_export *perfetto, uint64_t end_ns, uint32_t lane, uint64_t before)
{
    struct perfetto_end *ends =
        array_grow(perfetto->ends, perfetto->end_count, &perfetto->end_room, sizeof *perfetto->ends);
    if (!ends)
        return false;
    perfetto->ends = ends;
    ends[perfetto->end_count] = (struct perfetto_end){ end_ns, perfetto->serial++, before, lane };
    next_end_rise(perfetto, ends, perfetto->end_count++);
    return true;
}

/* A beginning without an end. */
static bool put_open_span(struct export *export, const struct trace_open_span *span, bool first)
{
    struct perfetto_export *perfetto = export->state;
    (void)first;
    uint64_t before, start_ns = bounded(span->start_ns);
    put_ends(perfetto, start_ns);
    uint32_t lane = perfetto_lane_enter(&perfetto->tracks, span->track, UINT64_MAX, &before);
    if (lane == PERFETTO_NO_TRACK)
        return false;
    begin_event(perfetto, TYPE_BEGIN, lane);
    if (!put_words(perfetto, span->name, trace_category_name(span->category)))
        return false;
    put_event_packet(perfetto, start_ns);
    return true;
}

/* ------------------------------------------------------------------------ events */

static void put_payload(struct perfetto_export *perfetto, const struct trace_event *event)
{
    if (event->kind == TRACE_KIND_SAMPLE)
        protobuf_double(&perfetto->event, EVENT_VALUE, event->value);
    if (event->kind != TRACE_KIND_FLOW)
        return;
    bool ends = (event->has & TRACE_FLOW_IN) && chrome_flow_ends(&perfetto->flows, event->flow_id);
    protobuf_64_bits(&perfetto->event, ends ? EVENT_FLOW_ENDS : EVENT_FLOW, event->flow_id);
}

static uint32_t enter(struct perfetto_export *perfetto, const struct trace_event *event, uint64_t end_ns)
{
    uint64_t before;
    if (event->kind == TRACE_KIND_SAMPLE)
        return perfetto_counter(&perfetto->tracks, event->track, event->name);
    if (event->kind != TRACE_KIND_SPAN)
        return perfetto_thread(&perfetto->tracks, event->track);
    uint32_t lane = perfetto_lane_enter(&perfetto->tracks, event->track, end_ns, &before);
    return lane != PERFETTO_NO_TRACK && keep_end(perfetto, end_ns, lane, before) ? lane : PERFETTO_NO_TRACK;
}

static bool put_event(struct export *export, const struct trace_event *event, bool first)
{
    static const enum event_type types[TRACE_KIND_COUNT] = { TYPE_INSTANT, TYPE_BEGIN, TYPE_COUNTER, TYPE_INSTANT };
    struct perfetto_export *perfetto = export->state;
    uint64_t start_ns = bounded(event->time_ns), duration_ns = bounded(event->duration_ns);
    (void)first;
    put_ends(perfetto, start_ns);
    uint32_t track = enter(perfetto, event, bounded(start_ns + duration_ns));
    if (track == PERFETTO_NO_TRACK)
        return false;
    begin_event(perfetto, types[event->kind], track);
    if (!put_words(perfetto, event->name, event->label ? event->label : trace_category_name(event->category)))
        return false;
    put_payload(perfetto, event);
    if (!annotate(perfetto, event))
        return false;
    put_event_packet(perfetto, start_ns);
    return put_packets(export, false);
}

/* --------------------------------------------------------------------- beginning */

static bool begin(struct export *export)
{
    struct perfetto_export *perfetto = export->state;
    const struct tracer_snapshot *snapshot = export->snapshot;
    put_first_packet(perfetto, &snapshot->header);
    return chrome_flows_count(&perfetto->flows, snapshot) &&
           perfetto_lanes_init(&perfetto->tracks, snapshot, &perfetto->packets) && put_packets(export, false);
}

/* ------------------------------------------------------------------------ ending */

static void put_fact(struct perfetto_export *perfetto, const char *name, const char *text, uint64_t number)
{
    struct protobuf *fact = &perfetto->annotation;
    protobuf_text(fact, METADATA_NAME, name, strlen(name));
    if (text)
        protobuf_text(fact, METADATA_TEXT, text, strlen(text));
    else
        protobuf_number(fact, METADATA_NUMBER, number);
    protobuf_message(&perfetto->event, METADATA, fact);
}

/* Viewers show these as facts about the trace. */
static void put_facts(struct perfetto_export *perfetto, const struct tracer_snapshot *snapshot)
{
    struct trace_summary summary;
    uint64_t evicted = 0, lost = 0;
    tracer_snapshot_summary(snapshot, &summary);
    for (unsigned c = 0; c < TRACE_CATEGORY_COUNT; c++) {
        sum_add(&evicted, summary.losses.evicted[c]);
        sum_add(&lost, summary.losses.attempted[c] - summary.losses.recorded[c]);
    }
    put_fact(perfetto, "recorder", "ringscope " TRACER_VERSION, 0);
    put_fact(perfetto, "events_evicted", NULL, evicted);
    put_fact(perfetto, "events_lost", NULL, lost);
    protobuf_message(&perfetto->packet, PACKET_CHROME, &perfetto->event);
    perfetto_put_packet(&perfetto->packets, &perfetto->packet);
}

static bool end(struct export *export)
{
    struct perfetto_export *perfetto = export->state;
    put_ends(perfetto, UINT64_MAX);
    put_facts(perfetto, export->snapshot);
    return put_packets(export, true);
}

static void release(struct export *export)
{
    struct perfetto_export *perfetto = export->state;
    perfetto_lanes_free(&perfetto->tracks);
    perfetto_names_free(&perfetto->names);
    chrome_flows_free(&perfetto->flows);
    buffer_free(&perfetto->packets.bytes);
    buffer_free(&perfetto->packet.bytes);
    buffer_free(&perfetto->event.bytes);
    buffer_free(&perfetto->annotation.bytes);
    buffer_free(&perfetto->compressed);
    free(perfetto->ends);
}

const struct exporter export_perfetto = {
    .name = "perfetto",
    .by_start = true,
    .state_bytes = sizeof(struct perfetto_export),
    .begin = begin,
    .event = put_event,
    .open_span = put_open_span,
    .end = end,
    .release = release,
};
