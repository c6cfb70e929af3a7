/* Adds up time slices; see slices.h. */
#include "slices.h"

#include <stdlib.h>
#include <string.h>

#include "../base/array.h"
#include "../platform/wide.h"
#include "recorded.h"
#include "show.h"

#define TOP 10 /* threads in the text */

enum { RUNNING, RUNNABLE, WAITING, KINDS };
static const char *const kinds[KINDS] = { "running", "runnable", "waiting" };

struct thread {
    uint64_t ns[KINDS], count[KINDS];
    uint32_t track;
};

struct slices {
    struct tracer_snapshot *snapshot;
    struct thread *threads; /* by track while they are added up; then sorted, the longest running first */
    uint32_t count, room;
    struct thread all;
    bool some, evicted; /* evicted: older events are gone */
};

/* ------------------------------------------------------------------- adding */

static void add(struct thread *to, unsigned kind, uint64_t ns)
{
    sum_add(&to->ns[kind], ns);
    to->count[kind]++;
}

static unsigned kind_of(const char *name)
{
    unsigned kind = 0;
    while (kind + 1 < KINDS && strcmp(name, kinds[kind]) != 0)
        kind++;
    return kind;
}

static bool add_events(struct slices *slices)
{
    struct trace_event event;
    for (size_t i = 0; tracer_snapshot_get(slices->snapshot, i, &event); i++) {
        if (!recorded_is_slice(&event))
            continue;
        while (slices->count <= event.track) {
            struct thread *grown = array_grow(slices->threads, slices->count, &slices->room, sizeof *slices->threads);
            if (!grown)
                return false;
            slices->threads = grown;
            grown[slices->count] = (struct thread){ .track = slices->count };
            slices->count++;
        }
        slices->some = true;
        add(&slices->threads[event.track], kind_of(event.name), event.duration_ns);
        add(&slices->all, kind_of(event.name), event.duration_ns);
    }
    return true;
}

static int by_running(const void *a, const void *b)
{
    const struct thread *first = a, *second = b;
    if (first->ns[RUNNING] != second->ns[RUNNING])
        return first->ns[RUNNING] > second->ns[RUNNING] ? -1 : 1;
    return first->track < second->track ? -1 : first->track > second->track;
}

static void sort(struct slices *slices)
{
    uint32_t kept = 0;
    for (uint32_t i = 0; i < slices->count; i++) {
        const struct thread *thread = &slices->threads[i];
        if (thread->count[RUNNING] || thread->count[RUNNABLE] || thread->count[WAITING])
            slices->threads[kept++] = *thread;
    }
    slices->count = kept;
    if (kept)
        qsort(slices->threads, kept, sizeof *slices->threads, by_running);
}

/* Reads the events only if the image has slices. */
static enum tracer_error make(struct slices *slices, struct tracer_reader *reader)
{
    const struct tracer_query query = { .categories = TRACE_MASK(TRACE_SCHEDULER) };
    struct trace_summary summary;
    struct tracer_info info;
    *slices = (struct slices){ .snapshot = NULL };
    enum tracer_error error = tracer_reader_info(reader, &info);
    if (error != TRACER_OK || !recorded_is_outside(&info))
        return error;
    error = tracer_snapshot_create(&slices->snapshot, reader, &query);
    if (error != TRACER_OK)
        return error;
    if (!add_events(slices))
        return TRACER_ERROR_MEMORY;
    sort(slices);
    tracer_snapshot_summary(slices->snapshot, &summary);
    slices->evicted = summary.losses.evicted[TRACE_SCHEDULER] > 0;
    return TRACER_OK;
}

static void unmake(struct slices *slices)
{
    free(slices->threads);
    tracer_snapshot_destroy(slices->snapshot);
}

/* --------------------------------------------------------------------- text */

static void print_times(const struct thread *thread, FILE *file)
{
    for (unsigned kind = 0; kind < KINDS; kind++)
        fprintf(file, "%9s ", format_ns((double)thread->ns[kind]).text);
}

static void print_thread(const struct slices *slices, const struct thread *thread, FILE *file)
{
    struct trace_track track = { .name = "" };
    tracer_snapshot_track(slices->snapshot, thread->track, &track);
    print_times(thread, file);
    fprintf(file, " %u/%u ", track.pid, track.tid);
    show_text(track.name, file);
    fputc('\n', file);
}

enum tracer_error slices_print(struct tracer_reader *reader, FILE *file)
{
    struct slices slices;
    enum tracer_error error = make(&slices, reader);
    if (error == TRACER_OK && slices.some) {
        fprintf(file, "\n--- On and off the processor ---\n");
        fprintf(file, "%9s %9s %9s  thread\n", kinds[RUNNING], kinds[RUNNABLE], kinds[WAITING]);
        print_times(&slices.all, file);
        fputs(slices.evicted ? " all, of the events that are held\n" : " all\n", file);
        for (uint32_t i = 0; i < slices.count && i < TOP; i++)
            print_thread(&slices, &slices.threads[i], file);
        if (slices.count > TOP)
            fprintf(file, "(%u more: ringscope summary --json)\n", slices.count - TOP);
    }
    unmake(&slices);
    return error;
}

/* --------------------------------------------------------------------- JSON */

static bool put(struct buffer *to, const char *text, size_t bytes)
{
    if (!buffer_reserve(to, bytes + 1))
        return false;
    memcpy(to->bytes + to->used, text, bytes);
    to->used += bytes;
    to->bytes[to->used] = '\0';
    return true;
}

static bool put_thread(const struct slices *slices, const struct thread *thread, struct buffer *to)
{
    struct json_object object;
    struct buffer printed = { .bytes = NULL }, scratch = { .bytes = NULL };
    struct trace_track track = { .name = "" };
    tracer_snapshot_track(slices->snapshot, thread->track, &track);
    const char *name = json_valid(&scratch, track.name, strlen(track.name));
    json_begin(&object);
    json_add_integer(&object, "pid", track.pid);
    json_add_integer(&object, "tid", track.tid);
    if (name)
        json_add_text(&object, "thread", name);
    for (unsigned kind = 0; kind < KINDS; kind++)
        json_add_fixed(&object, kinds[kind], thread->ns[kind], 6);
    json_add_integer(&object, "times_run", thread->count[RUNNING]);
    json_add_integer(&object, "times_waited", thread->count[WAITING]);
    bool ok = name && json_print(&printed, &object, strlen(name)) && put(to, printed.bytes, printed.used);
    buffer_free(&printed);
    buffer_free(&scratch);
    return ok;
}

char *slices_json(struct tracer_reader *reader)
{
    struct slices slices;
    struct buffer json = { .bytes = NULL };
    bool ok = make(&slices, reader) == TRACER_OK && put(&json, slices.some ? "[" : "", slices.some);
    for (uint32_t i = 0; ok && i < slices.count; i++)
        ok = (i == 0 || put(&json, ",", 1)) && put_thread(&slices, &slices.threads[i], &json);
    ok = ok && put(&json, "]", slices.some);
    unmake(&slices);
    if (ok)
        return json.bytes;
    buffer_free(&json);
    return NULL;
}
