/* Makes flame charts by weight of folded stacks, one for each column of weights: difffolded.pl writes two. */
#include "folded.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chrome_number.h"
#include "lines.h"
#include "samples.h"

#define WEIGHT_BYTES_MAX 64
#define COLUMNS_MAX 8

struct folded {
    struct timeline_builder *builder;
    struct lines lines;
    struct samples *samples;
    uint32_t first_track; /* of the first column; the others follow */
    unsigned columns; /* 0: not known yet */
    struct buffer head; /* until it is */
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

/* The weights at a line's end, the last one first, and where the stack before them ends. Returns how many there are. */
static unsigned parse_weights(const char *at, const char *end, struct micros *weights, unsigned most,
                              const char **stack_end)
{
    unsigned count = 0;
    for (*stack_end = end; count < most && parse_weight(at, *stack_end, &weights[count], stack_end);)
        count++;
    return count;
}

/* The weights that all of the first lines have. */
static unsigned count_columns(const char *head, size_t size)
{
    struct micros ignored[COLUMNS_MAX];
    unsigned least = COLUMNS_MAX;
    const char *end = head + size, *stack_end;
    for (const char *at = head; at < end;) {
        const char *newline = memchr(at, '\n', (size_t)(end - at)), *stop = newline ? newline : end;
        if (!newline && at > head)
            break; /* it may be cut off */
        at = pass_spaces(at, stop);
        if (stop > at && stop[-1] == '\r')
            stop--;
        const unsigned count = at < stop && *at != '#' ? parse_weights(at, stop, ignored, COLUMNS_MAX, &stack_end) : 0;
        least = count && count < least ? count : least;
        at = newline ? newline + 1 : end;
    }
    return least;
}

static void name_columns(struct folded *folded)
{
    char words[96] = "by weight";
    if (folded->columns > 1) {
        snprintf(words, sizeof words, "Each stack has %u weights: each is shown as a thread, in their order",
                 folded->columns);
        const struct timeline_note note = { .text = words, .count = 1, .byte = TIMELINE_NO_BYTE };
        timeline_builder_add_note(folded->builder, &note);
    }
    for (unsigned i = 0; i < folded->columns; i++) {
        const uint32_t track = timeline_builder_track(folded->builder, 0, i, TIMELINE_NONE);
        folded->first_track = i ? folded->first_track : track;
        if (folded->columns > 1)
            snprintf(words, sizeof words, "by weight %u", i + 1);
        timeline_builder_name_thread(folded->builder, 0, i, words, strlen(words));
    }
}

/* A stack without weight in one of several columns is not in that one. */
static void add_weight(struct folded *folded, const struct line *line, const struct micros *weight, unsigned column,
                       uint32_t frame)
{
    if (folded->columns > 1 && weight->us == 0 && weight->ns == 0)
        return;
    if (weight->us < 0 || weight->ns < 0) {
        line_note(folded->builder, line, "A stack of negative weight is left out");
        return;
    }
    if (weight->ns)
        line_note(folded->builder, line, "A weight is rounded to a whole number");
    samples_add_weight(folded->samples, folded->first_track + column, weight->us + (weight->ns >= 500), frame);
}

static void handle_line(void *reader, const struct line *line)
{
    struct folded *folded = reader;
    struct micros weights[COLUMNS_MAX];
    const char *end, *at = pass_spaces(line->at, line->end);
    if (at == line->end || *at == '#')
        return;
    if (parse_weights(at, line->end, weights, folded->columns, &end) < folded->columns) {
        line_note(folded->builder, line, "A line that is not a stack with a weight, or is cut off, is left out");
        return;
    }
    uint32_t frame = SAMPLES_ROOT;
    while (at <= end) {
        const char *stop = at < end ? memchr(at, ';', (size_t)(end - at)) : NULL;
        stop = stop ? stop : end;
        if (stop > at)
            frame = samples_frame(folded->samples, frame,
                                  timeline_builder_name(folded->builder, at, (size_t)(stop - at)), folded->category);
        at = stop + 1;
    }
    for (unsigned i = 0; i < folded->columns; i++)
        add_weight(folded, line, &weights[folded->columns - 1 - i], i, frame);
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
    folded->category = (uint8_t)timeline_builder_category(builder, "stack", 5);
    const struct timeline_note note = { .text = "Folded stacks have no times: 1 ns stands for a weight of 1",
                                        .count = 1,
                                        .byte = TIMELINE_NO_BYTE };
    timeline_builder_add_note(builder, &note);
    return folded;
}

static void destroy(void *reader)
{
    struct folded *folded = reader;
    samples_destroy(folded->samples);
    buffer_free(&folded->lines.kept);
    buffer_free(&folded->head);
    free(folded);
}

/* Takes the lines that tell how many columns there are. */
static void take_head(struct folded *folded)
{
    const struct buffer *head = &folded->head;
    folded->columns = count_columns(head->bytes, head->used < DOOR_HEAD_BYTES ? head->used : DOOR_HEAD_BYTES);
    name_columns(folded);
    lines_feed(&folded->lines, head->bytes, head->used, handle_line, folded);
    buffer_free(&folded->head);
}

static void keep_head(struct folded *folded, const char *bytes, size_t size)
{
    struct buffer *head = &folded->head;
    if (!buffer_reserve(head, size + 1)) {
        folded->lines.failed = true;
        return;
    }
    if (size)
        memcpy(head->bytes + head->used, bytes, size);
    head->used += size;
    if (head->used >= DOOR_HEAD_BYTES)
        take_head(folded);
}

static enum tracer_error feed(void *reader, const char *bytes, size_t size, struct tracer_message *message)
{
    struct folded *folded = reader;
    (void)message;
    if (folded->columns == 0)
        keep_head(folded, bytes, size);
    else
        lines_feed(&folded->lines, bytes, size, handle_line, folded);
    return folded->lines.failed ? TRACER_ERROR_MEMORY : TRACER_OK;
}

static enum tracer_error end(void *reader, struct tracer_message *message)
{
    struct folded *folded = reader;
    (void)message;
    if (folded->columns == 0 && folded->head.bytes)
        take_head(folded);
    lines_end(&folded->lines, handle_line, folded);
    return !folded->lines.failed && samples_end(folded->samples) ? TRACER_OK : TRACER_ERROR_MEMORY;
}

const struct door folded_door = { "folded", "folded stacks", "line", recognises, create, feed, end, destroy };
