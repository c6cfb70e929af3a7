/*
 * QUERY operands, in the language of timeline/query/expression.h.
 */
#ifndef RINGSCOPE_CLI_ASKED_H
#define RINGSCOPE_CLI_ASKED_H

#include "../timeline/query/expression.h"
#include "../timeline/timeline.h"
#include "cli.h"
#include "event_lines.h"

/* For the manual pages of commands that take one. */
#define CLI_QUERY_DETAILS                                                                                              \
    "QUERY is one argument of terms, all of which must hold. A word, or text in double quotes, must occur in the "     \
    "name, the detail or the arguments, in any case. name:, process:, thread: and category: match the whole name, in " \
    "which * is any text. detail:TEXT must occur in the detail; arg.KEY:VALUE is an argument. pid: and tid: take "     \
    "numbers separated by commas. failed matches failed events; dur>1ms and self<=20us match spans (ns, us, ms, s, "   \
    "min, h). /RE/ is a POSIX extended regular expression, /RE/i ignores case, and both may follow name: and the "     \
    "like. A - before a term excludes its matches; write -- before a QUERY that begins with one."

/* The expression of an operand; NULL if it was not given. Returns CLI_SUCCESS, or the exit code. */
int asked_expression(const struct cli_call *call, int operand, struct expression **expression);

/* The expression of a text, called `what` in messages, for events that are matched one by one: self times are unknown
 * then, and a text that uses them is wrong usage. Otherwise like asked_expression(). */
int asked_of_one(const struct cli_call *call, const char *what, const char *text, struct expression **expression);
/* Whether it matches an event of the lines' snapshot. */
bool asked_takes(struct expression *expression, const struct event_lines *lines, const struct trace_event *event);

/* An image as a timeline. Errors as for tracer_snapshot_create(). */
enum tracer_error asked_timeline_create(struct timeline **timeline, struct tracer_reader *reader);

/* The same, and a view of the events that match an expression. ERROR_MEMORY, and errors as for
 * tracer_snapshot_create(). */
struct asked_view {
    struct timeline *timeline;
    struct timeline_view *view;
};
enum tracer_error asked_view_create(struct asked_view *asked, struct tracer_reader *reader,
                                    const struct expression *expression);
void asked_view_free(struct asked_view *asked);

#endif
