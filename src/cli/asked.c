/* Parses QUERY operands, and makes views with them. */
#include "asked.h"

#include "../timeline/load.h"

static int read_text(const struct cli_call *call, const char *what, const char *text, struct expression **expression)
{
    struct expression_error error;
    switch (expression_create(expression, text, &error)) {
    case TRACER_OK:
        return CLI_SUCCESS;
    case TRACER_ERROR_ARGUMENT:
        return cli_usage(call, "%s: %s; from byte %zu of %s", what, error.text, error.at + 1, text);
    default:
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    }
}

int asked_expression(const struct cli_call *call, int operand, struct expression **expression)
{
    *expression = NULL;
    return operand < call->count ? read_text(call, "QUERY", call->arguments[operand], expression) : CLI_SUCCESS;
}

int asked_of_one(const struct cli_call *call, const char *what, const char *text, struct expression **expression)
{
    *expression = NULL;
    int code = read_text(call, what, text, expression);
    if (code != CLI_SUCCESS || !expression_asks_self(*expression))
        return code;
    expression_destroy(*expression);
    *expression = NULL;
    return cli_usage(call, "%s: self is known to ringscope stats and tree, not to %s", what, call->command->name);
}

bool asked_takes(struct expression *expression, const struct event_lines *lines, const struct trace_event *event)
{
    struct trace_track track = { .name = "" };
    bool has_track = tracer_snapshot_track(lines->snapshot, event->track, &track);
    uint32_t pid = event->has & TRACE_HAS_PID || !has_track ? event->pid : track.pid;
    const struct asked_event asked = {
        .name = event->name,
        .detail = event->detail,
        .arguments = event->arguments,
        .result = event->result,
        .category = event->label ? event->label : trace_category_name(event->category),
        .process = event_lines_process(lines, pid),
        .thread = track.name,
        .pid = pid,
        .tid = track.tid,
        .duration_ns = event->duration_ns,
        .is_span = event->kind == TRACE_KIND_SPAN,
        .failed = (event->has & TRACE_FAILED) != 0,
    };
    return expression_takes(expression, &asked);
}

enum tracer_error asked_timeline_create(struct timeline **timeline, struct tracer_reader *reader)
{
    struct timeline_builder *builder = timeline_builder_create();
    *timeline = NULL;
    if (!builder)
        return TRACER_ERROR_MEMORY;
    enum tracer_error error = timeline_load(builder, reader, NULL);
    if (error == TRACER_OK)
        error = timeline_build(timeline, builder, NULL);
    timeline_builder_destroy(builder);
    return error;
}

enum tracer_error asked_view_create(struct asked_view *asked, struct tracer_reader *reader,
                                    const struct expression *expression)
{
    *asked = (struct asked_view){ 0 };
    enum tracer_error error = asked_timeline_create(&asked->timeline, reader);
    if (error == TRACER_OK)
        error = timeline_view_create_asked(&asked->view, asked->timeline, NULL, expression, NULL);
    if (error != TRACER_OK)
        asked_view_free(asked);
    return error;
}

void asked_view_free(struct asked_view *asked)
{
    timeline_view_destroy(asked->view);
    timeline_destroy(asked->timeline);
    *asked = (struct asked_view){ 0 };
}
