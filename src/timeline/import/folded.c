/* Makes a flame chart by weight of folded stacks. */
#include "folded.h"

#include <stdlib.h>

#include "chrome_number.h"
#include "lines.h"
#include "samples.h"

#define WEIGHT_BYTES_MAX 64

struct folded {
    struct timeline_builder *builder;
    struct lines lines;
    struct samples *samples;
    uint32_t track;
    uint8_t category;
};

/* The weight at a line's end, and where the stack before it ends. */
static bool parse_weight(const char *at, const char *end, struct micros *weight, const char **stack_end)
{
    while (end > at && (end[-1] == ' ' || end[-1] == '\t'))
        end--;
    const char *first = end;
    while (first > at && first[-1] != ' ' && first[-1] != '\t')
        first--;
    const struct token number = { .at = first, .bytes = (size_t)(end - first) };
    if (first == at || end - first > WEIGHT_BYTES_MAX || !parse_micros(&number, weight))
        return false;
    while (first > at && (first[-1] == ' ' || first[-1] == '\t'))
        first--;
    *stack_end = first;
    return first > at;
}

static void take(void *reader, const struct line *line)
{
    struct folded *folded = reader;
    struct micros weight;
    const char *end, *at = pass_spaces(line->at, line->end);
    if (at == line->end || *at == '#')
        return;
    if (!parse_weight(at, line->end, &weight, &end)) {
        line_note(folded->builder, line, "A line that is not a stack with a weight, or is cut off, is left out");
        return;
    }
    if (weight.us < 0 || weight.ns < 0) {
        line_note(folded->builder, line, "A stack of negative weight is left out");
        return;
    }
    if (weight.ns)
        line_note(folded->builder, line, "A weight is rounded to a whole number");
    uint32_t frame = SAMPLES_ROOT;
    while (at <= end) {
        const char *stop = at < end ? memchr(at, ';', (size_t)(end - at)) : NULL;
        stop = stop ? stop : end;
        if (stop > at)
            frame = samples_frame(folded->samples, frame,
                                  timeline_builder_name(folded->builder, at, (size_t)(stop - at)), folded->category);
        at = stop + 1;
    }
    samples_add_weight(folded->samples, folded->track, weight.us + (weight.ns >= 500), frame);
}

/* ----------------------------------------------------------------------------- door */

static bool is_line(const char *at, const char *end)
{
    struct micros weight;
    const char *stack_end;
    return parse_weight(at, end, &weight, &stack_end);
}

/* Words with a number at the end are many texts: a stack has a frame in another, somewhere. */
static bool is_nested(const char *at, const char *end)
{
    return is_line(at, end) && memchr(at, ';', (size_t)(end - at));
}

static bool recognises(const char *head, size_t size)
{
    return lines_accepted(head, size, is_line) >= 80 && lines_accepted(head, size, is_nested) >= 1;
}

static void *create(struct timeline_builder *builder)
{
    struct folded *folded = calloc(1, sizeof *folded);
    if (folded)
        folded->samples = samples_create(builder);
    if (!folded || !folded->samples) {
        free(folded);
        return NULL;
    }
    folded->builder = folded->lines.builder = builder;
    folded->track = timeline_builder_track(builder, 0, 0, TIMELINE_NONE);
    folded->category = (uint8_t)timeline_builder_category(builder, "stack", 5);
    timeline_builder_name_thread(builder, 0, 0, "by weight", 9);
    const struct timeline_note note = { "Folded stacks have no times: 1 ns stands for a weight of 1", 1, 0,
                                        TIMELINE_NO_BYTE };
    timeline_builder_add_note(builder, &note);
    return folded;
}

static void destroy(void *reader)
{
    struct folded *folded = reader;
    samples_destroy(folded->samples);
    buffer_free(&folded->lines.kept);
    free(folded);
}

static enum tracer_error feed(void *reader, const char *bytes, size_t size, struct tracer_message *message)
{
    struct folded *folded = reader;
    (void)message;
    lines_feed(&folded->lines, bytes, size, take, folded);
    return folded->lines.failed ? TRACER_ERROR_MEMORY : TRACER_OK;
}

static enum tracer_error end(void *reader, struct tracer_message *message)
{
    struct folded *folded = reader;
    (void)message;
    lines_end(&folded->lines, take, folded);
    return !folded->lines.failed && samples_end(folded->samples) ? TRACER_OK : TRACER_ERROR_MEMORY;
}

const struct door folded_door = { "folded", "folded stacks", recognises, create, feed, end, destroy };
