/* Makes events of ftrace's lines. */
#include "ftrace.h"

#include <stdlib.h>

#include "chrome_number.h"
#include "chrome_pair.h"
#include "ftrace_tasks.h"

struct ftrace {
    struct timeline_builder *builder;
    struct pairing pairing;
    struct lines lines;
    struct ftrace_tasks tasks;
    struct interned cookies; /* of marks of kind S and F */
    bool html, in_data; /* the lines are in HTML; within the part of it that has them */
    bool had_event, had_ticks; /* lines of events: some, and some whose time is not in seconds */
    bool failed;
};

/* The line being parsed. */
struct taking {
    struct ftrace *ftrace;
    const struct line *line;
    const struct ftrace_line *parts;
    struct ftrace_task *task;
};

/* A piece of a line. */
struct part {
    const char *at, *end;
};

static struct part part_of(const char *at, const char *end)
{
    return (struct part){ at, end };
}

/* ---------------------------------------------------------------------- adding */

/* "sched" of "sched_switch". */
static uint8_t category_of(struct ftrace *ftrace, struct part event)
{
    const char *end = event.at;
    while (end < event.end && *end != '_')
        end++;
    return (uint8_t)timeline_builder_category(ftrace->builder, event.at, (size_t)(end - event.at));
}

static struct timeline_item item_of(const struct taking *taking, struct part name, struct part detail)
{
    struct timeline_builder *builder = taking->ftrace->builder;
    return (struct timeline_item){
        .start_ns = taking->parts->ns,
        .detail = detail.at < detail.end ? detail.at : NULL,
        .detail_bytes = (size_t)(detail.end - detail.at),
        .track = taking->task->track,
        .name = timeline_builder_name(builder, name.at, (size_t)(name.end - name.at)),
    };
}

static void add_instant(const struct taking *taking, struct part name, struct part detail, uint8_t category)
{
    struct timeline_item item = item_of(taking, name, detail);
    item.kind = TIMELINE_INSTANT;
    item.category = category;
    timeline_builder_add(taking->ftrace->builder, &item);
}

static void add_mark(const struct taking *taking, struct mark mark, uint32_t stack)
{
    struct ftrace *ftrace = taking->ftrace;
    mark.time_ns = taking->parts->ns;
    mark.byte |= taking->line->byte;
    mark.number = taking->line->number < UINT32_MAX ? (uint32_t)taking->line->number : UINT32_MAX;
    mark.stack = stack;
    ftrace->failed |= stack == UINT32_MAX || ftrace->builder->failed || !pairing_add(&ftrace->pairing, &mark);
}

static void add_begin(const struct taking *taking, struct part name, struct part detail, uint8_t category)
{
    struct timeline_item item = item_of(taking, name, detail);
    item.kind = TIMELINE_SPAN;
    item.flags = TIMELINE_OPEN;
    item.category = category;
    const struct mark mark = { .name = item.name, .item = taking->ftrace->builder->count };
    timeline_builder_add(taking->ftrace->builder, &item);
    add_mark(taking, mark, pairing_thread(&taking->ftrace->pairing, taking->task->track));
}

/* "0x1", kept until its beginning is known; 0: nothing. */
static uint32_t keep_result(struct ftrace *ftrace, struct part result)
{
    struct buffer *texts = &ftrace->pairing.end_texts;
    char json[64];
    for (const char *at = result.at; at < result.end; at++)
        if (!strchr("0123456789abcdefx-", *at) || result.end - result.at > 24)
            return 0;
    if (result.at == result.end)
        return 0;
    if (texts->used == 0)
        ftrace->failed |= text_add(texts, "", 0) == UINT32_MAX; /* so that 0 is no offset of a text */
    int bytes = snprintf(json, sizeof json, "{\"result\":\"%.*s\"}", (int)(result.end - result.at), result.at);
    uint32_t start = text_add(texts, json, (size_t)bytes);
    ftrace->failed |= start == UINT32_MAX;
    return ftrace->failed ? 0 : start;
}

/* Ends the innermost span, or the innermost of that name. */
static void add_end(const struct taking *taking, struct part name, struct part result)
{
    struct mark mark = { .byte = MARK_END, .name = NO_MARK_NAME, .item = keep_result(taking->ftrace, result) };
    if (name.at)
        mark.name = timeline_builder_name(taking->ftrace->builder, name.at, (size_t)(name.end - name.at));
    add_mark(taking, mark, pairing_thread(&taking->ftrace->pairing, taking->task->track));
}

