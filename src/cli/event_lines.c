/* Prints events with their process, thread and duration; see event_lines.h. */
#include "event_lines.h"

#include <stdlib.h>
#include <string.h>

#include "../export/json.h"
#include "../timeline/as_image.h"
#include "recorded.h"
#include "show.h"
#include "stack_lines.h"
#include "wall.h"

struct known_process {
    const char *name; /* the last one it had; without one, its first thread's */
    uint32_t pid;
    uint32_t threads;
};

/* ---------------------------------------------------------------- processes */

static int by_pid(const void *a, const void *b)
{
    uint32_t first = ((const struct known_process *)a)->pid, second = ((const struct known_process *)b)->pid;
    return first < second ? -1 : first > second;
}

static struct known_process *find(const struct event_lines *lines, uint32_t pid)
{
    const struct known_process key = { .pid = pid };
    return lines->count ? bsearch(&key, lines->processes, lines->count, sizeof key, by_pid) : NULL;
}

/* Each pid once. */
static void unite(struct event_lines *lines)
{
    size_t kept = 0;
    for (size_t i = 0; i < lines->count; i++) {
        if (kept && lines->processes[kept - 1].pid == lines->processes[i].pid)
            continue;
        lines->processes[kept++] = lines->processes[i];
    }
    lines->count = kept;
}

static void name_all(struct event_lines *lines)
{
    struct trace_process process;
    struct trace_track track;
    for (size_t i = 0; tracer_snapshot_process(lines->snapshot, i, &process); i++) {
        if (process.name[0])
            find(lines, process.pid)->name = process.name;
    }
    for (uint32_t id = 1; tracer_snapshot_track(lines->snapshot, id, &track); id++) {
        struct known_process *known = find(lines, track.pid);
        known->threads++;
        if (!known->name[0] && track.tid == track.pid)
            known->name = track.name;
    }
}

static bool know_processes(struct event_lines *lines)
{
    struct trace_process process;
    struct trace_track track;
    size_t processes = 0;
    uint32_t tracks = 0;
    while (tracer_snapshot_process(lines->snapshot, processes, &process))
        processes++;
    while (tracer_snapshot_track(lines->snapshot, tracks + 1, &track))
        tracks++;
    lines->processes = calloc(processes + tracks + 1, sizeof *lines->processes);
    if (!lines->processes)
        return false;
    for (size_t i = 0; i < processes && tracer_snapshot_process(lines->snapshot, i, &process); i++)
        lines->processes[lines->count++] = (struct known_process){ "", process.pid, 0 };
    for (uint32_t id = 1; id <= tracks && tracer_snapshot_track(lines->snapshot, id, &track); id++)
        lines->processes[lines->count++] = (struct known_process){ "", track.pid, 0 };
    qsort(lines->processes, lines->count, sizeof *lines->processes, by_pid);
    unite(lines);
    name_all(lines);
    return true;
}

const char *event_lines_process(const struct event_lines *lines, uint32_t pid)
{
    const struct known_process *known = find(lines, pid);
    return known ? known->name : "";
}

bool event_lines_begin(struct event_lines *lines, const struct tracer_snapshot *snapshot,
                       const struct tracer_info *info, bool wall)
{
    *lines = (struct event_lines){ .snapshot = snapshot,
                                   .began_realtime_ns = info->created_realtime_ns,
                                   .wall = wall,
                                   .outside = recorded_is_outside(info) };
    lines->memory = open_memstream(&lines->line, &lines->line_bytes);
    return lines->memory && know_processes(lines);
}

void event_lines_end(struct event_lines *lines)
{
    if (lines->memory)
        fclose(lines->memory);
    free(lines->line);
    free(lines->processes);
}

/* --------------------------------------------------------------------- text */

/* Whose it was; false: it is not known. */
static bool find_thread(const struct event_lines *lines, const struct trace_event *event, struct trace_track *track)
{
    *track = (struct trace_track){ .name = "", .pid = event->pid, .tid = event->pid };
    return tracer_snapshot_track(lines->snapshot, event->track, track) || event->has & TRACE_HAS_PID;
}

/* An imported trace's id that is a word, as "gpu": its name is what the file says. */
static bool is_known_by_name(uint32_t id, const char *name)
{
    return id >= AS_IMAGE_NUMBERED_FROM && name[0];
}

static void put_id(uint32_t id, const char *name, FILE *file)
{
    if (is_known_by_name(id, name))
        show_text(name, file);
    else
        fprintf(file, "%u", id);
}

