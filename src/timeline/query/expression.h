/*
 * The language in which events are asked for, the same in the command and in the page: terms, all of which must hold.
 *
 *     openat "no such file"            name, detail or arguments contain it, in any case; * stands for any text
 *     name:read* process:cc1           all of the name is so; likewise thread: and category:
 *     detail:*.h                       the detail contains it
 *     pid:4200 tid:7,8                 numbers, any of them
 *     arg.fd:3                         an argument is so; of those inside others arg.request.url:*
 *     failed dur>1ms self<=20us        of spans; ns, us, ms, s, min, h
 *     /^open(at)?$/ name:/re/i         POSIX extended (regexp.h); i: in any case
 *     -name:read -failed               excludes
 *
 * What is quoted is taken as it is; in quotes, \" and \\ stand for themselves.
 */
#ifndef RINGSCOPE_EXPRESSION_H
#define RINGSCOPE_EXPRESSION_H

#include "../../ringscope.h"

struct expression;

/* What is wrong with a text, and where. */
struct expression_error {
    char text[200]; /* "there is no field nmae:; the fields are …" */
    size_t at, bytes; /* of the text */
};

/* A text without terms is valid and matches everything. ERROR_ARGUMENT, explained in error, and ERROR_MEMORY. */
enum tracer_error expression_create(struct expression **result, const char *text, struct expression_error *error);
void expression_destroy(struct expression *expression);

/* An event to be matched. Texts may be NULL: there is none. */
struct asked_event {
    const char *name, *detail, *arguments; /* arguments: JSON */
    const char *result; /* JSON */
    const char *category, *process, *thread;
    int64_t pid, tid;
    uint64_t duration_ns, self_ns; /* of spans */
    bool is_span, failed;
};

bool expression_takes(struct expression *expression, const struct asked_event *event);
/* Whether it needs self times, which not every caller has. */
bool expression_asks_self(const struct expression *expression);
/* Whether it needs the names of processes, which may have to be looked up. */
bool expression_asks_process(const struct expression *expression);

/* Parses a time of the language, such as "1.5ms", into ns. False for any other text. */
bool expression_time(const char *text, double *ns);

/* The names of the fields, as they are typed: "name:", "failed", "dur>", …; NULL beyond the end. */
const char *expression_field(size_t index);

#endif
