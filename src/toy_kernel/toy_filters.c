/* Programs for pipelines: echo, cat, grep, head, wc and yes. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "toy_programs.h"

struct filter {
    struct toy_lines lines;
    struct toy_output output;
    int taken; /* lines */
    int words, bytes;
};

static void append_line(struct toy_output *output, const char *line)
{
    int room = (int)sizeof output->bytes - output->filled;
    int length = snprintf(output->bytes + output->filled, (size_t)room, "%s\n", line);
    if (length > 0 && length < room)
        output->filled += length;
}

TOY_PROGRAM(echo, struct toy_output)
{
    if (state->filled == 0) {
        char line[TOY_ARGUMENTS * TOY_NAME_BYTES];
        snprintf(line, sizeof line, "%s %s %s", toy_argument(self, 1), toy_argument(self, 2), toy_argument(self, 3));
        append_line(state, line);
    }
    if (toy_send(self, state))
        toy_exit(self, 0);
}

/* Adds those of the lines so far that the program keeps. The output has room for everything read in one step. */
static void keep_lines(struct toy_process *self, struct filter *filter,
                       bool (*keep)(struct toy_process *self, struct filter *filter, const char *line))
{
    char line[sizeof filter->lines.bytes];
    while (toy_lines_take(&filter->lines, line, sizeof line))
        if (keep(self, filter, line))
            append_line(&filter->output, line);
}

/* Reads, filters and sends; returns true once all of the input has been processed. */
static bool filter_step(struct toy_process *self, struct filter *filter, const char *path,
                        bool (*keep)(struct toy_process *self, struct filter *filter, const char *line))
{
    if (!toy_send(self, &filter->output) || (!filter->lines.ended && !toy_lines_read(self, &filter->lines, path)))
        return false;
    keep_lines(self, filter, keep);
    return filter->lines.ended && toy_send(self, &filter->output);
}

static bool keep_all(struct toy_process *self, struct filter *filter, const char *line)
{
    (void)self, (void)filter, (void)line;
    return true;
}

TOY_PROGRAM(cat, struct filter)
{
    if (filter_step(self, state, toy_argument(self, 1), keep_all))
        toy_exit(self, 0);
}

static bool keep_matching(struct toy_process *self, struct filter *filter, const char *line)
{
    bool matches = strstr(line, toy_argument(self, 1)) != NULL;
    filter->taken += matches;
    return matches;
}

TOY_PROGRAM(grep, struct filter)
{
    toy_compute(self, "match", 700);
    if (filter_step(self, state, toy_argument(self, 2), keep_matching))
        toy_exit(self, state->taken == 0);
}

static bool keep_first(struct toy_process *self, struct filter *filter, const char *line)
{
    (void)line;
    return filter->taken++ < atoi(toy_argument(self, 1));
}

/* Ends as soon as it has enough lines, even if there is more input. */
TOY_PROGRAM(head, struct filter)
{
    bool done = filter_step(self, state, toy_argument(self, 2), keep_first);
    if (done || (state->taken >= atoi(toy_argument(self, 1)) && toy_send(self, &state->output)))
        toy_exit(self, 0);
}

static bool count_words(struct toy_process *self, struct filter *filter, const char *line)
{
    (void)self;
    filter->taken++;
    filter->bytes += (int)strlen(line) + 1;
    for (const char *at = line; *at; at++)
        filter->words += *at != ' ' && (at == line || at[-1] == ' ');
    return false;
}

TOY_PROGRAM(wc, struct filter)
{
    if (!filter_step(self, state, toy_argument(self, 1), count_words))
        return;
    toy_say(self, 1, "%d lines, %d words, %d bytes\n", state->taken, state->words, state->bytes);
    toy_exit(self, 0);
}

/* Ends only when its pipe breaks, by a signal. */
TOY_PROGRAM(yes, struct toy_output)
{
    while (state->filled < 64)
        append_line(state, "yes");
    toy_send(self, state);
}
