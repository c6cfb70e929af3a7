/* Prints parts of OTLP. */
#include "otlp_text.h"

#include "identities.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "../base/printable.h"
#include "../base/utf8.h"
#include "shortest.h"

static const char otlp_digits[] = "0123456789abcdef";
static const char otlp_replacement[3] = { '\xef', '\xbf', '\xbd' }; /* U+FFFD */

void otlp_free(struct otlp_text *text)
{
    buffer_free(&text->bytes);
}

static bool otlp_reserve(struct otlp_text *to, size_t size)
{
    if (size <= to->bytes.size - to->bytes.used || buffer_reserve(&to->bytes, size))
        return true;
    to->failed = true;
    return false;
}

static void otlp_bytes(struct otlp_text *to, const char *bytes, size_t size)
{
    if (size == 0 || !otlp_reserve(to, size))
        return;
    memcpy(to->bytes.bytes + to->bytes.used, bytes, size);
    to->bytes.used += size;
}

void otlp_put(struct otlp_text *to, const char *text)
{
    otlp_bytes(to, text, strlen(text));
}

void otlp_append(struct otlp_text *to, const struct otlp_text *text)
{
    otlp_bytes(to, text->bytes.bytes, text->bytes.used);
    to->failed |= text->failed;
}

void otlp_number(struct otlp_text *to, uint64_t value)
{
    char text[24], *at = text + sizeof text;
    do
        *--at = (char)('0' + value % 10);
    while ((value /= 10) != 0);
    otlp_bytes(to, at, (size_t)(text + sizeof text - at));
}

/* NaN and infinities are words, as in the JSON form of protocol buffers. */
void otlp_double(struct otlp_text *to, double value)
{
    char text[40];
    if (!isfinite(value)) {
        otlp_put(to, isnan(value) ? "\"NaN\"" : value < 0 ? "\"-Infinity\"" : "\"Infinity\"");
        return;
    }
    shortest_print(text, sizeof text, value);
    otlp_put(to, text);
}

/* ------------------------------------------------------------------------- texts */

static bool otlp_has_short(unsigned char c)
{
    return c == '"' || c == '\\' || c == '\n' || c == '\r' || c == '\t';
}

/* Only few bytes can begin something that printable_hidden_bytes() would hide. */
static bool otlp_may_hide(unsigned char c)
{
    return c < ' ' || c == 0x7F || c == 0xC2 || c == 0xE2;
}

static size_t otlp_escape(char *to, char c)
{
    to[0] = '\\';
    to[1] = c;
    if (c == '\n' || c == '\r')
        to[1] = c == '\n' ? 'n' : 'r';
    else if (c == '\t')
        to[1] = 't';
    return 2;
}

void otlp_string(struct otlp_text *to, const char *text, size_t size)
{
    const unsigned char *from = (const unsigned char *)text;
    if (size > SIZE_MAX / 8 || !otlp_reserve(to, PRINTABLE_JSON_BYTES * size + 3)) {
        to->failed = true;
        return;
    }
    char *at = to->bytes.bytes + to->bytes.used;
    *at++ = '"';
    for (size_t i = 0; i < size;) {
        size_t bytes = from[i] < 0x80 ? 1 : utf8_bytes(from + i, size - i);
        if (otlp_has_short(from[i])) {
            at += otlp_escape(at, text[i]);
        } else if (bytes == 0) {
            memcpy(at, otlp_replacement, sizeof otlp_replacement);
            at += sizeof otlp_replacement;
        } else if (otlp_may_hide(from[i]) && printable_hidden_bytes(from + i, size - i)) {
            printable_json(at, from + i, bytes);
            at += PRINTABLE_JSON_BYTES;
        } else {
            memcpy(at, from + i, bytes);
            at += bytes;
        }
        i += bytes ? bytes : 1;
    }
    *at++ = '"';
    to->bytes.used = (size_t)(at - to->bytes.bytes);
}

void otlp_time(struct otlp_text *to, const char *key, uint64_t time_ns)
{
    otlp_put(to, ",\"");
    otlp_put(to, key);
    otlp_put(to, "\":\"");
    otlp_number(to, time_ns);
    otlp_put(to, "\"");
}

void otlp_id(struct otlp_text *to, uint64_t id)
{
    char text[16];
    for (unsigned i = 0; i < sizeof text; i++)
        text[i] = otlp_digits[id >> (60 - 4 * i) & 15];
    otlp_bytes(to, text, sizeof text);
}

/* -------------------------------------------------------------------- attributes */

void otlp_attributes_begin(struct otlp_text *to)
{
    otlp_put(to, "\"attributes\":[");
    to->listed = false;
}

static void otlp_attribute(struct otlp_text *to, const char *key, const char *type)
{
    otlp_put(to, to->listed ? ",{\"key\":\"" : "{\"key\":\"");
    to->listed = true;
    otlp_put(to, key);
    otlp_put(to, "\",\"value\":{\"");
    otlp_put(to, type);
    otlp_put(to, "\":");
}

void otlp_attribute_text(struct otlp_text *to, const char *key, const char *text, size_t size)
{
    otlp_attribute(to, key, "stringValue");
    otlp_string(to, text, size);
    otlp_put(to, "}}");
}

void otlp_attribute_number(struct otlp_text *to, const char *key, uint64_t value)
{
    otlp_attribute(to, key, "intValue");
    otlp_number(to, value);
    otlp_put(to, "}}");
}

void otlp_attribute_id(struct otlp_text *to, const char *key, uint64_t id)
{
    otlp_attribute(to, key, "stringValue");
    otlp_put(to, "\"");
    otlp_number(to, id);
    otlp_put(to, "\"}}");
}

