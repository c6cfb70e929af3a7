/*
 * "folded": a line for each stack of spans, for flamegraph.pl and speedscope: process;thread;outer;inner TIME. The
 * time, in ns, is the sum over all spans with this stack, without the spans inside them. Async spans and samples of
 * what runs (label SAMPLE, with a stack) overlap with the spans of their thread, so they go beside the thread, each
 * with its own time, and no time counts twice.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../base/hash.h"
#include "../base/printable.h"
#include "../base/utf8.h"
#include "../read/sampling.h"
#include "export.h"
#include "identities.h"
#include "self_times.h"

#define FOLDED_NONE UINT32_MAX
#define FOLDED_DEPTH_MAX 4096u /* deeper ones are treated as if they were at this depth */

/* The parts of a thread: its own spans, and those beside it. */
enum folded_part { FOLDED_OWN, FOLDED_ASYNC, FOLDED_SAMPLES, FOLDED_BESIDE = FOLDED_SAMPLES };

/* A stack: a frame, and the stack that called it. */
struct folded_stack {
    const char *name;
    uint64_t self_ns;
    uint32_t caller, depth;
};

struct folded_export {
    struct folded_stack *stacks;
    uint32_t count, room;
    struct hash_table ids;
    uint32_t *threads[FOLDED_BESIDE + 1]; /* by part, the stack of each track, plus one */
    const char **functions; /* by frame of the snapshot; NULL: not looked up yet */
    uint32_t thread_count;
    uint64_t end_ns; /* of the trace */
    struct self_times nesting;
    struct pid_names names;
    struct buffer made; /* generated names, which stay valid */
    uint32_t *path;
};

static bool folded_is_stack(const void *owner, uint32_t id, const void *key)
{
    const struct folded_stack *there = &((const struct folded_export *)owner)->stacks[id], *wanted = key;
    return there->caller == wanted->caller && (there->name == wanted->name || strcmp(there->name, wanted->name) == 0);
}

/* The stack of a name called from another stack; FOLDED_NONE without memory. */
static uint32_t folded_stack_of(struct folded_export *folded, uint32_t caller, const char *name)
{
    struct folded_stack wanted = { .name = name, .caller = caller };
    uint64_t hash = hash_mix(hash_bytes(name, strlen(name)), caller);
    uint32_t id = hash_table_find(&folded->ids, hash, folded_is_stack, folded, &wanted);
    if (id != HASH_TABLE_NONE)
        return id;
    struct folded_stack *stacks = array_grow(folded->stacks, folded->count, &folded->room, sizeof *stacks);
    if (!stacks)
        return FOLDED_NONE;
    folded->stacks = stacks;
    wanted.depth = caller == FOLDED_NONE ? 1 : stacks[caller].depth + 1;
    stacks[folded->count] = wanted;
    return hash_table_add(&folded->ids, hash, folded->count) ? folded->count++ : FOLDED_NONE;
}

/* ----------------------------------------------------------------------- threads */

/* A copy that lives as long as the export. NULL without memory. */
static const char *folded_keep(struct folded_export *folded, const char *text, size_t bytes)
{
    char *kept = malloc(bytes + 1);
    if (!kept || !buffer_reserve(&folded->made, sizeof kept)) {
        free(kept);
        return NULL;
    }
    memcpy(kept, text, bytes);
    kept[bytes] = '\0';
    memcpy(folded->made.bytes + folded->made.used, &kept, sizeof kept);
    folded->made.used += sizeof kept;
    return kept;
}

/* The name, or one such as "process 12", which lives as long as the export. NULL without memory. */
static const char *folded_name(struct folded_export *folded, const char *name, const char *what, uint32_t id)
{
    char made[32];
    if (name[0])
        return name;
    int size = snprintf(made, sizeof made, "%s %" PRIu32, what, id);
    return folded_keep(folded, made, (size_t)size);
}

/* The thread's frame, inside its process's. */
static uint32_t folded_thread(struct folded_export *folded, const struct export *export, uint32_t track)
{
    struct trace_track found = { "", (uint32_t) export->snapshot->header.pid, (uint32_t) export->snapshot->header.pid };
    uint32_t *known = &folded->threads[FOLDED_OWN][track < folded->thread_count ? track : 0];
    if (*known)
        return *known - 1;
    tracer_snapshot_track(export->snapshot, track, &found);
    const char *process = folded_name(folded, process_name(&folded->names, found.pid), "process", found.pid);
    const char *thread = process ? folded_name(folded, found.name, "thread", found.tid) : NULL;
    uint32_t caller = thread ? folded_stack_of(folded, FOLDED_NONE, process) : FOLDED_NONE;
    if (caller == FOLDED_NONE)
        return FOLDED_NONE;
    uint32_t stack = folded_stack_of(folded, caller, thread);
    *known = stack == FOLDED_NONE ? 0 : stack + 1;
    return stack;
}

