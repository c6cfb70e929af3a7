/*
 * Lines of OTLP under construction: for each process one of spans and one of samples.
 */
#ifndef RINGSCOPE_EXPORT_OTLP_LINES_H
#define RINGSCOPE_EXPORT_OTLP_LINES_H

#include "../base/hash_table.h"
#include "identities.h"
#include "otlp_text.h"

#define OTLP_NO_PROCESS UINT32_MAX

struct otlp_process {
    uint32_t pid, span_count;
    struct otlp_text spans, samples;
    const char *sampled; /* the name of the last metric in samples; borrowed */
};

/* All zero except the snapshot and the names: empty. */
struct otlp_lines {
    const struct tracer_snapshot *snapshot;
    struct otlp_process *processes;
    struct hash_table pids;
    struct pid_names names;
    uint32_t count, room;
    uint32_t emptied; /* how many there were when all lines were last written out */
    struct otlp_text text;
};
void otlp_lines_free(struct otlp_lines *lines);

/* The process and thread of a track's events; without a track, the program. */
struct trace_track otlp_track(const struct tracer_snapshot *snapshot, uint32_t track);
/* The number of its process; OTLP_NO_PROCESS without memory. */
uint32_t otlp_lines_process(struct otlp_lines *lines, uint32_t track);

/* Where to write the next span, or the next point of a metric. Call otlp_lines_flush_full() after it. */
struct otlp_text *otlp_span_begin(struct otlp_lines *lines, uint32_t process);
struct otlp_text *otlp_sample_begin(struct otlp_lines *lines, uint32_t process, const char *name);

/* Appends the process's lines to out if they are full. False without memory. */
bool otlp_lines_flush_full(struct otlp_lines *lines, struct buffer *out, uint32_t process);
/* Appends the rest, and the counted operations. at_ns: since 1970. */
bool otlp_lines_end(struct otlp_lines *lines, struct buffer *out, uint64_t at_ns);

#endif
