/* Makes a flame chart of each thread of what perf sampled, and instants of tracepoints. */
#include "perf.h"

#include <stdlib.h>

#include "lines.h"
#include "samples.h"

/* What an event's line says. */
struct header {
    const char *comm, *comm_end;
    uint64_t pid, tid;
    int64_t ns;
    const char *event, *event_end;
    const char *rest; /* behind the event's colon */
    bool has_period; /* it was sampled */
};

struct perf_frame {
    uint32_t name;
    uint8_t category;
};

struct perf {
    struct timeline_builder *builder;
    struct lines lines;
    struct samples *samples;
    struct interned comms; /* of threads: "tid comm", those that were named */
    bool in_event;
    uint32_t track;
    int64_t ns;
    bool sampled; /* the event is a sample; else an instant, which is added already */
    struct perf_frame *stack; /* the innermost first */
    uint32_t depth, room;
    const char *dso_kept; /* the last one's category */
    struct buffer dso;
    uint8_t dso_category;
    bool failed;
};

/* ---------------------------------------------------------------- an event's line */

static const char *find_time(const char *at, const char *end, int64_t *ns, const char **behind)
{
    for (const char *colon = at; (colon = memchr(colon, ':', (size_t)(end - colon))); colon++) {
        const char *first = colon;
        while (first > at && (digit(first[-1]) || first[-1] == '.'))
            first--;
        if (first == colon || first == at || first[-1] != ' ' || parse_seconds(first, colon, ns) != colon)
            continue;
        *behind = colon + 1;
        return first;
    }
    return NULL;
}

static const char *trim_end(const char *at, const char *end)
{
    while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    return end;
}

/* The word that ends there. */
static const char *last_word(const char *at, const char *end)
{
    while (end > at && end[-1] != ' ' && end[-1] != '\t')
        end--;
    return end;
}

/* "1234", "1234/1235" */
static bool parse_ids(const char *at, const char *end, struct header *header)
{
    const char *behind = parse_digits(at, end, &header->pid);
    if (!behind && *at == '-') { /* a task that was gone */
        header->pid = header->tid = 0;
        return at + 2 <= end && digit(at[1]);
    }
    header->tid = header->pid;
    if (behind && behind < end && *behind == '/')
        behind = parse_digits(behind + 1, end, &header->tid);
    return behind == end;
}

/* "comm  1234/1235 [001] flags", from its end: a comm may have anything in it. */
static bool parse_who(const char *at, const char *end, struct header *header)
{
    for (int words = 0; words < 3; words++) {
        end = trim_end(at, end);
        const char *word = last_word(at, end);
        if (word == at && word == end)
            return false;
        if (word < end && parse_ids(word, end, header)) {
            header->comm = pass_spaces(at, word);
            header->comm_end = trim_end(header->comm, word);
            return true;
        }
        end = word;
    }
    return false;
}

/* "    250000 cpu-clock:u: ffffffff81407c44 …" or "sched:sched_switch: prev_comm=ls". */
static bool parse_event(const char *at, const char *end, struct header *header)
{
    uint64_t period;
    at = pass_spaces(at, end);
    const char *behind = parse_digits(at, end, &period);
    header->has_period = behind && behind < end && *behind == ' ';
    if (header->has_period)
        at = pass_spaces(behind, end);
    const char *event_end = at;
    while (event_end < end && *event_end != ' ' && *event_end != '\t')
        event_end++;
    if (event_end == at || event_end[-1] != ':')
        return false;
    header->event = at;
    header->event_end = event_end - 1;
    header->rest = pass_spaces(event_end, end);
    return true;
}

static bool parse_header(const char *at, const char *end, struct header *header)
{
    const char *behind, *time = find_time(at, end, &header->ns, &behind);
    return time && parse_who(at, time, header) && parse_event(behind, end, header);
}

/* --------------------------------------------------------------------- a stack's line */

struct stack_line {
    const char *symbol, *symbol_end;
    const char *dso, *dso_end;
};

static const char *pass_hexadecimal(const char *at, const char *end)
{
    while (at < end && (digit(*at) || (*at >= 'a' && *at <= 'f')))
        at++;
    return at;
}

