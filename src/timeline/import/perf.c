/* Makes a flame chart of each thread of what perf sampled, one for each event, and instants of tracepoints. */
#include "perf.h"

#include <inttypes.h>
#include <stdlib.h>

#include "perf_line.h"
#include "samples.h"

struct perf_frame {
    uint32_t name;
    uint8_t category;
};

struct perf {
    struct timeline_builder *builder;
    struct lines lines;
    struct samples *samples;
    struct interned comms; /* of threads: "tid comm", those that were named */
    struct interned events;
    uint32_t comm, event; /* of the event: in comms, UINT32_MAX if it has none, and in events */
    uint32_t first_sampled; /* in events; UINT32_MAX: no sample yet */
    uint64_t pid, tid;
    bool in_event;
    uint32_t track;
    int64_t ns;
    bool sampled; /* the event is a sample; else an instant, which is added already, or undecided */
    bool undecided; /* it is a sample if a stack follows */
    bool begun, differences; /* whether the first bytes came; whether times are since the event before */
    bool had_event, had_no_time; /* lines of events: some, and some that lack their time */
    uint32_t name; /* of the event */
    uint8_t category;
    struct perf_frame *stack; /* the innermost first */
    uint32_t depth, room;
    const char *dso_kept; /* the last one's category */
    struct buffer dso;
    uint8_t dso_category;
    bool failed;
};

/* -------------------------------------------------------------------------- taking */

static void name_thread(struct perf *perf, const struct perf_header *header)
{
    char key[96];
    size_t comm_bytes = (size_t)(header->comm_end - header->comm);
    int bytes = snprintf(key, sizeof key, "%llu %.*s", (unsigned long long)header->tid,
                         comm_bytes < 64 ? (int)comm_bytes : 64, header->comm);
    uint32_t known = perf->comms.count;
    uint32_t id = interned_id(&perf->comms, key, bytes < (int)sizeof key ? (size_t)bytes : sizeof key - 1);
    perf->failed |= id == UINT32_MAX;
    perf->comm = id;
    if (id == known)
        timeline_builder_name_thread(perf->builder, (int64_t)header->pid, (int64_t)header->tid, header->comm,
                                     comm_bytes);
}

static uint8_t category(const struct perf *perf, const char *at, size_t bytes)
{
    return (uint8_t)timeline_builder_category(perf->builder, bytes ? at : "(none)", bytes ? bytes : 6);
}

/* The category is the file that contains the code: "libc.so.6", "[kernel.kallsyms]". */
static uint8_t category_of(struct perf *perf, const struct perf_stack_line *line)
{
    size_t size = (size_t)(line->dso_end - line->dso);
    if (perf->dso_kept && perf->dso.used == size && memcmp(perf->dso.bytes, line->dso, size) == 0)
        return perf->dso_category;
    const char *base = line->dso_end;
    while (base > line->dso && base[-1] != '/')
        base--;
    perf->dso_category = category(perf, base, (size_t)(line->dso_end - base));
    perf->dso.used = 0;
    perf->dso_kept = buffer_reserve(&perf->dso, size + 1) ? perf->dso.bytes : NULL;
    if (perf->dso_kept) {
        memcpy(perf->dso.bytes, line->dso, size);
        perf->dso.used = size;
    }
    return perf->dso_category;
}

static void push(struct perf *perf, const struct perf_stack_line *line)
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

static void add_instant(const struct perf *perf, const char *detail, size_t bytes)
{
    const struct timeline_item item = {
        .start_ns = perf->ns,
        .detail = bytes ? detail : NULL,
        .detail_bytes = bytes,
        .track = perf->track,
        .name = perf->name,
        .category = perf->category,
        .kind = TIMELINE_INSTANT,
    };
    timeline_builder_add(perf->builder, &item);
}