/* ------------------------------------------------------------------------ marks */

/* The next part of "B|1234|name". */
static struct part next_part(struct part *rest)
{
    const char *bar = memchr(rest->at, '|', (size_t)(rest->end - rest->at));
    const struct part part = part_of(rest->at, bar ? bar : rest->end);
    rest->at = bar ? bar + 1 : rest->end;
    return part;
}

/* Begins or ends an async span, identified by name and cookie. */
static void add_async(const struct taking *taking, bool begins_there, struct part name, struct part name_and_cookie)
{
    struct ftrace *ftrace = taking->ftrace;
    uint32_t id = interned_id(&ftrace->cookies, name_and_cookie.at, (size_t)(name_and_cookie.end - name_and_cookie.at));
    uint32_t stack = id == UINT32_MAX ? id : pairing_async(&ftrace->pairing, id);
    struct timeline_item item = item_of(taking, name, part_of(NULL, NULL));
    struct mark mark = { .byte = MARK_END, .name = item.name };
    if (begins_there) {
        item.kind = TIMELINE_SPAN;
        item.flags = TIMELINE_OPEN | TIMELINE_ASYNC;
        item.category = (uint8_t)timeline_builder_category(ftrace->builder, "mark", 4);
        mark = (struct mark){ .name = item.name, .item = ftrace->builder->count };
        timeline_builder_add(ftrace->builder, &item);
    }
    add_mark(taking, mark, stack);
}

static bool add_counter(const struct taking *taking, struct part name, struct part value)
{
    const struct token number = { .at = value.at, .bytes = (size_t)(value.end - value.at) };
    double parsed;
    if (!token_number(&number, &parsed))
        return false;
    struct timeline_item item = item_of(taking, name, part_of(NULL, NULL));
    item.kind = TIMELINE_SAMPLE;
    item.value = parsed;
    item.category = (uint8_t)timeline_builder_category(taking->ftrace->builder, "mark", 4);
    const struct ftrace_task *task = taking->task;
    const int64_t pid = task->pid == FTRACE_PID_UNKNOWN ? task->tid : task->pid;
    item.track = timeline_builder_track(taking->ftrace->builder, pid, 0, item.name);
    timeline_builder_add(taking->ftrace->builder, &item);
    return true;
}

/* "G|1234|track|name|7" and "H|1234|track|7", or with the name again: an async span, identified by track and cookie. */
static void add_on_track(const struct taking *taking, bool begins_there, struct part on_track, struct part rest)
{
    struct part name = next_part(&rest), cookie = rest.at < rest.end ? rest : name;
    char key[160];
    int bytes = snprintf(key, sizeof key, "%.*s|%.*s", (int)(cookie.end - cookie.at), cookie.at,
                         (int)(on_track.end - on_track.at), on_track.at);
    add_async(taking, begins_there, name, part_of(key, key + (bytes < (int)sizeof key ? bytes : (int)sizeof key - 1)));
}

static void learn_pid(const struct taking *taking, struct part text)
{
    uint64_t pid;
    if (parse_digits(text.at, text.end, &pid) == text.end && pid > 0)
        ftrace_learn(taking->task, (int64_t)pid);
}

/* Marks written by programs: "B|1234|name", "E|1234", "C|1234|name|5", "S|1234|name|7", "F|1234|name|7", and on tracks of
 * their own G, H and N. False: other text. */
static bool take_mark(const struct taking *taking, struct part text)
{
    struct part rest = text, kind = next_part(&rest);
    if (kind.end - kind.at != 1 || !strchr("BECSFIGHN", *kind.at) || (*kind.at != 'E' && kind.end == text.end))
        return false;
    learn_pid(taking, next_part(&rest));
    struct part all = rest, name = next_part(&rest);
    const uint8_t category = (uint8_t)timeline_builder_category(taking->ftrace->builder, "mark", 4);
    if (*kind.at == 'E')
        add_end(taking, part_of(NULL, NULL), part_of(NULL, NULL));
    else if (*kind.at == 'C')
        return add_counter(taking, name, rest);
    else if (*kind.at == 'S' || *kind.at == 'F')
        add_async(taking, *kind.at == 'S', name, all);
    else if (*kind.at == 'G' || *kind.at == 'H')
        add_on_track(taking, *kind.at == 'G', name, rest);
    else if (*kind.at == 'N')
        add_instant(taking, rest, part_of(NULL, NULL), category);
    else if (*kind.at == 'B')
        add_begin(taking, all, part_of(NULL, NULL), category);
    else
        add_instant(taking, all, part_of(NULL, NULL), category);
    return true;
}

