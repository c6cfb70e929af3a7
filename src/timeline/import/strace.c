/* Makes spans of strace's lines. */
#include "strace.h"

#include <stdlib.h>

#include "../../base/calls/call_categories.h"
#include "strace_line.h"
#include "strace_tasks.h"

#define DAY_NS INT64_C(86400000000000)
#define NOT_YET 0xff /* a name's category */

struct strace {
    struct timeline_builder *builder;
    struct lines lines;
    struct strace_tasks tasks;
    enum strace_clock clock;
    int64_t last_ns, base_ns; /* base: of days that have passed, or of the lines before */
    uint8_t *categories; /* by name */
    uint32_t category_room;
    struct buffer detail;
    struct buffer held; /* a line that goes on after a word of strace's own */
    struct line held_line;
    uint64_t calls; /* lines that were taken */
    bool failed;
    struct tracer_message message;
    enum tracer_error error;
};

/* ------------------------------------------------------------------------ times */

/* Converts to one clock: times of day continue past midnight, differences are added up. */
static int64_t time_of(struct strace *strace, const struct strace_stamp *stamp)
{
    int64_t ns = stamp->ns;
    strace->clock = stamp->clock;
    if (stamp->clock == STRACE_RELATIVE)
        return strace->base_ns = time_bounded(strace->base_ns + time_bounded(ns));
    if (stamp->clock == STRACE_OF_DAY) {
        if (ns + strace->base_ns < strace->last_ns - DAY_NS / 2)
            strace->base_ns += DAY_NS;
        ns += strace->base_ns;
    }
    strace->last_ns = ns;
    return ns;
}

/* ----------------------------------------------------------------------- events */

static uint8_t category(struct strace *strace, enum trace_category code)
{
    const char *name = trace_category_name(code);
    return (uint8_t)timeline_builder_category(strace->builder, name, strlen(name));
}

/* By the table of calls, asked once for each name. */
static uint8_t category_of(struct strace *strace, uint32_t name)
{
    while (name != UINT32_MAX && name >= strace->category_room) {
        uint32_t before = strace->category_room;
        uint8_t *categories = array_grow(strace->categories, before, &strace->category_room, 1);
        if (!categories) {
            strace->failed = true;
            return 0;
        }
        strace->categories = categories;
        memset(categories + before, NOT_YET, strace->category_room - before);
    }
    if (name == UINT32_MAX)
        return 0;
    if (strace->categories[name] == NOT_YET)
        strace->categories[name] = category(strace, call_category(interned_text(&strace->builder->names, name)));
    return strace->categories[name];
}

static void append(struct strace *strace, struct buffer *to, const char *at, const char *end)
{
    size_t size = (size_t)(end - at);
    if (size == 0)
        return;
    if (!buffer_reserve(to, size)) {
        strace->failed = true;
        return;
    }
    memcpy(to->bytes + to->used, at, size);
    to->used += size;
}

/* "(arguments) = result"; before: what stood in the line that it resumes. */
static void set_detail(struct strace *strace, struct timeline_item *item, const struct buffer *before,
                       const struct strace_call *call)
{
    static const char equals[] = " = ";
    struct buffer *detail = &strace->detail;
    bool as_it_stands = !before && call->result - call->arguments_end == 3;
    detail->used = 0;
    if (!as_it_stands) { /* else no space is too many */
        if (before && before->used) {
            append(strace, detail, before->bytes, before->bytes + before->used);
            if (before->bytes[before->used - 1] == ',')
                append(strace, detail, equals, equals + 1);
        }
        append(strace, detail, pass_spaces(call->arguments, call->arguments_end), call->arguments_end);
        append(strace, detail, equals, equals + 3);
        append(strace, detail, call->result, call->result_end);
    }
    item->detail = as_it_stands ? call->arguments : detail->bytes;
    item->detail_bytes = as_it_stands ? (size_t)(call->result_end - call->arguments) : detail->used;
}

static void add(struct strace *strace, const struct timeline_item *item)
{
    timeline_builder_add(strace->builder, item);
    strace->calls++;
}

/* ------------------------------------------------------------------------ calls */

/* before: the arguments of the line that it resumes, or NULL. end_ns: when it returned, if that is known. */
static void take_returned(struct strace *strace, uint32_t task, struct timeline_item *item,
                          const struct strace_call *call, const struct line *line)
{
    struct strace_task *caller = &strace->tasks.all[task];
    set_detail(strace, item, caller->in_call ? &caller->arguments : NULL, call);
    item->flags = call->failed ? TIMELINE_ERROR : 0;
    item->category = category_of(strace, item->name);
    item->kind = item->duration_ns >= 0 ? TIMELINE_SPAN : TIMELINE_INSTANT;
    if (item->duration_ns < 0) {
        item->duration_ns = 0;
        if (call->result < call->result_end && *call->result != '?') /* else it did not return */
            line_note(strace->builder, line, "A call has no duration, because strace ran without -T");
    }
    add(strace, item);
    strace_learn(&strace->tasks, task, call, item);
    strace->tasks.all[task].in_call = false; /* learning may have moved them */
}

