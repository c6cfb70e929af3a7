/* Reads QUERY operands, and makes views by them. */
#include "asked.h"

#include "../timeline/load.h"

int asked_expression(const struct cli_call *call, int operand, struct expression **expression)
{
    struct expression_error error;
    *expression = NULL;
    if (operand >= call->count)
        return CLI_SUCCESS;
    switch (expression_create(expression, call->arguments[operand], &error)) {
    case TRACER_OK:
        return CLI_SUCCESS;
    case TRACER_ERROR_ARGUMENT:
        return cli_usage(call, "QUERY: %s; from byte %zu of %s", error.text, error.at + 1, call->arguments[operand]);
    default:
        return cli_fail(call, "%s", tracer_error_text(TRACER_ERROR_MEMORY));
    }
}

enum tracer_error asked_view_create(struct asked_view *asked, struct tracer_reader *reader,
                                    const struct expression *expression)
{
    struct timeline_builder *builder = timeline_builder_create();
    *asked = (struct asked_view){ 0 };
    if (!builder)
        return TRACER_ERROR_MEMORY;
    enum tracer_error error = timeline_load(builder, reader, NULL);
    if (error == TRACER_OK)
        error = timeline_build(&asked->timeline, builder, NULL);
    timeline_builder_destroy(builder);
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