/* "812 ", or of a thread among others "812/815 worker ". */
static void put_thread(const struct event_lines *lines, const struct trace_event *event, FILE *file)
{
    struct trace_track track;
    if (!find_thread(lines, event, &track))
        return;
    const struct known_process *known = find(lines, track.pid);
    const bool among_others = known && known->threads > 1;
    put_id(track.pid, known ? known->name : "", file);
    if (among_others) {
        fputc('/', file);
        put_id(track.tid, track.name, file);
    }
    fputc(' ', file);
    if (!among_others || !track.name[0] || is_known_by_name(track.tid, track.name))
        return;
    char name[WHO_BYTES];
    who_name(name, sizeof name, lines->snapshot, event);
    show_text(name, file);
    fputc(' ', file);
}

static void put_duration(const struct trace_event *event, FILE *file)
{
    if (event->has & TRACE_HAS_DURATION)
        fprintf(file, "%s ", format_ns((double)event->duration_ns).text);
}

/* Arguments, as imported traces have them, stand where a detail would. */
static bool make_line(struct event_lines *lines, const struct trace_event *event)
{
    struct trace_event shown = *event;
    if (!shown.detail && shown.arguments) {
        shown.detail = shown.arguments;
        shown.detail_size = 0;
    }
    return fseeko(lines->memory, 0, SEEK_SET) == 0 && trace_event_print(&shown, lines->memory) == TRACER_OK &&
           fflush(lines->memory) == 0;
}

bool event_lines_print(struct event_lines *lines, const struct trace_event *event, FILE *file)
{
    if (!make_line(lines, event))
        return false;
    const char *bracket = memchr(lines->line, ']', lines->line_bytes), *end = lines->line + lines->line_bytes;
    if (!bracket)
        return false;
    if (!lines->wall)
        fwrite(lines->line, 1, (size_t)(bracket - lines->line), file);
    else if (!wall_print(add_saturating(lines->began_realtime_ns, event->time_ns), file))
        return false;
    fputs("] ", file);
    if (lines->outside) {
        put_thread(lines, event, file);
        put_duration(event, file);
    }
    bracket += 2;
    return fwrite(bracket, 1, (size_t)(end - bracket), file) == (size_t)(end - bracket);
}

bool event_lines_print_stack(const struct event_lines *lines, const struct trace_event *event, FILE *file)
{
    return stack_print(lines->snapshot, event, file);
}

/* --------------------------------------------------------------------- JSON */

struct more {
    struct json_object object;
    struct buffer printed, thread, process, error, frames;
};

static void more_free(struct more *more)
{
    buffer_free(&more->printed);
    buffer_free(&more->thread);
    buffer_free(&more->process);
    buffer_free(&more->error);
    buffer_free(&more->frames);
}

static bool add_text(struct more *more, struct buffer *scratch, const char *key, struct part text, size_t *bytes)
{
    const char *valid = json_valid(scratch, text.text, text.bytes);
    if (!valid)
        return false;
    *bytes += strlen(valid);
    json_add_text(&more->object, key, valid);
    return true;
}

/* "{"tid":812,…}", what trace_event_json() does not know. */
static bool print_more(const struct event_lines *lines, const struct trace_event *event, struct more *more)
{
    struct trace_track track;
    struct recorded_call call;
    size_t bytes = 0;
    bool ok = true;
    json_begin(&more->object);
    if (find_thread(lines, event, &track)) {
        const char *process = event_lines_process(lines, track.pid);
        json_add_integer(&more->object, "tid", track.tid);
        ok = add_text(more, &more->thread, "thread", (struct part){ track.name, strlen(track.name) }, &bytes) &&
             add_text(more, &more->process, "process", (struct part){ process, strlen(process) }, &bytes);
    }
    if (ok && event->has & TRACE_FAILED && recorded_read(&call, event) && call.error.bytes)
        ok = add_text(more, &more->error, "errno", call.error, &bytes);
    return ok && json_print(&more->printed, &more->object, bytes) &&
           stack_print_json(lines->snapshot, event, &more->frames);
}

bool event_lines_print_json(const struct event_lines *lines, const struct trace_event *event, FILE *file)
{
    struct more *more = calloc(1, sizeof *more);
    char *json = tracer_event_json(event);
    bool ok = more && json && (!lines->outside || print_more(lines, event, more));
    if (ok && more->printed.used > 2)
        ok = fprintf(file, "%.*s,%.*s", (int)strlen(json) - 1, json, (int)more->printed.used - 2,
                     more->printed.bytes + 1) > 0;
    else if (ok)
        ok = fprintf(file, "%.*s", (int)strlen(json) - 1, json) > 0;
    if (ok && more->frames.used)
        ok = fprintf(file, ",\"frames\":%.*s", (int)more->frames.used, more->frames.bytes) > 0;
    ok = ok && fputs("}\n", file) >= 0;
    if (more)
        more_free(more);
    free(more);
    free(json);
    return ok;
}