void otlp_attribute_true(struct otlp_text *to, const char *key)
{
    otlp_attribute(to, key, "boolValue");
    otlp_put(to, "true}}");
}

void otlp_attributes_end(struct otlp_text *to)
{
    otlp_put(to, "]");
}

/* --------------------------------------------------------------------- resources */

void otlp_resource(struct otlp_text *to, const struct tracer_snapshot *snapshot, const char *name, uint32_t pid)
{
    const char *boot = snapshot->header.boot_id;
    if (!name[0])
        name = "unknown_service"; /* the specification requires a name */
    otlp_put(to, "\"resource\":{");
    otlp_attributes_begin(to);
    otlp_attribute_text(to, "service.name", name, strlen(name));
    otlp_attribute_number(to, "process.pid", pid);
    if (boot[0])
        otlp_attribute_text(to, "ringscope.boot.id", boot, strnlen(boot, sizeof snapshot->header.boot_id));
    otlp_attributes_end(to);
    otlp_put(to, ",\"droppedAttributesCount\":0}");
}

/* -------------------------------------------------------------------- operations */

static void otlp_point_begin(struct otlp_text *to, const struct trace_perf *perf, const char *before)
{
    otlp_put(to, before);
    otlp_put(to, "{");
    otlp_attributes_begin(to);
    otlp_attribute_text(to, "operation", perf->name, strlen(perf->name));
    otlp_attributes_end(to);
}

static void otlp_sum(struct otlp_text *to, const struct tracer_snapshot *snapshot, uint64_t at_ns, bool errors)
{
    struct trace_perf perf;
    bool any = false;
    otlp_put(to, errors ? "{\"name\":\"ringscope.operation.errors\",\"description\":\"Calls that failed\""
                        : "{\"name\":\"ringscope.operation.calls\",\"description\":\"Calls\"");
    otlp_put(to, ",\"unit\":\"{call}\",\"sum\":{\"aggregationTemporality\":2,\"isMonotonic\":true,\"dataPoints\":[");
    for (size_t i = 0; tracer_snapshot_op(snapshot, i, &perf); i++) {
        if (!perf.count)
            continue;
        otlp_point_begin(to, &perf, any ? "," : "");
        otlp_time(to, "startTimeUnixNano", origin_ns(snapshot));
        otlp_time(to, "timeUnixNano", at_ns);
        otlp_put(to, ",\"asInt\":");
        otlp_number(to, errors ? perf.errors : perf.count);
        otlp_put(to, "}");
        any = true;
    }
    otlp_put(to, "]}}");
}

/* Bounds are inclusive in OTLP, and durations are whole ns, so a bucket that ends below 2^i has the bound 2^i - 1. This
 * is exact, unlike the buckets of an exponential histogram. */
static void otlp_buckets(struct otlp_text *to, const struct trace_perf *perf)
{
    otlp_put(to, ",\"bucketCounts\":[");
    for (unsigned i = 0; i < TRACE_LOG2_BUCKETS; i++) {
        otlp_put(to, i ? "," : "");
        otlp_number(to, perf->log2_buckets[i]);
    }
    otlp_put(to, "],\"explicitBounds\":[");
    for (unsigned i = 1; i < TRACE_LOG2_BUCKETS; i++) {
        otlp_put(to, i > 1 ? "," : "");
        otlp_number(to, (UINT64_C(1) << i) - 1);
    }
    otlp_put(to, "]");
}

static void otlp_durations(struct otlp_text *to, const struct tracer_snapshot *snapshot, uint64_t at_ns)
{
    struct trace_perf perf;
    bool any = false;
    otlp_put(to, "{\"name\":\"ringscope.operation.duration\",\"description\":\"How long calls took\",\"unit\":\"ns\","
                 "\"histogram\":{\"aggregationTemporality\":2,\"dataPoints\":[");
    for (size_t i = 0; tracer_snapshot_op(snapshot, i, &perf); i++) {
        if (!perf.has_percentiles)
            continue;
        otlp_point_begin(to, &perf, any ? "," : "");
        otlp_buckets(to, &perf);
        otlp_put(to, ",\"count\":");
        otlp_number(to, perf.count);
        otlp_put(to, ",\"sum\":");
        otlp_number(to, perf.total_ns);
        otlp_put(to, ",\"min\":");
        otlp_number(to, perf.min_ns);
        otlp_put(to, ",\"max\":");
        otlp_number(to, perf.max_ns);
        otlp_time(to, "startTimeUnixNano", origin_ns(snapshot));
        otlp_time(to, "timeUnixNano", at_ns);
        otlp_put(to, "}");
        any = true;
    }
    otlp_put(to, "]}}");
}

void otlp_operations(struct otlp_text *to, const struct tracer_snapshot *snapshot, uint64_t at_ns)
{
    struct trace_perf perf;
    bool any = false;
    for (size_t i = 0; !any && tracer_snapshot_op(snapshot, i, &perf); i++)
        any = perf.count > 0;
    if (!any)
        return;
    otlp_put(to, "{\"resourceMetrics\":[{");
    otlp_resource(to, snapshot, snapshot->header.program, (uint32_t)snapshot->header.pid);
    otlp_put(to, ",\"scopeMetrics\":[{" OTLP_SCOPE ",\"metrics\":[");
    otlp_sum(to, snapshot, at_ns, false);
    otlp_put(to, ",");
    otlp_sum(to, snapshot, at_ns, true);
    otlp_put(to, ",");
    otlp_durations(to, snapshot, at_ns);
    otlp_put(to, "]}]}]}\n");
}
