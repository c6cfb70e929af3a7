/* Reports to JavaScript, as JSON, every constant it needs, so that it repeats none of them. */
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

#include "../image/image.h"
#include "../timeline/as_image.h"
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
    { "timestamp", TRACE_HAS_TIMESTAMP }, { "pid", TRACE_HAS_PID },
    { "duration", TRACE_HAS_DURATION },   { "track", TRACE_HAS_TRACK },
    { "failed", TRACE_FAILED },           { "async_id", TRACE_HAS_ASYNC_ID },
    { "parent", TRACE_HAS_PARENT },       END,
};

static const struct constant exchange_offsets[] = {
    { "bytes", sizeof(struct exchange) },
    { "numbers", offsetof(struct exchange, numbers) },
    { "texts", offsetof(struct exchange, texts) },
    { "text_bytes", offsetof(struct exchange, text_bytes) },
    { "text_slots", EXCHANGE_TEXTS },
    { "result", offsetof(struct exchange, result) },
    { "result_bytes", offsetof(struct exchange, result_bytes) },
    { "message", offsetof(struct exchange, message) },
    END,
};

static const struct constant sizes[] = {
    { "span", sizeof(struct wasm_span) },
    { "clock_cell", sizeof(double) },
    { "control", offsetof(struct image_header, control) },
    { "name_text", offsetof(struct wasm_name, text) },
    { "pointer", sizeof(void *) },
    { "numbered_from", AS_IMAGE_NUMBERED_FROM }, /* ids of imported traces that are words */
    END,
};

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

static void put_categories(FILE *out)
{
#define AS_CATEGORY(name, printed, long_name) "{\"name\":\"" printed "\",\"long\":\"" long_name "\"},"
    static const char categories[] = TRACE_CATEGORIES(AS_CATEGORY);
#undef AS_CATEGORY
    fprintf(out, "\"categories\":[%.*s],", (int)sizeof categories - 2, categories);
}

/* NULL in a module that exports no events: the names of exporters alone do not link them. */
#pragma weak tracer_export_format

static void put_formats(FILE *out)
{
    fputs("\"formats\":[", out);
    for (size_t i = 0; tracer_export_format && tracer_export_format(i); i++)
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
    put_names(out, "kinds", kinds);
    put_formats(out);
    fprintf(out, "\"version\":\"%s\"}", tracer_version());
    if (fclose(out) == 0)
        return text;
    free(text);
    return NULL;
}
