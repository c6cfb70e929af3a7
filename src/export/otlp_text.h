/*
 * Parts of OTLP in JSON, as the JavaScript library of OpenTelemetry prints them: texts, attributes, resources.
 */
#ifndef RINGSCOPE_EXPORT_OTLP_TEXT_H
#define RINGSCOPE_EXPORT_OTLP_TEXT_H

#include "../read/snapshot.h"

/* All zero: empty. Owns its bytes until otlp_free(). */
struct otlp_text {
    struct buffer bytes;
    bool failed; /* out of memory: something is missing */
    bool listed; /* the list begun last has an element */
};
void otlp_free(struct otlp_text *text);

/* Append without escaping. */
void otlp_put(struct otlp_text *to, const char *text);
void otlp_append(struct otlp_text *to, const struct otlp_text *text);
void otlp_number(struct otlp_text *to, uint64_t value);
void otlp_double(struct otlp_text *to, double value);
/* In quotes, escaped, with U+FFFD for invalid UTF-8. */
void otlp_string(struct otlp_text *to, const char *text, size_t size);
/* ,"key":"N", ns since 1970. */
void otlp_time(struct otlp_text *to, const char *key, uint64_t time_ns);
/* An id: 16 hex digits. */
void otlp_id(struct otlp_text *to, uint64_t id);

/* Begins the list "attributes"; each call below adds one. */
void otlp_attributes_begin(struct otlp_text *to);
void otlp_attribute_text(struct otlp_text *to, const char *key, const char *text, size_t size);
void otlp_attribute_number(struct otlp_text *to, const char *key, uint64_t value);
/* An unsigned 64-bit number, which OTLP's integers cannot hold, as text. */
void otlp_attribute_id(struct otlp_text *to, const char *key, uint64_t id);
void otlp_attribute_true(struct otlp_text *to, const char *key);
void otlp_attributes_end(struct otlp_text *to);

/* "resource":{…}: a process of the snapshot. name: "" if it has none. */
void otlp_resource(struct otlp_text *to, const struct tracer_snapshot *snapshot, const char *name, uint32_t pid);
#define OTLP_SCOPE "\"scope\":{\"name\":\"ringscope\",\"version\":\"" TRACER_VERSION "\"}"

/* Appends a line with the counted operations as metrics, if there are any. at_ns: since 1970. */
void otlp_operations(struct otlp_text *to, const struct tracer_snapshot *snapshot, uint64_t at_ns);

#endif
