/* ringscope ctl: controls the tracing of a running program. */
#include <string.h>

#include "commands.h"

enum { ENABLE, DISABLE, RESET, SNAPSHOT, FILTER };
static const char *const actions[] = {
    [ENABLE] = "enable", [DISABLE] = "disable", [RESET] = "reset", [SNAPSHOT] = "snapshot", [FILTER] = "filter", NULL,
};

static const char *action_name(size_t n)
{
    return actions[n];
}

/* "all", then the categories. */
static const char *filter_word(size_t n)
{
    return n ? cli_category(n - 1) : "all";
}

static const struct cli_option options[] = { { 0 } };

/* 0 to go on, else the exit code. */
static int read_filter(const struct cli_call *call, struct tracer_command *command)
{
    if (call->count < 3)
        return cli_usage(call, "filter needs a list of categories, or all");
    command->set_filter = true;
    if (strcmp(call->arguments[2], "all") == 0)
        command->filter = TRACE_MASK_ALL;
    else if (!cli_categories(call, call->arguments[2], &command->filter))
        return CLI_USAGE;
    return CLI_SUCCESS;
}

static int read_command(const struct cli_call *call, struct tracer_command *command)
{
    size_t action;
    if (!cli_choose_operand(call, 1, &action))
        return CLI_USAGE;
    if (action == FILTER)
        return read_filter(call, command);
    if (call->count > 2)
        return cli_usage(call, "unexpected argument %s", call->arguments[2]);
    command->enable = action == ENABLE;
    command->disable = action == DISABLE;
    command->reset = action == RESET;
    command->snapshot = action == SNAPSHOT;
    return CLI_SUCCESS;
}

static int run(const struct cli_call *call)
{
    struct tracer_command command = { 0 };
    struct tracer_message message;
    int code = read_command(call, &command);
    if (code != CLI_SUCCESS)
        return code;
    enum tracer_error error = tracer_control_file(call->arguments[0], &command, &message);
    if (error != TRACER_OK)
        return cli_fail_on(call, call->arguments[0], &message);
    return CLI_SUCCESS;
}

const struct cli_command cli_ctl = {
    .name = "ctl",
    .synopsis = "FILE enable|disable|reset|snapshot|filter [CATEGORIES]",
    .summary = "control tracing in the running program that writes FILE",
    .help = "enable and disable turn tracing on and off. reset clears events and counters.\n"
            "snapshot asks the `ringscope watch` of FILE, and the program's own triggers, to save what is held.\n"
            "filter records only the given categories from now on; \"filter all\" records all of them again.\n"
            "The program's user and root may do this.",
    .example = "ringscope ctl app.ring filter file,ipc",
    .example_text = "record only files and messages from now on",
    .options = options,
    .operands = { { .name = "FILE" },
                  { .name = "ACTION", .choice = action_name },
                  { .name = "CATEGORIES", .choice = filter_word, .list = true } },
    .least = 2,
    .run = run,
};