/* The frame beside the thread, inside its process's. */
static uint32_t folded_beside(struct folded_export *folded, const struct export *export, uint32_t track,
                              enum folded_part part)
{
    uint32_t *known = &folded->threads[part][track < folded->thread_count ? track : 0];
    char name[320];
    uint32_t thread = *known ? *known - 1 : folded_thread(folded, export, track);
    if (*known || thread == FOLDED_NONE)
        return thread;
    int bytes = snprintf(name, sizeof name, "%.255s, %s", folded->stacks[thread].name,
                         part == FOLDED_ASYNC ? "async" : "samples");
    const char *kept = folded_keep(folded, name, (size_t)bytes);
    uint32_t stack = kept ? folded_stack_of(folded, folded->stacks[thread].caller, kept) : FOLDED_NONE;
    *known = stack == FOLDED_NONE ? 0 : stack + 1;
    return stack;
}

/* ----------------------------------------------------------------------- samples */

/* "read" in "read+0xe"; for frames without a name, the place. NULL without memory. */
static const char *folded_function(struct folded_export *folded, const struct export *export, uint32_t index)
{
    char place[320];
    if (folded->functions[index])
        return folded->functions[index];
    const struct trace_frame frame = snapshot_frame(export->snapshot, index);
    const char *slash = strrchr(frame.module, '/');
    snprintf(place, sizeof place, "%.255s%s0x%" PRIx64, slash ? slash + 1 : frame.module, frame.module[0] ? "+" : "",
             frame.address);
    folded->functions[index] = frame.name[0] ? folded_keep(folded, frame.name, frame_function_bytes(frame.name))
                                             : folded_keep(folded, place, strlen(place));
    return folded->functions[index];
}

/* The time that a sample stands for, in ns; 0: the event is not a sample. */
static uint64_t folded_sampled_ns(const struct trace_event *event)
{
    if (event->kind != TRACE_KIND_INSTANT || !event->stack || !event->label ||
        strcmp(event->label, SAMPLE_LABEL) != 0 || !event->detail)
        return 0;
    return sample_interval_ns(event->detail, strlen(event->detail));
}

static bool folded_sample(struct folded_export *folded, const struct export *export, const struct trace_event *event,
                          uint64_t ns)
{
    const struct frame_table *frames = &export->snapshot->frames;
    uint32_t depth = 0, stack = folded_beside(folded, export, event->track, FOLDED_SAMPLES);
    for (uint32_t at = frame_index(frames, event->stack); at < frames->count && depth < FOLDED_DEPTH_MAX;
         at = frame_index(frames, frame_caller(&frames->entries[at])))
        folded->path[depth++] = at;
    bool known = depth > 0;
    while (depth-- > 0 && stack != FOLDED_NONE) {
        const char *name = folded_function(folded, export, folded->path[depth]);
        stack = name ? folded_stack_of(folded, stack, name) : FOLDED_NONE;
    }
    if (stack == FOLDED_NONE)
        return false;
    sum_add(&folded->stacks[stack].self_ns, known ? ns : 0);
    return true;
}

/* ------------------------------------------------------------------------- spans */

static void folded_add(void *context, uint64_t stack, uint64_t self_ns)
{
    sum_add(&((struct folded_export *)context)->stacks[stack].self_ns, self_ns);
}

static bool folded_event(struct export *export, const struct trace_event *event, bool first)
{
    struct folded_export *folded = export->state;
    struct self_span span = { .start_ns = event->time_ns, .track = event->track };
    uint64_t sampled_ns = folded_sampled_ns(event);
    (void)first;
    if (sampled_ns)
        return folded_sample(folded, export, event, sampled_ns);
    if (event->kind != TRACE_KIND_SPAN)
        return true;
    span.end_ns = event->duration_ns < UINT64_MAX - event->time_ns ? event->time_ns + event->duration_ns : UINT64_MAX;
    bool nests = !(event->has & TRACE_HAS_ASYNC_ID);
    uint64_t holder = nests ? self_times_holder(&folded->nesting, &span) : SELF_TIMES_NONE;
    uint32_t caller = (uint32_t)holder;
    if (holder == SELF_TIMES_NONE)
        caller = nests ? folded_thread(folded, export, event->track)
                       : folded_beside(folded, export, event->track, FOLDED_ASYNC);
    if (caller == FOLDED_NONE)
        return false;
    if (folded->stacks[caller].depth >= FOLDED_DEPTH_MAX)
        caller = folded->stacks[caller].caller;
    uint32_t stack = folded_stack_of(folded, caller, event->name);
    if (stack == FOLDED_NONE)
        return false;
    span.number = stack;
    if (nests)
        return self_times_enter(&folded->nesting, &span);
    folded_add(folded, stack, span.end_ns - span.start_ns);
    return true;
}