/* ------------------------------------------------------------------------- calls */

static struct part after_prefix(struct part event, const char *prefix)
{
    return begins(event.at, event.end, prefix) ? part_of(event.at + strlen(prefix), event.end) : part_of(NULL, NULL);
}

/* "sys_enter_write: fd: 1", "sys_exit_write: 0x1"; of the kernel's own file "sys_write(fd: 1)", "sys_write -> 0x1". */
static bool take_system_call(const struct taking *taking, struct part event, struct part text)
{
    const struct part enter = after_prefix(event, "sys_enter_"), leave = after_prefix(event, "sys_exit_");
    const struct part call = after_prefix(event, "sys_");
    bool plain = call.at && !enter.at && !leave.at;
    const uint8_t category = (uint8_t)timeline_builder_category(taking->ftrace->builder, "SYSCALL", 7);
    if (plain && begins(text.at, text.end, "-> "))
        add_end(taking, call, part_of(text.at + 3, text.end));
    else if (plain && text.at < text.end && *text.at == '(')
        add_begin(taking, call, text, category);
    else if (enter.at)
        add_begin(taking, enter, text, category);
    else if (leave.at)
        add_end(taking, leave, text);
    else
        return false;
    return true;
}

/* "|  vfs_write() {", "0.500 us   |    rw_verify_area();", "3.000 us   |  }" */
static bool take_function(const struct taking *taking, struct part event, struct part text)
{
    bool leaves = begins(event.at, event.end, "funcgraph_exit");
    const char *bar = memchr(text.at, '|', (size_t)(text.end - text.at));
    if ((!leaves && !begins(event.at, event.end, "funcgraph_entry")) || !bar)
        return false;
    const char *name = pass_spaces(bar + 1, text.end), *name_end = name;
    while (name_end < text.end && *name_end != '(' && *name_end != ';')
        name_end++;
    const uint8_t category = (uint8_t)timeline_builder_category(taking->ftrace->builder, "function", 8);
    if (leaves)
        add_end(taking, part_of(NULL, NULL), part_of(NULL, NULL));
    else if (text.end[-1] == '{')
        add_begin(taking, part_of(name, name_end), part_of(NULL, NULL), category);
    else {
        uint64_t us;
        int64_t ns = 0;
        const char *at = text.at;
        while (at < bar && !digit(*at)) /* "+ 10.500 us", for long ones */
            at++;
        const char *point = parse_digits(at, bar, &us);
        if (!point || *point != '.')
            return false;
        parse_fraction_ns(point + 1, bar, &ns);
        struct timeline_item item = item_of(taking, part_of(name, name_end), part_of(NULL, NULL));
        item.kind = TIMELINE_SPAN;
        item.duration_ns = time_bounded((int64_t)(us % 1000000000000u) * 1000 + ns / 1000000);
        item.category = category;
        timeline_builder_add(taking->ftrace->builder, &item);
    }
    return true;
}

/* ------------------------------------------------------------------------- lines */

/* trace-cmd writes "print: tracing_mark_write: B|…", "bprint:" for the kernel's own text, and "0: B|…" where the kernel
 * did not know its own names. */
static bool is_mark(struct part event, struct part *text)
{
    if (begins(event.at, event.end, "print"))
        for (const char *at = text->at; at < text->end; at++)
            if (begins(at, text->end, "tracing_mark_write: ")) {
                text->at = at + sizeof "tracing_mark_write: " - 1;
                return true;
            }
    return begins(event.at, event.end, "tracing_mark_write") || begins(event.at, event.end, "print") ||
           (event.end - event.at == 1 && *event.at == '0');
}

