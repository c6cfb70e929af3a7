/* Tells JavaScript, as JSON, every constant it needs, so that it repeats none of them. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "../image/image.h"
#include "exchange.h"
#include "wasm.h"

#define AS_NAME(name) #name,
#define AS_TEXT(name, ...) #name,

static const char *const create_numbers[] = { CREATE_NUMBERS(AS_NAME) NULL };
static const char *const event_numbers[] = { EVENT_NUMBERS(AS_NAME) NULL };
static const char *const query_numbers[] = { QUERY_NUMBERS(AS_NAME) NULL };
static const char *const query_fields[] = { QUERY_FIELDS(AS_NAME) NULL };
static const char *const counts[] = { KERNEL_COUNTS(AS_NAME) NULL };
static const char *const error_names[] = { TRACER_ERRORS(AS_TEXT) NULL };
static const char *const kinds[] = { "instant", "span", "sample", "flow", NULL };

/* Constants by name; the lists below end in { NULL, 0 }. */
struct constant {
    const char *name;
    uint64_t value;
};
#define END     \
    {           \
        NULL, 0 \
    }

static const struct constant event_fields[] = {
    { "timestamp", TRACE_HAS_TIMESTAMP }, { "pid", TRACE_HAS_PID },   { "duration", TRACE_HAS_DURATION },
    { "track", TRACE_HAS_TRACK },         { "failed", TRACE_FAILED }, END,
};

static const struct constant exchange_offsets[] = {
    { "bytes", sizeof(struct exchange) },
    { "numbers", offsetof(struct exchange, numbers) },
    { "texts", offsetof(struct exchange, texts) },
    { "text_bytes", offsetof(struct exchange, text_bytes) },
    { "result", offsetof(struct exchange, result) },
    { "result_bytes", offsetof(struct exchange, result_bytes) },
    { "message", offsetof(struct exchange, message) },
    END,
};

static const struct constant sizes[] = {
    { "span", sizeof(struct wasm_span) },
    { "clock_cell", sizeof(double) },
    { "name_text", offsetof(struct wasm_name, text) },
    { "pointer", sizeof(void *) },
    END,
};

static const struct constant header_offsets[] = {
    { "magic", offsetof(struct image_header, magic) },
    { "byte_order", offsetof(struct image_header, byte_order) },
    { "version", offsetof(struct image_header, version) },
    { "section_count", offsetof(struct image_header, section_count) },
    { "capacity_events", offsetof(struct image_header, capacity_events) },
    { "clock", offsetof(struct image_header, clock) },
    { "origin_ticks", offsetof(struct image_header, origin_ticks) },
    { "control", offsetof(struct image_header, control) },
    { "names_used", offsetof(struct image_header, names_used) },
    { "directory", IMAGE_DIRECTORY_OFFSET },
    { "bytes", IMAGE_HEADER_BYTES },
    { "events_epoch_shift", CONTROL_EVENTS_SHIFT },
    { "epoch_mask", CONTROL_EPOCH_MASK },
    { "clock_ticks", IMAGE_CLOCK_TSC },
    END,
};

static const struct constant section_offsets[] = {
    { "bytes", sizeof(struct image_section) },
    { "kind", offsetof(struct image_section, kind) },
    { "offset", offsetof(struct image_section, offset_bytes) },
    { "size", offsetof(struct image_section, size_bytes) },
    { "entry", offsetof(struct image_section, entry_bytes) },
    { "lanes", IMAGE_LANES },
    { "records", IMAGE_RECORDS },
    { "names", IMAGE_NAMES },
    { "name_text", IMAGE_NAME_TEXT },
    END,
};

static const struct constant lane_offsets[] = {
    { "head", offsetof(struct image_lane, head) },
    { "first", offsetof(struct image_lane, first) },
    { "events_epoch", offsetof(struct image_lane, events_epoch) },
    END,
};

static unsigned log2_of(uint64_t bit)
{
    return (unsigned)__builtin_ctzll(bit);
}

/* Shifts are within the record's fourth word. */
static void put_record(FILE *out);

static void put_names(FILE *out, const char *key, const char *const *names)
{
    fprintf(out, "\"%s\":[", key);
    for (size_t i = 0; names[i]; i++)
        fprintf(out, "%s\"%s\"", i ? "," : "", names[i]);
    fputs("],", out);
}

static void put_constants(FILE *out, const char *key, const struct constant *constants)
{
    fprintf(out, "\"%s\":{", key);
    for (size_t i = 0; constants[i].name; i++)
        fprintf(out, "%s\"%s\":%llu", i ? "," : "", constants[i].name, (unsigned long long)constants[i].value);
    fputs("},", out);
}

static void put_record(FILE *out)
{
    const struct constant record[] = {
        { "bytes", RECORD_BYTES },
        { "mark_mask", RECORD_MARK_MASK },
        { "name_shift", RECORD_NAME_SHIFT },
        { "name_mask", RECORD_NAME_MASK },
        { "track_shift", RECORD_TRACK_SHIFT },
        { "track_mask", RECORD_TRACK_MASK },
        { "category_shift", RECORD_CATEGORY_SHIFT },
        { "category_mask", RECORD_CATEGORY_MASK },
        { "kind_shift", RECORD_KIND_SHIFT },
        { "kind_mask", RECORD_KIND_MASK },
        { "time_ns_shift", log2_of(RECORD_TIME_NS) },
        { "name_in_detail_shift", log2_of(RECORD_NAME_IN_DETAIL) },
        END,
    };
    put_constants(out, "record", record);
}

static void put_image(FILE *out)
{
    fprintf(out, "\"image\":{\"version\":%u,", IMAGE_VERSION);
    put_constants(out, "header", header_offsets);
    put_constants(out, "section", section_offsets);
    put_constants(out, "lane", lane_offsets);
    put_record(out);
    put_names(out, "kinds", kinds);
    fputs("\"byte_order\":", out);
    fprintf(out, "%u},", IMAGE_BYTE_ORDER);
}

static void put_categories(FILE *out)
{
#define AS_CATEGORY(name, printed, long_name) "{\"name\":\"" printed "\",\"long\":\"" long_name "\"},"
    static const char categories[] = TRACE_CATEGORIES(AS_CATEGORY);
#undef AS_CATEGORY
    fprintf(out, "\"categories\":[%.*s],", (int)sizeof categories - 2, categories);
}

static void put_formats(FILE *out)
{
    fputs("\"formats\":[", out);
    for (size_t i = 0; tracer_export_format(i); i++)
        fprintf(out, "%s\"%s\"", i ? "," : "", tracer_export_format(i));
    fputs("],", out);
}

char *tracer_wasm_describe(void)
{
    char *text = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&text, &size);
    if (!out)
        return NULL;
    fputs("{", out);
    put_categories(out);
    put_names(out, "errors", error_names);
    put_names(out, "create", create_numbers);
    put_names(out, "event", event_numbers);
    put_constants(out, "event_fields", event_fields);
    put_names(out, "query", query_numbers);
    put_names(out, "query_fields", query_fields);
    put_names(out, "counts", counts);
    put_constants(out, "exchange", exchange_offsets);
    put_constants(out, "sizes", sizes);
    put_image(out);
    put_formats(out);
    fprintf(out, "\"version\":\"%s\"}", tracer_version());
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}
