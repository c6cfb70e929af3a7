/* ringscope ctl: switches the tracing of a running program. */
#include <string.h>

#include "commands.h"

static const struct cli_option options[] = { { 0 } };

/* 0 to go on, else what to end with. */
static int read_command(const struct cli_call *call, struct tracer_command *command)
{
    const char *verb = call->arguments[1], *value = call->count > 2 ? call->arguments[2] : NULL;
    command->enable = strcmp(verb, "enable") == 0;
    command->disable = strcmp(verb, "disable") == 0;
    command->reset = strcmp(verb, "reset") == 0;
    command->set_filter = strcmp(verb, "filter") == 0;
    if (!command->enable && !command->disable && !command->reset && !command->set_filter)
        return cli_usage(call, "no action %s; enable, disable, reset, filter", verb);
    if (value && !command->set_filter)
        return cli_usage(call, "one argument too many: %s", value);
    if (!command->set_filter)
        return CLI_SUCCESS;
    if (!value)
        return cli_usage(call, "filter needs categories, or all");
    command->filter = TRACE_MASK_ALL;
    if (strcmp(value, "all") == 0)
        return CLI_SUCCESS;
    command->filter = 0;
    return cli_categories(call, value, &command->filter) ? CLI_SUCCESS : CLI_USAGE;
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
    .arguments = "FILE enable|disable|reset|filter CATEGORIES",
    .summary = "switch the tracing of the running program that writes FILE",
    .help = "enable and disable switch it on and off; reset clears events and counters; filter records only\n"
            "these categories from now on (\"filter all\": all). Allowed to the program's user and to root.",
    .example = "ringscope ctl app.ring filter file,ipc",
    .example_text = "record only files and messages from now on",
    .options = options,
    .least = 2,
    .most = 3,
    .run = run,
};