/* "  ffffffff81407c44 __rcu_read_unlock+0x14 ([kernel.kallsyms])" */
static bool parse_stack_line(const char *at, const char *end, struct stack_line *line)
{
    at = pass_spaces(at, end);
    const char *symbol = pass_hexadecimal(at, end);
    end = trim_end(symbol, end);
    if (symbol == at || symbol == end || *symbol != ' ')
        return false;
    line->symbol = pass_spaces(symbol, end);
    line->symbol_end = end;
    line->dso = line->dso_end = end;
    if (end[-1] == ')') {
        const char *open = end - 1;
        while (open > line->symbol && !(*open == '(' && open[-1] == ' '))
            open--;
        if (open > line->symbol) {
            line->dso = open + 1;
            line->dso_end = end - 1;
            line->symbol_end = trim_end(line->symbol, open);
        }
    }
    const char *plus = line->symbol_end;
    while (plus > line->symbol && pass_hexadecimal(plus - 1, plus) == plus)
        plus--;
    if (plus - 3 > line->symbol && plus[-1] == 'x' && plus[-2] == '0' && plus[-3] == '+')
        line->symbol_end = plus - 3;
    return line->symbol < line->symbol_end;
}

/* -------------------------------------------------------------------------- taking */

static void name_thread(struct perf *perf, const struct header *header)
{
    char key[96];
    size_t comm_bytes = (size_t)(header->comm_end - header->comm);
    int bytes = snprintf(key, sizeof key, "%llu %.*s", (unsigned long long)header->tid,
                         comm_bytes < 64 ? (int)comm_bytes : 64, header->comm);
    uint32_t known = perf->comms.count;
    uint32_t id = interned_id(&perf->comms, key, bytes < (int)sizeof key ? (size_t)bytes : sizeof key - 1);
    perf->failed |= id == UINT32_MAX;
    if (id == known)
        timeline_builder_name_thread(perf->builder, (int64_t)header->pid, (int64_t)header->tid, header->comm,
                                     comm_bytes);
}

/* What has code is the category: "libc.so.6", "[kernel.kallsyms]". */
static uint8_t category_of(struct perf *perf, const struct stack_line *line)
{
    size_t size = (size_t)(line->dso_end - line->dso);
    if (perf->dso_kept && perf->dso.used == size && memcmp(perf->dso.bytes, line->dso, size) == 0)
        return perf->dso_category;
    const char *base = line->dso_end;
    while (base > line->dso && base[-1] != '/')
        base--;
    perf->dso_category = (uint8_t)timeline_builder_category(perf->builder, base, (size_t)(line->dso_end - base));
    perf->dso.used = 0;
    perf->dso_kept = buffer_reserve(&perf->dso, size + 1) ? perf->dso.bytes : NULL;
    if (perf->dso_kept) {
        memcpy(perf->dso.bytes, line->dso, size);
        perf->dso.used = size;
    }
    return perf->dso_category;
}

static void push(struct perf *perf, const struct stack_line *line)
{
    struct perf_frame *stack = array_grow(perf->stack, perf->depth, &perf->room, sizeof *stack);
    if (!stack) {
        perf->failed = true;
        return;
    }
    perf->stack = stack;
    stack[perf->depth].name =
        timeline_builder_name(perf->builder, line->symbol, (size_t)(line->symbol_end - line->symbol));
    stack[perf->depth++].category = category_of(perf, line);
}

/* What was being gathered is complete. A sample without a stack says at least that its thread ran. */
static void end_event(struct perf *perf)
{
    if (perf->in_event && perf->sampled) {
        uint32_t frame = SAMPLES_ROOT;
        if (perf->depth == 0)
            frame = samples_frame(perf->samples, frame, timeline_builder_name(perf->builder, "(no stack)", 10),
                                  (uint8_t)timeline_builder_category(perf->builder, "(none)", 6));
        for (uint32_t i = perf->depth; i-- > 0;)
            frame = samples_frame(perf->samples, frame, perf->stack[i].name, perf->stack[i].category);
        samples_add(perf->samples, perf->track, perf->ns, frame);
    }
    perf->in_event = false;
    perf->depth = 0;
}

