/* Collects spans and samples until there are enough for a line. */
#include "otlp_lines.h"

#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"

#define LINE_SPANS 200u
#define LINE_BYTES (1u << 15)
#define PROCESSES_MANY 256u /* from this many on, processes that have ended free their memory */

void otlp_lines_free(struct otlp_lines *lines)
{
    for (uint32_t i = 0; i < lines->count; i++) {
        otlp_free(&lines->processes[i].spans);
        otlp_free(&lines->processes[i].samples);
    }
    free(lines->processes);
    hash_table_free(&lines->pids);
    pid_names_free(&lines->names);
    otlp_free(&lines->text);
}

/* --------------------------------------------------------------------- processes */

struct trace_track otlp_track(const struct tracer_snapshot *snapshot, uint32_t track)
{
    uint32_t pid = (uint32_t)snapshot->header.pid;
    struct trace_track found = { "", pid, pid };
    tracer_snapshot_track(snapshot, track, &found);
    return found;
}

static bool otlp_is_pid(const void *owner, uint32_t index, const void *pid)
{
    return ((const struct otlp_lines *)owner)->processes[index].pid == *(const uint32_t *)pid;
}

uint32_t otlp_lines_process(struct otlp_lines *lines, uint32_t track)
{
    uint32_t pid = otlp_track(lines->snapshot, track).pid;
    uint64_t hash = hash_mix(0, pid);
    uint32_t index = hash_table_find(&lines->pids, hash, otlp_is_pid, lines, &pid);
    if (index != HASH_TABLE_NONE)
        return index;
    struct otlp_process *all = array_grow(lines->processes, lines->count, &lines->room, sizeof *all);
    if (!all)
        return OTLP_NO_PROCESS;
    lines->processes = all;
    all[lines->count] = (struct otlp_process){ .pid = pid };
    return hash_table_add(&lines->pids, hash, lines->count) ? lines->count++ : OTLP_NO_PROCESS;
}

/* ------------------------------------------------------------------------ filling */

struct otlp_text *otlp_span_begin(struct otlp_lines *lines, uint32_t process)
{
    struct otlp_process *entry = &lines->processes[process];
    if (entry->span_count++)
        otlp_put(&entry->spans, ",");
    return &entry->spans;
}

struct otlp_text *otlp_sample_begin(struct otlp_lines *lines, uint32_t process, const char *name)
{
    struct otlp_process *entry = &lines->processes[process];
    struct otlp_text *to = &entry->samples;
    if (entry->sampled && strcmp(entry->sampled, name) == 0) {
        otlp_put(to, ",");
        return to;
    }
    otlp_put(to, entry->sampled ? "]}},{\"name\":" : "{\"name\":");
    otlp_string(to, name, strlen(name));
    otlp_put(to, ",\"description\":\"\",\"unit\":\"\",\"gauge\":{\"dataPoints\":[");
    entry->sampled = name;
    return to;
}

/* ----------------------------------------------------------------------- flushing */

static void otlp_put_line(struct otlp_lines *lines, uint32_t pid, struct otlp_text *list, const char *const words[3])
{
    if (!list->bytes.used && !list->failed)
        return;
    otlp_put(&lines->text, words[0]);
    otlp_resource(&lines->text, lines->snapshot, process_name(&lines->names, pid), pid);
    otlp_put(&lines->text, words[1]);
    otlp_append(&lines->text, list);
    otlp_put(&lines->text, words[2]);
    list->bytes.used = 0;
}

static bool otlp_out(struct otlp_lines *lines, struct buffer *out)
{
    struct otlp_text *text = &lines->text;
    if (text->failed || !buffer_reserve(out, text->bytes.used))
        return false;
    if (text->bytes.used)
        memcpy(out->bytes + out->used, text->bytes.bytes, text->bytes.used);
    out->used += text->bytes.used;
    text->bytes.used = 0;
    return true;
}

static bool otlp_flush(struct otlp_lines *lines, struct buffer *out, struct otlp_process *process)
{
    static const char *const spans[] = { "{\"resourceSpans\":[{", ",\"scopeSpans\":[{" OTLP_SCOPE ",\"spans\":[",
                                         "]}]}]}\n" };
    static const char *const samples[] = { "{\"resourceMetrics\":[{",
                                           ",\"scopeMetrics\":[{" OTLP_SCOPE ",\"metrics\":[", "]}}]}]}]}\n" };
    otlp_put_line(lines, process->pid, &process->spans, spans);
    otlp_put_line(lines, process->pid, &process->samples, samples);
    process->span_count = 0;
    process->sampled = NULL;
    return otlp_out(lines, out);
}

static size_t otlp_pending(const struct otlp_process *process)
{
    return process->spans.bytes.used + process->samples.bytes.used;
}

static bool otlp_empty_all(struct otlp_lines *lines, struct buffer *out)
{
    bool ok = true;
    for (uint32_t i = 0; ok && i < lines->count; i++) {
        ok = otlp_flush(lines, out, &lines->processes[i]);
        otlp_free(&lines->processes[i].spans);
        otlp_free(&lines->processes[i].samples);
    }
    lines->emptied = lines->count;
    return ok;
}

bool otlp_lines_flush_full(struct otlp_lines *lines, struct buffer *out, uint32_t process)
{
    struct otlp_process *entry = &lines->processes[process];
    bool full = entry->span_count >= LINE_SPANS || otlp_pending(entry) >= LINE_BYTES;
    if (lines->count - lines->emptied >= PROCESSES_MANY)
        return otlp_empty_all(lines, out);
    return !full || otlp_flush(lines, out, entry);
}

bool otlp_lines_end(struct otlp_lines *lines, struct buffer *out, uint64_t at_ns)
{
    if (!otlp_empty_all(lines, out))
        return false;
    otlp_operations(&lines->text, lines->snapshot, at_ns);
    return otlp_out(lines, out);
}