static void take_event(struct ftrace *ftrace, const struct line *line, const struct ftrace_line *parts)
{
    struct part event = part_of(parts->event, parts->event_end), text = part_of(parts->text, parts->text_end);
    const struct taking taking = { ftrace, line, parts, ftrace_task(&ftrace->tasks, parts) };
    if (!taking.task)
        return;
    if (parts->is_function)
        add_instant(&taking, event, text, (uint8_t)timeline_builder_category(ftrace->builder, "function", 8));
    else if (!(is_mark(event, &text) && take_mark(&taking, text)) && !take_system_call(&taking, event, text) &&
             !take_function(&taking, event, text))
        add_instant(&taking, event, text, category_of(ftrace, event));
}

/* Lines between events that contain none. */
static bool is_heading(const struct line *line)
{
    const char *at = pass_spaces(line->at, line->end);
    return at == line->end || *at == '#' || begins(at, line->end, "cpus=") || begins(at, line->end, "version = ") ||
           (begins(at, line->end, "CPU ") && line->end[-1] == 'y'); /* "CPU 3 is empty" */
}

static bool is_outside_data(struct ftrace *ftrace, const struct line *line)
{
    const char *at = pass_spaces(line->at, line->end);
    ftrace->html = ftrace->html || ftrace_is_html(at, line->end);
    if (!ftrace->html || (ftrace->in_data && !begins(at, line->end, "</script")))
        return false;
    ftrace->in_data = ftrace_begins_data(at, line->end);
    return true;
}

static void handle_line(void *reader, const struct line *line)
{
    struct ftrace *ftrace = reader;
    struct ftrace_line parts;
    const char *at = pass_spaces(line->at, line->end);
    if (is_outside_data(ftrace, line) || is_heading(line))
        return;
    if (ftrace_line(line->at, line->end, &parts)) {
        ftrace->had_event = true;
        take_event(ftrace, line, &parts);
    } else if (begins(at, line->end, "CPU:"))
        line_note(ftrace->builder, line, "The kernel lost events before this line");
    else if (begins(at, line->end, "=> "))
        line_note(ftrace->builder, line, "A line of a stack is not shown");
    else {
        ftrace->had_ticks = ftrace->had_ticks || ftrace_has_ticks(line->at, line->end);
        line_note(ftrace->builder, line, "A line that is not ftrace's, or is cut off, is left out");
    }
}

/* -------------------------------------------------------------------------- door */

static void *create(struct timeline_builder *builder)
{
    struct ftrace *ftrace = calloc(1, sizeof *ftrace);
    if (ftrace)
        ftrace->builder = ftrace->pairing.builder = ftrace->lines.builder = ftrace->tasks.builder = builder;
    return ftrace;
}

static void destroy(void *reader)
{
    struct ftrace *ftrace = reader;
    pairing_free(&ftrace->pairing);
    ftrace_tasks_free(&ftrace->tasks);
    interned_free(&ftrace->cookies);
    buffer_free(&ftrace->lines.kept);
    free(ftrace);
}

static enum tracer_error feed(void *reader, const char *bytes, size_t size, struct tracer_message *message)
{
    struct ftrace *ftrace = reader;
    (void)message;
    lines_feed(&ftrace->lines, bytes, size, handle_line, ftrace);
    return ftrace->failed || ftrace->lines.failed || ftrace->tasks.failed ? TRACER_ERROR_MEMORY : TRACER_OK;
}

static enum tracer_error end(void *reader, struct tracer_message *message)
{
    struct ftrace *ftrace = reader;
    lines_end(&ftrace->lines, handle_line, ftrace);
    if (ftrace->had_ticks && !ftrace->had_event)
        return import_fail(message, "this is text of ftrace whose times are not seconds: record it with trace_clock "
                                    "mono, or with trace-cmd record -C mono");
    if (ftrace->html && !ftrace->had_event)
        return import_fail(message, "this is HTML without text of ftrace's events: if it is a trace of Chrome, open "
                                    "the JSON that it was made of");
    ftrace_settle(&ftrace->tasks);
    bool ok = !ftrace->failed && !ftrace->lines.failed && !ftrace->tasks.failed && pairing_finish(&ftrace->pairing);
    return ok ? TRACER_OK : TRACER_ERROR_MEMORY;
}

const struct door ftrace_door = { "ftrace", "ftrace text", "line", ftrace_recognises, create, feed, end, destroy };
