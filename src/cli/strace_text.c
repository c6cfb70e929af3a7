/* Writes events of `ringscope record` as strace would; see strace_text.h. */
#include "strace_text.h"

#include <stdlib.h>
#include <string.h>

#include "../base/printable.h"
#include "recorded.h"

struct line {
    uint64_t time_ns;
    size_t index;
};

struct writer {
    const struct tracer_snapshot *snapshot;
    const struct tracer_info *info;
    FILE *file;
};

static int by_time(const void *a, const void *b)
{
    const struct line *first = a, *second = b;
    if (first->time_ns != second->time_ns)
        return first->time_ns < second->time_ns ? -1 : 1;
    return first->index < second->index ? -1 : first->index > second->index;
}

/* "1234 1700000000.123456 ": the thread, and the time since 1970. */
static void put_stamp(const struct writer *writer, const struct trace_event *event)
{
    struct trace_track track = { .tid = event->pid };
    uint64_t ns = writer->info->created_realtime_ns + event->time_ns;
    tracer_snapshot_track(writer->snapshot, event->track, &track);
    fprintf(writer->file, "%u %llu.%06llu ", track.tid, (unsigned long long)(ns / 1000000000),
            (unsigned long long)(ns / 1000 % 1000000));
}

/* strace says the error's text behind its name. */
static void put_error_text(struct part result, FILE *file)
{
    for (int error = 1; part_begins(result, "-1 E") && error < 200; error++) {
        const char *name = strerrorname_np(error);
        if (name && part_is((struct part){ result.text + 3, result.bytes - 3 }, name)) {
            fprintf(file, " (%s)", strerror(error));
            return;
        }
    }
}

static void put_part(struct part part, FILE *file)
{
    printable_put(part.text, part.bytes, file);
}

static void put_call(const struct writer *writer, const struct trace_event *event)
{
    struct part detail = { event->detail ? event->detail : "", event->detail ? event->detail_size : 0 };
    size_t sign = recorded_find_result(detail);
    struct part arguments = { detail.text, sign && sign < detail.bytes ? sign - 1 : sign };
    struct part result = { "?", 1 };
    if (sign < detail.bytes)
        result = (struct part){ detail.text + sign + 2, detail.bytes - sign - 2 };
    put_stamp(writer, event);
    printable_put(event->name, strlen(event->name), writer->file);
    fputc('(', writer->file);
    put_part(arguments, writer->file);
    if (part_begins(result, "? (")) {
        fputs(" <unfinished ...>\n", writer->file);
        return;
    }
    fputs(") = ", writer->file);
    put_part(result, writer->file);
    put_error_text(result, writer->file);
    fprintf(writer->file, " <%llu.%06llu>\n", (unsigned long long)(event->duration_ns / 1000000000),
            (unsigned long long)(event->duration_ns / 1000 % 1000000));
}

/* "status 3, page faults: …" or "killed by SIGTERM, …"; of a thread of several, nothing is known. */
static void put_end(const struct writer *writer, const struct trace_event *event)
{
    const char *text = event->detail ? event->detail : "";
    struct part detail = { text, strcspn(text, ",") };
    bool exited = part_begins(detail, "status ");
    if (!exited && !part_begins(detail, "killed by "))
        return;
    put_stamp(writer, event);
    fprintf(writer->file, "+++ %s%.*s +++\n", exited ? "exited with " : "", (int)(detail.bytes - (exited ? 7 : 0)),
            text + (exited ? 7 : 0));
}

static void put_signal(const struct writer *writer, const struct trace_event *event)
{
    const char *detail = event->detail ? event->detail : "signal";
    size_t bytes = event->detail ? event->detail_size : strlen(detail);
    put_stamp(writer, event);
    fputs("--- ", writer->file);
    printable_put(detail, bytes, writer->file);
    fputs(" {si_signo=", writer->file);
    printable_put(detail, bytes, writer->file);
    fputs("} ---\n", writer->file);
}

static void put_line(const struct writer *writer, const struct trace_event *event)
{
    if (event->has & TRACE_HAS_DURATION)
        put_call(writer, event);
    else if (event->category == TRACE_SIGNAL && strcmp(event->name, "signal") == 0)
        put_signal(writer, event);
    else if (event->category == TRACE_PROCESS && strcmp(event->name, "exit") == 0)
        put_end(writer, event);
}

enum tracer_error strace_text_print(const struct tracer_snapshot *snapshot, const struct tracer_info *info, FILE *file)
{
    const struct writer writer = { snapshot, info, file };
    size_t count = tracer_snapshot_count(snapshot);
    struct line *lines = malloc((count ? count : 1) * sizeof *lines);
    struct trace_event event;
    if (!lines)
        return TRACER_ERROR_MEMORY;
    for (size_t i = 0; i < count; i++)
        lines[i] = (struct line){ tracer_snapshot_get(snapshot, i, &event) ? event.time_ns : 0, i };
    qsort(lines, count, sizeof *lines, by_time);
    for (size_t i = 0; i < count && !ferror(file); i++) {
        if (tracer_snapshot_get(snapshot, lines[i].index, &event))
            put_line(&writer, &event);
    }
    free(lines);
    return TRACER_OK;
}