static void take_call(struct strace *strace, uint32_t task, int64_t ns, const struct strace_call *call,
                      const struct line *line)
{
    struct strace_task *caller = &strace->tasks.all[task];
    struct timeline_item item = {
        .start_ns = ns,
        .duration_ns = call->duration_ns,
        .track = caller->track,
        .name = timeline_builder_name(strace->builder, call->name, (size_t)(call->name_end - call->name)),
    };
    caller->in_call = false;
    take_returned(strace, task, &item, call, line);
}

static void take_unfinished(struct strace *strace, uint32_t task, int64_t ns, const struct strace_call *call,
                            const struct line *line)
{
    struct strace_task *caller = &strace->tasks.all[task];
    caller->in_call = true;
    caller->start_ns = ns;
    caller->name = timeline_builder_name(strace->builder, call->name, (size_t)(call->name_end - call->name));
    caller->line = line->number;
    caller->byte = line->byte;
    caller->arguments.used = 0;
    append(strace, &caller->arguments, call->arguments, call->arguments_end);
}

static void take_resumed(struct strace *strace, uint32_t task, int64_t ns, const struct strace_call *call,
                         const struct line *line)
{
    struct strace_task *caller = &strace->tasks.all[task];
    uint32_t name = timeline_builder_name(strace->builder, call->name, (size_t)(call->name_end - call->name));
    if (caller->in_call && caller->name != name)
        caller->in_call = false; /* the line that this resumes is missing */
    int64_t start_ns = call->duration_ns >= 0 ? ns - call->duration_ns : ns;
    if (caller->in_call)
        start_ns = caller->start_ns;
    else
        line_note(strace->builder, line, "A call is resumed without a beginning, so that arguments are missing");
    struct timeline_item item = {
        .start_ns = start_ns,
        .duration_ns = call->duration_ns >= 0 ? call->duration_ns : ns - start_ns,
        .track = caller->track,
        .name = name,
    };
    take_returned(strace, task, &item, call, line);
}

/* A call that will never return lasts until its task's end; one that is still running at the end of the text is
 * open. */
static void take_open(struct strace *strace, uint32_t task, int64_t end_ns, unsigned flags)
{
    struct strace_task *caller = &strace->tasks.all[task];
    if (!caller->in_call)
        return;
    const struct timeline_item item = {
        .start_ns = caller->start_ns,
        .duration_ns = end_ns > caller->start_ns ? end_ns - caller->start_ns : 0,
        .detail = caller->arguments.bytes,
        .detail_bytes = caller->arguments.used,
        .track = caller->track,
        .name = caller->name,
        .category = category_of(strace, caller->name),
        .kind = TIMELINE_SPAN,
        .flags = (uint8_t)flags,
    };
    add(strace, &item);
    caller->in_call = false;
}

static void take_instant(struct strace *strace, uint32_t task, struct timeline_item *item,
                         const struct strace_call *call)
{
    item->track = strace->tasks.all[task].track;
    item->kind = TIMELINE_INSTANT;
    item->detail = call->arguments;
    item->detail_bytes = (size_t)(call->arguments_end - call->arguments);
    add(strace, item);
}

/* "SIGCHLD {…}" is named for the signal. */
static void take_signal(struct strace *strace, uint32_t task, int64_t ns, const struct strace_call *call)
{
    const char *end = call->arguments;
    while (end < call->arguments_end && *end != ' ')
        end++;
    struct timeline_item item = {
        .start_ns = ns,
        .name = timeline_builder_name(strace->builder, call->arguments, (size_t)(end - call->arguments)),
        .category = category(strace, TRACE_SIGNAL),
    };
    take_instant(strace, task, &item, call);
}

static void take_exit(struct strace *strace, uint32_t task, int64_t ns, const struct strace_call *call)
{
    bool killed = begins(call->arguments, call->arguments_end, "killed");
    struct timeline_item item = {
        .start_ns = ns,
        .name = timeline_builder_name(strace->builder, killed ? "killed" : "exit", killed ? 6 : 4),
        .category = category(strace, TRACE_PROCESS),
        .flags = killed ? TIMELINE_ERROR : 0,
    };
    take_open(strace, task, ns, 0);
    take_instant(strace, task, &item, call);
    strace_learn_end(&strace->tasks, task, call, ns);
}

/* ------------------------------------------------------------------------ lines */

/* "[ Process PID=1234 runs in 32 bit mode. ]"; and on a terminal, what strace says when it is stopped. */
static bool is_own_word(const char *at, const char *end)
{
    return begins(at, end, " <detached ...>") || memmem(at, (size_t)(end - at), "[ Process PID=", 14) != NULL ||
           pass_spaces(at, end) == end;
}

static void take_other(const struct strace *strace, const struct line *line)
{
    if (strace_stack_line(line->at, line->end))
        line_note(strace->builder, line, "A line of a stack is not shown");
    else if (strace_data_line(line->at, line->end))
        line_note(strace->builder, line, "A line of data is not shown");
    else if (!is_own_word(line->at, line->end))
        line_note(strace->builder, line, "A line that is not strace's, or is cut off, is left out");
}