/* "sched" of "sched:sched_switch". */
static uint8_t category_of_event(struct perf *perf, const struct header *header)
{
    const char *colon = memchr(header->event, ':', (size_t)(header->event_end - header->event));
    const char *end = colon ? colon : header->event_end;
    return (uint8_t)timeline_builder_category(perf->builder, header->event, (size_t)(end - header->event));
}

static void take_instant(struct perf *perf, const struct header *header, const struct line *line)
{
    const char *end = trim_end(header->rest, line->end);
    const struct timeline_item item = {
        .start_ns = header->ns,
        .detail = header->rest < end ? header->rest : NULL,
        .detail_bytes = (size_t)(end - header->rest),
        .track = perf->track,
        .name = timeline_builder_name(perf->builder, header->event, (size_t)(header->event_end - header->event)),
        .category = category_of_event(perf, header),
        .kind = TIMELINE_INSTANT,
    };
    timeline_builder_add(perf->builder, &item);
}

static void take_header(struct perf *perf, const struct header *header, const struct line *line)
{
    struct stack_line frame;
    end_event(perf);
    name_thread(perf, header);
    perf->in_event = true;
    perf->track = timeline_builder_track(perf->builder, (int64_t)header->pid, (int64_t)header->tid, TIMELINE_NONE);
    perf->ns = header->ns;
    bool has_frame = header->rest < line->end && parse_stack_line(header->rest, line->end, &frame);
    perf->sampled = header->has_period || has_frame;
    if (!perf->sampled)
        take_instant(perf, header, line);
    else if (has_frame)
        push(perf, &frame);
}

static void take(void *reader, const struct line *line)
{
    struct perf *perf = reader;
    struct header header;
    struct stack_line frame;
    if (line->at == line->end) {
        end_event(perf);
        return;
    }
    bool indented = *line->at == ' ' || *line->at == '\t';
    if (perf->in_event && indented && parse_stack_line(line->at, line->end, &frame)) {
        if (perf->sampled)
            push(perf, &frame);
        return;
    }
    if (*line->at == '#' || pass_spaces(line->at, line->end) == line->end)
        return;
    if (parse_header(line->at, line->end, &header))
        take_header(perf, &header, line);
    else
        line_note(perf->builder, line, "A line is none of perf script's, or is cut off, and is left out");
}

/* ---------------------------------------------------------------------------- door */

static bool is_header(const char *at, const char *end)
{
    struct header header;
    return parse_header(at, end, &header);
}

static bool is_line(const char *at, const char *end)
{
    struct stack_line line;
    return is_header(at, end) || ((*at == ' ' || *at == '\t') && parse_stack_line(at, end, &line));
}

static bool recognises(const char *head, size_t size)
{
    return lines_accepted(head, size, is_header) > 0 && lines_accepted(head, size, is_line) >= 50;
}

static void *create(struct timeline_builder *builder)
{
    struct perf *perf = calloc(1, sizeof *perf);
    if (perf)
        perf->samples = samples_create(builder);
    if (!perf || !perf->samples) {
        free(perf);
        return NULL;
    }
    perf->builder = builder;
    return perf;
}

static void destroy(void *reader)
{
    struct perf *perf = reader;
    samples_destroy(perf->samples);
    interned_free(&perf->comms);
    buffer_free(&perf->lines.kept);
    buffer_free(&perf->dso);
    free(perf->stack);
    free(perf);
}

static enum tracer_error feed(void *reader, const char *bytes, size_t size, struct tracer_message *message)
{
    struct perf *perf = reader;
    (void)message;
    lines_feed(&perf->lines, bytes, size, take, perf);
    return perf->failed || perf->lines.failed ? TRACER_ERROR_MEMORY : TRACER_OK;
}

static enum tracer_error end(void *reader, struct tracer_message *message)
{
    struct perf *perf = reader;
    (void)message;
    lines_end(&perf->lines, take, perf);
    end_event(perf);
    bool ok = samples_end(perf->samples) && !perf->failed && !perf->lines.failed;
    return ok ? TRACER_OK : TRACER_ERROR_MEMORY;
}

const struct door perf_door = { "perf", "perf script text", recognises, create, feed, end, destroy };