/* It contains later spans, and has lasted until the trace ends. */
static bool folded_open_span(struct export *export, const struct trace_open_span *span, bool first)
{
    const uint64_t end_ns = ((const struct folded_export *)export->state)->end_ns;
    const struct trace_event event = { .kind = TRACE_KIND_SPAN,
                                       .name = span->name,
                                       .category = span->category,
                                       .track = span->track,
                                       .time_ns = span->start_ns,
                                       .duration_ns = end_ns > span->start_ns ? end_ns - span->start_ns : 0,
                                       .has = span->async ? TRACE_HAS_ASYNC_ID : 0 };
    return folded_event(export, &event, first);
}

static bool folded_begin(struct export *export)
{
    struct folded_export *folded = export->state;
    const struct tracer_snapshot *snapshot = export->snapshot;
    folded->thread_count = snapshot->tracks.count ? snapshot->tracks.count : 1;
    folded->end_ns = export_end_ns(snapshot);
    bool ok = true;
    for (int part = 0; part <= FOLDED_BESIDE; part++)
        ok = (folded->threads[part] = calloc(folded->thread_count, sizeof *folded->threads[part])) && ok;
    folded->path = calloc(FOLDED_DEPTH_MAX + 1, sizeof *folded->path);
    folded->nesting.known = folded_add;
    folded->nesting.context = folded;
    folded->functions = calloc((size_t)snapshot->frames.count + 1, sizeof *folded->functions);
    return ok && folded->functions && folded->path && self_times_init(&folded->nesting, folded->thread_count) &&
           pid_names_init(&folded->names, snapshot, true);
}

/* ------------------------------------------------------------------------- lines */

/* Replaces characters that would end a frame or a line, be empty, or harm a terminal. */
static bool folded_put_name(struct export *export, const char *name)
{
    size_t from = export->out.used;
    if (!export_put(export, name[0] ? name : "(no name)"))
        return false;
    char *bytes = export->out.bytes;
    for (size_t i = from; i < export->out.used;) {
        const unsigned char *at = (const unsigned char *)bytes + i;
        size_t left = export->out.used - i, hidden = printable_hidden_bytes(at, left);
        if (bytes[i] == ';')
            bytes[i] = ':';
        memset(bytes + i, ' ', hidden);
        i += hidden ? hidden : utf8_bytes(at, left);
    }
    return true;
}

static bool folded_put_line(struct export *export, uint32_t stack)
{
    const struct folded_export *folded = export->state;
    char time[24];
    uint32_t depth = 0;
    snprintf(time, sizeof time, " %" PRIu64 "\n", folded->stacks[stack].self_ns);
    for (uint32_t at = stack; at != FOLDED_NONE; at = folded->stacks[at].caller)
        folded->path[depth++] = at;
    bool ok = true;
    while (ok && depth--)
        ok = folded_put_name(export, folded->stacks[folded->path[depth]].name) &&
             (depth == 0 || export_put(export, ";"));
    return ok && export_put(export, time);
}

static bool folded_end(struct export *export)
{
    struct folded_export *folded = export->state;
    bool ok = true;
    self_times_end(&folded->nesting);
    for (uint32_t stack = 0; ok && stack < folded->count; stack++)
        ok = folded->stacks[stack].self_ns == 0 || folded_put_line(export, stack);
    return ok;
}

static void folded_release(struct export *export)
{
    struct folded_export *folded = export->state;
    for (size_t at = 0; at < folded->made.used; at += sizeof(char *)) {
        char *name;
        memcpy(&name, folded->made.bytes + at, sizeof name);
        free(name);
    }
    buffer_free(&folded->made);
    free(folded->stacks);
    hash_table_free(&folded->ids);
    for (int part = 0; part <= FOLDED_BESIDE; part++)
        free(folded->threads[part]);
    free((void *)folded->functions);
    free(folded->path);
    self_times_free(&folded->nesting);
    pid_names_free(&folded->names);
}

const struct exporter export_folded = {
    .name = "folded",
    .by_start = true,
    .state_bytes = sizeof(struct folded_export),
    .begin = folded_begin,
    .event = folded_event,
    .open_span = folded_open_span,
    .end = folded_end,
    .release = folded_release,
};