static void take_line(struct strace *strace, const struct line *line)
{
    struct strace_stamp stamp;
    struct strace_call call;
    enum strace_what what = STRACE_OTHER;
    if (strace_stamp(line->at, line->end, &stamp))
        what = strace_take_apart(stamp.rest, line->end, &call);
    if (what == STRACE_OTHER) {
        take_other(strace, line);
        return;
    }
    int64_t ns = time_of(strace, &stamp);
    uint32_t task = strace_task_of(&strace->tasks, &stamp);
    if (task == UINT32_MAX)
        return;
    if (stamp.comm && !strace->tasks.all[task].named) {
        strace->tasks.all[task].named = true;
        timeline_builder_name_thread(strace->builder, (int64_t)stamp.tid, (int64_t)stamp.tid, stamp.comm,
                                     stamp.comm_bytes);
    }
    switch (what) {
    case STRACE_CALL:
        take_call(strace, task, ns, &call, line);
        break;
    case STRACE_UNFINISHED:
        take_unfinished(strace, task, ns, &call, line);
        break;
    case STRACE_RESUMED:
        take_resumed(strace, task, ns, &call, line);
        break;
    case STRACE_SIGNAL:
        take_signal(strace, task, ns, &call);
        break;
    default:
        take_exit(strace, task, ns, &call);
    }
}

/* "strace: Process 12 attached", or detached, which may stand in a line that goes on in the next one. Where it begins, or
 * NULL. */
static const char *find_attached(struct strace *strace, const char *at, const char *end)
{
    static const char words[] = "strace: Process ";
    uint64_t tid;
    if (end - at < (ptrdiff_t)sizeof words || memcmp(end - 6, "tached", 6) != 0)
        return NULL;
    const char *word = memmem(at, (size_t)(end - at), words, sizeof words - 1);
    if (!word || !parse_digits(word + sizeof words - 1, end, &tid))
        return NULL;
    if (memchr(at, '(', (size_t)(word - at))) /* the task of this line comes first */
        strace_task_of(&strace->tasks, &(struct strace_stamp){ 0 });
    strace_task(&strace->tasks, tid);
    return word;
}

static void hold(struct strace *strace, const struct line *line, const char *end)
{
    if (strace->held.used == 0)
        strace->held_line = *line;
    append(strace, &strace->held, line->at, end);
}

static void end_held(struct strace *strace)
{
    struct line line = strace->held_line;
    if (strace->held.used == 0)
        return;
    line.at = strace->held.bytes;
    line.end = line.at + strace->held.used;
    strace->held.used = 0;
    take_line(strace, &line);
}

static void handle_line(void *reader, const struct line *line)
{
    struct strace *strace = reader;
    const char *attached = find_attached(strace, line->at, line->end);
    if (attached && memchr(line->at, '(', (size_t)(attached - line->at))) {
        hold(strace, line, attached);
    } else if (!attached && strace->held.used) {
        hold(strace, line, line->end);
        end_held(strace);
    } else if (!attached) {
        take_line(strace, line);
    }
}

/* ------------------------------------------------------------------------- door */

static void *create(struct timeline_builder *builder)
{
    struct strace *strace = calloc(1, sizeof *strace);
    if (!strace)
        return NULL;
    strace->builder = strace->tasks.builder = strace->lines.builder = builder;
    return strace;
}

static void destroy(void *reader)
{
    struct strace *strace = reader;
    strace_tasks_free(&strace->tasks);
    buffer_free(&strace->lines.kept);
    buffer_free(&strace->detail);
    buffer_free(&strace->held);
    free(strace->categories);
    free(strace);
}

static enum tracer_error state(const struct strace *strace)
{
    return strace->failed || strace->tasks.failed || strace->lines.failed ? TRACER_ERROR_MEMORY : TRACER_OK;
}

static enum tracer_error feed(void *reader, const char *bytes, size_t size, struct tracer_message *message)
{
    struct strace *strace = reader;
    (void)message;
    lines_feed(&strace->lines, bytes, size, handle_line, strace);
    return state(strace);
}

static enum tracer_error end(void *reader, struct tracer_message *message)
{
    struct strace *strace = reader;
    lines_end(&strace->lines, handle_line, strace);
    end_held(strace);
    if (state(strace) == TRACER_OK && strace->calls == 0) {
        bool open = false;
        for (uint32_t i = 0; i < strace->tasks.count; i++)
            open |= strace->tasks.all[i].in_call;
        if (!open)
            return import_fail(message, "this is strace's text without times: record it with "
                                        "strace -f -ttt -T -o FILE COMMAND");
    }
    for (uint32_t i = 0; i < strace->tasks.count; i++)
        take_open(strace, i, 0, TIMELINE_OPEN);
    strace_settle(&strace->tasks);
    return state(strace);
}

const struct door strace_door = { "strace", "strace text", "line", strace_recognises, create, feed, end, destroy };