/* "bash, instructions of 1234" */
static void name_track_beside(const struct perf *perf, int64_t tid)
{
    const char *event = interned_text(&perf->events, perf->event);
    const char *comm = perf->comm == UINT32_MAX ? NULL : strchr(interned_text(&perf->comms, perf->comm), ' ') + 1;
    char text[320];
    snprintf(text, sizeof text, "%s%s%.150s of %" PRIu64, comm ? comm : "", comm ? ", " : "", event, perf->tid);
    timeline_builder_name_thread(perf->builder, (int64_t)perf->pid, tid, text, strlen(text));
    snprintf(text, sizeof text, "Samples of %.100s are on a track beside their thread's, which has those of %.100s",
             event, interned_text(&perf->events, perf->first_sampled));
    timeline_builder_add_note(perf->builder,
                              &(struct timeline_note){ .text = text, .count = 1, .byte = TIMELINE_NO_BYTE });
}

/* The first event that was sampled is shown on the thread's own track, each other one beside it: the weights of
 * different events do not add up. */
static uint32_t track_of_sample(struct perf *perf)
{
    if (perf->first_sampled == UINT32_MAX)
        perf->first_sampled = perf->event;
    if (perf->event == perf->first_sampled)
        return perf->track;
    const uint64_t beside = (uint64_t)(uint16_t)perf->event << 32 | (uint32_t)perf->tid;
    const int64_t tid = TIMELINE_WORD_ID - (int64_t)beside;
    const uint32_t known = perf->builder->track_count;
    const uint32_t track = timeline_builder_track(perf->builder, (int64_t)perf->pid, tid, TIMELINE_NONE);
    if (track == known && !perf->failed) {
        name_track_beside(perf, tid);
        timeline_builder_mark_sampled(perf->builder, track);
    }
    return track;
}

/* The event being gathered is complete. A sample without a stack shows at least that its thread ran. */
static void end_event(struct perf *perf)
{
    if (perf->in_event && perf->sampled) {
        uint32_t frame = SAMPLES_ROOT;
        if (perf->depth == 0)
            frame = samples_frame(perf->samples, frame, timeline_builder_name(perf->builder, "(no stack)", 10),
                                  category(perf, "", 0));
        for (uint32_t i = perf->depth; i-- > 0;)
            frame = samples_frame(perf->samples, frame, perf->stack[i].name, perf->stack[i].category);
        samples_add(perf->samples, track_of_sample(perf), perf->ns, frame);
    }
    if (perf->in_event && perf->undecided)
        add_instant(perf, NULL, 0);
    perf->in_event = perf->undecided = false;
    perf->depth = 0;
}

/* "sched" of "sched:sched_switch". */
static uint8_t category_of_event(struct perf *perf, const struct perf_header *header)
{
    const char *colon = memchr(header->event, ':', (size_t)(header->event_end - header->event));
    const char *end = colon ? colon : header->event_end;
    return category(perf, header->event, (size_t)(end - header->event));
}

/* "ls  5 [000]  1.000150: PERF_RECORD_LOST lost 3", of --show-lost-events and the like. */
static bool take_record(struct perf *perf, const struct line *line)
{
    static const char mark[] = "PERF_RECORD_", lost[] = "LOST", count[] = " lost ";
    const char *record = memmem(line->at, (size_t)(line->end - line->at), mark, sizeof mark - 1);
    if (!record)
        return false;
    struct timeline_note note = { .text = "A record of perf that is not an event is not shown",
                                  .count = 1,
                                  .event = line->number,
                                  .byte = line->byte };
    if (begins(record + sizeof mark - 1, line->end, lost)) {
        const char *number = memmem(record, (size_t)(line->end - record), count, sizeof count - 1);
        note.text = "An event or sample was lost by perf";
        if (number)
            parse_digits(number + sizeof count - 1, line->end, &note.count);
    }
    if (note.count)
        timeline_builder_add_note(perf->builder, &note);
    return true;
}

static void take_header(struct perf *perf, const struct perf_header *header, const struct line *line)
{
    struct perf_stack_line frame;
    static const char to[] = " => "; /* of a branch that was sampled, which is shown where it came from */
    end_event(perf);
    perf->ns = header->ns + (perf->differences ? perf->ns : 0);
    if (begins(header->event, header->event_end, "PERF_RECORD_") && take_record(perf, line))
        return;
    perf->comm = UINT32_MAX;
    if (header->comm < header->comm_end)
        name_thread(perf, header);
    perf->in_event = perf->had_event = true;
    perf->event = interned_id(&perf->events, header->event, (size_t)(header->event_end - header->event));
    perf->failed |= perf->event == UINT32_MAX;
    perf->pid = header->pid;
    perf->tid = header->tid;
    perf->track = timeline_builder_track(perf->builder, (int64_t)header->pid, (int64_t)header->tid, TIMELINE_NONE);
    const char *branch = memmem(header->rest, (size_t)(line->end - header->rest), to, sizeof to - 1);
    bool has_frame = header->rest < line->end && perf_stack_line(header->rest, branch ? branch : line->end, &frame);
    perf->sampled = header->has_period || has_frame;
    if (has_frame)
        push(perf, &frame);
    if (has_frame && branch)
        line_note(perf->builder, line, "The target of a branch is not shown");
    if (perf->sampled)
        return;
    const size_t bytes = (size_t)(header->event_end - header->event);
    perf->name = timeline_builder_name(perf->builder, bytes ? header->event : "(event)", bytes ? bytes : 7);
    perf->category = category_of_event(perf, header);
    perf->undecided = header->rest >= header->rest_end;
    if (!perf->undecided)
        add_instant(perf, header->rest, (size_t)(header->rest_end - header->rest));
}

static void handle_line(void *reader, const struct line *line)
{
    struct perf *perf = reader;
    struct perf_header header;
    struct perf_stack_line frame;
    if (line->at == line->end) {
        end_event(perf);
        return;
    }
    bool indented = *line->at == ' ' || *line->at == '\t';
    if (perf->in_event && indented && perf_stack_line(line->at, line->end, &frame) &&
        !perf_is_event(line->at, line->end, &frame)) {
        perf->sampled |= perf->undecided;
        perf->undecided = false;
        if (perf->sampled)
            push(perf, &frame);
        else
            line_note(perf->builder, line, "A line of a stack is not shown");
        return;
    }
    const char *first = pass_spaces(line->at, line->end);
    if (first == line->end || *first == '#')
        return;
    if (perf_header(line->at, line->end, &header)) {
        take_header(perf, &header, line);
        return;
    }
    if (perf->in_event && indented && perf_source_line(first, line->end)) {
        line_note(perf->builder, line, "A line of a stack is not shown");
        return;
    }
    if (take_record(perf, line))
        return;
    perf->had_no_time = perf->had_no_time || perf_lacks_time(line->at, line->end);
    line_note(perf->builder, line, "A line that is not perf script's, or is cut off, is left out");
}

/* ---------------------------------------------------------------------------- door */

static void *create(struct timeline_builder *builder)
{
    struct perf *perf = calloc(1, sizeof *perf);
    if (perf)
        perf->samples = samples_create(builder);
    if (!perf || !perf->samples) {
        free(perf);
        return NULL;
    }
    perf->builder = perf->lines.builder = builder;
    perf->first_sampled = UINT32_MAX;
    return perf;
}

static void destroy(void *reader)
{
    struct perf *perf = reader;
    samples_destroy(perf->samples);
    interned_free(&perf->comms);
    interned_free(&perf->events);
    buffer_free(&perf->lines.kept);
    buffer_free(&perf->dso);
    free(perf->stack);
    free(perf);
}

static enum tracer_error feed(void *reader, const char *bytes, size_t size, struct tracer_message *message)
{
    struct perf *perf = reader;
    (void)message;
    if (!perf->begun)
        perf->differences = perf_has_differences(bytes, size);
    perf->begun = true;
    lines_feed(&perf->lines, bytes, size, handle_line, perf);
    return perf->failed || perf->lines.failed ? TRACER_ERROR_MEMORY : TRACER_OK;
}

static enum tracer_error end(void *reader, struct tracer_message *message)
{
    struct perf *perf = reader;
    lines_end(&perf->lines, handle_line, perf);
    end_event(perf);
    if (perf->had_no_time && !perf->had_event)
        return import_fail(message, "this is perf script's text without times: make it with "
                                    "perf script -F comm,pid,tid,time,event,ip,sym,dso");
    bool ok = samples_end(perf->samples) && !perf->failed && !perf->lines.failed;
    return ok ? TRACER_OK : TRACER_ERROR_MEMORY;
}

const struct door perf_door = { "perf", "perf script text", "line", perf_recognises, create, feed, end, destroy };
